#include "card/driver.h"

#include <stdlib.h>
#include <string.h>

#include "card/atr.h"

/* Asked in this order, but the one that knows the ATR first. IsoApplet stands before the generic
 * driver because it has the generic application too, and AKiS last because only its ATR makes it
 * likely. */
static const struct card_driver *const drivers[] = {
	&driver_isoapplet, &driver_pkcs15, &driver_akis, &driver_akis1};
#define DRIVERS (sizeof(drivers) / sizeof(drivers[0]))

bool card_is_unreachable(enum err code)
{
	switch (code) {
	case ERR_NO_DAEMON:
	case ERR_ACCESS_DENIED:
	case ERR_NO_READER:
	case ERR_NO_CARD:
	case ERR_CARD_MUTE:
	case ERR_READER_GONE:
	case ERR_CARD_REMOVED:
	case ERR_CARD_CHANGED:
	case ERR_CARD_RESET:
	case ERR_DAEMON_RESTARTED:
	case ERR_CARD_HELD:
	case ERR_CARD_IO:
		return true;
	default:
		return false;
	}
}

enum err card_select(struct card *c, struct error *e)
{
	enum err code;

	c->selected = false;
	if ((code = c->driver->select(c, e)))
		return code;
	c->selected = true;
	file_system_home(&c->files);
	return ERR_OK;
}

/* The key that belongs to a certificate: the same iD (ISO 7816-15 8.2.9), and of the certificate's
 * kind. */
static const struct key_object *key_for(
	const struct card *c, const struct certificate_object *o, EVP_PKEY *public)
{
	for (size_t i = 0; i < c->contents.key_count; i++) {
		const struct key_object *key = &c->contents.keys[i];

		if (key->signs && o->id.n > 0 &&
			span_equal(span_of(key->id.at, key->id.n), span_of(o->id.at, o->id.n)) &&
			signature_scheme_fits(
				public, key->kind == KEY_EC ? CARD_ECDSA : CARD_RSA_PKCS1))
			return key;
	}
	return NULL;
}

static void add_certificate(struct card *c, const struct certificate_object *o, struct bytes *der)
{
	struct card_certificate *out = &c->certificates[c->certificate_count];
	struct signer *s = &c->signers[c->certificate_count++];

	out->der = *der;
	*der = (struct bytes){0};
	memcpy(out->label, o->label, sizeof(out->label));
	memcpy(out->id, o->id.at, o->id.n);
	out->id_n = o->id.n;
	s->key = signature_key(bytes_span(&out->der));
	s->object = s->key ? key_for(c, o, s->key) : NULL;
	s->pin = s->object ? contents_pin_of(&c->contents, s->object) : NULL;
	s->puk = s->pin ? contents_puk_of(&c->contents, s->pin) : NULL;
	out->has_key = s->pin != NULL;
}

/* Certificates that can't be read are left out, so that one odd file does not hide the others. */
static enum err read_certificates(struct card *c, struct error *e)
{
	for (size_t i = 0; i < c->contents.certificate_count; i++) {
		struct certificate_object *o = &c->contents.certificates[i];
		struct bytes der = o->der;
		enum err code = ERR_OK;

		o->der = (struct bytes){0};
		if (der.n == 0)
			code = file_read_object(&c->files, &o->path, &der, e);
		if (!code)
			add_certificate(c, o, &der);
		bytes_free(&der);
		if (code && card_is_unreachable(code))
			return code;
	}
	return c->certificate_count > 0 ? ERR_OK
					: error_set(e, ERR_NO_CERTIFICATE, "%s", c->driver->name);
}

static void forget(struct card *c)
{
	for (size_t i = 0; i < c->certificate_count; i++) {
		bytes_free(&c->certificates[i].der);
		EVP_PKEY_free(c->signers[i].key);
	}
	contents_release(&c->contents);
}

static enum err open_with(struct card *c, const struct card_driver *driver, struct error *e)
{
	struct reader *reader = c->channel.reader;
	const struct reader_state *state = reader_state_of(reader);
	enum err code;

	forget(c);
	*c = (struct card){
		.driver = driver, .channel = channel_of(reader), .pin_first = driver->pin_first};
	if (atr_extended_length(span_of(state->atr, state->atr_n)))
		channel_extend(&c->channel, APDU_EXTENDED_NC, APDU_EXTENDED_NE);
	if ((code = card_select(c, e)))
		return card_is_unreachable(code)
			       ? code
			       : error_set(e, ERR_CARD_UNKNOWN, "%s", driver->name);
	if ((code = driver->read(c, e)))
		return code;
	return read_certificates(c, e);
}

/* ERR_CARD_UNKNOWN from one driver lets the next one try. */
static enum err recognise(struct card *c, struct error *e)
{
	const struct reader_state *state = reader_state_of(c->channel.reader);
	enum err code = ERR_CARD_UNKNOWN;

	for (size_t i = 0; i < 2 * DRIVERS && code == ERR_CARD_UNKNOWN; i++) {
		const struct card_driver *driver = drivers[i % DRIVERS];
		bool known = driver->knows_atr(span_of(state->atr, state->atr_n));

		if (known == (i < DRIVERS))
			code = open_with(c, driver, e);
	}
	return code;
}

/* In a transaction of its own. */
static enum err read_card(struct card *c, struct reader *reader, struct error *e)
{
	bool fresh;
	enum err code = reader_begin(reader, &fresh, e);

	if (code)
		return code;
	c->channel = channel_of(reader);
	code = recognise(c, e);
	reader_end(reader, false);
	return code;
}

enum err card_open(struct reader *reader, struct card **out, struct error *e)
{
	struct card *c = must_zalloc(sizeof(*c));
	enum err code = read_card(c, reader, e);

	/* As of a worker that was just killed. Reading costs nothing, so it is done once more. */
	if (code == ERR_CARD_RESET)
		code = read_card(c, reader, e);
	if (code) {
		card_close(c);
		c = NULL;
	}
	*out = c;
	return code;
}

void card_close(struct card *c)
{
	if (!c)
		return;
	forget(c);
	free(c);
}

const char *card_driver(const struct card *c)
{
	return c->driver->name;
}

const char *card_label(const struct card *c)
{
	return c->contents.label;
}

const char *card_serial(const struct card *c)
{
	return c->contents.serial;
}

size_t card_certificates(const struct card *c, const struct card_certificate **out)
{
	*out = c->certificates;
	return c->certificate_count;
}
