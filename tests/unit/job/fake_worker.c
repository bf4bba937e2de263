/* A worker that behaves as the test asks in the setup's service URL: it stands where eonay-worker
 * would. */
#include <string.h>
#include <unistd.h>

#include "job/frame.h"
#include "job/link.h"

static void send_reading(int fd)
{
	struct cards *cards = must_zalloc(sizeof(*cards));
	struct job_result result = {.kind = JOB_CARDS, .cards = cards};

	cards->reading = true;
	cards->reader_count = 1;
	strcpy(cards->readers[0].name, "asılan");
	cards->readers[0].state = ERR_BUSY;
	cards->readers[0].events = 3;
	link_send(fd, &result);
	job_result_free(&result);
}

/* What the worker was told to leave alone, as a health answer. */
static void send_skip(int fd, const struct message_setup *setup)
{
	struct job_result result = {.kind = JOB_HEALTH};

	memcpy(result.health.version, setup->skip_reader, sizeof(result.health.version) - 1);
	result.health.clock_difference_s = setup->skip_events;
	link_send(fd, &result);
}

/* Says that it is at it, and is gone. */
static void die_signing(int fd)
{
	link_progress(fd, STAGE_CONNECTING);
	link_progress(fd, STAGE_SIGNING);
	_exit(3);
}

static bool send_progress(int fd)
{
	struct job_result progress = {.kind = JOB_PROGRESS, .stage = STAGE_CONNECTING};

	return link_send(fd, &progress);
}

int main(void)
{
	struct message_setup setup;
	struct job_request request;
	const char *way;

	if (secret_init(NULL) || !link_receive_setup(0, &setup))
		return 1;
	way = setup.service_url;
	if (strcmp(way, "read-forever") == 0 && !setup.skip_reader[0])
		send_reading(0);
	while (link_receive(0, &request)) {
		struct job_result result = {.kind = request.kind};

		if (strcmp(way, "die") == 0)
			_exit(3);
		if (strcmp(way, "die-signing") == 0)
			die_signing(0);
		if (strcmp(way, "hang") == 0)
			pause();
		while (strcmp(way, "chatter") == 0 && send_progress(0))
			usleep(50000);
		if (strcmp(way, "garbage") == 0 && write(0, "\0\0\0\3abc", 7) != 7)
			return 1;
		if (strcmp(way, "read-forever") == 0)
			send_skip(0, &setup);
		if (strcmp(way, "answer") == 0) {
			link_progress(0, STAGE_SENDING);
			strcpy(result.health.version, "1");
			link_send(0, &result);
		}
		job_request_free(&request);
	}
	return 0;
}
