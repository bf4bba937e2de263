/* The worker's end of the socket to the program that started it. */
#ifndef EONAY_JOB_LINK_H
#define EONAY_JOB_LINK_H

#include "job/job.h"
#include "job/message.h"

/* Waits for the next request. False when the program is gone or talks nonsense: the worker ends
 * then. */
bool link_receive(int fd, struct job_request *request);

/* Waits for the first message. */
bool link_receive_setup(int fd, struct message_setup *setup);

/* Sends a result, without taking it over. False when the program is gone. */
bool link_send(int fd, const struct job_result *result);

/* Tells what is being done now. */
void link_progress(int fd, enum job_stage stage);

#endif
