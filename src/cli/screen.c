/* eonay without a command: the full screen. */
#include <stdio.h>
#include <sysexits.h>

#include "cli/command.h"
#include "cli/demo.h"
#include "cli/words.h"

static const struct argument options[] = {
	{0, "demo", ARGUMENT_SWITCH, offsetof(struct options, demo), NULL,
		N_("her şeyi gömülü bir deneme: sanal kart, kendi hizmeti, hazır kod")},
	{0, "kiosk", ARGUMENT_SWITCH, offsetof(struct options, kiosk), NULL,
		N_("çıkışı olmayan uçbirim (screen.kiosk ayarı)")},
};

static enum err run_demo(struct cli *cli)
{
	struct demo demo = {.portal = 0};
	enum err code;

	fprintf(stderr, "%s\n",
		_("Deneme ortamı hazırlanıyor; anahtar üretimi birkaç saniye sürebilir."));
	code = demo_start(&demo, &cli->settings, &cli->error);
	if (code == ERR_OK)
		code = app_run(&cli->settings, &demo.app, &cli->status, &cli->error);
	demo_stop(&demo);
	return code;
}

static enum err run(struct cli *cli)
{
	if (cli->secret_error.code) {
		cli->error = cli->secret_error;
		return cli->error.code;
	}
	cli->settings.kiosk |= cli->options.kiosk;
	if (cli->options.demo)
		return run_demo(cli);
	return app_run(&cli->settings, NULL, &cli->status, &cli->error);
}

const struct command command_screen = {
	.name = "",
	.usage = "[--demo] [--kiosk]",
	.summary = N_("Doğrulama kodundan imzaya e-Onay uçbirimi: komutsuz çalıştırılınca tam "
		      "ekran açılır."),
	.options = {options, sizeof(options) / sizeof(*options)},
	.run = run,
};
