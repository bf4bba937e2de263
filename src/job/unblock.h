/* A new PIN by the PUK, on the card that carries a certificate. */
#ifndef EONAY_JOB_UNBLOCK_H
#define EONAY_JOB_UNBLOCK_H

#include "job/watch.h"

/* Errors: watch_find(), card_unblock(). link_fd is told of each stage. */
enum err unblock_card(struct watch *w, const struct job_unblock *job, int link_fd, struct error *e);

#endif
