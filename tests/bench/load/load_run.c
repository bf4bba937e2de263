#include "load.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIOSKS 500

struct stage;

/* One stage, shared by its clients. */
struct round {
	const struct service_under_load *service;
	const struct stage *stage;
	struct load_session *sessions;
	int count;
	struct span signature;
	char form[LOAD_CSRF_MAX + 8];
	double *took_s;
	_Atomic int next;
};

struct stage {
	const char *name;
	void (*run)(struct link *l, const struct round *r, size_t turn, struct load_session *s);
};

static void expect(struct link *l, const char *stage, long status, long wanted)
{
	if (status == wanted)
		return;
	fprintf(stderr, "%s: %ld\n%s\n", stage, status, bytes_text(&l->body));
	exit(1);
}

/* "Devam" on the first page. */
static void issue(struct link *l, const struct round *r, size_t turn, struct load_session *s)
{
	const struct call call = {.method = "POST",
		.path = "/e-onay",
		.type = "application/x-www-form-urlencoded",
		.body = span_text(r->form)};
	const char *location;

	expect(l, "issued", link_call(l, turn, &call), 303);
	location = link_location(l, turn);
	location = location ? strrchr(location, '/') : NULL;
	if (!location || strlen(location + 1) != PORTAL_ID_DIGITS)
		load_fail("issued", "no session");
	memcpy(s->id, location + 1, sizeof(s->id));
}

/* The page with the code. */
static void show(struct link *l, const struct round *r, size_t turn, struct load_session *s)
{
	char path[64];
	const struct call call = {.method = "GET", .path = path};

	(void)r;
	snprintf(path, sizeof(path), "/e-onay/%s", s->id);
	expect(l, "shown", link_call(l, turn, &call), 200);
	if (!link_extract(l, "data-copy=\"", "\"", s->code, sizeof(s->code)))
		load_fail("shown", "no code");
}

/* A kiosk opens the session. */
static void open_code(struct link *l, const struct round *r, size_t turn, struct load_session *s)
{
	char body[160];
	struct call call = {
		.method = "POST", .path = "/v1/sessions/open", .type = "application/json"};

	(void)r;
	snprintf(body, sizeof(body),
		"{\"code\": \"%s\", \"nonce\": \"nonce-of-the-load-%zu\", \"kiosk\": \"load-%zu\"}",
		s->code, turn, turn % KIOSKS);
	call.body = span_text(body);
	expect(l, "opened", link_call(l, turn, &call), 200);
	if (!link_extract(l, "\"token\":\"", "\"", s->token, sizeof(s->token)))
		load_fail("opened", "no token");
}

/* It hands the signature in. */
static void submit(struct link *l, const struct round *r, size_t turn, struct load_session *s)
{
	char path[80], authorization[LOAD_TOKEN_MAX + 8];
	const struct call call = {.method = "PUT",
		.path = path,
		.type = "application/cms",
		.authorization = authorization,
		.body = r->signature};

	snprintf(path, sizeof(path), "/v1/sessions/%s/signature", s->id);
	snprintf(authorization, sizeof(authorization), "Bearer %s", s->token);
	expect(l, "accepted", link_call(l, turn, &call), 201);
}

static const struct stage stages[] = {
	{"issued", issue}, {"shown", show}, {"opened", open_code}, {"accepted", submit}};

/* Each stage begins with another instance, so that none sees a session from its beginning to its end. */
static void *run_client(void *context)
{
	struct round *r = context;
	struct link *l = link_open(r->service);
	size_t shift = (size_t)(r->stage - stages);
	int i;

	while ((i = atomic_fetch_add(&r->next, 1)) < r->count) {
		double from = load_now_s();

		r->stage->run(l, r, (size_t)i + shift, &r->sessions[i]);
		r->took_s[i] = load_now_s() - from;
	}
	link_close(l);
	return NULL;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void run_stage(struct round *r, int clients)
{
	pthread_t threads[LOAD_CLIENTS_MAX];
	double cpu = load_cpu_s(r->service), own = load_own_cpu_s(), from = load_now_s(), seconds;

	r->next = 0;
	for (int i = 0; i < clients; i++) {
		if (pthread_create(&threads[i], NULL, run_client, r) != 0)
			load_fail("thread", r->stage->name);
	}
	for (int i = 0; i < clients; i++)
		pthread_join(threads[i], NULL);
	seconds = load_now_s() - from;
	cpu = load_cpu_s(r->service) - cpu;
	own = load_own_cpu_s() - own;
	qsort(r->took_s, (size_t)r->count, sizeof(*r->took_s), by_size);
	printf("%s %.1f %.2f %.2f %.3f %.3f\n", r->stage->name, r->count / seconds,
		r->took_s[r->count / 2] * 1e3, r->took_s[(int)(r->count * 0.99)] * 1e3,
		cpu / r->count * 1e3, own / r->count * 1e3);
}

/* The form of the first page, which is filled in by all. */
static void read_form(struct round *r)
{
	struct link *l = link_open(r->service);
	const struct call call = {.method = "GET", .path = "/e-onay"};
	char csrf[LOAD_CSRF_MAX];

	expect(l, "form", link_call(l, 0, &call), 200);
	if (!link_extract(l, "name=\"csrf\" value=\"", "\"", csrf, sizeof(csrf)))
		load_fail("form", "no token");
	snprintf(r->form, sizeof(r->form), "csrf=%s", csrf);
	link_close(l);
}

void load_run(const struct service_under_load *service, int clients, struct load_session *sessions,
	int count, struct span signature)
{
	struct round r = {.service = service,
		.sessions = sessions,
		.count = count,
		.signature = signature,
		.took_s = must_zalloc((size_t)count * sizeof(double))};
	size_t n = sizeof(stages) / sizeof(*stages) - (signature.n == 0);

	read_form(&r);
	for (size_t i = 0; i < n; i++) {
		r.stage = &stages[i];
		run_stage(&r, clients);
	}
	free(r.took_s);
}
