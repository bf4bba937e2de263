#include "job/network_worker.h"

#include "base/log.h"
#include "job/link.h"

static void run(
	struct service *s, const struct job_request *request, int fd, struct job_result *result)
{
	struct error *e = &result->error;

	link_progress(fd, request->kind == JOB_SUBMIT || request->kind == JOB_DONE
				  ? STAGE_SENDING
				  : STAGE_CONNECTING);
	switch (request->kind) {
	case JOB_OPEN:
		service_session_open(s, secret_span(&request->open.code), request->open.nonce,
			&result->session, e);
		break;
	case JOB_SUBMIT:
		service_signature_submit(s, request->submit.session,
			secret_span(&request->submit.token), bytes_span(&request->submit.cms),
			result->receipt.receipt, &result->receipt.accepted_at, e);
		break;
	case JOB_DONE:
		service_session_done(
			s, request->done.session, secret_span(&request->done.token), e);
		break;
	case JOB_ABANDON:
		service_session_abandon(s, request->abandon.session,
			secret_span(&request->abandon.token), request->abandon.reason, e);
		break;
	case JOB_HEALTH:
		service_health(s, result->health.version, &result->health.clock_difference_s, e);
		break;
	default:
		error_set(e, ERR_WIRE, "network worker, kind %d", (int)request->kind);
	}
}

int network_worker_run(int fd, const struct message_setup *setup)
{
	const struct service_settings settings = {
		.url = setup->service_url,
		.ca_file = setup->service_ca,
		.pin = setup->service_pin,
		.kiosk = setup->kiosk_name,
		.connect_timeout_ms = (long)setup->connect_ms,
		.total_timeout_ms = (long)setup->request_ms,
	};
	struct service *s = NULL;
	struct job_request request;
	struct error opening = {0};
	bool alive = true;

	service_open(&settings, &s, &opening);
	while (alive && link_receive(fd, &request)) {
		struct job_result result = {.kind = request.kind, .error = opening};

		if (s)
			run(s, &request, fd, &result);
		if (result.error.code)
			log_failure("service", &result.error);
		alive = link_send(fd, &result);
		job_request_free(&request);
		job_result_free(&result);
	}
	service_close(s);
	return 0;
}
