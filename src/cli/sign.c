/* eonay sign: signs a file with a card. */
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/save.h"
#include "cli/cards.h"
#include "cli/choice.h"
#include "cli/dialog.h"
#include "cli/report.h"
#include "cli/words.h"

static const struct argument options[] = {
	{'o', "output", ARGUMENT_TEXT, offsetof(struct options, output), N_("DOSYA"),
		N_("imzanın yazılacağı dosya; var olan bir dosyanın üzerine yazılmaz")},
	{0, "detached", ARGUMENT_SWITCH, offsetof(struct options, detached), NULL,
		N_("ayrık imza: içerik imzanın içine konmaz")},
	{0, "cert", ARGUMENT_TEXT, offsetof(struct options, cert), N_("KİMLİK"),
		N_("sertifikanın kimliği (eonay card list)")},
	{0, "reader", ARGUMENT_TEXT, offsetof(struct options, reader), N_("AD"),
		N_("kart okuyucunun adı (eonay card list)")},
	{0, "pin-fd", ARGUMENT_NUMBER, offsetof(struct options, pin_fd), "N",
		N_("PIN'i uçbirim yerine bu dosya tanımlayıcısından oku")},
	{0, "last-try", ARGUMENT_SWITCH, offsetof(struct options, last_try), NULL,
		N_("son PIN hakkı veya bilinmeyen hak için açık onay")},
};

/* An absolute path, since another process opens it. */
static enum err absolute(const char *path, char out[JOB_PATH_MAX], struct error *e)
{
	char directory[PATH_MAX] = "";
	int n;

	if (path[0] != '/' && !getcwd(directory, sizeof(directory)))
		return error_set_errno(e, ERR_FILE_READ, "%s", path);
	n = snprintf(out, JOB_PATH_MAX, "%s%s%s", directory, path[0] == '/' ? "" : "/", path);
	if (n < 0 || n >= JOB_PATH_MAX)
		return error_set(e, ERR_TOO_LARGE, "%s", path);
	return ERR_OK;
}

static enum err check_content(const char *path, struct error *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	enum err code = ERR_OK;

	if (fd < 0 || fstat(fd, &st) != 0)
		code = error_set_errno(e, ERR_FILE_READ, "%s", path);
	else if (!S_ISREG(st.st_mode))
		code = error_set(e, ERR_FILE_READ, "%s: %s", path, _("olağan bir dosya değil"));
	if (fd >= 0)
		close(fd);
	return code;
}

/* Everything about the files that can go wrong, before anybody is asked for a PIN. */
static enum err prepare_files(struct cli *cli, struct job_sign_file *job)
{
	const char *content = cli->arguments.operands[0], *output = cli->options.output;
	enum err code;

	if (!output)
		return error_set(&cli->error, ERR_USAGE, "%s", _("--output eksik"));
	if ((code = check_content(content, &cli->error)) ||
		(code = absolute(content, job->content, &cli->error)) ||
		(code = save_check(output, &cli->error)))
		return code;
	return absolute(output, job->output, &cli->error);
}

static const char *stage_words(enum job_stage stage)
{
	switch (stage) {
	case STAGE_SIGNING:
		return _("İmzalanıyor; kartı çıkarmayınız.");
	case STAGE_CHECKING:
		return _("İmza denetleniyor.");
	default:
		return _("Karta bağlanılıyor.");
	}
}

static void tell_progress(const struct job_result *result, void *context)
{
	(void)context;
	if (result->kind == JOB_PROGRESS && isatty(STDERR_FILENO))
		fprintf(stderr, "%s\n", stage_words(result->stage));
}

static enum err sign(struct cli *cli, struct worker *worker, struct job_request *request)
{
	struct job_result result = {.kind = JOB_SIGN_FILE};

	if (worker_run(worker, request, &result, tell_progress, NULL) != ERR_OK ||
		result.error.code) {
		cli->error = result.error;
		log_failure("sign", &cli->error);
		report_failure(&cli->error);
		dialog_outcome(&dialog_pin, &cli->error);
		cli->told = true;
	}
	job_result_free(&result);
	return cli->error.code;
}

/* The signer of the request from what was chosen and asked. */
static enum err fill_signer(struct cli *cli, const struct cards *cards, struct job_signer *signer)
{
	const char *reader = cli->options.reader;
	const struct cards_certificate *c;
	enum err code;

	if ((code = choice_of_certificate(cards, reader, cli->options.cert, &c, &cli->error)))
		return code;
	if (c->pin.blocked || c->pin.not_set)
		return error_set(&cli->error, c->pin.blocked ? ERR_PIN_BLOCKED : ERR_PIN_NOT_SET,
			"%s", cards->readers[c->reader].name);
	dialog_choice(&dialog_pin, cards, c, &c->pin);
	snprintf(signer->reader, sizeof(signer->reader), "%s", cards->readers[c->reader].name);
	memcpy(signer->certificate_sha256, c->info.sha256, sizeof(signer->certificate_sha256));
	signer->detached = cli->options.detached;
	if ((code = dialog_confirm(
		     cli, &dialog_pin, &c->pin, cli->options.pin_fd, &signer->last_try_confirmed)))
		return code;
	code = dialog_secret(cli, cli->options.pin_fd, N_("PIN Kodu"), &signer->pin);
	signer->signing_time = clock_wall_s();
	return code;
}

static void tell_success(const char *output)
{
	fprintf(stderr, "%s: ", _("İmza yazıldı"));
	report_text(stderr, output);
	fputc('\n', stderr);
}

static enum err run(struct cli *cli)
{
	struct job_request request = {.kind = JOB_SIGN_FILE};
	struct worker *worker = NULL;
	struct cards *cards = NULL;
	enum err code;

	if ((code = prepare_files(cli, &request.sign_file)))
		return code;
	if ((code = cards_gather(&cli->settings, &worker, &cards, &cli->error)) == ERR_OK &&
		(code = fill_signer(cli, cards, &request.sign_file.signer)) == ERR_OK)
		code = sign(cli, worker, &request);
	else
		job_request_free(&request);
	if (code == ERR_OK)
		tell_success(cli->options.output);
	free(cards);
	worker_close(worker);
	return code;
}

const struct command command_sign = {
	.name = "sign",
	.usage = "sign [--detached] [--cert ID] [--reader NAME] [--pin-fd N] [--last-try] -o OUT "
		 "FILE",
	.summary = N_("Bir dosyayı karttaki sertifikayla imzalar (CAdES-BES)."),
	.options = {options, sizeof(options) / sizeof(*options)},
	.operands = 1,
	.run = run,
};
