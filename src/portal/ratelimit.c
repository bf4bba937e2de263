#include "portal/ratelimit.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/* Addresses remembered; when there are more, the one that failed longest ago is forgotten. The
 * limit over all addresses is what holds against an attacker who has that many. */
#define CLIENTS 1024

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS INT64_C(3600000)

/* The times of the last failures, the newest at (next - 1). */
struct ring {
	unsigned next;
	unsigned count;
};

struct entry {
	struct ratelimit_client client;
	bool used;
	int64_t touched, held_until;
	struct ring ring;
	int64_t times[RATELIMIT_PER_HOUR_MAX];
};

struct ratelimit {
	struct ratelimit_settings settings;
	struct entry entries[CLIENTS];
	struct ring all;
	int64_t all_times[RATELIMIT_ALL_PER_MINUTE_MAX];
	long consecutive;
	int64_t stopped_until;
};

struct ratelimit_client ratelimit_client_of(const char *address)
{
	struct ratelimit_client client = {0};

	if (inet_pton(AF_INET6, address, client.at) == 1) {
		if (!IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)client.at))
			memset(client.at + 8, 0, 8);
	} else if (inet_pton(AF_INET, address, client.at + 12) == 1) {
		client.at[10] = client.at[11] = 0xff;
	}
	return client;
}

struct ratelimit *ratelimit_new(const struct ratelimit_settings *settings)
{
	struct ratelimit *r = must_zalloc(sizeof(*r));

	r->settings = *settings;
	return r;
}

void ratelimit_configure(struct ratelimit *r, const struct ratelimit_settings *settings)
{
	r->settings = *settings;
}

void ratelimit_free(struct ratelimit *r)
{
	free(r);
}

static void ring_put(struct ring *ring, int64_t *times, unsigned room, int64_t now)
{
	times[ring->next] = now;
	ring->next = (ring->next + 1) % room;
	if (ring->count < room)
		ring->count++;
}

/* Time of the n-th last failure (1: the last). n <= count. */
static int64_t ring_last(const struct ring *ring, const int64_t *times, unsigned room, unsigned n)
{
	return times[(ring->next + room - n) % room];
}

/* Milliseconds until there are fewer than limit failures in the window that ends now. */
static int64_t ring_wait(const struct ring *ring, const int64_t *times, unsigned room, long limit,
	int64_t window, int64_t now)
{
	int64_t free_at;

	if (limit > (long)ring->count)
		return 0;
	free_at = ring_last(ring, times, room, (unsigned)limit) + window;
	return free_at > now ? free_at - now : 0;
}

static struct entry *find_entry(struct ratelimit *r, struct ratelimit_client client)
{
	for (size_t i = 0; i < CLIENTS; i++) {
		if (r->entries[i].used &&
			memcmp(&r->entries[i].client, &client, sizeof(client)) == 0)
			return &r->entries[i];
	}
	return NULL;
}

static bool is_older(const struct entry *a, const struct entry *b)
{
	return a->used != b->used ? b->used : a->touched < b->touched;
}

static struct entry *find_oldest(struct ratelimit *r)
{
	struct entry *oldest = &r->entries[0];

	for (size_t i = 1; i < CLIENTS; i++) {
		if (is_older(&r->entries[i], oldest))
			oldest = &r->entries[i];
	}
	return oldest;
}

static struct entry *take_entry(struct ratelimit *r, struct ratelimit_client client, int64_t now)
{
	struct entry *entry = find_entry(r, client);

	if (!entry) {
		entry = find_oldest(r);
		*entry = (struct entry){.client = client, .used = true};
	}
	entry->touched = now;
	return entry;
}

static int64_t longer(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int64_t ratelimit_wait(struct ratelimit *r, struct ratelimit_client client, int64_t now)
{
	const struct ratelimit_settings *s = &r->settings;
	struct entry *entry = find_entry(r, client);
	int64_t wait = longer(0, r->stopped_until - now);

	wait = longer(wait, ring_wait(&r->all, r->all_times, RATELIMIT_ALL_PER_MINUTE_MAX,
				    s->all_per_minute, MINUTE_MS, now));
	if (!entry)
		return wait;
	wait = longer(wait, entry->held_until - now);
	wait = longer(wait, ring_wait(&entry->ring, entry->times, RATELIMIT_PER_HOUR_MAX,
				    s->per_minute, MINUTE_MS, now));
	return longer(wait, ring_wait(&entry->ring, entry->times, RATELIMIT_PER_HOUR_MAX,
				    s->per_hour, HOUR_MS, now));
}

bool ratelimit_failure(struct ratelimit *r, struct ratelimit_client client, int64_t now)
{
	struct entry *entry = take_entry(r, client, now);

	ring_put(&entry->ring, entry->times, RATELIMIT_PER_HOUR_MAX, now);
	ring_put(&r->all, r->all_times, RATELIMIT_ALL_PER_MINUTE_MAX, now);
	if (++r->consecutive < r->settings.consecutive)
		return false;
	r->consecutive = 0;
	r->stopped_until = now + r->settings.stop_s * 1000;
	return true;
}

void ratelimit_hold(struct ratelimit *r, struct ratelimit_client client, int64_t wait,
	int64_t all_wait, int64_t now)
{
	r->stopped_until = longer(r->stopped_until, now + all_wait);
	if (wait)
		take_entry(r, client, now)->held_until = now + wait;
}

void ratelimit_set_row(struct ratelimit *r, long consecutive)
{
	r->consecutive = consecutive;
}

void ratelimit_success(struct ratelimit *r)
{
	r->consecutive = 0;
}
