#include "cli/card_unblock.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cli/cards.h"
#include "cli/choice.h"
#include "cli/dialog.h"
#include "cli/report.h"
#include "cli/words.h"

/* The PUK first: whoever has none need not think of a PIN. */
static enum err ask_puk(struct cli *cli, const struct card_pin *state, struct job_unblock *job)
{
	enum err code = dialog_confirm(
		cli, &dialog_puk, state, cli->options.puk_fd, &job->last_try_confirmed);

	return code ? code : dialog_secret(cli, cli->options.puk_fd, N_("PUK Kodu"), &job->puk);
}

/* What is typed is typed twice. */
static enum err ask_pin(struct cli *cli, struct job_unblock *job)
{
	struct secret again = {0};
	enum err code = dialog_secret(cli, cli->options.pin_fd, N_("Yeni PIN"), &job->pin);

	if (code || cli->options.pin_fd >= 0)
		return code;
	code = dialog_secret(cli, -1, N_("Yeni PIN (tekrar)"), &again);
	if (!code && !secret_equal(secret_span(&job->pin), secret_span(&again)))
		code = error_set(&cli->error, ERR_PIN_DIFFERENT, "%s", "PIN");
	secret_wipe(&again);
	return code;
}

static enum err fill(struct cli *cli, const struct cards *cards, struct job_unblock *job)
{
	const struct cards_certificate *c;
	enum err code =
		choice_of_pin(cards, cli->options.reader, cli->options.cert, &c, &cli->error);

	if (code)
		return code;
	if (!c->has_puk || c->puk.blocked)
		return error_set(&cli->error, c->has_puk ? ERR_PUK_BLOCKED : ERR_PUK_NONE, "%s",
			cards->readers[c->reader].name);
	dialog_choice(&dialog_puk, cards, c, &c->puk);
	snprintf(job->reader, sizeof(job->reader), "%s", cards->readers[c->reader].name);
	memcpy(job->certificate_sha256, c->info.sha256, sizeof(job->certificate_sha256));
	if ((code = ask_puk(cli, &c->puk, job)))
		return code;
	return ask_pin(cli, job);
}

static enum err unblock(struct cli *cli, struct worker *worker, struct job_request *request)
{
	struct job_result result = {.kind = JOB_UNBLOCK};

	worker_run(worker, request, &result, NULL, NULL);
	cli->error = result.error;
	job_result_free(&result);
	if (cli->error.code) {
		log_failure("unblock", &cli->error);
		report_failure(&cli->error);
		dialog_outcome(&dialog_puk, &cli->error);
		cli->told = true;
	} else {
		fprintf(stderr, "%s\n", _("Yeni PIN kartta; kilit çözüldü."));
	}
	return cli->error.code;
}

enum err card_unblock_run(struct cli *cli)
{
	struct job_request request = {.kind = JOB_UNBLOCK};
	struct worker *worker = NULL;
	struct cards *cards = NULL;
	enum err code;

	if ((code = cards_gather(&cli->settings, &worker, &cards, &cli->error)) == ERR_OK &&
		(code = fill(cli, cards, &request.unblock)) == ERR_OK)
		code = unblock(cli, worker, &request);
	else
		job_request_free(&request);
	free(cards);
	worker_close(worker);
	return code;
}
