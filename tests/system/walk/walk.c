/* The full screen over workers that need no card and no service:
 * walk [--kiosk] [--en] [--shuffle] [--idle SECONDS] [--demo] [--save DIRECTORY] [--control PIPE] */
#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"
#include "fake_worker.h"
#include "tui/app.h"

static void read_arguments(char **argv, struct settings *s, bool *demo)
{
	for (char **arg = argv + 1; *arg; arg++) {
		if (strcmp(*arg, "--kiosk") == 0)
			s->kiosk = true;
		else if (strcmp(*arg, "--en") == 0)
			s->language = LANGUAGE_EN;
		else if (strcmp(*arg, "--shuffle") == 0)
			s->shuffle_pad = true;
		else if (strcmp(*arg, "--demo") == 0)
			*demo = true;
		else if (strcmp(*arg, "--idle") == 0 && arg[1])
			s->idle_seconds = atol(*++arg);
		else if (strcmp(*arg, "--save") == 0 && arg[1])
			s->save_directory = *++arg;
		else if (strcmp(*arg, "--control") == 0 && arg[1])
			fake_worker_control(*++arg);
	}
}

/* The catalogue of the build tree: walk lies in its top directory. */
static void bind_catalogue(void)
{
	char path[600];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 16);

	path[n > 0 ? n : 0] = '\0';
	if (strrchr(path, '/'))
		strcpy(strrchr(path, '/'), "/tui/po");
	bindtextdomain("eonay", path);
	bind_textdomain_codeset("eonay", "UTF-8");
}

int main(int argc, char **argv)
{
	static char institution[] = "TÜBİTAK BİLGEM Kamu Sertifikasyon Merkezi", nowhere[] = "";
	struct settings settings = {
		.institution = institution, .mouse = true, .save_directory = nowhere};
	const struct app_demo demo = {
		.code = "01234567890123456", .pin = "123456", .url = "http://127.0.0.1:8443/"};
	bool with_demo = false;
	struct error e = {0};
	int status;

	(void)argc;
	read_arguments(argv, &settings, &with_demo);
	setlocale(LC_ALL, "C.UTF-8");
	bind_catalogue();
	secret_init(&e);
	return app_run(&settings, with_demo ? &demo : NULL, &status, &e) ? 1 : status;
}
