/* What eonay doctor looks at on this machine without cards or network, as the account that runs it. */
#include "cli/doctor.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/timex.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/save.h"
#include "cli/language.h"
#include "cli/words.h"

/* Below the first the screens can't be drawn, below the second they are cramped. */
#define COLUMNS_LEAST 60
#define ROWS_LEAST 20
#define COLUMNS_GOOD 80
#define ROWS_GOOD 24

/* 2026-01-01: this program is not older, so a clock that says so is wrong. */
#define CLOCK_LEAST 1767225600

static void look_at_locale(struct findings *all)
{
	const char *locale = setlocale(LC_ALL, NULL);

	if (!locale || strcmp(locale, "C.UTF-8") != 0)
		findings_add(all, "locale", N_("Yerel ayar"), FINDING_FAILURE, "%s", "C.UTF-8")
			->remedy = N_("Yönetici: C.UTF-8 yerel ayarını kurunuz (libc-bin).");
	else if (!language_is_there())
		findings_add(all, "locale", N_("Yerel ayar"), FINDING_WARNING, "%s", LOCALEDIR)
			->remedy = N_("Yönetici: seçilen dilin ileti dosyası (eonay.mo) eksik; "
				      "programı yeniden kurunuz.");
	else
		findings_add(all, "locale", N_("Yerel ayar"), FINDING_OK, "C.UTF-8, %s",
			getenv("LANGUAGE"));
}

static void look_at_size(struct findings *all, const char *term)
{
	struct winsize size = {.ws_row = 0};
	enum finding_level level = FINDING_OK;
	struct finding *f;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
		findings_add(all, "terminal", N_("Uçbirim"), FINDING_WARNING, "%s, ?", term)->code =
			ERR_TERMINAL;
		return;
	}
	if (size.ws_col < COLUMNS_LEAST || size.ws_row < ROWS_LEAST)
		level = FINDING_FAILURE;
	else if (size.ws_col < COLUMNS_GOOD || size.ws_row < ROWS_GOOD)
		level = FINDING_WARNING;
	f = findings_add(
		all, "terminal", N_("Uçbirim"), level, "%s, %ux%u", term, size.ws_col, size.ws_row);
	if (level == FINDING_FAILURE)
		f->code = ERR_TERMINAL_SMALL;
	else
		f->remedy = N_("Daha rahat okumak için 80 sütun, 24 satır önerilir.");
}

static void look_at_terminal(struct findings *all)
{
	const char *term = getenv("TERM");

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		findings_add(all, "terminal", N_("Uçbirim"), FINDING_WARNING, "%s",
			_("uçbirimde çalışmıyor; uçbirim denetlenemedi"));
	else if (!term)
		findings_add(all, "terminal", N_("Uçbirim"), FINDING_FAILURE, "TERM")->code =
			ERR_TERMINAL;
	else
		look_at_size(all, term);
}

static void look_at_clock(struct findings *all)
{
	struct timex state = {.modes = 0};
	char now[20];
	int kernel = adjtimex(&state);

	clock_format_local(clock_wall_s(), now);
	if (clock_wall_s() < CLOCK_LEAST)
		findings_add(all, "clock", N_("Saat"), FINDING_FAILURE, "%s", now)->code =
			ERR_CMS_TIME;
	else if (kernel == TIME_ERROR || (kernel >= 0 && (state.status & STA_UNSYNC)))
		findings_add(
			all, "clock", N_("Saat"), FINDING_WARNING, "%s, %s", now, _("eşitlenmiyor"))
			->remedy =
			N_("Yönetici: saat eşitlemeyi açınız (timedatectl set-ntp true).");
	else
		findings_add(all, "clock", N_("Saat"), FINDING_OK, "%s", now);
}

/* Whatever begins opens it, and does not begin without. */
static void look_at_log(struct findings *all, const struct settings *settings)
{
	const char *target = settings->log_target;
	struct error e = {0};

	if (log_open("eonay", target, (enum log_level)settings->log_level, &e))
		findings_add(all, "log", N_("Günlük"), FINDING_FAILURE, "%s", e.where)->code =
			e.code;
	else
		findings_add(all, "log", N_("Günlük"), FINDING_OK, "%s", target);
}

static void look_at_save_directory(struct findings *all, const struct settings *settings)
{
	const char *directory = settings->save_directory;
	char path[SAVE_PATH_MAX];
	struct error e = {0};

	if (!*directory)
		return;
	if (!save_propose(directory, "e-onay", "p7s", path))
		error_set(&e, ERR_FILE_WRITE, "%s", directory);
	else
		save_check(path, &e);
	findings_add(all, "save-directory", N_("Kayıt klasörü"),
		e.code ? FINDING_WARNING : FINDING_OK, "%s", e.code ? e.where : directory)
		->code = e.code;
}

void doctor_look_at_machine(struct findings *all, const struct settings *settings)
{
	look_at_log(all, settings);
	look_at_save_directory(all, settings);
	look_at_locale(all);
	look_at_terminal(all);
	look_at_clock(all);
}
