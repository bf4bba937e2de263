#include "portal/store/store_guess.h"

#include "portal/store/store_private.h"

/* What counts, by the time of the failure that is as many ago as are borne. */
struct counted {
	int64_t in_row, stopped_at;
	int64_t minute_at, hour_at, all_at; /* 0: there are fewer */
};

static enum err look(struct tx *t, const struct guess *g, struct counted *out, struct error *e)
{
	enum err code = first_row(t,
		tx_query(t, e,
			"SELECT in_row, stopped_at,"
			" (SELECT at FROM wrong_code WHERE who = $1"
			" ORDER BY at DESC LIMIT 1 OFFSET $2),"
			" (SELECT at FROM wrong_code WHERE who = $1"
			" ORDER BY at DESC LIMIT 1 OFFSET $3),"
			" (SELECT at FROM wrong_code ORDER BY at DESC LIMIT 1 OFFSET $4)"
			" FROM wrong_code_row",
			"biii", span_of(g->who, KEY_MAC_SIZE), g->per_minute - 1, g->per_hour - 1,
			g->all_per_minute - 1),
		ERR_STORE, e);

	if (code)
		return code;
	out->in_row = tx_integer(t, 0);
	out->stopped_at = tx_integer(t, 1);
	out->minute_at = tx_integer(t, 2);
	out->hour_at = tx_integer(t, 3);
	out->all_at = tx_integer(t, 4);
	return ERR_OK;
}

/* What is left of a time; never more than the whole of it, as a clock that was set back would have it. */
static int64_t rest(int64_t began, int64_t lasts, int64_t now)
{
	int64_t left = began + lasts - now;

	if (left <= 0)
		return 0;
	return left < lasts ? left : lasts;
}

static int64_t longer(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void judge(const struct counted *c, const struct guess *g, struct guess_verdict *out)
{
	*out = (struct guess_verdict){
		.wait_ms = longer(rest(c->minute_at, GUESS_MINUTE_MS, g->at),
			rest(c->hour_at, GUESS_HOUR_MS, g->at)),
		.all_wait_ms = longer(rest(c->all_at, GUESS_MINUTE_MS, g->at),
			rest(c->stopped_at, g->stop_ms, g->at)),
	};
}

enum err store_judge_guess(
	struct store *s, const struct guess *g, struct guess_verdict *out, struct error *e)
{
	struct tx t = tx_read(s->db);
	struct counted c = {0};
	enum err code;

	while (tx_next(&t, &code, e))
		code = look(&t, g, &c, e);
	judge(&c, g, out);
	return code;
}

static enum err keep_row(
	struct tx *t, const struct guess *g, const struct guess_verdict *v, struct error *e)
{
	if (v->stop)
		return tx_later(
			t, e, "UPDATE wrong_code_row SET in_row = 0, stopped_at = $1", "i", g->at);
	return tx_later(t, e, "UPDATE wrong_code_row SET in_row = $1", "i", v->in_row);
}

static enum err count_wrong(
	struct tx *t, const struct guess *g, struct guess_verdict *out, struct error *e)
{
	struct counted c = {0};
	enum err code = tx_lock(t, false, e);

	if (!code)
		code = look(t, g, &c, e);
	judge(&c, g, out);
	if (code || out->wait_ms || out->all_wait_ms)
		return code;
	out->in_row = c.in_row + 1;
	out->stop = out->in_row >= g->consecutive;
	code = tx_later(t, e, "INSERT INTO wrong_code (who, at) VALUES ($1, $2)", "bi",
		span_of(g->who, KEY_MAC_SIZE), g->at);
	return code ? code : keep_row(t, g, out, e);
}

enum err store_count_wrong(
	struct store *s, const struct guess *g, struct guess_verdict *out, struct error *e)
{
	struct tx t = tx_write(s->db);
	enum err code;

	while (tx_next(&t, &code, e))
		code = count_wrong(&t, g, out, e);
	return code;
}

enum err end_row(struct tx *t, struct error *e)
{
	return tx_later(t, e, "UPDATE wrong_code_row SET in_row = 0 WHERE in_row > 0", "");
}

enum err store_forget_wrong(struct store *s, int64_t now, struct error *e)
{
	struct tx t = tx_write(s->db);
	enum err code;

	while (tx_next(&t, &code, e)) {
		code = tx_run(&t, e, "DELETE FROM wrong_code WHERE at <= $1 OR at > $2", "ii",
			now - GUESS_HOUR_MS, now + GUESS_HOUR_MS);
		if (!code)
			code = tx_run(&t, e,
				"UPDATE wrong_code_row SET stopped_at = $1 WHERE stopped_at > $2",
				"ii", now, now + GUESS_HOUR_MS);
	}
	return code;
}
