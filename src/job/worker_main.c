/* eonay-worker: started by eonay with a socket as standard input, never by a
 * person. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/log.h"
#include "base/secret.h"
#include "job/card_worker.h"
#include "job/link.h"
#include "job/network_worker.h"

int main(int argc, char **argv)
{
	struct message_setup setup;
	struct error e;
	const char *kind = argc == 2 ? argv[1] : "";
	bool card = strcmp(kind, "card") == 0;

	if (!card && strcmp(kind, "network") != 0) {
		fputs("eonay-worker: started by eonay, not by hand\n", stderr);
		return EX_USAGE;
	}
	/* Ends with the program that started it, also when that is killed. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	signal(SIGPIPE, SIG_IGN);
	if (secret_init(&e))
		fprintf(stderr, "eonay-worker: %s %s\n", error_code(e.code), e.where);
	if (!link_receive_setup(STDIN_FILENO, &setup))
		return EX_PROTOCOL;
	log_open("eonay-worker", setup.log_target, setup.log_level, NULL);
	return card ? card_worker_run(STDIN_FILENO, &setup)
		    : network_worker_run(STDIN_FILENO, &setup);
}
