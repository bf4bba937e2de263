#include "portal/operations.h"

#include "base/clock.h"
#include "config.h"
#include "portal/answer.h"
#include "portal/proxy.h"
#include "portal/store/store_desk.h"

#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"
#define DAY_S 86400

static enum err answer_health(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	(void)p, (void)request;
	return answer_json(answer, 200,
		json_pack("{s:s, s:s, s:I}", "status", "ok", "version", PACKAGE_VERSION,
			"service_time", (json_int_t)clock_wall_s()),
		e);
}

/* The CAs are there, or we would not serve. */
static enum err answer_ready(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	enum err code = store_check(p->store, e);

	(void)request;
	return code ? code : answer_json(answer, 200, json_pack("{s:s}", "status", "ready"), e);
}

static void write_sessions(const struct desk_counts *counts, struct bytes *out)
{
	static const char *const labels[DESK_STATES] = {
		[SESSION_ISSUED] = "{state=\"issued\"}",
		[SESSION_OPEN] = "{state=\"open\"}",
		[SESSION_SIGNED] = "{state=\"signed\"}",
		[SESSION_ABANDONED] = "{state=\"abandoned\"}",
		[SESSION_DONE] = "{state=\"done\"}",
		[SESSION_CANCELLED] = "{state=\"cancelled\"}",
	};
	static const char name[] = "eonay_sessions";

	metrics_write_head(out, name, "gauge", "Sessions created in the last 24 hours.");
	for (int i = 0; i < DESK_STATES; i++)
		metrics_write_figure(out, name, labels[i], counts->by_state[i]);
	metrics_write_figure(out, name, "{state=\"expired\"}", counts->expired);
}

/* Only those who are listed see how much there is to do here. */
static enum err answer_metrics(struct portal *p, const struct http_request *request,
	struct http_answer *answer, struct error *e)
{
	struct bytes *out = &answer->body;
	int64_t now = clock_wall_s();
	struct desk_counts counts;
	enum err code;

	if (!proxy_lists(p->metrics_readers, request->client))
		return error_set(e, ERR_REQUEST_PATH, "%s", request->client);
	code = store_counts(p->store, now - DAY_S, now + 1, now, &counts, e);
	if (code)
		return code;
	metrics_write(p->metrics, out);
	write_sessions(&counts, out);
	metrics_write_head(out, "eonay_event_streams", "gauge", "Browsers that wait for news.");
	metrics_write_figure(out, "eonay_event_streams", "", (int64_t)events_count(p->events));
	metrics_write_head(out, "eonay_build_info", "gauge", "The version that runs.");
	metrics_write_figure(out, "eonay_build_info", "{version=\"" PACKAGE_VERSION "\"}", 1);
	answer->status = 200;
	answer->content_type = METRICS_TYPE;
	return ERR_OK;
}

const struct route operations_routes[] = {
	{"GET", "/healthz", NULL, 0, answer_health, ROUTE_INLINE},
	{"GET", "/readyz", NULL, 0, answer_ready, ROUTE_QUIET},
	{"GET", "/metrics", NULL, 0, answer_metrics, ROUTE_QUIET},
	{0},
};
