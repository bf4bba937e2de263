#include "unit.h"

#include "portal/metrics.h"

static const char get[] = "GET", page[] = "/e-onay/*";

static void has(const char *text, const char *line)
{
	if (!strstr(text, line))
		fail_msg("no line %s in\n%s", line, text);
}

static void requests_are_counted(void **state)
{
	struct metrics *m = metrics_new();
	struct bytes out = {0};
	const char *text;

	(void)state;
	metrics_request(m, get, page, 200, 700);
	metrics_request(m, get, page, 200, 20000);
	metrics_request(m, get, page, 404, 9000000);
	metrics_request(m, NULL, NULL, 404, 1);
	metrics_signature(m, ERR_OK);
	metrics_signature(m, ERR_CERTIFICATE_PERSON);
	metrics_signature(m, ERR_CERTIFICATE_PERSON);
	metrics_write(m, &out);
	text = bytes_text(&out);
	has(text,
		"eonay_http_requests_total{method=\"GET\",route=\"/e-onay/*\",status=\"200\"} 2\n");
	has(text,
		"eonay_http_requests_total{method=\"GET\",route=\"/e-onay/*\",status=\"404\"} 1\n");
	has(text, "eonay_http_requests_total{method=\"\",route=\"\",status=\"404\"} 1\n");
	has(text, "_bucket{method=\"GET\",route=\"/e-onay/*\",le=\"0.0005\"} 0\n");
	has(text, "_bucket{method=\"GET\",route=\"/e-onay/*\",le=\"0.001\"} 1\n");
	has(text, "_bucket{method=\"GET\",route=\"/e-onay/*\",le=\"0.025\"} 2\n");
	has(text, "_bucket{method=\"GET\",route=\"/e-onay/*\",le=\"5\"} 2\n");
	has(text, "_bucket{method=\"GET\",route=\"/e-onay/*\",le=\"+Inf\"} 3\n");
	has(text, "_sum{method=\"GET\",route=\"/e-onay/*\"} 9.020700\n");
	has(text, "_count{method=\"GET\",route=\"/e-onay/*\"} 3\n");
	has(text, "eonay_signatures_total{code=\"K-000\"} 1\n");
	has(text, "eonay_signatures_total{code=\"K-309\"} 2\n");
	bytes_free(&out);
	metrics_free(m);
}

/* More statuses than there is room for: none is lost, and nothing else is written over. */
static void room_is_bounded(void **state)
{
	struct metrics *m = metrics_new();
	static char routes[300];
	struct bytes out = {0};

	(void)state;
	for (unsigned status = 100; status < 140; status++)
		metrics_request(m, get, page, status, 1);
	for (size_t i = 0; i < sizeof(routes); i++)
		metrics_request(m, get, routes + i, 200, 1);
	metrics_write(m, &out);
	has(bytes_text(&out), "_count{method=\"GET\",route=\"/e-onay/*\"} 40\n");
	bytes_free(&out);
	metrics_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_counted),
		cmocka_unit_test(room_is_bounded),
	};

	return cmocka_run_group_tests_name("portal metrics", tests, NULL, NULL);
}
