/* Many clients on a running service: persons at their browsers and kiosks.
 *
 *   portal_load run CLIENTS COUNT CMS {PID URL}...		figures of load_run()
 *   portal_load hold CLIENTS SESSIONS STREAMS {PID URL}...	figures of load_hold()
 *   portal_load bare TRUST CMS CONTENT				figures of load_bare()
 *
 * The cookie of the browser session stands on the standard input (run, hold). Several instances take turns. */
#include "load.h"

#include "base/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (1u << 20)
#define COUNT_MAX 1000000

static struct bytes read_all(const char *path)
{
	struct bytes out = {0};
	struct error e = {0};

	if (load_file(path, FILE_MAX, &out, &e))
		load_fail("unreadable", path);
	return out;
}

static int number(const char *text, int max)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (*end || n < 1 || n > max)
		load_fail("not a number that will do", text);
	return (int)n;
}

static struct service_under_load read_service(char **argv, int argc)
{
	struct service_under_load s = {0};

	for (; argc >= 2 && s.count < LOAD_URLS_MAX; argc -= 2, argv += 2) {
		s.pids[s.count] = number(argv[0], 1 << 30);
		s.urls[s.count++] = argv[1];
	}
	if (!fgets(s.cookie, sizeof(s.cookie), stdin))
		load_fail("no cookie", "standard input");
	s.cookie[strcspn(s.cookie, "\n")] = '\0';
	return s;
}

static void run(char **argv, int argc)
{
	int count = number(argv[1], COUNT_MAX);
	struct load_session *sessions = must_zalloc((size_t)count * sizeof(*sessions));
	struct bytes cms = read_all(argv[2]);
	const struct service_under_load s = read_service(argv + 3, argc - 3);

	load_run(&s, number(argv[0], LOAD_CLIENTS_MAX), sessions, count, bytes_span(&cms));
	bytes_free(&cms);
	free(sessions);
}

static void hold(char **argv, int argc)
{
	const struct service_under_load s = read_service(argv + 3, argc - 3);

	load_hold(&s, number(argv[0], LOAD_CLIENTS_MAX), number(argv[1], COUNT_MAX),
		number(argv[2], COUNT_MAX));
}

static void bare(char **argv)
{
	struct bytes cms = read_all(argv[1]), content = read_all(argv[2]);

	load_bare(argv[0], bytes_span(&cms), bytes_span(&content));
	bytes_free(&cms);
	bytes_free(&content);
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	if (argc >= 7 && strcmp(argv[1], "run") == 0)
		run(argv + 2, argc - 2);
	else if (argc >= 7 && strcmp(argv[1], "hold") == 0)
		hold(argv + 2, argc - 2);
	else if (argc == 5 && strcmp(argv[1], "bare") == 0)
		bare(argv + 2);
	else
		return 64;
	curl_global_cleanup();
	return 0;
}
