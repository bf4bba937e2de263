#include "portal/metrics.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define ROUTES_MAX 256
#define STATUSES_MAX 16 /* that one route answers with */

/* Upper bounds of the histogram, in microseconds; the last bucket has no bound. */
static const int64_t bounds_us[] = {
	500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 1000000, 5000000};

#define BOUNDS (sizeof(bounds_us) / sizeof(*bounds_us))

struct route_figures {
	const char *method, *route;
	struct {
		unsigned status;
		uint64_t count;
	} by_status[STATUSES_MAX];
	uint64_t buckets[BOUNDS + 1];
	uint64_t count;
	int64_t sum_us;
};

struct metrics {
	pthread_mutex_t mutex;
	struct route_figures routes[ROUTES_MAX];
	size_t count;
	uint64_t signatures[ERR_COUNT];
};

struct metrics *metrics_new(void)
{
	struct metrics *m = must_zalloc(sizeof(*m));

	pthread_mutex_init(&m->mutex, NULL);
	return m;
}

void metrics_free(struct metrics *m)
{
	if (!m)
		return;
	pthread_mutex_destroy(&m->mutex);
	free(m);
}

static struct route_figures *figures_of(struct metrics *m, const char *method, const char *route)
{
	struct route_figures *f = m->routes;

	for (; f < m->routes + m->count; f++) {
		if (f->route == route && f->method == method)
			return f;
	}
	if (m->count == ROUTES_MAX)
		return NULL;
	m->count++;
	f->method = method;
	f->route = route;
	return f;
}

static void count_status(struct route_figures *f, unsigned status)
{
	size_t i = 0;

	while (i < STATUSES_MAX - 1 && f->by_status[i].count && f->by_status[i].status != status)
		i++;
	f->by_status[i].status = status;
	f->by_status[i].count++;
}

void metrics_request(struct metrics *m, const char *method, const char *route, unsigned status,
	int64_t duration_us)
{
	struct route_figures *f;
	size_t bucket = 0;

	while (bucket < BOUNDS && duration_us > bounds_us[bucket])
		bucket++;
	pthread_mutex_lock(&m->mutex);
	f = figures_of(m, method, route);
	if (f) {
		count_status(f, status);
		f->buckets[bucket]++;
		f->count++;
		f->sum_us += duration_us;
	}
	pthread_mutex_unlock(&m->mutex);
}

void metrics_signature(struct metrics *m, enum err code)
{
	pthread_mutex_lock(&m->mutex);
	m->signatures[code]++;
	pthread_mutex_unlock(&m->mutex);
}

void metrics_write_head(struct bytes *out, const char *name, const char *type, const char *help)
{
	bytes_append_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void metrics_write_figure(struct bytes *out, const char *name, const char *labels, int64_t value)
{
	bytes_append_format(out, "%s%s %lld\n", name, labels, (long long)value);
}

static void append_labels(const struct route_figures *f, struct bytes *out)
{
	bytes_append_format(out, "method=\"%s\",route=\"%s\"", f->method ? f->method : "",
		f->route ? f->route : "");
}

static void write_requests(const struct metrics *m, struct bytes *out)
{
	metrics_write_head(out, "eonay_http_requests_total", "counter", "Requests answered.");
	for (const struct route_figures *f = m->routes; f < m->routes + m->count; f++) {
		for (size_t i = 0; i < STATUSES_MAX && f->by_status[i].count; i++) {
			bytes_append_text(out, "eonay_http_requests_total{");
			append_labels(f, out);
			bytes_append_format(out, ",status=\"%u\"} %llu\n", f->by_status[i].status,
				(unsigned long long)f->by_status[i].count);
		}
	}
}

static void write_histogram(const struct route_figures *f, struct bytes *out)
{
	uint64_t below = 0;

	for (size_t i = 0; i <= BOUNDS; i++) {
		below += f->buckets[i];
		bytes_append_text(out, "eonay_http_request_duration_seconds_bucket{");
		append_labels(f, out);
		if (i < BOUNDS)
			bytes_append_format(out, ",le=\"%g\"", (double)bounds_us[i] / 1e6);
		else
			bytes_append_text(out, ",le=\"+Inf\"");
		bytes_append_format(out, "} %llu\n", (unsigned long long)below);
	}
	bytes_append_text(out, "eonay_http_request_duration_seconds_sum{");
	append_labels(f, out);
	bytes_append_format(
		out, "} %.6f\neonay_http_request_duration_seconds_count{", (double)f->sum_us / 1e6);
	append_labels(f, out);
	bytes_append_format(out, "} %llu\n", (unsigned long long)f->count);
}

static void write_signatures(const struct metrics *m, struct bytes *out)
{
	metrics_write_head(out, "eonay_signatures_total", "counter",
		"Signatures handed in, by the code of the refusal; K-000 is accepted.");
	for (int i = 0; i < ERR_COUNT; i++) {
		if (m->signatures[i] || i == ERR_OK)
			bytes_append_format(out, "eonay_signatures_total{code=\"%s\"} %llu\n",
				error_code((enum err)i), (unsigned long long)m->signatures[i]);
	}
}

void metrics_write(struct metrics *m, struct bytes *out)
{
	pthread_mutex_lock(&m->mutex);
	write_requests(m, out);
	metrics_write_head(out, "eonay_http_request_duration_seconds", "histogram",
		"Time from a whole request to its answer.");
	for (size_t i = 0; i < m->count; i++)
		write_histogram(&m->routes[i], out);
	write_signatures(m, out);
	pthread_mutex_unlock(&m->mutex);
}
