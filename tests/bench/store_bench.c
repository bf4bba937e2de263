/* How fast the store is beside the verification that stands before it, on either engine.
 *
 *   store_bench accept DATABASE TRUST CMS CONTENT TCKN THREADS COUNT
 *	"bare N": signatures verified in a second by as many threads as there are processors; "accepted N": verified and
 *	stored for good by THREADS threads; "p50_us", "p99_us" of one acceptance; "created N", "opened N"; for each the
 *	processor's time of one, as "bare_cpu_us N".
 *   store_bench fill DATABASE FIRST COUNT		COUNT signed consents from number FIRST on, fast
 *   store_bench latency DATABASE COUNT ROUNDS		"find_us", "open_us", "sign_us", "history_us", "day_us": medians among COUNT
 *
 *   store_bench codes DATABASE KEY CONTENT TCKN COUNT	sessions with this text; their codes, one a line
 *
 * After each run "rss_kib" is printed. */
#include "base/clock.h"
#include "base/load.h"
#include "portal/acceptance.h"
#include "portal/store/db.h"
#include "portal/store/store.h"
#include "portal/store/store_consent.h"
#include "portal/store/store_desk.h"
#include "portal/store/store_guess.h"
#include "sign/digest.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define FILE_MAX (1u << 20)
#define THREADS_MAX 64
#define PERSONS 100000 /* among whom filled consents are spread */

/* That opens a session, as a kiosk's does. */
static const struct guess guess = {.at = INT64_C(1000000000000),
	.per_minute = 5,
	.per_hour = 20,
	.all_per_minute = 60,
	.consecutive = 100,
	.stop_ms = 900000};

/* What all threads share. */
struct bench {
	struct store *store; /* NULL: only verify */
	struct acceptance_policy policy;
	struct texts texts;
	struct bytes cms;
	struct session session; /* the pattern */
	char (*ids)[PORTAL_ID_DIGITS + 1];
	int64_t *took_ns;
	int count;
	int next; /* atomic */
	enum { CREATE, OPEN, ACCEPT } what;
};

static void must(enum err code, const struct error *e)
{
	if (code) {
		fprintf(stderr, "%s: %s\n", error_code(code), e->where);
		exit(1);
	}
}

static int64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* Session i of this run. */
static struct session session_of(const struct bench *b, int i)
{
	struct session s = b->session;

	memcpy(s.id, b->ids[i], sizeof(s.id));
	memset(s.code_mac, 0, sizeof(s.code_mac));
	memcpy(s.code_mac, s.id, sizeof(s.code_mac));
	memcpy(s.nonce_mac, s.id, sizeof(s.nonce_mac));
	memcpy(s.token_mac, s.id, sizeof(s.token_mac));
	snprintf(s.kiosk, sizeof(s.kiosk), "k");
	return s;
}

static void accept_one(struct bench *b, int i)
{
	struct signature signature = {.accepted_at = clock_wall_s()};
	struct session session = session_of(b, i);
	struct error e = {0};
	bool fresh;

	must(acceptance_take(&b->policy, &session, &b->texts, bytes_span(&b->cms),
		     signature.accepted_at, &signature, &e),
		&e);
	if (!b->store) {
		signature_free(&signature);
		return;
	}
	must(id_generate(signature.receipt, &e), &e);
	must(digest_of(DIGEST_SHA256, bytes_span(&b->cms), signature.sha256, &e), &e);
	bytes_append(&signature.cms, bytes_span(&b->cms));
	must(store_add_signature(b->store, session.id, &signature, &fresh, &e), &e);
	signature_free(&signature);
}

static void *work(void *context)
{
	struct bench *b = context;
	struct error e = {0};
	int i;
	bool won;

	while ((i = __atomic_fetch_add(&b->next, 1, __ATOMIC_RELAXED)) < b->count) {
		int64_t begin = now_ns();
		struct session s = session_of(b, i);

		if (b->what == CREATE)
			must(store_add_session(b->store, &s, &b->texts, &e), &e);
		else if (b->what == OPEN)
			must(store_open_session(b->store, &s, &guess, 1000, &won, &e), &e);
		else
			accept_one(b, i);
		b->took_ns[i] = now_ns() - begin;
	}
	return NULL;
}

static double cpu_s(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* Prints how many a second, and the processor's time that one took in this process. */
static void run(struct bench *b, const char *name, int what, int threads)
{
	pthread_t thread[THREADS_MAX];
	double cpu = cpu_s();
	int64_t begin = now_ns();

	b->what = what;
	b->next = 0;
	for (int i = 0; i < threads; i++)
		pthread_create(&thread[i], NULL, work, b);
	for (int i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	printf("%s %.0f\n%s_cpu_us %.0f\n", name, b->count * 1e9 / (double)(now_ns() - begin), name,
		(cpu_s() - cpu) * 1e6 / b->count);
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void print_quantiles(struct bench *b)
{
	qsort(b->took_ns, (size_t)b->count, sizeof(*b->took_ns), compare);
	printf("p50_us %" PRId64 "\np99_us %" PRId64 "\n", b->took_ns[b->count / 2] / 1000,
		b->took_ns[b->count * 99 / 100] / 1000);
}

static void make_ids(struct bench *b)
{
	struct error e = {0};

	b->ids = must_zalloc((size_t)b->count * sizeof(*b->ids));
	b->took_ns = must_zalloc((size_t)b->count * sizeof(*b->took_ns));
	for (int i = 0; i < b->count; i++)
		must(id_generate(b->ids[i], &e), &e);
}

static void free_ids(struct bench *b)
{
	free(b->ids);
	free(b->took_ns);
}

static void bench_accept(char **argv)
{
	struct bench b = {.count = atoi(argv[6])};
	struct error e = {0};
	struct store *store;
	int threads = atoi(argv[5]);

	must(store_open(argv[0], true, &store, &e), &e);
	must(trust_read_file(argv[1], &b.policy.trust, &e), &e);
	must(load_file(argv[2], FILE_MAX, &b.cms, &e), &e);
	must(load_file(argv[3], FILE_MAX, &b.texts.at[0], &e), &e);
	b.texts.count = 1;
	b.policy.qualified = true;
	b.policy.clock_tolerance_s = 3600;
	b.session = (struct session){.created = clock_wall_s(), .expires = clock_wall_s() + 600};
	snprintf(b.session.tckn, sizeof(b.session.tckn), "%s", argv[4]);
	make_ids(&b);
	run(&b, "bare", ACCEPT, (int)sysconf(_SC_NPROCESSORS_ONLN));
	b.store = store;
	run(&b, "created", CREATE, threads);
	run(&b, "opened", OPEN, threads);
	run(&b, "accepted", ACCEPT, threads);
	print_quantiles(&b);
	store_close(store);
	trust_free(b.policy.trust);
	free_ids(&b);
}

/* Signed consents as the program would have made them, but for the audit log; many to a transaction. */
static void fill(struct db *d, int64_t from, int64_t to)
{
	struct tx t = tx_write(d);
	struct error e = {0};
	enum err code;
	char id[PORTAL_ID_DIGITS + 1], tckn[24];
	uint8_t cms[2000];

	memset(cms, 0x5A, sizeof(cms));
	while (tx_next(&t, &code, &e)) {
		for (int64_t n = from; n < to && !code; n++) {
			snprintf(id, sizeof(id), "F%031" PRIX64, n * 2654435761 % 0xFFFFFFFFFF);
			snprintf(tckn, sizeof(tckn), "3%010" PRId64, n % PERSONS);
			code = tx_run(&t, &e,
				"INSERT INTO session (id, state, purpose, person, tckn, created,"
				" expires, code_mac) VALUES ($1, 2, 0, 'KİŞİ', $2, $3, $3, $4)",
				"ttib", id, tckn, 1000000000 + n, span_of(id, KEY_MAC_SIZE));
			if (!code)
				code = tx_run(&t, &e,
					"INSERT INTO signature (session, receipt, accepted_at, "
					"sha256,"
					" cms) VALUES ($1, $1, $2, $3, $4)",
					"tibb", id, 1000000000 + n, span_of(cms, 32),
					span_of(cms, sizeof(cms)));
		}
	}
	must(code, &e);
}

static void bench_fill(char **argv)
{
	int64_t first = atoll(argv[1]), count = atoll(argv[2]);
	struct error e = {0};
	struct store *store;
	struct db *d;

	must(store_open(argv[0], true, &store, &e), &e); /* makes the schema */
	store_close(store);
	must(db_open(argv[0], true, &d, &e), &e);
	for (int64_t n = first; n < first + count; n += 5000)
		fill(d, n, n + 5000 < first + count ? n + 5000 : first + count);
	db_close(d);
}

static bool nothing(const struct consent *c, void *context)
{
	(void)c;
	++*(int *)context;
	return true;
}

static bool nothing_of_day(const struct session *s, void *context)
{
	(void)s;
	++*(int *)context;
	return true;
}

/* One question of each kind. */
static void ask(struct store *store, int64_t stored, struct session *s, int64_t took[5])
{
	struct signature signature = {.accepted_at = s->created};
	struct session found;
	struct error e = {0};
	char tckn[24];
	int seen = 0;
	bool done;
	int64_t at = now_ns(), n;

	must(store_find_by_code(store, s->code_mac, &found, &e), &e);
	took[0] = (n = now_ns()) - at;
	must(store_open_session(store, s, &guess, 1000, &done, &e), &e);
	took[1] = (at = now_ns()) - n;
	memcpy(signature.receipt, s->id, sizeof(signature.receipt));
	bytes_append(&signature.cms, span_of(s, sizeof(*s)));
	must(store_add_signature(store, s->id, &signature, &done, &e), &e);
	took[2] = (n = now_ns()) - at;
	snprintf(tckn, sizeof(tckn), "3%010" PRId64, stored > PERSONS ? n % PERSONS : n % stored);
	n = now_ns();
	must(store_list_consents(store, tckn, nothing, &seen, &e), &e);
	took[3] = (at = now_ns()) - n;
	must(store_list_day(store, 1000000000, 1000000000 + stored, 50, nothing_of_day, &seen, &e),
		&e);
	took[4] = now_ns() - at;
	signature_free(&signature);
}

static void bench_latency(char **argv)
{
	static const char *const names[] = {
		"find_us", "open_us", "sign_us", "history_us", "day_us"};
	int64_t stored = atoll(argv[1]), (*took)[5], one[1000];
	int rounds = atoi(argv[2]);
	struct bench b = {.count = rounds};
	struct error e = {0};

	took = must_zalloc((size_t)rounds * sizeof(*took));
	must(store_open(argv[0], true, &b.store, &e), &e);
	b.session = (struct session){.created = clock_wall_s(), .expires = clock_wall_s() + 600};
	make_ids(&b);
	for (int i = 0; i < rounds; i++) {
		struct session s = session_of(&b, i);

		must(store_add_session(b.store, &s, &b.texts, &e), &e);
		ask(b.store, stored, &s, took[i]);
	}
	for (int k = 0; k < 5; k++) {
		for (int i = 0; i < rounds; i++)
			one[i] = took[i][k];
		qsort(one, (size_t)rounds, sizeof(*one), compare);
		printf("%s %" PRId64 "\n", names[k], one[rounds / 2] / 1000);
	}
	store_close(b.store);
	free_ids(&b);
	free(took);
}

/* For tests that need more codes than a program for each could give out in time. */
static void give_codes(char **argv)
{
	struct server_key key;
	struct store *store;
	struct texts texts = {.count = 1};
	struct error e = {0};

	must(key_load(argv[1], &key, &e), &e);
	must(load_file(argv[2], FILE_MAX, &texts.at[0], &e), &e);
	must(store_open(argv[0], true, &store, &e), &e);
	for (int i = atoi(argv[4]); i > 0; i--) {
		struct session s = {.created = clock_wall_s(), .expires = clock_wall_s() + 600};
		char code[PORTAL_CODE_DIGITS + 1];

		snprintf(s.tckn, sizeof(s.tckn), "%s", argv[3]);
		must(id_generate(s.id, &e), &e);
		must(code_generate(code, &e), &e);
		must(key_mac(&key, KEY_CODE, span_text(code), (struct span){0}, s.code_mac, &e),
			&e);
		must(store_add_session(store, &s, &texts, &e), &e);
		puts(code);
	}
	texts_free(&texts);
	store_close(store);
}

int main(int argc, char **argv)
{
	struct rusage usage;

	if (argc == 9 && strcmp(argv[1], "accept") == 0)
		bench_accept(argv + 2);
	else if (argc == 5 && strcmp(argv[1], "fill") == 0)
		bench_fill(argv + 2);
	else if (argc == 5 && strcmp(argv[1], "latency") == 0)
		bench_latency(argv + 2);
	else if (argc == 7 && strcmp(argv[1], "codes") == 0)
		give_codes(argv + 2);
	else
		return 64;
	getrusage(RUSAGE_SELF, &usage);
	printf("rss_kib %ld\n", usage.ru_maxrss);
	return 0;
}
