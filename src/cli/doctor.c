/* eonay doctor: can this terminal sign, and if not, what is to be done. Asks no PIN, sends no
 * VERIFY. */
#include "cli/doctor.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cards.h"
#include "cli/command.h"
#include "cli/report.h"
#include "cli/words.h"
#include "config.h"
#include "sign/certificate.h"

#define LEVEL_COLUMNS 9
#define LABEL_COLUMNS 20

/* Seconds that the service's clock may differ. The first is what a wrist watch does, the second
 * what the service tolerates in a signing time. */
#define DIFFERENCE_GOOD 60
#define DIFFERENCE_MOST 300

static const struct argument options[] = {
	{0, "json", ARGUMENT_SWITCH, offsetof(struct options, json), NULL,
		N_("sonucu JSON olarak yaz")},
};

struct finding *findings_add(struct findings *all, const char *id, const char *label,
	enum finding_level level, const char *text, ...)
{
	struct finding *f = &all->list[all->count < FINDINGS_MAX ? all->count++ : FINDINGS_MAX - 1];
	va_list args;

	*f = (struct finding){.id = id, .label = label, .level = level};
	va_start(args, text);
	vsnprintf(f->text, sizeof(f->text), text, args);
	va_end(args);
	return f;
}

/* Adds a failure or warning of the catalogue; its place is the text. */
static void add_error(struct findings *all, const char *id, const char *label,
	enum finding_level level, const struct error *e)
{
	findings_add(all, id, label, level, "%s", e->where)->code = e->code;
}

static void look_at_config(struct findings *all, struct cli *cli)
{
	const char *path = cli->options.config ? cli->options.config : SYSCONFDIR "/eonay.conf";

	if (cli->settings_error.code == ERR_OK) {
		findings_add(all, "config", N_("Ayarlar"), FINDING_OK,
			access(path, F_OK) == 0 ? "%s" : _("%s yok; varsayılanlar geçerli"), path);
		return;
	}
	add_error(all, "config", N_("Ayarlar"), FINDING_FAILURE, &cli->settings_error);
	/* The rest is looked at with the defaults, which an empty file gives. */
	settings_load("/dev/null", &cli->settings, NULL);
}

static void look_at_memory(struct findings *all, const struct error *e)
{
	if (e->code)
		add_error(all, "memory", N_("Korumalı bellek"), FINDING_FAILURE, e);
	else
		findings_add(all, "memory", N_("Korumalı bellek"), FINDING_OK, "%s", _("kilitli"));
}

static void look_at_trust(struct findings *all, const char *path)
{
	struct trust *trust = NULL;
	struct error e;

	if (!*path)
		return;
	if (trust_read_file(path, &trust, &e))
		add_error(all, "trust", N_("Güvenilen kökler"), FINDING_FAILURE, &e);
	else
		findings_add(all, "trust", N_("Güvenilen kökler"), FINDING_OK, "%s", path);
	trust_free(trust);
}

static void look_at_reader(struct findings *all, const struct cards *cards, unsigned reader)
{
	const struct cards_reader *r = &cards->readers[reader];
	unsigned usable = 0, found = 0;

	for (unsigned i = 0; i < cards->certificate_count; i++) {
		found += cards->certificates[i].reader == reader;
		usable += cards->certificates[i].reader == reader && !cards->certificates[i].usable;
	}
	if (r->state)
		findings_add(all, "card", N_("Kart"), FINDING_WARNING, "%s", r->name)->code =
			r->state;
	else if (usable == 0)
		findings_add(all, "card", N_("Kart"), FINDING_WARNING,
			_("%s: %s, imzalayabilen sertifika yok (%u sertifika)"), r->name, r->driver,
			found)
			->remedy = N_("Nedenlerini görmek için: eonay card list");
	else
		findings_add(all, "card", N_("Kart"), FINDING_OK,
			_("%s: %s, %u sertifika, %u imzalayabilir"), r->name, r->driver, found,
			usable);
}

/* Which of daemon, access and reader a card worker's failure speaks of; the ones before it are fine
 * then. */
static void look_at_card_service(struct findings *all, const struct error *e)
{
	bool reader = e->code == ERR_NO_READER, access = e->code == ERR_ACCESS_DENIED;

	if (e->code && !reader && !access) {
		add_error(all, "daemon", N_("Kart hizmeti"), FINDING_FAILURE, e);
		return;
	}
	findings_add(all, "daemon", N_("Kart hizmeti"), FINDING_OK, "pcscd");
	if (access) {
		add_error(all, "access", N_("Erişim izni"), FINDING_FAILURE, e);
		return;
	}
	findings_add(all, "access", N_("Erişim izni"), FINDING_OK, "%s", _("var"));
	if (reader)
		add_error(all, "readers", N_("Kart okuyucular"), FINDING_FAILURE, e);
}

static void look_at_cards(struct findings *all, const struct settings *settings)
{
	struct worker *worker;
	struct cards *cards;
	struct error e;

	if (cards_gather(settings, &worker, &cards, &e))
		add_error(all, "daemon", N_("Kart hizmeti"), FINDING_FAILURE, &e);
	else
		look_at_card_service(all, &cards->error);
	if (cards && cards->reader_count > 0)
		findings_add(all, "readers", N_("Kart okuyucular"), FINDING_OK, "%u",
			cards->reader_count);
	for (unsigned i = 0; cards && i < cards->reader_count; i++)
		look_at_reader(all, cards, i);
	free(cards);
	worker_close(worker);
}

static void look_at_difference(struct findings *all, long seconds)
{
	long off = labs(seconds);
	enum finding_level level = off > DIFFERENCE_MOST   ? FINDING_FAILURE
				   : off > DIFFERENCE_GOOD ? FINDING_WARNING
							   : FINDING_OK;
	struct finding *f = findings_add(all, "clock-difference", N_("Hizmetle saat farkı"), level,
		_("%+ld saniye"), seconds);

	if (level)
		f->code = ERR_CMS_TIME;
}

static void look_at_service(struct findings *all, const struct settings *settings)
{
	struct job_request request = {.kind = JOB_HEALTH};
	struct job_result result = {.kind = JOB_HEALTH};
	struct worker *worker = NULL;

	if (!*settings->service_url) {
		findings_add(all, "service", N_("Onay hizmeti"), FINDING_WARNING, "%s",
			_("ayarlanmamış"))
			->remedy = N_("Yönetici: service.url ayarını yapınız (eonay.conf(5)).");
		return;
	}
	if (worker_open(WORKER_NETWORK, settings, 0, &worker, &result.error) == ERR_OK)
		worker_run(worker, &request, &result, NULL, NULL);
	if (result.error.code) {
		add_error(all, "service", N_("Onay hizmeti"), FINDING_FAILURE, &result.error);
	} else {
		findings_add(all, "service", N_("Onay hizmeti"), FINDING_OK, "%s (%s)",
			settings->service_url, result.health.version);
		look_at_difference(all, result.health.clock_difference_s);
	}
	job_result_free(&result);
	worker_close(worker);
}

static const char *remedy_of(const struct finding *f)
{
	if (f->level == FINDING_OK)
		return "";
	return f->remedy ? _(f->remedy) : error_remedy(f->code);
}

static void tell(const struct finding *f)
{
	const char *const levels[] = {[FINDING_OK] = _("tamam"),
		[FINDING_WARNING] = _("uyarı"),
		[FINDING_FAILURE] = _("HATA")};

	report_padded(stdout, LEVEL_COLUMNS, levels[f->level]);
	report_padded(stdout, LABEL_COLUMNS, _(f->label));
	if (f->code)
		printf("%s %s%s", error_code(f->code), error_message(f->code), *f->text ? " " : "");
	report_text(stdout, f->text);
	putchar('\n');
	if (*remedy_of(f))
		printf("%*s%s\n", LEVEL_COLUMNS + LABEL_COLUMNS, "", remedy_of(f));
}

static json_t *json_finding(const struct finding *f)
{
	static const char *const levels[] = {"ok", "warning", "failure"};

	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:s}", "check", f->id, "level",
		levels[f->level], "code", f->code ? json_string(error_code(f->code)) : json_null(),
		"message", f->code ? json_string(error_message(f->code)) : json_null(), "found",
		report_json_text(f->text), "remedy", remedy_of(f));
}

static void tell_json(const struct findings *all)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < all->count; i++)
		json_array_append_new(list, json_finding(&all->list[i]));
	report_json_print(json_pack("{s:s, s:o}", "version", PACKAGE_VERSION, "findings", list));
}

/* The first failure decides. */
static enum err verdict(const struct findings *all)
{
	for (unsigned i = 0; i < all->count; i++) {
		if (all->list[i].level == FINDING_FAILURE)
			return all->list[i].code ? all->list[i].code : ERR_INTERNAL;
	}
	return ERR_OK;
}

static enum err run(struct cli *cli)
{
	struct findings all = {.count = 0};

	look_at_config(&all, cli);
	look_at_memory(&all, &cli->secret_error);
	doctor_look_at_machine(&all, &cli->settings);
	look_at_trust(&all, cli->settings.trust);
	look_at_cards(&all, &cli->settings);
	look_at_service(&all, &cli->settings);
	if (cli->options.json)
		tell_json(&all);
	for (unsigned i = 0; !cli->options.json && i < all.count; i++)
		tell(&all.list[i]);
	cli->told = true;
	return verdict(&all);
}

const struct command command_doctor = {
	.name = "doctor",
	.usage = "doctor [--json]",
	.summary = N_("Kart hizmetini, kartları, uçbirimi, saati ve onay hizmetini denetler, "
		      "çareleriyle bildirir; PIN sormaz."),
	.options = {options, sizeof(options) / sizeof(*options)},
	.run = run,
};
