#include "cli/dialog.h"

#include "base/text.h"
#include "cli/pin_input.h"
#include "cli/report.h"
#include "cli/words.h"

const struct dialog dialog_pin = {
	.left = N_("Kalan PIN hakkı"),
	.last = N_("Son PIN hakkı: hatalı girişte PIN kilitlenecektir."),
	.uncertain = N_("Kalan PIN hakkı bilinmiyor; hatalı girişte PIN kilitlenebilir."),
	.next = N_("Bir sonraki hatalı girişte PIN kilitlenecektir."),
	.kept = N_("PIN hakkınız eksilmedi."),
	.unknown = N_("PIN hakkınızın eksilip eksilmediği bilinmiyor."),
	.last_try = ERR_PIN_LAST_TRY,
};
const struct dialog dialog_puk = {
	.left = N_("Kalan PUK hakkı"),
	.last = N_("Son PUK hakkı: hatalı girişte kart bir daha kullanılamaz."),
	.uncertain =
		N_("Kalan PUK hakkı bilinmiyor; hatalı girişte kart bir daha kullanılamayabilir."),
	.next = N_("Bir sonraki hatalı girişte kart bir daha kullanılamaz."),
	.kept = N_("PUK hakkınız eksilmedi."),
	.unknown = N_("PUK hakkınızın eksilip eksilmediği bilinmiyor."),
	.last_try = ERR_PUK_LAST_TRY,
};

void dialog_choice(const struct dialog *d, const struct cards *cards,
	const struct cards_certificate *c, const struct card_pin *state)
{
	char tckn[12];

	text_mask_tckn(c->info.tckn, tckn);
	fprintf(stderr, "%s: ", _("Sertifika"));
	report_text(stderr, c->info.holder);
	fprintf(stderr, ", %s (", tckn);
	report_text(stderr, cards->readers[c->reader].name);
	fputs(")\n", stderr);
	if (state->tries != TRIES_UNKNOWN)
		fprintf(stderr, "%s: %d\n", _(d->left), state->tries);
	else
		fprintf(stderr, "%s: %s\n", _(d->left), _("bilinmiyor"));
}

enum err dialog_confirm(struct cli *cli, const struct dialog *d, const struct card_pin *state,
	int fd, bool *confirmed)
{
	const bool unknown = state->tries == TRIES_UNKNOWN;
	char question[256];

	if (!state->last_try && !unknown && state->tries > 1)
		return ERR_OK;
	*confirmed = cli->options.last_try;
	if (*confirmed)
		return ERR_OK;
	snprintf(question, sizeof(question), "%s\n%s ",
		_(unknown && !state->last_try ? d->uncertain : d->last),
		_("Sürdürmek için EVET yazınız:"));
	*confirmed = fd < 0 && pin_confirm(question, _("EVET"));
	return *confirmed ? ERR_OK : error_set(&cli->error, d->last_try, "%s", "--last-try");
}

enum err dialog_secret(struct cli *cli, int fd, const char *label, struct secret *out)
{
	char prompt[64];

	if (cli->secret_error.code) {
		cli->error = cli->secret_error;
		return cli->error.code;
	}
	if (fd >= 0)
		return pin_read_descriptor(fd, out, &cli->error);
	snprintf(prompt, sizeof(prompt), "%s: ", _(label));
	return pin_read_terminal(prompt, out, &cli->error);
}

void dialog_outcome(const struct dialog *d, const struct error *e)
{
	switch (error_pin_use(e->code)) {
	case PIN_KEPT:
		fprintf(stderr, "       %s\n", _(d->kept));
		break;
	case PIN_UNKNOWN:
		if (e->pin_sent)
			fprintf(stderr, "       %s\n", _(d->unknown));
		break;
	case PIN_USED:
		if (e->tries == 1)
			fprintf(stderr, "       %s\n", _(d->next));
		else if (e->tries > 1)
			fprintf(stderr, "       %s: %d\n", _(d->left), e->tries);
		break;
	}
}
