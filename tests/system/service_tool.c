/* The kiosk's client as a program, for system tests: one operation per run.
 *
 *   service_tool open URL CA NONCE        the code on the standard input; prints the session, one
 * member a line service_tool submit URL CA ID FILE    the token on the standard input; prints
 * "receipt" and "accepted_at" service_tool abandon URL CA ID        the token on the standard input
 *   service_tool done URL CA ID           likewise
 *   service_tool health URL CA
 *
 * Before all that "--pin PIN" may stand (service_settings).
 *
 * A failure is told as "CODE SYMBOL: where" and by the exit status 1. After each run "rss KiB" is
 * printed. */
#include "base/load.h"
#include "service/client.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define CONNECT_MS 2000
#define TOTAL_MS 15000
#define FILE_MAX (16u << 20)

static struct span read_line(char *line, size_t size)
{
	if (!fgets(line, (int)size, stdin))
		line[0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return span_text(line);
}

static void print_session(const struct service_session *s)
{
	static const char *const purposes[] = {"consent", "login", "unblock"};
	struct span token = secret_span(&s->token);

	printf("purpose %s\n", purposes[s->purpose]);
	printf("id %s\ntoken %.*s\nperson %s\ntckn %s\n", s->id, (int)token.n,
		(const char *)token.at, s->person, s->tckn);
	printf("created %" PRId64 "\nremaining_ms %ld\nservice_time %" PRId64 "\ntext_count %zu\n",
		s->created, s->remaining_ms, s->service_time, s->text_count);
	for (size_t i = 0; i < s->text_count; i++)
		printf("text %.*s\n", (int)s->texts[i].n, (const char *)s->texts[i].at);
}

static enum err run_open(struct service *s, const char *nonce, struct error *e)
{
	char line[128];
	struct service_session session;
	enum err code = service_session_open(s, read_line(line, sizeof(line)), nonce, &session, e);

	if (!code)
		print_session(&session);
	service_session_free(&session);
	return code;
}

static enum err run_submit(struct service *s, const char *id, const char *path, struct error *e)
{
	char line[128], receipt[SERVICE_ID_MAX];
	struct span token = read_line(line, sizeof(line));
	struct bytes cms = {0};
	int64_t accepted_at = 0;
	enum err code = load_file(path, FILE_MAX, &cms, e);

	if (!code)
		code = service_signature_submit(
			s, id, token, bytes_span(&cms), receipt, &accepted_at, e);
	if (!code)
		printf("receipt %s\naccepted_at %" PRId64 "\n", receipt, accepted_at);
	bytes_free(&cms);
	return code;
}

static enum err run_abandon(struct service *s, const char *id, struct error *e)
{
	char line[128];

	return service_session_abandon(s, id, read_line(line, sizeof(line)), ERR_CANCELLED, e);
}

static enum err run_done(struct service *s, const char *id, struct error *e)
{
	char line[128];

	return service_session_done(s, id, read_line(line, sizeof(line)), e);
}

static enum err run_health(struct service *s, struct error *e)
{
	char version[SERVICE_VERSION_MAX];
	long difference = 0;
	enum err code = service_health(s, version, &difference, e);

	if (!code)
		printf("version %s\nclock_difference_s %ld\n", version, difference);
	return code;
}

static enum err run(struct service *s, int argc, char **argv, struct error *e)
{
	if (strcmp(argv[1], "open") == 0 && argc == 5)
		return run_open(s, argv[4], e);
	if (strcmp(argv[1], "submit") == 0 && argc == 6)
		return run_submit(s, argv[4], argv[5], e);
	if (strcmp(argv[1], "abandon") == 0 && argc == 5)
		return run_abandon(s, argv[4], e);
	if (strcmp(argv[1], "done") == 0 && argc == 5)
		return run_done(s, argv[4], e);
	if (strcmp(argv[1], "health") == 0 && argc == 4)
		return run_health(s, e);
	return error_set(e, ERR_USAGE, "%s", argv[1]);
}

int main(int argc, char **argv)
{
	struct service_settings settings = {
		.kiosk = "deneme", .connect_timeout_ms = CONNECT_MS, .total_timeout_ms = TOTAL_MS};
	struct error e = {0};
	struct service *s = NULL;
	struct rusage usage;
	enum err code;

	if (argc > 2 && strcmp(argv[1], "--pin") == 0) {
		settings.pin = argv[2];
		argc -= 2;
		argv += 2;
	}
	if (argc < 4)
		return 2;
	settings.url = argv[2];
	settings.ca_file = argv[3];
	code = secret_init(&e);
	if (!code)
		code = service_open(&settings, &s, &e);
	if (!code)
		code = run(s, argc, argv, &e);
	service_close(s);
	if (code)
		printf("%s %s: %s\n", error_code(code), error_symbol(code), e.where);
	getrusage(RUSAGE_SELF, &usage);
	printf("rss %ld\n", usage.ru_maxrss);
	return code ? 1 : 0;
}
