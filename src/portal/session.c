#include "portal/session.h"

#include "base/secret.h"
#include "base/text.h"
#include "sign/content.h"

#include <string.h>

_Static_assert(SESSION_TEXTS_MAX == CONTENT_TEXTS_MAX, "a session has as many texts as a content");

void texts_free(struct texts *t)
{
	for (size_t i = 0; i < t->count; i++)
		bytes_free(&t->at[i]);
	t->count = 0;
}

void texts_join(const struct texts *t, struct bytes *out)
{
	struct span spans[SESSION_TEXTS_MAX];

	for (size_t i = 0; i < t->count; i++)
		spans[i] = bytes_span(&t->at[i]);
	content_join(spans, t->count, out);
}

static enum err judge_text(const struct texts *t, size_t i, struct error *e)
{
	size_t where = 0;

	if (t->at[i].n == 0 || t->at[i].n > CONTENT_MAX)
		return error_set(e, ERR_TEXT_SIZE, "text %zu: %zu bytes", i + 1, t->at[i].n);
	if (!text_is_safe(bytes_span(&t->at[i]), &where))
		return error_set(e, ERR_TEXT_UNSAFE, "text %zu, byte %zu", i + 1, where + 1);
	return ERR_OK;
}

enum err texts_judge(const struct texts *t, struct error *e)
{
	struct bytes joined = {0};
	enum err code = ERR_OK;
	size_t n;

	if (t->count == 0 || t->count > SESSION_TEXTS_MAX)
		return error_set(e, ERR_TEXT_SIZE, "%zu texts", t->count);
	for (size_t i = 0; i < t->count && !code; i++)
		code = judge_text(t, i, e);
	if (code)
		return code;
	texts_join(t, &joined);
	n = joined.n;
	bytes_free(&joined);
	return n <= CONTENT_MAX ? ERR_OK : error_set(e, ERR_TEXT_SIZE, "texts: %zu bytes", n);
}

enum err session_may_open(const struct session *s, const uint8_t nonce_mac[KEY_MAC_SIZE],
	int64_t now, struct error *e)
{
	bool same = s->state != SESSION_ISSUED && secret_equal(span_of(s->nonce_mac, KEY_MAC_SIZE),
							  span_of(nonce_mac, KEY_MAC_SIZE));

	if (s->state == SESSION_SIGNED && same)
		return error_set(e, ERR_SESSION_SIGNED, "session %s", s->id);
	if (s->state == SESSION_CANCELLED)
		return error_set(e, ERR_CODE_EXPIRED, "session %s", s->id);
	if (s->state != SESSION_ISSUED && !(s->state == SESSION_OPEN && same))
		return error_set(e, ERR_CODE_USED, "session %s", s->id);
	if (now >= s->expires)
		return error_set(e, ERR_CODE_EXPIRED, "session %s", s->id);
	return ERR_OK;
}

enum err session_may_end(const struct session *s, int64_t now, int64_t grace, struct error *e)
{
	if (s->state == SESSION_SIGNED)
		return ERR_OK;
	if (s->state == SESSION_CANCELLED)
		return error_set(e, ERR_SESSION_EXPIRED, "session %s", s->id);
	if (s->state != SESSION_OPEN)
		return error_set(e, ERR_SESSION_UNKNOWN, "session %s", s->id);
	if (now >= s->expires + grace)
		return error_set(e, ERR_SESSION_EXPIRED, "session %s", s->id);
	return ERR_OK;
}

enum err session_may_finish(const struct session *s, int64_t now, int64_t grace, struct error *e)
{
	if (s->purpose != SESSION_UNBLOCK)
		return error_set(e, ERR_REQUEST, "session %s: nothing to be done", s->id);
	return s->state == SESSION_DONE ? ERR_OK : session_may_end(s, now, grace, e);
}

const char *session_state_name(const struct session *s, int64_t now)
{
	static const char *const names[] = {
		[SESSION_ISSUED] = "issued",
		[SESSION_OPEN] = "open",
		[SESSION_SIGNED] = "signed",
		[SESSION_ABANDONED] = "abandoned",
		[SESSION_DONE] = "done",
		[SESSION_CANCELLED] = "cancelled",
	};

	if (s->state <= SESSION_OPEN && now >= s->expires)
		return "expired";
	return names[s->state];
}

/* What was not opened has no grace. */
static int64_t time_shown(const struct session *s, int64_t now, int64_t grace)
{
	return s->state == SESSION_OPEN ? now - grace : now;
}

bool session_waits(const struct session *s, int64_t now, int64_t grace)
{
	return s->state <= SESSION_OPEN && time_shown(s, now, grace) < s->expires;
}

const char *session_state_shown(const struct session *s, int64_t now, int64_t grace)
{
	return session_state_name(s, time_shown(s, now, grace));
}

static const char *const purpose_names[] = {
	[SESSION_CONSENT] = "consent",
	[SESSION_LOGIN] = "login",
	[SESSION_UNBLOCK] = "unblock",
};

const char *session_purpose_name(enum session_purpose purpose)
{
	return purpose_names[purpose];
}

bool session_purpose_named(const char *name, enum session_purpose *out)
{
	for (size_t i = 0; i < sizeof(purpose_names) / sizeof(*purpose_names); i++) {
		if (strcmp(name, purpose_names[i]) == 0) {
			*out = (enum session_purpose)i;
			return true;
		}
	}
	return false;
}
