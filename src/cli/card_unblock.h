/* eonay card unblock. */
#ifndef EONAY_CLI_CARD_UNBLOCK_H
#define EONAY_CLI_CARD_UNBLOCK_H

#include "cli/command.h"

/* Sets a new PIN by the PUK, on the card chosen by the options. */
enum err card_unblock_run(struct cli *cli);

#endif
