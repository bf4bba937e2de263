/* Workers without processes, cards or a network, for walking the screens: worker.h answered from a script. Lines written
 * to the control pipe change what is in the reader and what the next jobs come to:
 *
 *     pull | insert | other | many        what is in the reader
 *     trouble SYMBOL                      no reader at all, for this reason
 *     tries N | unknown | blocked         of the PIN
 *     puks N                              of the PUK: tries, -1 for unknown
 *     purpose consent|login|unblock       of the next session
 *     open|sign|submit|unblock|done SYMBOL  how the next such job ends
 *     remaining SECONDS                   of the next session
 *     texts N                             paragraphs of the next session's text
 *     evil                                the next session's text has an escape sequence in it
 *     names                               every name that comes from a card or the service has one
 *     flood                               the card's worker never stops talking
 *     wait MS                             how long a job takes */
#include "fake_worker.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "job/worker.h"

#define PIN "123456"
#define PUK "12345678"
#define READER "ACS ACR39U ICC Reader 00 00"
#define QUEUE_MAX 8
#define EVIL "\033]0;evil\007\033[31mK\302\233A\u202E\u200B\xFF"

struct worker {
	enum worker_kind kind;
	int epoll, timer, control;
	enum job_kind running;
	int64_t due;
	struct job_result queue[QUEUE_MAX];
	int queued;
};

static struct {
	const char *control;
	enum err next[JOB_PROGRESS];
	enum err trouble;
	bool pulled, other, many, evil, names, flood, blocked;
	int tries, puks;
	enum service_purpose purpose;
	long remaining_s, wait_ms;
	int paragraphs;
} script = {.tries = 3, .puks = 3, .remaining_s = 300, .wait_ms = 300, .paragraphs = 1};

void fake_worker_control(const char *path)
{
	script.control = path;
}

static void push(struct worker *w, const struct job_result *result)
{
	if (w->queued == QUEUE_MAX)
		abort();
	w->queue[w->queued++] = *result;
}

static void arm(struct worker *w, int64_t at)
{
	struct itimerspec when = {.it_value = {at / 1000, at % 1000 * 1000000 + 1}};

	w->due = at;
	timerfd_settime(w->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static struct cards_certificate certificate(
	const char *holder, const char *tckn, enum err usable, uint8_t mark)
{
	struct cards_certificate c = {.usable = usable};

	snprintf(c.info.holder, sizeof(c.info.holder), "%s", holder);
	snprintf(c.info.tckn, sizeof(c.info.tckn), "%s", tckn);
	strcpy(c.info.issuer, "e-Onay Deneme Sertifika Hizmet Sağlayıcısı - Sürüm 1");
	snprintf(c.info.serial, sizeof(c.info.serial), "0A%02X", mark);
	c.info.not_before = 1700000000;
	c.info.not_after = usable == ERR_CERTIFICATE_EXPIRED ? 1720000000 : 1830000000;
	c.info.key = mark % 2 ? CERTIFICATE_KEY_EC : CERTIFICATE_KEY_RSA;
	c.info.key_bits = mark % 2 ? 384 : 2048;
	c.info.qualified = usable != ERR_CERTIFICATE_NOT_QUALIFIED;
	memset(c.info.sha256, mark, sizeof(c.info.sha256));
	c.pin = (struct card_pin){.tries = script.tries,
		.tries_max = 3,
		.last_try = script.tries == 1,
		.blocked = script.blocked,
		.min = 4,
		.max = 8,
		.digits_only = true};
	c.has_puk = true;
	c.puk = c.pin;
	c.puk.tries = script.puks;
	c.puk.last_try = script.puks == 1;
	c.puk.blocked = script.puks == 0;
	return c;
}

static void fill_cards(struct cards *cards)
{
	struct cards_certificate *c = cards->certificates;

	if (script.trouble) {
		error_set(&cards->error, script.trouble, "walk");
		return;
	}
	cards->reader_count = 1;
	strcpy(cards->readers[0].name, READER);
	cards->readers[0].state = script.pulled ? ERR_NO_CARD : ERR_OK;
	if (script.pulled)
		return;
	strcpy(cards->readers[0].label, "AKiS");
	strcpy(cards->readers[0].serial, "0123456789ABCDEF");
	cards->certificate_count = 1;
	c[0] = script.other ? certificate("MEHMET DEMİR", "10000000214", ERR_OK, 7)
			    : certificate("AYŞE YILMAZ", "10000000146", ERR_OK, 1);
	if (!script.many)
		return;
	c[1] = certificate("AYŞE YILMAZ", "10000000146", ERR_CERTIFICATE_EXPIRED, 2);
	c[2] = certificate("DENEME LİMİTED ŞİRKETİ", "", ERR_CERTIFICATE_NOT_QUALIFIED, 3);
	c[3] = certificate("FATMA KAYA", "10000000078", ERR_OK, 4);
	cards->certificate_count = 4;
}

static void spoil(char *name)
{
	if (script.names)
		strcpy(name, EVIL);
}

static void spoil_cards(struct cards *cards)
{
	struct cards_reader *r = cards->readers;

	spoil(cards->error.where);
	spoil(r->name);
	spoil(r->label);
	spoil(r->serial);
	for (unsigned i = 0; i < cards->certificate_count; i++) {
		struct cards_certificate *c = &cards->certificates[i];

		spoil(c->label);
		spoil(c->info.holder);
		spoil(c->info.issuer);
		spoil(c->info.serial);
	}
}

static void push_cards(struct worker *w)
{
	struct job_result result = {.kind = JOB_CARDS};

	result.cards = must_zalloc(sizeof(*result.cards));
	fill_cards(result.cards);
	spoil_cards(result.cards);
	push(w, &result);
}

static enum err error_named(const char *symbol)
{
	for (int i = 0; i < ERR_COUNT; i++) {
		if (strcmp(error_symbol((enum err)i), symbol) == 0)
			return (enum err)i;
	}
	fprintf(stderr, "no error %s\n", symbol);
	abort();
}

static void obey(struct worker *w, const char *line)
{
	char symbol[64];
	int number;

	if (sscanf(line, "open %63s", symbol) == 1)
		script.next[JOB_OPEN] = error_named(symbol);
	else if (sscanf(line, "sign %63s", symbol) == 1)
		script.next[JOB_SIGN] = error_named(symbol);
	else if (sscanf(line, "submit %63s", symbol) == 1)
		script.next[JOB_SUBMIT] = error_named(symbol);
	else if (sscanf(line, "unblock %63s", symbol) == 1)
		script.next[JOB_UNBLOCK] = error_named(symbol);
	else if (sscanf(line, "done %63s", symbol) == 1)
		script.next[JOB_DONE] = error_named(symbol);
	else if (sscanf(line, "puks %d", &number) == 1)
		script.puks = number;
	else if (sscanf(line, "purpose %63s", symbol) == 1)
		script.purpose = symbol[0] == 'u'   ? SERVICE_UNBLOCK
				 : symbol[0] == 'l' ? SERVICE_LOGIN
						    : SERVICE_CONSENT;
	else if (sscanf(line, "remaining %d", &number) == 1)
		script.remaining_s = number;
	else if (sscanf(line, "texts %d", &number) == 1)
		script.paragraphs = number;
	else if (sscanf(line, "wait %d", &number) == 1)
		script.wait_ms = number;
	else if (strcmp(line, "evil") == 0)
		script.evil = true;
	else if (strcmp(line, "names") == 0)
		script.names = true;
	else if (strcmp(line, "flood") == 0)
		script.flood = true;
	else if (sscanf(line, "trouble %63s", symbol) == 1)
		script.trouble = error_named(symbol);
	else if (sscanf(line, "tries %d", &number) == 1)
		script.tries = number;
	else if (strcmp(line, "unknown") == 0)
		script.tries = TRIES_UNKNOWN;
	else if (strcmp(line, "blocked") == 0)
		script.blocked = true;
	script.trouble = strncmp(line, "trouble", 7) == 0 ? script.trouble : ERR_OK;
	script.pulled =
		strcmp(line, "pull") == 0 ||
		(script.pulled && strcmp(line, "insert") != 0 && strcmp(line, "other") != 0);
	script.other = strcmp(line, "other") == 0 || (script.other && strcmp(line, "insert") != 0);
	script.many = script.many || strcmp(line, "many") == 0;
	push_cards(w);
}

static void read_control(struct worker *w)
{
	char text[512], *line, *rest = text;
	ssize_t n = read(w->control, text, sizeof(text) - 1);

	if (n <= 0)
		return;
	text[n] = '\0';
	while ((line = strsep(&rest, "\n"))) {
		if (*line)
			obey(w, line);
	}
}

static void watch(struct worker *w, int fd)
{
	struct epoll_event event = {.events = EPOLLIN};

	if (epoll_ctl(w->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
		abort();
}

enum err worker_open(enum worker_kind kind, const struct settings *settings,
	uint16_t virtual_card_port, struct worker **out, struct error *e)
{
	struct worker *w = must_zalloc(sizeof(*w));

	(void)settings, (void)virtual_card_port, (void)e;
	*w = (struct worker){.kind = kind, .control = -1};
	w->epoll = epoll_create1(EPOLL_CLOEXEC);
	w->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	watch(w, w->timer);
	if (kind == WORKER_CARD) {
		if (script.control && (w->control = open(script.control, O_RDWR | O_NONBLOCK)) >= 0)
			watch(w, w->control);
		push_cards(w);
		arm(w, clock_monotonic_ms());
	}
	*out = w;
	return ERR_OK;
}

void worker_close(struct worker *w)
{
	if (!w)
		return;
	for (int i = 0; i < w->queued; i++)
		job_result_free(&w->queue[i]);
	close(w->epoll);
	close(w->timer);
	if (w->control >= 0)
		close(w->control);
	free(w);
}

int worker_fd(const struct worker *w)
{
	return w->epoll;
}

short worker_poll_events(const struct worker *w)
{
	(void)w;
	return EPOLLIN;
}

int64_t worker_deadline(const struct worker *w)
{
	(void)w;
	return INT64_MAX;
}

bool worker_busy(const struct worker *w)
{
	return w->running != JOB_NONE;
}

static void add_text(struct service_session *session)
{
	struct bytes *text = &session->texts[session->text_count++];

	bytes_append_text(text,
		"Bundan sonraki e-İmza başvurularında e-Onaylı başvuruyu kullanabilmek için onay "
		"veriyorum.");
	for (int i = 1; i < script.paragraphs; i++)
		bytes_append_format(text,
			"\n\nMadde %d. Başvuru yapan kişi, başvuru formu ve taahhütnamenin, "
			"elektronik olarak "
			"onayladığı tarihteki halini kabul, beyan ve taahhüt eder.",
			i);
	if (script.evil)
		bytes_append_text(text, "\n\033]0;evil\007 \033[31mkırmızı\u202Eters\n");
}

static void open_session(struct job_result *result)
{
	struct service_session *session = &result->session;

	strcpy(session->id, "walk-session");
	secret_set(&session->token, span_text("token"));
	strcpy(session->person, "AYŞE YILMAZ");
	spoil(session->person);
	strcpy(session->tckn, "10000000146");
	session->created = clock_wall_s();
	session->remaining_ms = script.remaining_s * 1000;
	session->service_time = session->created;
	session->purpose = script.purpose;
	if (script.purpose != SERVICE_UNBLOCK)
		add_text(session);
}

static void sign(struct job_result *result, bool right)
{
	if (right) {
		script.tries = 3;
		bytes_append_text(&result->cms, "CMS");
		return;
	}
	if (script.tries > 0)
		script.tries--;
	script.blocked = script.tries == 0;
	error_set(&result->error, script.blocked ? ERR_PIN_BLOCKED : ERR_PIN_WRONG, "walk");
	result->error.tries = script.tries;
}

static void unblock(struct job_result *result, bool right)
{
	if (right) {
		script.puks = script.tries = 3;
		script.blocked = false;
		return;
	}
	if (script.puks > 0)
		script.puks--;
	error_set(&result->error, script.puks == 0 ? ERR_PUK_BLOCKED : ERR_PUK_WRONG, "walk");
	result->error.tries = script.puks;
}

static void progress(struct worker *w, enum job_stage stage)
{
	push(w, &(struct job_result){.kind = JOB_PROGRESS, .stage = stage});
}

enum err worker_send(struct worker *w, struct job_request *request, struct error *e)
{
	struct job_result result = {.kind = request->kind};
	enum err planned = script.next[request->kind];

	(void)e;
	w->running = request->kind;
	script.next[request->kind] = ERR_OK;
	if (planned)
		error_set(&result.error, planned, "%s", script.names ? EVIL : "walk");
	else if (request->kind == JOB_OPEN)
		open_session(&result);
	else if (request->kind == JOB_SIGN)
		sign(&result, span_equal(secret_span(&request->sign.signer.pin), span_text(PIN)));
	else if (request->kind == JOB_UNBLOCK)
		unblock(&result, span_equal(secret_span(&request->unblock.puk), span_text(PUK)));
	else if (request->kind == JOB_SUBMIT)
		strcpy(result.receipt.receipt, "7F3K-91QD");
	if (request->kind == JOB_SIGN || request->kind == JOB_UNBLOCK)
		progress(w, STAGE_SIGNING);
	push(w, &result);
	arm(w, clock_monotonic_ms() + script.wait_ms);
	job_request_free(request);
	return ERR_OK;
}

bool worker_receive(struct worker *w, int64_t now_ms, struct job_result *out)
{
	uint64_t times;

	if (w->control >= 0)
		read_control(w);
	if (script.flood && w->kind == WORKER_CARD) {
		arm(w, now_ms);
		*out = (struct job_result){.kind = JOB_PROGRESS, .stage = STAGE_SIGNING};
		return true;
	}
	/* News of the reader come at once, a job's result when it is due. */
	if (w->queued == 0 ||
		(w->running != JOB_NONE && w->queue[0].kind == w->running && now_ms < w->due))
		return false;
	if (w->queue[0].kind == w->running) {
		w->running = JOB_NONE;
		if (read(w->timer, &times, sizeof(times)) < 0)
			times = 0;
	} else if (w->running == JOB_NONE && read(w->timer, &times, sizeof(times)) < 0) {
		times = 0;
	}
	*out = w->queue[0];
	memmove(w->queue, w->queue + 1, (size_t)--w->queued * sizeof(*w->queue));
	return true;
}

void worker_cancel(struct worker *w)
{
	for (int i = 0; i < w->queued; i++)
		job_result_free(&w->queue[i]);
	w->queued = 0;
	w->running = JOB_NONE;
}
