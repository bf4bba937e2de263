#include "cli/demo.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/save.h"
#include "cli/process.h"

#define PIN "123456"       /* of every virtual card */
#define TCKN "10000000146" /* the virtual card's holder; made up */
#define CODE_DIGITS 17
#define CODE_SECONDS                                                                               \
	"600" /* the longest that the service allows: a demonstration is looked at slowly */
#define START_SECONDS 60 /* making RSA keys takes seconds on a small machine */
#define COMMAND_SECONDS_MAX 10

/* A path in the demonstration's directory. */
struct path {
	char text[SWEEPER_PATH_MAX + 32];
};

static struct path path_of(const struct demo *d, const char *name)
{
	struct path p;

	snprintf(p.text, sizeof(p.text), "%s/%s", d->sweeper.directory, name);
	return p;
}

static void replace(char **setting, const char *text)
{
	free(*setting);
	*setting = must_strdup(text);
}

/* The service with what it has for demonstrations: the CA that issues the card's certificates, and tells of them, is there
 * when it serves. */
static enum err start_portal(struct demo *d, struct settings *settings, struct error *e)
{
	struct path conf = path_of(d, "portal.conf"), db = path_of(d, "portal.db"),
		    pki = path_of(d, "portal");
	struct process_call call = {"eonay-portal", SBINDIR,
		{"serve", "--config", conf.text, "--database", db.text, "--demo", pki.text,
			"--listen", "127.0.0.1:0", "--log", "none", "--ready-fd", "1"}};
	struct span empty = {0};
	struct bytes port = {0};
	int out;
	enum err code;

	if ((code = save_new_file(conf.text, &empty, 1, e)) ||
		(code = process_start(&call, &d->portal, &out, e)))
		return code;
	code = process_read_line(out, START_SECONDS, &port, e);
	close(out);
	if (code == ERR_OK) {
		snprintf(d->url, sizeof(d->url), "http://127.0.0.1:%s", bytes_text(&port));
		replace(&settings->service_url, d->url);
		replace(&settings->service_ca, "");
		replace(&settings->service_pin, "");
	}
	bytes_free(&port);
	return code;
}

/* Keys and certificates of the card. */
static enum err make_card(struct demo *d, struct error *e)
{
	struct path state = path_of(d, "card"), issuer = path_of(d, "portal/issuer.pem"),
		    certificates = path_of(d, "certificates.pem");
	struct process_call call = {"eonay-vcard", BINDIR,
		{"--state", state.text, "--issuer", issuer.text, "--export-certificates",
			certificates.text}};

	return process_run(&call, START_SECONDS, NULL, e);
}

/* What is not in the registry is not known to the service, and signs nothing. */
static enum err register_card(struct demo *d, struct error *e)
{
	struct path conf = path_of(d, "portal.conf"), db = path_of(d, "portal.db"),
		    certificates = path_of(d, "certificates.pem");
	struct process_call call = {"eonay-portal", SBINDIR,
		{"certificate", "add", "--config", conf.text, "--database", db.text,
			certificates.text}};

	return process_run(&call, COMMAND_SECONDS_MAX, NULL, e);
}

/* Whoever has a card has once applied for it. */
static enum err register_application(struct demo *d, struct error *e)
{
	struct path conf = path_of(d, "portal.conf"), db = path_of(d, "portal.db");
	struct process_call call = {"eonay-portal", SBINDIR,
		{"application", "add", "delivered", "--config", conf.text, "--database", db.text,
			"--tckn", TCKN}};

	return process_run(&call, COMMAND_SECONDS_MAX, NULL, e);
}

static enum err make_code(struct demo *d, struct error *e)
{
	struct path conf = path_of(d, "portal.conf"), db = path_of(d, "portal.db");
	struct process_call call = {"eonay-portal", SBINDIR,
		{"code", "--config", conf.text, "--database", db.text, "--tckn", TCKN, "--lifetime",
			CODE_SECONDS}};
	struct bytes text = {0};
	enum err code = process_run(&call, COMMAND_SECONDS_MAX, &text, e);

	if (code == ERR_OK && strspn(bytes_text(&text), "0123456789") != CODE_DIGITS)
		code = error_set(e, ERR_DEMO, "%s", "eonay-portal code");
	if (code == ERR_OK)
		snprintf(d->code, sizeof(d->code), "%.*s", CODE_DIGITS, bytes_text(&text));
	bytes_wipe(&text);
	return code;
}

static void renew(void *context)
{
	struct error e = {.code = ERR_OK};

	if (make_code(context, &e))
		log_failure("demo code", &e);
}

/* A port that was free a moment ago: the card worker will listen there, and again when it was started again. */
static enum err find_port(uint16_t *port, struct error *e)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t n = sizeof(address);
	int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	enum err code = ERR_OK;

	if (s < 0 || bind(s, (struct sockaddr *)&address, n) != 0 ||
		getsockname(s, (struct sockaddr *)&address, &n) != 0)
		code = error_set_errno(e, ERR_DEMO, "%s", "127.0.0.1");
	if (s >= 0)
		close(s);
	*port = ntohs(address.sin_port);
	return code;
}

static enum err start_card(struct demo *d, struct error *e)
{
	struct path state = path_of(d, "card");
	char address[32];
	struct process_call call = {"eonay-vcard", BINDIR,
		{"--state", state.text, "--vpcd", address, "--connect-retry"}};
	enum err code = find_port(&d->app.card_port, e);

	snprintf(address, sizeof(address), "127.0.0.1:%u", d->app.card_port);
	return code ? code : process_start(&call, &d->vcard, NULL, e);
}

enum err demo_start(struct demo *d, struct settings *settings, struct error *e)
{
	struct path trust;
	enum err code;

	d->app = (struct app_demo){
		.code = d->code, .pin = PIN, .url = d->url, .renew = renew, .context = d};
	if ((code = sweeper_start(&d->sweeper, e)) || (code = start_portal(d, settings, e)) ||
		(code = make_card(d, e)) || (code = register_card(d, e)) ||
		(code = register_application(d, e)) || (code = make_code(d, e)))
		return code;
	trust = path_of(d, "portal/trust.pem");
	replace(&settings->trust, trust.text);
	replace(&settings->reader, "");
	return start_card(d, e);
}

void demo_stop(struct demo *d)
{
	process_stop(d->vcard);
	process_stop(d->portal);
	sweeper_stop(&d->sweeper);
	explicit_bzero(d->code, sizeof(d->code));
}
