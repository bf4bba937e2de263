#include "job/watch.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hex.h"
#include "base/log.h"

/* A reader and what was found in it. */
struct slot {
	struct reader_state state;
	enum err result; /* of reading the card: ERR_BUSY until it was read */
	struct reader *reader;
	struct card *card;
	struct certificate_info infos[CARD_CERTIFICATES_MAX];
	enum err usable[CARD_CERTIFICATES_MAX];
	struct card_pin pins[CARD_CERTIFICATES_MAX];
	struct card_pin puks[CARD_CERTIFICATES_MAX];
	bool has_puk[CARD_CERTIFICATES_MAX];
};

struct watch {
	const struct message_setup *settings;
	struct trust *trust;
	struct readers *readers;
	struct error error; /* of the last listing */
	struct slot slots[READERS_MAX];
	size_t count;
};

enum err watch_open(const struct message_setup *settings, struct watch **out, struct error *e)
{
	struct watch *w = must_zalloc(sizeof(*w));
	const char *only = settings->reader[0] ? settings->reader : NULL;
	uint16_t port = settings->card_port;
	enum err status = ERR_OK;

	w->settings = settings;
	if (settings->trust[0])
		status = trust_read_file(settings->trust, &w->trust, e);
	if (!status)
		status = port ? readers_open_socket(&port, &w->readers, e)
			      : readers_open_pcsc(only, &w->readers, e);
	if (status) {
		watch_close(w);
		return status;
	}
	*out = w;
	return ERR_OK;
}

static void close_slot(struct slot *s)
{
	card_close(s->card);
	reader_disconnect(s->reader, false);
	*s = (struct slot){0};
}

void watch_close(struct watch *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->count; i++)
		close_slot(&w->slots[i]);
	readers_close(w->readers);
	trust_free(w->trust);
	free(w);
}

int watch_fd(const struct watch *w)
{
	return readers_fd(w->readers);
}

/* Why a certificate can't sign, or ERR_OK. */
static enum err judge(const struct watch *w, const struct card_certificate *c,
	const struct certificate_info *info)
{
	const int64_t now = clock_wall_s();
	enum err why = certificate_usable(info, now);

	if (why == ERR_CERTIFICATE_NOT_QUALIFIED && w->settings->any_certificate)
		why = certificate_valid(info, now);
	if (!why && w->trust)
		why = certificate_chain(w->trust, bytes_span(&c->der), NULL, 0, now, NULL);
	if (!why && !c->has_key)
		why = ERR_NO_KEY;
	return why;
}

static void ask_pin(struct slot *s, size_t i)
{
	const struct card_pin unknown = {.tries = TRIES_UNKNOWN, .tries_max = TRIES_UNKNOWN};
	enum err code;

	if (card_pin_status(s->card, i, &s->pins[i], NULL))
		s->pins[i] = unknown;
	if ((code = card_puk_status(s->card, i, &s->puks[i], NULL)))
		s->puks[i] = unknown;
	s->has_puk[i] = code != ERR_PUK_NONE;
}

static void ask_pins(struct slot *s)
{
	size_t n = card_certificates(s->card, &(const struct card_certificate *){NULL});

	for (size_t i = 0; i < n; i++) {
		if (i > 0 && card_same_pin(s->card, i, i - 1)) {
			s->pins[i] = s->pins[i - 1];
			s->puks[i] = s->puks[i - 1];
			s->has_puk[i] = s->has_puk[i - 1];
		} else {
			ask_pin(s, i);
		}
	}
}

/* Reads the card of a slot: directory, certificates, PIN states. */
static enum err read_card(struct watch *w, struct slot *s)
{
	const struct card_certificate *certificates;
	struct error e = {0};
	enum err status;
	size_t n;

	if ((status = reader_connect(w->readers, s->state.name, &s->reader, &e)) ||
		(status = card_open(s->reader, &s->card, &e))) {
		log_failure("card", &e);
		return status;
	}
	n = card_certificates(s->card, &certificates);
	for (size_t i = 0; i < n; i++) {
		s->usable[i] =
			certificate_read(bytes_span(&certificates[i].der), &s->infos[i], NULL);
		if (!s->usable[i])
			s->usable[i] = judge(w, &certificates[i], &s->infos[i]);
	}
	ask_pins(s);
	return ERR_OK;
}

static void copy_text(char *out, size_t room, const char *from)
{
	size_t n = strnlen(from, room - 1);

	memcpy(out, from, n);
	out[n] = '\0';
}

/* s in hexadecimal, as much of it as fits. */
static void copy_hex(char *out, size_t room, struct span s)
{
	struct bytes text = {0};

	hex_append(&text, span_first(s, (room - 1) / 2));
	copy_text(out, room, bytes_text(&text));
	bytes_free(&text);
}

static void report_slot(const struct slot *s, struct cards *now)
{
	unsigned index = now->reader_count++;
	struct cards_reader *r = &now->readers[index];
	const struct card_certificate *certificates;
	size_t n;

	copy_text(r->name, sizeof(r->name), s->state.name);
	copy_hex(r->atr, sizeof(r->atr), span_of(s->state.atr, s->state.atr_n));
	r->events = s->state.events;
	r->state = s->state.status ? s->state.status : s->result;
	if (r->state == ERR_BUSY)
		now->reading = true;
	if (!s->card)
		return;
	copy_text(r->driver, sizeof(r->driver), card_driver(s->card));
	copy_text(r->label, sizeof(r->label), card_label(s->card));
	copy_text(r->serial, sizeof(r->serial), card_serial(s->card));
	n = card_certificates(s->card, &certificates);
	for (size_t i = 0; i < n && now->certificate_count < CARDS_CERTIFICATES_MAX; i++) {
		struct cards_certificate *c = &now->certificates[now->certificate_count++];

		c->reader = index;
		copy_hex(c->id, sizeof(c->id), span_of(certificates[i].id, certificates[i].id_n));
		copy_text(c->label, sizeof(c->label), certificates[i].label);
		c->info = s->infos[i];
		c->usable = s->usable[i];
		c->pin = s->pins[i];
		c->puk = s->puks[i];
		c->has_puk = s->has_puk[i];
	}
}

static void report_all(const struct watch *w, watch_report *report, void *context)
{
	struct cards *now = must_zalloc(sizeof(*now));

	now->error = w->error;
	for (size_t i = 0; i < w->count; i++)
		report_slot(&w->slots[i], now);
	report(now, context);
	free(now);
}

static struct slot *slot_named(struct watch *w, const char *name)
{
	for (size_t i = 0; i < w->count; i++) {
		if (strcmp(w->slots[i].state.name, name) == 0)
			return &w->slots[i];
	}
	return NULL;
}

/* The same card, not taken out in between. One that could not be read is not tried again either: it is to be taken out
 * and put in again, as its failure says. */
static bool unchanged(const struct slot *s, const struct reader_state *now)
{
	return s->state.status == now->status && s->state.events == now->events &&
	       span_equal(span_of(s->state.atr, s->state.atr_n), span_of(now->atr, now->atr_n));
}

static void take_listing(struct watch *w, const struct reader_state *states, size_t count)
{
	struct slot *fresh = must_zalloc(sizeof(w->slots));

	for (size_t i = 0; i < count; i++) {
		struct slot *old = slot_named(w, states[i].name);

		if (old && unchanged(old, &states[i])) {
			fresh[i] = *old;
			*old = (struct slot){0};
		} else {
			fresh[i].state = states[i];
			fresh[i].result = ERR_BUSY;
		}
	}
	for (size_t i = 0; i < w->count; i++)
		close_slot(&w->slots[i]);
	memcpy(w->slots, fresh, sizeof(w->slots));
	w->count = count;
	free(fresh);
}

/* A card that made the last worker hang is not touched again while it stays in
 * its reader. */
static bool to_be_skipped(const struct watch *w, const struct slot *s)
{
	return w->settings->skip_reader[0] &&
	       strcmp(w->settings->skip_reader, s->state.name) == 0 &&
	       w->settings->skip_events == s->state.events;
}

void watch_refresh(struct watch *w, watch_report *report, void *context)
{
	struct reader_state states[READERS_MAX];
	size_t count = 0;

	w->error = (struct error){0};
	readers_list(w->readers, states, &count, &w->error);
	take_listing(w, states, count);
	report_all(w, report, context);
	for (size_t i = 0; i < w->count; i++) {
		struct slot *s = &w->slots[i];

		if (s->state.status || s->result != ERR_BUSY)
			continue;
		s->result = to_be_skipped(w, s) ? ERR_CARD_MUTE : read_card(w, s);
		report_all(w, report, context);
	}
}

void watch_refresh_pins(struct watch *w, const char *reader, watch_report *report, void *context)
{
	struct slot *s = slot_named(w, reader);

	if (!s || !s->card)
		return;
	ask_pins(s);
	report_all(w, report, context);
}

enum err watch_find(struct watch *w, const char *reader, const uint8_t sha256[32],
	struct card **card, size_t *certificate, struct error *e)
{
	struct slot *s = slot_named(w, reader);
	const struct card_certificate *certificates;
	size_t n;

	if (!s)
		return error_set(e, ERR_READER_GONE, "%s", reader);
	if (s->state.status == ERR_NO_CARD)
		return error_set(e, ERR_CARD_REMOVED, "%s", reader);
	if (s->state.status || s->result)
		return error_set(e, s->state.status ? s->state.status : s->result, "%s", reader);
	n = card_certificates(s->card, &certificates);
	for (size_t i = 0; i < n; i++) {
		if (memcmp(s->infos[i].sha256, sha256, sizeof(s->infos[i].sha256)) == 0) {
			*card = s->card;
			*certificate = i;
			return ERR_OK;
		}
	}
	return error_set(e, ERR_CARD_CHANGED, "%s", reader);
}
