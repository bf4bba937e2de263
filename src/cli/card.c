/* eonay card: list says which readers, cards and certificates there are; unblock is in a file of its own. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "cli/card_unblock.h"
#include "cli/cards.h"
#include "cli/report.h"
#include "cli/words.h"

#define LABEL_COLUMNS 20

static const struct argument options[] = {
	{0, "json", ARGUMENT_SWITCH, offsetof(struct options, json), NULL,
		N_("list: sonucu JSON olarak yaz")},
	{0, "reader", ARGUMENT_TEXT, offsetof(struct options, reader), N_("AD"),
		N_("unblock: kart okuyucunun adı (eonay card list)")},
	{0, "cert", ARGUMENT_TEXT, offsetof(struct options, cert), N_("KİMLİK"),
		N_("unblock: PIN'i ayarlanacak sertifikanın kimliği (eonay card list)")},
	{0, "puk-fd", ARGUMENT_NUMBER, offsetof(struct options, puk_fd), "N",
		N_("unblock: PUK'u uçbirim yerine bu dosya tanımlayıcısından oku")},
	{0, "pin-fd", ARGUMENT_NUMBER, offsetof(struct options, pin_fd), "N",
		N_("unblock: yeni PIN'i uçbirim yerine bu dosya tanımlayıcısından oku")},
	{0, "last-try", ARGUMENT_SWITCH, offsetof(struct options, last_try), NULL,
		N_("unblock: son PUK hakkı veya bilinmeyen hak için açık onay")},
};

static void field(const char *label, const char *value)
{
	fputs("    ", stdout);
	report_field(LABEL_COLUMNS, label, value);
}

static void format_tries(const struct card_pin *pin, const char *blocked, char *out, size_t room)
{
	if (pin->blocked)
		snprintf(out, room, "%s", blocked);
	else if (pin->not_set)
		snprintf(out, room, "%s", _("PIN oluşturulmamış"));
	else if (pin->tries == TRIES_UNKNOWN)
		snprintf(out, room, "%s", pin->last_try ? _("son hak") : _("bilinmiyor"));
	else
		snprintf(out, room, "%d", pin->tries);
}

static void tell_certificate(const struct cards_certificate *c)
{
	const struct certificate_info *i = &c->info;
	char tckn[12], until[20], key[32], tries[64];

	text_mask_tckn(i->tckn, tckn);
	clock_format_local(i->not_after, until);
	snprintf(key, sizeof(key), "%s %u",
		i->key == CERTIFICATE_KEY_RSA  ? "RSA"
		: i->key == CERTIFICATE_KEY_EC ? "EC"
					       : "?",
		i->key_bits);
	format_tries(&c->pin, _("PIN kilitli"), tries, sizeof(tries));
	fputs("  ", stdout);
	report_field(LABEL_COLUMNS + 2, _("Sertifika"), c->id);
	field(_("Sahibi"), i->holder);
	field(_("T.C. kimlik no"), tckn);
	field(_("Sertifikayı veren"), i->issuer);
	field(_("Son geçerlilik"), until);
	field(_("Anahtar"), key);
	field(_("Nitelikli (NES)"), i->qualified ? _("evet") : _("hayır"));
	field(_("Kalan PIN hakkı"), tries);
	if (c->has_puk) {
		format_tries(&c->puk, _("PUK kilitli"), tries, sizeof(tries));
		field(_("Kalan PUK hakkı"), tries);
	}
	field(_("Kullanılabilir"), c->usable ? error_message(c->usable) : _("evet"));
}

static void tell_reader(const struct cards *cards, unsigned reader)
{
	const struct cards_reader *r = &cards->readers[reader];

	report_field(LABEL_COLUMNS + 4, _("Okuyucu"), r->name);
	fputs("  ", stdout);
	report_field(LABEL_COLUMNS + 2, _("Kart"), r->state ? error_message(r->state) : r->label);
	for (unsigned i = 0; i < cards->certificate_count; i++) {
		if (cards->certificates[i].reader == reader)
			tell_certificate(&cards->certificates[i]);
	}
}

static json_t *json_pin(const struct card_pin *pin)
{
	return json_pack("{s:o, s:b, s:b, s:b, s:i, s:i}", "tries",
		pin->tries == TRIES_UNKNOWN ? json_null() : json_integer(pin->tries), "last_try",
		pin->last_try, "blocked", pin->blocked, "not_set", pin->not_set, "min",
		(int)pin->min, "max", (int)pin->max);
}

static json_t *json_usable(enum err code)
{
	struct error e = {.code = code};

	return report_json_error(&e);
}

static json_t *json_certificate(const struct cards *cards, const struct cards_certificate *c)
{
	const struct certificate_info *i = &c->info;
	char tckn[12];

	text_mask_tckn(i->tckn, tckn);
	return json_pack(
		"{s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:s, s:i, s:b, s:o, s:o, s:o, s:o}",
		"id", report_json_text(c->id), "reader",
		report_json_text(cards->readers[c->reader].name), "label",
		report_json_text(c->label), "holder", report_json_text(i->holder), "tckn", tckn,
		"issuer", report_json_text(i->issuer), "serial", report_json_text(i->serial),
		"not_before", report_json_time(i->not_before), "not_after",
		report_json_time(i->not_after), "key",
		i->key == CERTIFICATE_KEY_RSA  ? "RSA"
		: i->key == CERTIFICATE_KEY_EC ? "EC"
					       : "other",
		"key_bits", (int)i->key_bits, "qualified", i->qualified, "sha256",
		report_json_hex(span_of(i->sha256, sizeof(i->sha256))), "pin", json_pin(&c->pin),
		"puk", c->has_puk ? json_pin(&c->puk) : json_null(), "unusable",
		json_usable(c->usable));
}

static json_t *json_reader(const struct cards_reader *r)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "name", report_json_text(r->name),
		"error", json_usable(r->state), "driver", report_json_text(r->driver), "label",
		report_json_text(r->label), "serial", report_json_text(r->serial), "atr",
		report_json_text(r->atr));
}

static void tell_json(const struct cards *cards, const struct error *e)
{
	json_t *readers = json_array(), *certificates = json_array();

	for (unsigned i = 0; cards && i < cards->reader_count; i++)
		json_array_append_new(readers, json_reader(&cards->readers[i]));
	for (unsigned i = 0; cards && i < cards->certificate_count; i++)
		json_array_append_new(
			certificates, json_certificate(cards, &cards->certificates[i]));
	report_json_print(json_pack("{s:o, s:o, s:o}", "error", report_json_error(e), "readers",
		readers, "certificates", certificates));
}

static enum err list(struct cli *cli)
{
	struct worker *worker;
	struct cards *cards;

	if (cards_gather(&cli->settings, &worker, &cards, &cli->error) == ERR_OK)
		cli->error = cards->error;
	if (cli->options.json)
		tell_json(cards, &cli->error);
	for (unsigned i = 0; !cli->options.json && cards && i < cards->reader_count; i++)
		tell_reader(cards, i);
	cli->told = cli->options.json;
	free(cards);
	worker_close(worker);
	return cli->error.code;
}

/* An option that was given and would have no effect, NULL when there is none. */
static const char *vain_option(const struct options *o, bool listing)
{
	if (!listing)
		return o->json ? "--json" : NULL;
	return o->reader        ? "--reader"
	       : o->cert        ? "--cert"
	       : o->puk_fd >= 0 ? "--puk-fd"
	       : o->pin_fd >= 0 ? "--pin-fd"
	       : o->last_try    ? "--last-try"
				: NULL;
}

static enum err run(struct cli *cli)
{
	const char *what = cli->arguments.operands[0], *vain;
	const bool listing = strcmp(what, "list") == 0;

	if (!listing && strcmp(what, "unblock") != 0)
		return error_set(&cli->error, ERR_USAGE, _("card %s: bilinmeyen komut"), what);
	if ((vain = vain_option(&cli->options, listing)))
		return error_set(
			&cli->error, ERR_USAGE, _("%s: card %s bu seçeneği almaz"), vain, what);
	return listing ? list(cli) : card_unblock_run(cli);
}

const struct command command_card = {
	.name = "card",
	.usage = "card list [--json] | card unblock [--reader NAME] [--cert ID] [--puk-fd N] "
		 "[--pin-fd N] [--last-try]",
	.summary =
		N_("Kart okuyucuları, kartları ve sertifikaları listeler (list); PUK ile yeni PIN "
		   "verir (unblock)."),
	.options = {options, sizeof(options) / sizeof(*options)},
	.operands = 1,
	.run = run,
};
