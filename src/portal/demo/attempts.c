#include "portal/demo/attempts.h"

#include "base/secret.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct attempts {
	pthread_mutex_t mutex;
	struct attempt at[ATTEMPTS_MAX]; /* empty places have an id of "" */
	size_t next;
};

struct attempts *attempts_new(void)
{
	struct attempts *a = must_zalloc(sizeof(*a));

	pthread_mutex_init(&a->mutex, NULL);
	return a;
}

void attempts_free(struct attempts *a)
{
	if (!a)
		return;
	pthread_mutex_destroy(&a->mutex);
	explicit_bzero(a, sizeof(*a));
	free(a);
}

enum err attempts_add(struct attempts *a, struct attempt *attempt, int64_t now_s, struct error *e)
{
	enum err code = random_text(attempt->id, e);

	if (code)
		return code;
	attempt->expires = now_s + ATTEMPT_S;
	pthread_mutex_lock(&a->mutex);
	a->at[a->next++ % ATTEMPTS_MAX] = *attempt;
	pthread_mutex_unlock(&a->mutex);
	return ERR_OK;
}

static bool is_same(const char *kept, const char *given)
{
	return *given && secret_equal(span_text(kept), span_text(given));
}

/* Called with the mutex held. */
static struct attempt *find(struct attempts *a, const char *id)
{
	for (size_t i = 0; i < ATTEMPTS_MAX; i++) {
		if (is_same(a->at[i].id, id))
			return &a->at[i];
	}
	return NULL;
}

static bool waits(const struct attempt *attempt, int64_t now_s)
{
	return attempt && now_s < attempt->expires && *attempt->code == '\0';
}

bool attempts_find(
	struct attempts *a, const char *id, const char *browser, int64_t now_s, struct attempt *out)
{
	struct attempt *found;
	bool there;

	pthread_mutex_lock(&a->mutex);
	found = find(a, id);
	there = waits(found, now_s) && is_same(found->browser, browser);
	if (there)
		*out = *found;
	pthread_mutex_unlock(&a->mutex);
	return there;
}

void attempts_set_session(struct attempts *a, const char *id, const char *session)
{
	struct attempt *found;

	pthread_mutex_lock(&a->mutex);
	found = find(a, id);
	if (found)
		memcpy(found->session, session, sizeof(found->session));
	pthread_mutex_unlock(&a->mutex);
}

enum err attempts_grant(struct attempts *a, const char *id, const struct identity *who,
	int64_t now_s, char code[RANDOM_TEXT_SIZE], struct error *e)
{
	struct attempt *found;
	enum err result = random_text(code, e);

	if (result)
		return result;
	pthread_mutex_lock(&a->mutex);
	found = find(a, id);
	if (waits(found, now_s)) {
		memcpy(found->code, code, sizeof(found->code));
		found->who = *who;
		found->expires = now_s + ATTEMPT_CODE_S;
	} else {
		result = error_set(e, ERR_LOGIN_STATE, "demo: attempt");
	}
	pthread_mutex_unlock(&a->mutex);
	return result;
}

bool attempts_take(struct attempts *a, const char *code, int64_t now_s, struct attempt *out)
{
	bool there = false;

	pthread_mutex_lock(&a->mutex);
	for (size_t i = 0; i < ATTEMPTS_MAX && !there; i++) {
		if (!is_same(a->at[i].code, code))
			continue;
		there = now_s < a->at[i].expires;
		*out = a->at[i];
		explicit_bzero(&a->at[i], sizeof(a->at[i]));
	}
	pthread_mutex_unlock(&a->mutex);
	return there;
}

void attempts_end(struct attempts *a, const char *id)
{
	struct attempt *found;

	pthread_mutex_lock(&a->mutex);
	found = find(a, id);
	if (found)
		explicit_bzero(found, sizeof(*found));
	pthread_mutex_unlock(&a->mutex);
}
