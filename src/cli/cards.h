/* The readers and their certificates, once, for a command. */
#ifndef EONAY_CLI_CARDS_H
#define EONAY_CLI_CARDS_H

#include "job/worker.h"

/* Starts the card worker and waits until every card has been read. *out is to be freed by free(),
 * *worker to be closed, both also after an error (then NULL). ERR_DEADLINE, ERR_WORKER_DIED ...;
 * that there is no reader, card or daemon is told by (*out)->error, not here. */
enum err cards_gather(const struct settings *settings, struct worker **worker, struct cards **out,
	struct error *e);

#endif
