/* Requests and results as messages between the program and its workers. */
#ifndef EONAY_JOB_MESSAGE_H
#define EONAY_JOB_MESSAGE_H

#include "job/job.h"
#include "job/settings.h"

/* What a worker is told first: the settings that it needs and how it reaches cards. */
struct message_setup {
	uint16_t card_port; /* 0: PC/SC; else where the virtual card is awaited */
	char reader[128];   /* the only reader, "" for all */
	char trust[JOB_PATH_MAX];
	bool any_certificate; /* certificates need not be qualified */
	char service_url[JOB_PATH_MAX];
	char service_ca[JOB_PATH_MAX];
	char service_pin[JOB_PATH_MAX];
	char kiosk_name[128];
	int64_t connect_ms, request_ms;
	char log_target[JOB_PATH_MAX];
	uint8_t log_level;
	/* A reader whose card made the last worker hang is left alone until its card is changed. */
	char skip_reader[128];
	uint32_t skip_events;
};

/* Each encode appends the message to out, with any secret at its very end so that out does not grow
 * (and leave a copy behind) after it; two have room made for both before. Each decode fills a zeroed struct; false when the message is
 * not whole and right, and then nothing stays allocated. */
void message_encode_setup(const struct message_setup *setup, struct bytes *out);
bool message_decode_setup(struct span message, struct message_setup *setup);

void message_encode_request(const struct job_request *request, struct bytes *out);
bool message_decode_request(struct span message, struct job_request *request);

void message_encode_result(const struct job_result *result, struct bytes *out);
bool message_decode_result(struct span message, struct job_result *result);

#endif
