/* The worker that talks to the service. */
#ifndef EONAY_JOB_NETWORK_WORKER_H
#define EONAY_JOB_NETWORK_WORKER_H

#include "job/message.h"

/* Serves the program at the other end of fd until it goes. Returns the exit
 * status. */
int network_worker_run(int fd, const struct message_setup *setup);

#endif
