/* eonay without a command: the full screen. */
#include "cli/command.h"

#include "cli/words.h"

static const struct argument options[] = {
	{0, "demo", ARGUMENT_SWITCH, offsetof(struct options, demo), NULL,
		N_("her şeyi gömülü bir deneme: sanal kart, kendi hizmeti, hazır kod")},
	{0, "kiosk", ARGUMENT_SWITCH, offsetof(struct options, kiosk), NULL,
		N_("çıkışı olmayan uçbirim (screen.kiosk ayarı)")},
};

static enum err run(struct cli *cli)
{
	return error_set(&cli->error, ERR_TERMINAL, "eonay");
}

const struct command command_screen = {
	.name = "",
	.usage = "[--demo] [--kiosk]",
	.summary = N_("Doğrulama kodundan imzaya e-Onay uçbirimi: komutsuz çalıştırılınca tam "
		      "ekran açılır."),
	.options = {options, sizeof(options) / sizeof(*options)},
	.run = run,
};
