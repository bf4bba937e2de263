#include "portal/web/page_operator.h"

#include "base/clock.h"
#include "portal/store/store_desk.h"
#include "portal/web/page.h"
#include "portal/web/values.h"

#include <string.h>
#include <time.h>

#define LIMIT 200 /* sessions of the day that are shown, the newest */
#define SHORT 8   /* digits of a reference in the table */

/* Midnight before now, in local time. */
static int64_t day_start(int64_t now)
{
	time_t t = (time_t)now;
	struct tm day;

	if (!localtime_r(&t, &day))
		return now;
	day.tm_hour = day.tm_min = day.tm_sec = 0;
	day.tm_isdst = -1;
	return (int64_t)mktime(&day);
}

/* No name and no whole number of a person: the desk finds a session by its reference. */
static json_t *session_values(const struct session *s)
{
	json_t *v = json_pack("{s:s, s:s%, s:s, s:b, s:b, s:s}", "reference", s->id, "short", s->id,
		(size_t)SHORT, "kiosk", s->kiosk, session_purpose_name(s->purpose), 1,
		session_state_name(s, clock_wall_s()), 1, "reason", s->reason);

	json_object_set_new(v, "number", value_masked(s->tckn));
	json_object_set_new(v, "at", value_time(s->created));
	return v;
}

static bool add_session(const struct session *s, void *list)
{
	json_array_append_new(list, session_values(s));
	return true;
}

static bool add_kiosk(const struct kiosk *k, void *list)
{
	json_array_append_new(
		list, json_pack("{s:s, s:o}", "name", k->name, "at", value_time(k->last_seen)));
	return true;
}

static json_t *counts_values(const struct desk_counts *c)
{
	json_int_t all = c->expired;

	for (int i = 0; i < DESK_STATES; i++)
		all += c->by_state[i];
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "issued", all, "waiting",
		(json_int_t)c->by_state[SESSION_ISSUED], "opened",
		(json_int_t)c->by_state[SESSION_OPEN], "signed",
		(json_int_t)(c->by_state[SESSION_SIGNED] + c->by_state[SESSION_DONE]), "abandoned",
		(json_int_t)c->by_state[SESSION_ABANDONED], "cancelled",
		(json_int_t)c->by_state[SESSION_CANCELLED], "expired", (json_int_t)c->expired);
}

/* The search takes what a person reads from a paper: blanks and small letters don't matter. */
static void read_reference(const char *text, char out[PORTAL_ID_DIGITS + 1])
{
	size_t n = 0;

	for (; *text && n < PORTAL_ID_DIGITS; text++) {
		if (*text >= 'a' && *text <= 'f')
			out[n++] = (char)(*text - 'a' + 'A');
		else if (*text != ' ')
			out[n++] = *text;
	}
	out[n] = '\0';
}

static enum err add_found(struct store *store, const char *search, json_t *values, struct error *e)
{
	char reference[PORTAL_ID_DIGITS + 1];
	json_t *list = json_array();
	struct session s;
	enum err code;

	read_reference(search, reference);
	code = store_find_reference(store, reference, &s, e);
	if (!code)
		add_session(&s, list);
	json_object_set_new(values, "searched", json_true());
	json_object_set_new(values, "search", json_string(search));
	value_set_list(values, "found", list);
	return code == ERR_SESSION_UNKNOWN ? ERR_OK : code;
}

static enum err add_day(struct store *store, json_t *values, struct error *e)
{
	json_t *sessions = json_array(), *kiosks = json_array();
	int64_t now = clock_wall_s(), from = day_start(now);
	struct desk_counts counts = {0};
	char day[20];
	enum err code;

	if (!(code = store_counts(store, from, now + 1, now, &counts, e)) &&
		!(code = store_list_day(store, from, now + 1, LIMIT, add_session, sessions, e)))
		code = store_list_kiosks(store, add_kiosk, kiosks, e);
	clock_format_local(now, day);
	json_object_set_new(values, "day", json_stringn(day, strcspn(day, " ")));
	json_object_set_new(values, "counts", counts_values(&counts));
	value_set_list(values, "sessions", sessions);
	value_set_list(values, "kiosks", kiosks);
	return code;
}

static enum err answer_desk(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	const char *search = request_query(request, "ara");
	json_t *values = json_object();
	enum err code = add_day(p->store, values, e);

	if (!code && search && *search)
		code = add_found(p->store, search, values, e);
	if (!code)
		return page_answer(request, answer, 200, "operator", values, e);
	json_decref(values);
	return code;
}

const struct route operator_routes[] = {
	{"GET", "/gorevli", NULL, 0, answer_desk, ROUTE_PAGE | ROUTE_PERSON | ROUTE_OPERATOR},
	{0},
};
