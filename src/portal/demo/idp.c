#include "base/base64.h"
#include "base/clock.h"
#include "portal/answer.h"
#include "portal/demo/demo.h"
#include "portal/demo/idp_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Wrong passwords, of one address and of one account. */
static const struct ratelimit_settings password_limits = {
	.per_minute = 5,
	.per_hour = 20,
	.all_per_minute = RATELIMIT_ALL_PER_MINUTE_MAX,
	.consecutive = 1000,
	.stop_s = 60,
};

/* Signing sessions that one address may begin: each is kept in the store. */
static const struct ratelimit_settings challenge_limits = {
	.per_minute = 20,
	.per_hour = RATELIMIT_PER_HOUR_MAX,
	.all_per_minute = RATELIMIT_ALL_PER_MINUTE_MAX,
	.consecutive = 100000,
	.stop_s = 1,
};

int64_t idp_now_s(void)
{
	return clock_monotonic_ms() / 1000;
}

static enum err open_files(struct idp *i, const char *directory, struct error *e)
{
	struct bytes path = {0};
	enum err code;

	bytes_append_format(&path, "%s/people.conf", directory);
	code = people_load(bytes_text(&path), &i->people, e);
	bytes_clear(&path);
	bytes_append_format(&path, "%s/idp.key", directory);
	if (!code)
		code = issuer_open(bytes_text(&path), &i->issuer, e);
	bytes_free(&path);
	return code;
}

enum err idp_open(const char *directory, struct idp **out, struct error *e)
{
	struct idp *i = must_zalloc(sizeof(*i));
	enum err code = open_files(i, directory, e);

	if (!code)
		code = random_text(i->secret, e);
	bytes_append_format(&i->credentials, IDP_CLIENT ":%s", i->secret);
	i->attempts = attempts_new();
	i->by_address = ratelimit_new(&password_limits);
	i->by_account = ratelimit_new(&password_limits);
	i->challenges = ratelimit_new(&challenge_limits);
	pthread_mutex_init(&i->limits_mutex, NULL);
	*out = code ? NULL : i;
	if (code)
		idp_close(i);
	return code;
}

void idp_close(struct idp *i)
{
	if (!i)
		return;
	issuer_close(i->issuer);
	attempts_free(i->attempts);
	ratelimit_free(i->by_address);
	ratelimit_free(i->by_account);
	ratelimit_free(i->challenges);
	pthread_mutex_destroy(&i->limits_mutex);
	bytes_wipe(&i->credentials);
	explicit_bzero(i, sizeof(*i));
	free(i);
}

void idp_set_origin(struct idp *i, const char *origin)
{
	snprintf(i->name, sizeof(i->name), "%s" IDP_PATH, origin);
	snprintf(i->callback, sizeof(i->callback), "%s" IDP_CALLBACK, origin);
}

const char *idp_issuer(const struct idp *i)
{
	return i->name;
}

const char *idp_secret(const struct idp *i)
{
	return i->secret;
}

const char *idp_callback(const struct idp *i)
{
	return i->callback;
}

enum err idp_attempt(
	struct portal *p, const struct http_request *request, struct attempt *out, struct error *e)
{
	bool there = attempts_find(
		p->demo->idp->attempts, request->name, request->browser_id, idp_now_s(), out);

	return there ? ERR_OK : error_set(e, ERR_LOGIN_STATE, "demo: attempt");
}

/* The way back: code or error, state, and our name (RFC 9207). */
static void send_back(const struct idp *i, const char *name, const char *value, const char *state,
	struct http_answer *answer)
{
	struct bytes url = {0};

	bytes_append_text(&url, i->callback);
	url_add_query(&url, name, value);
	if (*state)
		url_add_query(&url, "state", state);
	url_add_query(&url, "iss", i->name);
	answer_redirect(answer, bytes_text(&url));
	bytes_wipe(&url);
}

enum err idp_succeed(struct portal *p, const struct attempt *attempt, const struct identity *who,
	struct http_answer *answer, struct error *e)
{
	struct idp *i = p->demo->idp;
	char code_text[RANDOM_TEXT_SIZE];
	enum err code = attempts_grant(i->attempts, attempt->id, who, idp_now_s(), code_text, e);

	if (!code)
		send_back(i, "code", code_text, attempt->state, answer);
	explicit_bzero(code_text, sizeof(code_text));
	return code;
}

void idp_fail(struct portal *p, const char *state, const char *error, struct http_answer *answer)
{
	send_back(p->demo->idp, "error", error, state, answer);
}
