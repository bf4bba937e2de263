/* Against servers that we did not write (openssl s_server) and against one that says whatever the test wants. */
#include "unit.h"

#include "portal/fetch.h"
#include "portal/fetch_pause.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
#define TIMEOUT_MS 60000 /* of what is to succeed, on a slow machine too */

/* Takes connections one after another, reads a question and gives this answer. */
struct server {
	pthread_t thread;
	int fd;
	const char *answer; /* NULL: none, and the connection stays */
	unsigned connections;
	char question[4096]; /* the last */
	char url[64];
};

static void answer_all(struct server *s, int c)
{
	size_t n;
	ssize_t got;

	for (n = 0; (got = read(c, s->question + n, sizeof(s->question) - 1 - n)) > 0;) {
		n += (size_t)got;
		s->question[n] = '\0';
		if (!strstr(s->question, "\r\n\r\n") || !s->answer)
			continue;
		if (strstr(s->question, "POST") && !strstr(s->question, "BODY"))
			continue;
		assert_int_equal(write(c, s->answer, strlen(s->answer)), strlen(s->answer));
		if (!strstr(s->answer, "Content-Length"))
			return;
		n = 0;
	}
}

static void *serve(void *context)
{
	struct server *s = context;
	int c;

	while ((c = accept(s->fd, NULL, NULL)) >= 0) {
		s->connections++;
		answer_all(s, c);
		close(c);
	}
	return NULL;
}

static void start(struct server *s, const char *answer)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t n = sizeof(address);

	*s = (struct server){.answer = answer, .fd = socket(AF_INET, SOCK_STREAM, 0)};
	assert_int_equal(bind(s->fd, (struct sockaddr *)&address, n), 0);
	assert_int_equal(listen(s->fd, 8), 0);
	assert_int_equal(getsockname(s->fd, (struct sockaddr *)&address, &n), 0);
	snprintf(s->url, sizeof(s->url), "http://127.0.0.1:%u/x?y=z", ntohs(address.sin_port));
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void stop(struct server *s)
{
	shutdown(s->fd, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->fd);
}

static struct fetch *open_fetch(const char *ca_file)
{
	struct fetch *f = NULL;

	assert_int_equal(fetch_open(ca_file, &f, NULL), ERR_OK);
	return f;
}

/* One question to a server that gives this answer. */
static enum err ask(const char *says, long timeout_ms, struct fetch_answer *answer)
{
	struct fetch *f = open_fetch(NULL);
	struct fetch_request request = {.timeout_ms = timeout_ms, .answer_max = 16};
	struct server s;
	struct error e = {0};
	enum err code;

	start(&s, says);
	request.url = s.url;
	code = fetch_run(f, &request, answer, &e);
	assert_int_equal(e.code, code);
	fetch_close(f);
	stop(&s);
	return code;
}

static void an_answer_comes(void **state)
{
	struct fetch_answer answer;

	(void)state;
	assert_int_equal(ask(HEAD "Content-Length: 3\r\n\r\nabc", TIMEOUT_MS, &answer), ERR_OK);
	assert_int_equal(answer.status, 200);
	assert_string_equal(answer.content_type, "text/plain");
	assert_string_equal(bytes_text(&answer.body), "abc");
	fetch_release(&answer);
	assert_int_equal(ask(HEAD "\r\nup to the end", TIMEOUT_MS, &answer), ERR_OK);
	assert_string_equal(bytes_text(&answer.body), "up to the end");
	fetch_release(&answer);
}

/* The caller judges the status; nobody is followed. */
static void redirects_stay_answers(void **state)
{
	struct fetch_answer answer;

	(void)state;
	assert_int_equal(ask("HTTP/1.1 302 Found\r\nLocation: "
			     "http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",
				 TIMEOUT_MS, &answer),
		ERR_OK);
	assert_int_equal(answer.status, 302);
	fetch_release(&answer);
}

static void refusals(void **state)
{
	static const struct {
		const char *says;
		enum err code;
	} cases[] = {
		{"garbage\r\n\r\n", ERR_SERVICE_ANSWER},
		{"", ERR_SERVICE_UNREACHABLE},
		{HEAD "Content-Length: 17\r\n\r\n", ERR_SERVICE_ANSWER},
		{HEAD "\r\nseventeen bytes..", ERR_SERVICE_ANSWER},
		{HEAD "Connection: close\r\nContent-Length: 9\r\n\r\nshort",
			ERR_SERVICE_UNREACHABLE},
	};
	struct fetch_answer answer;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		/* A Content-Length that is not kept ends only with the deadline. */
		enum err code = ask(cases[i].says, i == 4 ? 200 : TIMEOUT_MS, &answer);

		assert_int_equal(code, cases[i].code);
		assert_int_equal(answer.body.n, 0);
	}
}

static void endless_headers_are_refused(void **state)
{
	struct bytes says = {0};
	struct fetch_answer answer;

	(void)state;
	bytes_append_text(&says, HEAD);
	for (int i = 0; i < 400; i++)
		bytes_append_format(&says, "X-%d: 0123456789012345678901234567890123456789\r\n", i);
	bytes_append_text(&says, "Content-Length: 0\r\n\r\n");
	assert_int_equal(ask(bytes_text(&says), TIMEOUT_MS, &answer), ERR_SERVICE_ANSWER);
	bytes_free(&says);
}

static void silence_ends_at_the_deadline(void **state)
{
	struct fetch_answer answer;

	(void)state;
	assert_int_equal(ask(NULL, 50, &answer), ERR_SERVICE_UNREACHABLE);
}

/* One that does not answer is left alone, then tried by one at a time, and answers again. */
static void silence_is_left_alone(void **state)
{
	struct fetch *f = open_fetch(NULL);
	struct fetch_request request = {.timeout_ms = 300, .answer_max = 16};
	struct fetch_answer answer;
	struct server silent, other;
	struct error e;
	enum err code;

	(void)state;
	start(&silent, NULL);
	start(&other, HEAD "Content-Length: 0\r\n\r\n");
	request.url = silent.url;
	assert_int_equal(fetch_run(f, &request, &answer, &e), ERR_SERVICE_UNREACHABLE);
	assert_null(strstr(e.where, "left alone"));
	silent.answer = HEAD "\r\nabc";
	assert_int_equal(fetch_run(f, &request, &answer, &e), ERR_SERVICE_UNREACHABLE);
	assert_non_null(strstr(e.where, "left alone"));
	request.url = other.url;
	request.timeout_ms = TIMEOUT_MS;
	assert_int_equal(fetch_run(f, &request, &answer, NULL), ERR_OK);
	request.url = silent.url;
	while ((code = fetch_run(f, &request, &answer, &e)) != ERR_OK)
		assert_non_null(strstr(e.where, "left alone"));
	fetch_release(&answer);
	fetch_close(f);
	stop(&silent);
	stop(&other);
}

static void pauses_of_many(void **state)
{
	struct fetch_pauses p = {.mutex = PTHREAD_MUTEX_INITIALIZER};
	char url[64];

	(void)state;
	for (int i = 0; i < 2 * FETCH_PAUSES_MAX; i++) {
		snprintf(url, sizeof(url), "https://a%d.example:1/x", i);
		fetch_pauses_begin(&p, url, i, 1000);
	}
	assert_true(fetch_pauses_let(&p, "https://a0.example:1/", 5, 10)); /* forgotten */
	assert_false(fetch_pauses_let(&p, "https://a31.example:1/", 5, 10));
	assert_false(fetch_pauses_let(&p, "https://a31.example:1?q", 2030, 10));
	assert_true(fetch_pauses_let(&p, "https://a31.example:1/y", 2031, 10));
	assert_false(fetch_pauses_let(&p, "https://a31.example:1/y", 2040, 10)); /* one tries */
	assert_true(fetch_pauses_let(&p, "https://a31.example:1/y", 2041, 10));
	assert_true(fetch_pauses_let(&p, "https://a31.example:12/y", 2042, 10));
	fetch_pauses_end(&p, "https://a31.example:1/");
	assert_true(fetch_pauses_let(&p, "https://a31.example:1/y", 2042, 10));
	fetch_pauses_free(&p);
}

static void nobody_there(void **state)
{
	struct fetch *f = open_fetch(NULL);
	struct fetch_request request = {
		.url = "http://127.0.0.1:1/", .timeout_ms = TIMEOUT_MS, .answer_max = 16};
	struct fetch_answer answer;

	(void)state;
	assert_int_equal(fetch_run(f, &request, &answer, NULL), ERR_SERVICE_UNREACHABLE);
	fetch_close(f);
}

static void a_question_is_sent_whole(void **state)
{
	struct fetch *f = open_fetch("");
	struct fetch_request request = {.accept = "a/b",
		.authorization = "Basic eDp5",
		.content_type = "application/x",
		.body = span_text("the BODY"),
		.timeout_ms = TIMEOUT_MS,
		.answer_max = 16};
	struct fetch_answer answer;
	struct server s;

	(void)state;
	start(&s, HEAD "Content-Length: 0\r\n\r\n");
	request.url = s.url;
	for (int i = 0; i < 3; i++)
		assert_int_equal(fetch_run(f, &request, &answer, NULL), ERR_OK);
	assert_int_equal(answer.body.n, 0);
	assert_memory_equal(s.question, "POST /x?y=z HTTP/1.1\r\n", 22);
	assert_non_null(strstr(s.question, "\r\nAccept: a/b\r\n"));
	assert_non_null(strstr(s.question, "\r\nAuthorization: Basic eDp5\r\n"));
	assert_non_null(strstr(s.question, "\r\nContent-Type: application/x\r\n"));
	assert_non_null(strstr(s.question, "\r\nContent-Length: 8\r\n"));
	assert_non_null(strstr(s.question, "\r\nUser-Agent: eonay-portal\r\n"));
	assert_non_null(strstr(s.question, "\r\n\r\nthe BODY"));
	assert_null(strstr(s.question, "Expect"));
	assert_int_equal(s.connections, 1); /* kept */

	/* The next question has nothing of the last one's. */
	request = (struct fetch_request){.url = s.url, .timeout_ms = TIMEOUT_MS, .answer_max = 16};
	assert_int_equal(fetch_run(f, &request, &answer, NULL), ERR_OK);
	assert_memory_equal(s.question, "GET ", 4);
	assert_null(strstr(s.question, "Authorization"));
	assert_null(strstr(s.question, "Content-"));
	fetch_close(f);
	stop(&s);
}

static void *ask_often(void *context)
{
	const char *url = ((struct server *)((void **)context)[1])->url;
	struct fetch *f = ((void **)context)[0];
	struct fetch_request request = {.url = url, .timeout_ms = TIMEOUT_MS, .answer_max = 16};
	struct fetch_answer answer;

	for (int i = 0; i < 20; i++) {
		assert_int_equal(fetch_run(f, &request, &answer, NULL), ERR_OK);
		fetch_release(&answer);
	}
	return NULL;
}

/* The server takes one connection at a time, so each has to let go of its own. */
static void threads_may_share(void **state)
{
	void *context[2];
	pthread_t threads[4];
	struct server s;

	(void)state;
	start(&s, HEAD "\r\nabc");
	context[0] = open_fetch(NULL);
	context[1] = &s;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, ask_often, context), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	fetch_close(context[0]);
	stop(&s);
	assert_int_equal(s.connections, 80);
}

static void the_environment_has_no_say(void **state)
{
	struct fetch_answer answer;

	(void)state;
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	an_answer_comes(state);
	assert_int_equal(ask(HEAD "\r\n", TIMEOUT_MS, &answer), ERR_OK);
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
}

static void addresses(void **state)
{
	static const char *const never[] = {"", "ocsp.example", "ftp://a/", "file:///etc/passwd",
		"https://u@a/", "https://u:p@a/", "https://a/#f", "gopher://127.0.0.1/",
		"https://a b/"};
	static const char *const signed_only[] = {"http://a/", "http://localhost/",
		"http://128.0.0.1/", "http://127.0.0.1.example/", "http://[::2]/"};
	struct fetch *f = open_fetch(NULL);
	struct fetch_request request = {.answer_is_signed = true, .timeout_ms = 1, .answer_max = 1};
	struct fetch_answer answer;

	(void)state;
	for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++) {
		request.url = never[i];
		assert_int_equal(fetch_run(f, &request, &answer, NULL), ERR_SERVICE_ADDRESS);
	}
	for (size_t i = 0; i < sizeof(signed_only) / sizeof(*signed_only); i++) {
		request.url = signed_only[i];
		request.answer_is_signed = false;
		assert_int_equal(fetch_run(f, &request, &answer, NULL), ERR_SERVICE_ADDRESS);
	}
	request.url = "http://[::1]:1/";
	assert_int_equal(fetch_run(f, &request, &answer, NULL), ERR_SERVICE_UNREACHABLE);
	fetch_close(f);
}

/* openssl s_server with a certificate of its own in the current directory; its port. */
static FILE *start_tls(char url[64])
{
	char line[256] = "";
	unsigned port = 0;
	FILE *out;

	assert_int_equal(system("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 "
				"-nodes -keyout fetch_key.pem"
				" -out fetch_ca.pem -days 2 -subj /CN=test -addext "
				"subjectAltName=IP:127.0.0.1"
				" >/dev/null 2>&1"),
		0);
	out = popen("exec openssl s_server -accept 127.0.0.1:0 -cert fetch_ca.pem -key "
		    "fetch_key.pem -www -naccept 2 2>/dev/null",
		"r");
	assert_non_null(out);
	while (fgets(line, sizeof(line), out)) {
		if (sscanf(line, "ACCEPT 127.0.0.1:%u", &port) == 1)
			break;
	}
	assert_int_not_equal(port, 0);
	snprintf(url, 64, "https://127.0.0.1:%u/", port);
	return out;
}

static void tls_is_checked(void **state)
{
	char url[64];
	FILE *server = start_tls(url);
	struct fetch *system_store = open_fetch(NULL), *own = open_fetch("fetch_ca.pem");
	struct fetch_request request = {.url = url, .timeout_ms = TIMEOUT_MS, .answer_max = 65536};
	struct fetch_answer answer;

	(void)state;
	assert_int_equal(fetch_run(system_store, &request, &answer, NULL), ERR_SERVICE_TLS);
	assert_int_equal(fetch_run(own, &request, &answer, NULL), ERR_OK);
	assert_int_equal(answer.status, 200);
	assert_non_null(strstr(bytes_text(&answer.body), "s_server"));
	fetch_release(&answer);
	fetch_close(own);
	fetch_close(system_store);
	pclose(server);
	unlink("fetch_ca.pem");
	unlink("fetch_key.pem");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_comes),
		cmocka_unit_test(redirects_stay_answers),
		cmocka_unit_test(refusals),
		cmocka_unit_test(endless_headers_are_refused),
		cmocka_unit_test(silence_ends_at_the_deadline),
		cmocka_unit_test(silence_is_left_alone),
		cmocka_unit_test(pauses_of_many),
		cmocka_unit_test(nobody_there),
		cmocka_unit_test(a_question_is_sent_whole),
		cmocka_unit_test(threads_may_share),
		cmocka_unit_test(the_environment_has_no_say),
		cmocka_unit_test(addresses),
		cmocka_unit_test(tls_is_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
