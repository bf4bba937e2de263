#include "portal/limits.h"

#include "base/clock.h"
#include "portal/ratelimit.h"

#include <limits.h>
#include <openssl/sha.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct limits {
	pthread_mutex_t mutex;
	struct ratelimit *of[LIMIT_COUNT];
	bool bounded[LIMIT_COUNT];
};

/* What is borne of one; what is borne of all together is not counted here. */
static struct ratelimit_settings settings_of(long per_minute)
{
	return (struct ratelimit_settings){
		.per_minute = per_minute,
		.per_hour = RATELIMIT_PER_HOUR_MAX + 1,
		.all_per_minute = RATELIMIT_ALL_PER_MINUTE_MAX + 1,
		.consecutive = LONG_MAX,
	};
}

struct limits *limits_new(void)
{
	const struct ratelimit_settings settings = settings_of(LIMITS_PER_MINUTE_MAX);
	struct limits *l = must_zalloc(sizeof(*l));

	pthread_mutex_init(&l->mutex, NULL);
	for (int i = 0; i < LIMIT_COUNT; i++)
		l->of[i] = ratelimit_new(&settings);
	return l;
}

void limits_free(struct limits *l)
{
	if (!l)
		return;
	for (int i = 0; i < LIMIT_COUNT; i++)
		ratelimit_free(l->of[i]);
	pthread_mutex_destroy(&l->mutex);
	free(l);
}

void limits_configure(struct limits *l, const long per_minute[LIMIT_COUNT])
{
	pthread_mutex_lock(&l->mutex);
	for (int i = 0; i < LIMIT_COUNT; i++) {
		const struct ratelimit_settings settings = settings_of(per_minute[i]);

		l->bounded[i] = per_minute[i] > 0;
		ratelimit_configure(l->of[i], &settings);
	}
	pthread_mutex_unlock(&l->mutex);
}

/* An address is one subscriber (ratelimit.h); a number is kept as a part of its hash. */
static struct ratelimit_client client_of(enum limit limit, const char *who)
{
	struct ratelimit_client client;
	uint8_t hash[SHA256_DIGEST_LENGTH];

	if (limit == LIMIT_LOGIN)
		return ratelimit_client_of(who);
	SHA256((const unsigned char *)who, strlen(who), hash);
	memcpy(client.at, hash, sizeof(client.at));
	return client;
}

enum err limits_take(struct limits *l, enum limit limit, const char *who, struct error *e)
{
	struct ratelimit_client client = client_of(limit, who);
	int64_t now = clock_monotonic_ms(), wait = 0;

	pthread_mutex_lock(&l->mutex);
	if (l->bounded[limit])
		wait = ratelimit_wait(l->of[limit], client, now);
	if (l->bounded[limit] && wait == 0)
		ratelimit_failure(l->of[limit], client, now);
	pthread_mutex_unlock(&l->mutex);
	return wait ? error_set(e, ERR_TOO_OFTEN, "limit %d", (int)limit) : ERR_OK;
}
