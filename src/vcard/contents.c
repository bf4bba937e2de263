#include "vcard/contents.h"

#include <openssl/core_names.h>

#include "vcard/ber.h"
#include "vcard/certificates.h"

/* Files of the signature application; the certificates' place is that of Kamu SM's cards. */
enum {
	FILE_ODF = 0x5031,
	FILE_TOKEN_INFO = 0x5032,
	FILE_PRKDF = 0x4401,
	FILE_CDF = 0x4402,
	FILE_AODF = 0x4403,
	FILE_CERTIFICATE = 0x2F10,
	SFI_DIR = 0x1E, /* ISO 7816-4 8.2.1.1 */
	SFI_ODF = 0x11, /* ISO 7816-15: ODF and TokenInfo */
	SFI_TOKEN_INFO = 0x12,
};

/* Context tags of ISO 7816-15's PKCS15Objects and of its object classes. */
enum {
	OBJECTS_PRIVATE_KEYS = 0xA0,
	OBJECTS_CERTIFICATES = 0xA4,
	OBJECTS_AUTHENTICATION = 0xA8,
	PRIVATE_KEY_EC = 0xA0,
	TYPE_ATTRIBUTES = 0xA1,
	PIN_REFERENCE = 0x80,
	TOKEN_LABEL = 0x80,
};

/* Bit strings, first byte: unused bits. */
static const uint8_t flags_private[] = {0x07, 0x80};       /* private */
static const uint8_t flags_modifiable[] = {0x06, 0xC0};    /* private, modifiable */
static const uint8_t usage_sign[] = {0x06, 0x20, 0x40};    /* sign, nonRepudiation */
static const uint8_t access_native[] = {0x03, 0xB8};       /* sensitive ... local */
static const uint8_t pin_flags_pin[] = {0x04, 0xC8, 0x10}; /* below */
static const uint8_t pin_flags_puk[] = {0x04, 0xCA, 0x10};
static const uint8_t token_flags[] = {0x04, 0x50}; /* loginRequired, eidCompliant */
static const uint8_t auth_ids[PIN_COUNT] = {0x01, 0x02};

static void put_path(struct bytes *out, const struct card *c, uint16_t id)
{
	const uint8_t path[] = {FILE_MF >> 8, FILE_MF & 0xFF, (uint8_t)(c->profile->df >> 8),
		(uint8_t)c->profile->df, (uint8_t)(id >> 8), (uint8_t)id};
	size_t mark = ber_open(out, BER_SEQUENCE);

	ber_put(out, BER_OCTET_STRING, span_of(path, id ? 6 : 4));
	ber_close(out, mark);
}

/* CommonObjectAttributes: label, flags, and the PIN that the object wants (0 for none). */
static void put_common(
	struct bytes *out, const char *label, struct span flags, uint8_t auth_id, bool consent)
{
	size_t mark = ber_open(out, BER_SEQUENCE);

	ber_put_text(out, BER_UTF8_STRING, label);
	if (flags.n)
		ber_put(out, BER_BIT_STRING, flags);
	if (auth_id)
		ber_put(out, BER_OCTET_STRING, span_of(&auth_id, 1));
	if (consent)
		ber_put_number(out, BER_INTEGER, 1);
	ber_close(out, mark);
}

static void put_key_class(struct bytes *out, const struct card *c, const struct state_key *k)
{
	size_t mark = ber_open(out, BER_SEQUENCE);

	ber_put_u8(out, BER_OCTET_STRING, k->id);
	ber_put(out, BER_BIT_STRING, span_of(usage_sign, sizeof(usage_sign)));
	ber_put(out, BER_BIT_STRING, span_of(access_native, sizeof(access_native)));
	ber_put_number(out, BER_INTEGER, card_key_reference(c, k));
	ber_close(out, mark);
}

/* A private key that lies in no file: the path is the application's. Behind it the modulus length
 * or, as pkcs15-init writes it, the field size. */
static void put_key(struct bytes *out, const struct card *c, const struct state_key *k)
{
	bool ec = EVP_PKEY_get_base_id(k->key) == EVP_PKEY_EC;
	size_t object = ber_open(out, ec ? PRIVATE_KEY_EC : BER_SEQUENCE), type, attributes;

	put_common(out, certificate_kind(k->id)->label,
		span_of(flags_private, sizeof(flags_private)), auth_ids[PIN_USER],
		c->profile->pin_each_time);
	put_key_class(out, c, k);
	type = ber_open(out, TYPE_ATTRIBUTES);
	attributes = ber_open(out, BER_SEQUENCE);
	put_path(out, c, 0);
	ber_put_number(out, BER_INTEGER, (unsigned long)EVP_PKEY_get_bits(k->key));
	ber_close(out, attributes);
	ber_close(out, type);
	ber_close(out, object);
}

static void put_certificate(
	struct bytes *out, const struct card *c, const struct state_key *k, uint16_t file)
{
	size_t object = ber_open(out, BER_SEQUENCE), type, attributes, class;

	put_common(out, certificate_kind(k->id)->label, (struct span){0}, 0, false);
	class = ber_open(out, BER_SEQUENCE);
	ber_put_u8(out, BER_OCTET_STRING, k->id);
	ber_close(out, class);
	type = ber_open(out, TYPE_ATTRIBUTES);
	attributes = ber_open(out, BER_SEQUENCE);
	put_path(out, c, file);
	ber_close(out, attributes);
	ber_close(out, type);
	ber_close(out, object);
}

/* Flags of a PIN: case-sensitive (0), initialized (4), exchangeRefData (11); local (1) where the
 * card has it so, needs-padding (5) likewise; unblockingPin (6) for the PUK. */
static void put_pin_flags(struct bytes *out, const struct card *c, enum pin_name name)
{
	const uint8_t *constant = name == PIN_USER ? pin_flags_pin : pin_flags_puk;
	uint8_t flags[sizeof(pin_flags_pin)] = {constant[0], constant[1], constant[2]};

	if (!c->profile->local_references)
		flags[1] &= (uint8_t)~0x40;
	if (c->profile->pin_coding == PIN_PADDED)
		flags[1] |= 0x04;
	ber_put(out, BER_BIT_STRING, span_of(flags, sizeof(flags)));
}

static void put_pin(struct bytes *out, const struct card *c, enum pin_name name)
{
	enum { ASCII_NUMERIC = 1 };
	size_t object = ber_open(out, BER_SEQUENCE), type, attributes, class;

	put_common(out, name == PIN_USER ? "PIN" : "PUK",
		span_of(flags_modifiable, sizeof(flags_modifiable)),
		name == PIN_USER ? auth_ids[PIN_PUK] : 0, false);
	class = ber_open(out, BER_SEQUENCE);
	ber_put(out, BER_OCTET_STRING, span_of(&auth_ids[name], 1));
	ber_close(out, class);
	type = ber_open(out, TYPE_ATTRIBUTES);
	attributes = ber_open(out, BER_SEQUENCE);
	put_pin_flags(out, c, name);
	ber_put_u8(out, BER_ENUMERATED, ASCII_NUMERIC);
	ber_put_number(out, BER_INTEGER, c->profile->pin_min);
	ber_put_number(out, BER_INTEGER, c->profile->pin_max);
	ber_put_number(out, BER_INTEGER, c->profile->pin_max);
	ber_put_number(out, PIN_REFERENCE, c->profile->pin_references[name]);
	if (c->profile->pin_coding == PIN_PADDED)
		ber_put_u8(out, BER_OCTET_STRING, 0x00);
	put_path(out, c, 0);
	ber_close(out, attributes);
	ber_close(out, type);
	ber_close(out, object);
}

static void add_token_info(struct card *c, const struct file *df)
{
	struct bytes out = {0};
	size_t mark = ber_open(&out, BER_SEQUENCE);

	ber_put_number(&out, BER_INTEGER, 0);
	ber_put(&out, BER_OCTET_STRING, span_of(c->state->serial, sizeof(c->state->serial)));
	ber_put_text(&out, BER_UTF8_STRING, "eonay");
	ber_put_text(&out, TOKEN_LABEL, "eonay sanal kart");
	ber_put(&out, BER_BIT_STRING, span_of(token_flags, sizeof(token_flags)));
	ber_close(&out, mark);
	files_add_ef(&c->fs, df, FILE_TOKEN_INFO, SFI_TOKEN_INFO, &out);
}

static void put_object_file(struct bytes *out, const struct card *c, unsigned tag, uint16_t file)
{
	size_t mark = ber_open(out, tag);

	put_path(out, c, file);
	ber_close(out, mark);
}

static void add_odf(struct card *c, const struct file *df)
{
	struct bytes out = {0};

	put_object_file(&out, c, OBJECTS_PRIVATE_KEYS, FILE_PRKDF);
	put_object_file(&out, c, OBJECTS_CERTIFICATES, FILE_CDF);
	put_object_file(&out, c, OBJECTS_AUTHENTICATION, FILE_AODF);
	files_add_ef(&c->fs, df, FILE_ODF, SFI_ODF, &out);
}

/* EF.DIR: one application template (ISO 7816-4 8.2.1.1). */
static void add_dir(struct card *c)
{
	const uint8_t path[] = {FILE_MF >> 8, FILE_MF & 0xFF, (uint8_t)(c->profile->df >> 8),
		(uint8_t)c->profile->df};
	struct bytes out = {0};
	size_t mark = ber_open(&out, 0x61);

	ber_put(&out, 0x4F, c->profile->df_aid);
	ber_put_text(&out, 0x50, "eonay sanal kart");
	ber_put(&out, 0x51, span_of(path, sizeof(path)));
	ber_close(&out, mark);
	files_add_ef(&c->fs, files_mf(&c->fs), FILE_DIR, SFI_DIR, &out);
}

static void add_directory(struct card *c, const struct file *df, bool more)
{
	struct bytes keys = {0}, certificates = {0}, pins = {0};
	const struct state_key *k;
	uint16_t file = FILE_CERTIFICATE;

	for (size_t i = 0; (k = card_next_key(c, more, &i));) {
		put_key(&keys, c, k);
		put_certificate(&certificates, c, k, file++);
	}
	put_pin(&pins, c, PIN_USER);
	put_pin(&pins, c, PIN_PUK);
	add_dir(c);
	add_odf(c, df);
	add_token_info(c, df);
	files_add_ef(&c->fs, df, FILE_PRKDF, 0, &keys);
	files_add_ef(&c->fs, df, FILE_CDF, 0, &certificates);
	files_add_ef(&c->fs, df, FILE_AODF, 0, &pins);
}

/* The DF's second name is the standard AID; without a directory there is nothing for it to name. */
static const struct file *add_application(struct card *c, bool directory)
{
	const struct profile *p = c->profile;

	return files_add_df(
		&c->fs, p->df, p->df_names[0], directory ? p->df_names[1] : (struct span){0});
}

void contents_build(struct card *c, struct card_contents contents)
{
	const struct file *df = add_application(c, contents.directory);
	const struct state_key *k;
	uint16_t file = FILE_CERTIFICATE;

	if (c->profile->info.n) {
		struct bytes info = {0};

		bytes_append(&info, c->profile->info);
		files_add_ef(&c->fs, files_mf(&c->fs), FILE_ATR, 0, &info);
	}
	for (size_t i = 0; (k = card_next_key(c, contents.more, &i));) {
		struct bytes certificate = {0};

		bytes_append(&certificate, bytes_span(&k->certificate));
		files_add_ef(&c->fs, df, file++, 0, &certificate);
	}
	if (contents.directory)
		add_directory(c, df, contents.more);
}
