#include "job/card_worker.h"

#include <poll.h>
#include <sysexits.h>

#include "base/log.h"
#include "job/link.h"
#include "job/sign.h"
#include "job/unblock.h"
#include "job/watch.h"

static void send_cards(const struct cards *now, void *context)
{
	struct job_result result = {.kind = JOB_CARDS, .cards = (struct cards *)now};

	link_send(*(const int *)context, &result);
}

/* There is nothing to watch (a bad trust file, no port): say so, and wait to be
 * ended or asked. */
static void send_trouble(int fd, const struct error *e)
{
	struct cards none = {.error = *e};

	send_cards(&none, &fd);
}

/* Runs the request and answers it. False when the program is gone. */
static bool serve(struct watch *w, int fd)
{
	struct job_request request;
	struct job_result result = {0};
	const char *reader = NULL;
	bool alive;

	if (!link_receive(fd, &request))
		return false;
	result.kind = request.kind;
	if (request.kind == JOB_SIGN) {
		sign_content(w, &request.sign.signer, bytes_span(&request.sign.content), fd,
			&result.cms, &result.error);
		reader = request.sign.signer.reader;
	} else if (request.kind == JOB_SIGN_FILE) {
		sign_file(w, &request.sign_file, fd, &result.error);
		reader = request.sign_file.signer.reader;
	} else if (request.kind == JOB_UNBLOCK) {
		unblock_card(w, &request.unblock, fd, &result.error);
		reader = request.unblock.reader;
	} else {
		error_set(&result.error, ERR_WIRE, "card worker, kind %d", (int)request.kind);
	}
	if (result.error.code)
		log_failure(request.kind == JOB_UNBLOCK ? "unblock" : "sign", &result.error);
	alive = link_send(fd, &result);
	if (reader)
		watch_refresh_pins(w, reader, send_cards, &fd);
	job_request_free(&request);
	job_result_free(&result);
	return alive;
}

int card_worker_run(int fd, const struct message_setup *setup)
{
	struct watch *w = NULL;
	struct error e = {0};

	if (watch_open(setup, &w, &e)) {
		log_failure("readers", &e);
		send_trouble(fd, &e);
		poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, -1);
		return EX_UNAVAILABLE;
	}
	watch_refresh(w, send_cards, &fd);
	for (;;) {
		struct pollfd wait[] = {
			{.fd = fd, .events = POLLIN}, {.fd = watch_fd(w), .events = POLLIN}};

		if (poll(wait, 2, -1) < 0)
			continue;
		/* What has changed is seen before a request is served: never a signature on
     * a card that was swapped. */
		if (wait[1].revents)
			watch_refresh(w, send_cards, &fd);
		if (wait[0].revents && !serve(w, fd))
			break;
	}
	watch_close(w);
	return 0;
}
