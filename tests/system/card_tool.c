/* The card module from a shell, for the system tests. Results go to stdout, a failure to stderr as
 * one line "error SYMBOL CODE tries=N pin_sent=0|1 where".
 *
 *   card_tool [--socket FILE] [--reader NAME] [--trace FILE] [--pin FILE] [--puk FILE] [--confirmed]
 * [--out DIR] COMMAND
 * readers | watch | list | pin N | puk N | sign N rsa|pss|ecdsa 256|384|512 (digest value on stdin)
 * | unblock N (--pin is the new one) | hold
 *
 * --socket: a virtual card that connects to 127.0.0.1 instead of pcscd; the port is written into
 * FILE. */
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/secret.h"
#include "card/card.h"

struct options {
	const char *socket, *reader, *trace, *pin, *puk, *out;
	bool confirmed, keep_going;
};

static int fail(const struct error *e)
{
	fprintf(stderr, "error %s %s tries=%d pin_sent=%d %s\n", error_symbol(e->code),
		error_code(e->code), e->tries, e->pin_sent, e->where);
	return 1;
}

static void write_file(const char *path, struct span content)
{
	FILE *f = fopen(path, "wb");

	if (f) {
		fwrite(content.at, 1, content.n, f);
		fclose(f);
	}
}

static size_t read_all(int fd, uint8_t *at, size_t room)
{
	size_t n = 0;
	ssize_t got;

	while (n < room && (got = read(fd, at + n, room - n)) > 0)
		n += (size_t)got;
	return n;
}

static enum err open_readers(const struct options *o, struct readers **r, struct error *e)
{
	char text[16], temporary[512];
	uint16_t port = 0;
	enum err code;

	if (!o->socket)
		return readers_open_pcsc(o->reader, r, e);
	if ((code = readers_open_socket(&port, r, e)))
		return code;
	snprintf(text, sizeof(text), "%u\n", port);
	snprintf(temporary, sizeof(temporary), "%s.new", o->socket);
	write_file(temporary, span_text(text));
	rename(temporary, o->socket);
	return ERR_OK;
}

static void wait_change(struct readers *r)
{
	struct pollfd wait = {.fd = readers_fd(r), .events = POLLIN};

	poll(&wait, 1, -1);
}

static int print_readers(struct readers *r, struct error *e)
{
	struct reader_state states[READERS_MAX];
	struct bytes atr = {0};
	size_t count;

	if (readers_list(r, states, &count, e))
		return fail(e);
	for (size_t i = 0; i < count; i++) {
		bytes_clear(&atr);
		hex_append(&atr, span_of(states[i].atr, states[i].atr_n));
		printf("reader %s: %s %s events=%u\n", states[i].name,
			error_symbol(states[i].status), bytes_text(&atr), states[i].events);
	}
	bytes_free(&atr);
	return 0;
}

_Noreturn static void watch(struct readers *r, struct error *e)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (;;) {
		print_readers(r, e);
		printf("--\n");
		wait_change(r);
	}
}

/* The first reader, or the one asked for; a virtual card is waited for. */
static enum err connect_card(
	const struct options *o, struct readers *r, struct reader **out, struct error *e)
{
	struct reader_state states[READERS_MAX];
	size_t count, i = 0;
	enum err code;

	while (!(code = readers_list(r, states, &count, e)) && o->socket &&
		states[0].status == ERR_NO_CARD)
		wait_change(r);
	if (code)
		return code;
	while (i + 1 < count && !o->reader && states[i].status == ERR_NO_CARD)
		i++;
	return reader_connect(r, states[i].name, out, e);
}

static int list(const struct options *o, struct reader *reader, struct card *card)
{
	const struct card_certificate *certificates;
	size_t count = card_certificates(card, &certificates);
	struct reader_traffic traffic = reader_traffic_of(reader);
	struct bytes id = {0};
	char path[512];

	printf("driver %s label '%s' serial %s apdus %u sent %zu received %zu\n", card_driver(card),
		card_label(card), card_serial(card), traffic.apdus, traffic.sent, traffic.received);
	for (size_t i = 0; i < count; i++) {
		bytes_clear(&id);
		hex_append(&id, span_of(certificates[i].id, certificates[i].id_n));
		printf("certificate %zu id %s key %s bytes %zu label '%s'\n", i, bytes_text(&id),
			certificates[i].has_key ? "yes" : "no", certificates[i].der.n,
			certificates[i].label);
		snprintf(path, sizeof(path), "%s/%zu.der", o->out ? o->out : "", i);
		if (o->out)
			write_file(path, bytes_span(&certificates[i].der));
	}
	bytes_free(&id);
	return 0;
}

static int show_pin(struct card *card, bool puk, size_t number, struct error *e)
{
	struct card_pin pin;

	if (puk ? card_puk_status(card, number, &pin, e) : card_pin_status(card, number, &pin, e))
		return fail(e);
	printf("%s tries=%d max=%d last=%d blocked=%d not_set=%d min=%u max=%u digits=%d\n",
		puk ? "puk" : "pin", pin.tries, pin.tries_max, pin.last_try, pin.blocked,
		pin.not_set, pin.min, pin.max, pin.digits_only);
	return 0;
}

static struct card_sign_request request_of(const struct options *o, char **arguments)
{
	struct card_sign_request r = {.last_try_confirmed = o->confirmed};

	r.certificate = strtoul(arguments[1], NULL, 10);
	r.scheme = !strcmp(arguments[2], "rsa")   ? CARD_RSA_PKCS1
		   : !strcmp(arguments[2], "pss") ? CARD_RSA_PSS
						  : CARD_ECDSA;
	r.digest = !strcmp(arguments[3], "256")   ? CARD_SHA256
		   : !strcmp(arguments[3], "384") ? CARD_SHA384
						  : CARD_SHA512;
	return r;
}

/* A PIN or PUK; none when path is NULL or can't be read. */
static struct span read_pin(const char *path, uint8_t room[SECRET_MAX])
{
	int fd = path ? open(path, O_RDONLY) : -1;
	size_t n = 0;

	if (fd >= 0) {
		n = read_all(fd, room, SECRET_MAX);
		close(fd);
	}
	return span_of(room, n);
}

static int unblock(const struct options *o, struct card *card, char **arguments, struct error *e)
{
	const struct card_unblock_request request = {
		.certificate = strtoul(arguments[1], NULL, 10), .last_try_confirmed = o->confirmed};
	uint8_t puk[SECRET_MAX], pin[SECRET_MAX];
	enum err code =
		card_unblock(card, &request, read_pin(o->puk, puk), read_pin(o->pin, pin), e);

	explicit_bzero(puk, sizeof(puk));
	explicit_bzero(pin, sizeof(pin));
	return code ? fail(e) : 0;
}

static int sign(const struct options *o, struct reader *reader, struct card *card, char **arguments,
	struct error *e)
{
	struct card_sign_request request = request_of(o, arguments);
	uint8_t digest[64], pin[SECRET_MAX];
	unsigned before = reader_traffic_of(reader).apdus;
	struct bytes signature = {0};
	enum err code;

	request.value = span_of(digest, read_all(0, digest, sizeof(digest)));
	code = card_sign(card, &request, read_pin(o->pin, pin), &signature, e);
	explicit_bzero(pin, sizeof(pin));
	fprintf(stderr, "apdus %u\n", reader_traffic_of(reader).apdus - before);
	if (!code)
		fwrite(signature.at, 1, signature.n, stdout);
	bytes_free(&signature);
	return code ? fail(e) : 0;
}

/* Keeps a transaction until stdin ends. */
static int hold(struct reader *reader, struct error *e)
{
	bool fresh;
	char byte;

	if (reader_begin(reader, &fresh, e))
		return fail(e);
	printf("held\n");
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
	reader_end(reader, false);
	return 0;
}

static enum err send_probe(struct reader *reader, const char *text, struct bytes *line)
{
	struct bytes command = {0}, answer = {0};
	struct error e;
	enum err code = hex_read(text, &command)
				? reader_transmit(reader, bytes_span(&command), &answer, &e)
				: ERR_USAGE;

	bytes_append_byte(line, ' ');
	if (code)
		bytes_append(line, span_text(error_symbol(code)));
	else
		hex_append(line, span_of(answer.at + answer.n - 2, 2));
	bytes_free(&command);
	bytes_free(&answer);
	return code;
}

/* One line: was the card reset, and the status word of each command. A card that is reset in between,
 * as of a program that died, is asked from the first command again. */
static enum err ask_probe(
	struct reader *reader, char **commands, struct bytes *line, struct error *e)
{
	enum err code;
	bool fresh;

	do {
		if ((code = reader_begin(reader, &fresh, e)))
			return code;
		bytes_clear(line);
		bytes_append(line, span_text(fresh ? "reset=1" : "reset=0"));
		for (char **each = commands; *each && code != ERR_CARD_RESET; each++)
			code = send_probe(reader, *each, line);
		reader_end(reader, false);
	} while (code == ERR_CARD_RESET);
	return ERR_OK;
}

static int probe(struct reader *reader, char **commands, struct error *e)
{
	struct bytes answers = {0};
	enum err code = ERR_OK;
	bool fresh;
	char line[16];

	if (reader_begin(reader, &fresh, e))
		return fail(e);
	reader_end(reader, false);
	printf("ready\n");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin) &&
		!(code = ask_probe(reader, commands, &answers, e))) {
		printf("%s\n", bytes_text(&answers));
		fflush(stdout);
	}
	bytes_free(&answers);
	return code ? fail(e) : 0;
}

static int with_card(
	const struct options *o, struct reader *reader, char **arguments, struct error *e)
{
	struct card *card;
	int status;

	if (!strcmp(arguments[0], "hold"))
		return hold(reader, e);
	if (!strcmp(arguments[0], "probe"))
		return probe(reader, arguments + 1, e);
	if (card_open(reader, &card, e))
		return fail(e);
	if (!strcmp(arguments[0], "pin") || !strcmp(arguments[0], "puk"))
		status = show_pin(
			card, !strcmp(arguments[0], "puk"), strtoul(arguments[1], NULL, 10), e);
	else if (!strcmp(arguments[0], "unblock"))
		status = unblock(o, card, arguments, e);
	else if (!strcmp(arguments[0], "sign"))
		status = sign(o, reader, card, arguments, e);
	else
		status = list(o, reader, card);
	card_close(card);
	return status;
}

static int run(const struct options *o, char **arguments)
{
	struct readers *readers;
	struct reader *reader;
	struct error e = {0};
	int status = 0;

	if (open_readers(o, &readers, &e))
		return fail(&e);
	if (o->trace)
		readers_trace(
			readers, open(o->trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
	if (!strcmp(arguments[0], "readers")) {
		status = print_readers(readers, &e);
	} else if (!strcmp(arguments[0], "watch")) {
		watch(readers, &e);
	} else if (connect_card(o, readers, &reader, &e)) {
		status = fail(&e);
	} else {
		status = with_card(o, reader, arguments, &e);
		reader_disconnect(reader, false);
	}
	readers_close(readers);
	return status;
}

int main(int argc, char **argv)
{
	static const struct option known[] = {{"socket", 1, 0, 's'}, {"reader", 1, 0, 'r'},
		{"trace", 1, 0, 't'}, {"pin", 1, 0, 'p'}, {"puk", 1, 0, 'k'}, {"out", 1, 0, 'o'},
		{"confirmed", 0, 0, 'c'}, {0}};
	struct options o = {0};
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (option) {
		case 's':
			o.socket = optarg;
			break;
		case 'r':
			o.reader = optarg;
			break;
		case 't':
			o.trace = optarg;
			break;
		case 'p':
			o.pin = optarg;
			break;
		case 'k':
			o.puk = optarg;
			break;
		case 'o':
			o.out = optarg;
			break;
		case 'c':
			o.confirmed = true;
			break;
		default:
			return 64;
		}
	}
	if (optind == argc || (!strcmp(argv[optind], "sign") && argc - optind < 4))
		return 64;
	return run(&o, argv + optind);
}
