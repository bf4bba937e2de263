#include "portal/guesses.h"

#include "base/clock.h"
#include "base/log.h"

#include <pthread.h>
#include <stdlib.h>

struct guesses {
	struct store *store;
	const struct server_key *key;
	pthread_mutex_t mutex; /* of what is below */
	struct ratelimit_settings settings;
	struct ratelimit *known;
};

struct guesses *guesses_new(struct store *store, const struct server_key *key,
	const struct ratelimit_settings *settings)
{
	struct guesses *g = must_zalloc(sizeof(*g));

	g->store = store;
	g->key = key;
	g->settings = *settings;
	g->known = ratelimit_new(settings);
	pthread_mutex_init(&g->mutex, NULL);
	return g;
}

void guesses_free(struct guesses *g)
{
	if (!g)
		return;
	pthread_mutex_destroy(&g->mutex);
	ratelimit_free(g->known);
	free(g);
}

void guesses_configure(struct guesses *g, const struct ratelimit_settings *settings)
{
	pthread_mutex_lock(&g->mutex);
	g->settings = *settings;
	ratelimit_configure(g->known, settings);
	pthread_mutex_unlock(&g->mutex);
}

static enum err too_many(struct guess_attempt *a, int64_t wait_ms, struct error *e)
{
	a->retry_after_s = (long)((wait_ms + 999) / 1000);
	return error_set(e, ERR_CODE_RATE, "%s", a->address);
}

static struct guess guess_now(const struct ratelimit_settings *s)
{
	return (struct guess){
		.at = clock_wall_ms(),
		.per_minute = s->per_minute,
		.per_hour = s->per_hour,
		.all_per_minute = s->all_per_minute,
		.consecutive = s->consecutive,
		.stop_ms = s->stop_s * INT64_C(1000),
	};
}

enum err guesses_begin(
	struct guesses *g, const char *address, struct guess_attempt *out, struct error *e)
{
	int64_t wait;

	*out = (struct guess_attempt){.address = address, .client = ratelimit_client_of(address)};
	pthread_mutex_lock(&g->mutex);
	wait = ratelimit_wait(g->known, out->client, clock_monotonic_ms());
	out->guess = guess_now(&g->settings);
	pthread_mutex_unlock(&g->mutex);
	if (wait)
		return too_many(out, wait, e);
	return key_mac(g->key, KEY_CLIENT, span_of(out->client.at, sizeof(out->client.at)),
		(struct span){0}, out->guess.who, e);
}

/* Takes over what the store says. The milliseconds that the guesser has to wait. */
static int64_t learn(
	struct guesses *g, const struct guess_attempt *a, const struct guess_verdict *v)
{
	int64_t now = clock_monotonic_ms();

	if (v->wait_ms == 0 && v->all_wait_ms == 0)
		return 0;
	ratelimit_hold(g->known, a->client, v->wait_ms, v->all_wait_ms, now);
	return ratelimit_wait(g->known, a->client, now);
}

/* One that could not be counted in the store prolongs the row that was known last. */
static void count_here(
	struct guesses *g, const struct guess_attempt *a, const struct guess_verdict *counted)
{
	if (counted)
		ratelimit_set_row(g->known, (long)counted->in_row - 1);
	if (ratelimit_failure(g->known, a->client, clock_monotonic_ms()))
		log_write(LOG_LEVEL_ERROR,
			"alarm: too many wrong codes in a row; no code is accepted for a while");
}

/* Called with the mutex held: what others in this process count meanwhile need not be asked of the store. */
static enum err count(struct guesses *g, struct guess_attempt *a, int64_t *wait, struct error *e)
{
	struct guess_verdict v;
	enum err code;

	*wait = ratelimit_wait(g->known, a->client, clock_monotonic_ms());
	if (*wait)
		return ERR_OK;
	code = store_count_wrong(g->store, &a->guess, &v, e);
	*wait = code ? 0 : learn(g, a, &v);
	if (*wait == 0)
		count_here(g, a, code ? NULL : &v);
	return code;
}

enum err guesses_wrong(struct guesses *g, struct guess_attempt *a, struct error *e)
{
	int64_t wait;
	enum err code;

	pthread_mutex_lock(&g->mutex);
	code = count(g, a, &wait, e);
	pthread_mutex_unlock(&g->mutex);
	if (code)
		return code;
	return wait ? too_many(a, wait, e) : error_set(e, ERR_CODE_WRONG, "%s", a->address);
}

void guesses_right(struct guesses *g)
{
	pthread_mutex_lock(&g->mutex);
	ratelimit_success(g->known);
	pthread_mutex_unlock(&g->mutex);
}

enum err guesses_check(struct guesses *g, struct guess_attempt *a, struct error *e)
{
	struct guess_verdict v;
	int64_t wait;
	enum err code = store_judge_guess(g->store, &a->guess, &v, e);

	if (code)
		return code;
	pthread_mutex_lock(&g->mutex);
	wait = learn(g, a, &v);
	pthread_mutex_unlock(&g->mutex);
	return wait ? too_many(a, wait, e) : ERR_OK;
}
