/* The worker that has the cards: reports what is in the readers, and signs. */
#ifndef EONAY_JOB_CARD_WORKER_H
#define EONAY_JOB_CARD_WORKER_H

#include "job/message.h"

/* Serves the program at the other end of fd until it goes. Returns the exit
 * status. */
int card_worker_run(int fd, const struct message_setup *setup);

#endif
