#include "card/pkcs15.h"

#include <string.h>

#include "base/hex.h"
#include "card/tlv.h"

/* Context-specific tags. */
enum {
	CONTEXT_0 = 0x80,
	CONTEXT_1 = 0x81,
	CONSTRUCTED_0 = 0xA0,
	CONSTRUCTED_1 = 0xA1,
	CONSTRUCTED_2 = 0xA2
};

/* ISO 7816-15 PKCS15Objects, the choices that we read. */
enum { ODF_PRIVATE_KEYS = 0xA0, ODF_CERTIFICATES = 0xA4, ODF_AUTH_OBJECTS = 0xA8 };

/* Bits of KeyUsageFlags and PasswordFlags. */
enum { USAGE_SIGN = 2, USAGE_SIGN_RECOVER = 3, USAGE_NON_REPUDIATION = 9 };
enum {
	PIN_FLAG_INITIALIZED = 4,
	PIN_FLAG_NEEDS_PADDING = 5,
	PIN_FLAG_UNBLOCKING = 6,
	PIN_FLAG_SO = 7
};

#define PIN_CHARACTERS_MAX 63 /* SECRET_MAX less one: what can be entered */

struct span pkcs15_aid(void)
{
	static const uint8_t aid[] = {
		0xA0, 0x00, 0x00, 0x00, 0x63, 0x50, 0x4B, 0x43, 0x53, 0x2D, 0x31, 0x35};

	return span_of(aid, sizeof(aid));
}

static void take_text(struct span value, char *out, size_t room)
{
	size_t n = value.n < room - 1 ? value.n : room - 1;

	if (n > 0)
		memcpy(out, value.at, n);
	out[n] = '\0';
}

static void take_identifier(struct span value, struct identifier *out)
{
	out->n = value.n < CARD_ID_MAX ? value.n : CARD_ID_MAX;
	if (out->n > 0)
		memcpy(out->at, value.at, out->n);
}

/* Path ::= SEQUENCE { efidOrPath OCTET STRING, index INTEGER OPTIONAL, length [0] INTEGER OPTIONAL
 * } */
static bool take_path(struct span sequence, struct file_path *out)
{
	struct tlv_cursor c = tlv_walk(sequence);
	struct tlv item;
	unsigned number;

	if (!tlv_take(&c, TLV_OCTET_STRING, &item) || item.value.n < 2 || item.value.n % 2)
		return false;
	/* 3FFF is the application's own DF (ISO 7816-15 8.2.5). */
	if (item.value.n > 2 && item.value.at[0] == 0x3F && item.value.at[1] == 0xFF)
		item.value = span_from(item.value, 2);
	if (item.value.n > FILE_PATH_MAX)
		return false;
	*out = (struct file_path){.n = item.value.n};
	memcpy(out->at, item.value.at, item.value.n);
	if (tlv_take(&c, TLV_INTEGER, &item) && tlv_number(item.value, &number) &&
		number < FILE_SIZE_MAX)
		out->offset = number;
	if (tlv_take(&c, CONTEXT_0, &item) && tlv_number(item.value, &number) &&
		number < FILE_SIZE_MAX)
		out->length = number;
	return true;
}

/* CommonObjectAttributes: label and authId of any object. */
static void take_common(struct span attributes, char *label, struct identifier *auth_id)
{
	struct tlv_cursor c = tlv_walk(attributes);
	struct tlv item;

	if (tlv_take(&c, TLV_UTF8, &item))
		take_text(item.value, label, CARD_LABEL_MAX);
	tlv_take(&c, TLV_BIT_STRING, &item);
	if (auth_id && tlv_take(&c, TLV_OCTET_STRING, &item))
		take_identifier(item.value, auth_id);
}

/* The parts of PKCS15Object { CommonObjectAttributes, ClassAttributes, [0] SubClassAttributes
 * OPTIONAL, [1] TypeAttributes }; type is what stands inside the [1]. */
struct object {
	struct span common, class, type;
};

static bool take_object(struct span value, struct object *out)
{
	struct tlv_cursor c = tlv_walk(value);
	struct tlv common, class, type, inner;

	if (!tlv_take(&c, TLV_SEQUENCE, &common) || !tlv_take(&c, TLV_SEQUENCE, &class))
		return false;
	tlv_take(&c, CONSTRUCTED_0, &inner);
	if (!tlv_take(&c, CONSTRUCTED_1, &type) || !tlv_find(type.value, TLV_SEQUENCE, &inner))
		return false;
	*out = (struct object){.common = common.value, .class = class.value, .type = inner.value};
	return true;
}

/* algReference [1] SEQUENCE OF INTEGER */
static void take_algorithms(struct span list, struct key_object *key)
{
	struct tlv_cursor c = tlv_walk(list);
	struct tlv item;

	while (key->algorithm_count < CONTENTS_ALGORITHMS_MAX && tlv_take(&c, TLV_INTEGER, &item)) {
		if (tlv_number(item.value, &key->algorithms[key->algorithm_count]))
			key->algorithm_count++;
	}
}

/* CommonKeyAttributes */
static void take_key_class(struct span attributes, struct key_object *key)
{
	struct tlv_cursor c = tlv_walk(attributes);
	struct tlv item;
	unsigned number;

	if (tlv_take(&c, TLV_OCTET_STRING, &item))
		take_identifier(item.value, &key->id);
	if (tlv_take(&c, TLV_BIT_STRING, &item))
		key->signs = tlv_bit(item.value, USAGE_SIGN) ||
			     tlv_bit(item.value, USAGE_SIGN_RECOVER) ||
			     tlv_bit(item.value, USAGE_NON_REPUDIATION);
	tlv_take(&c, TLV_BOOLEAN, &item);
	tlv_take(&c, TLV_BIT_STRING, &item);
	/* References above 127 are found coded as negative bytes on cards in the field: one byte is
	 * what it is. */
	if (tlv_take(&c, TLV_INTEGER, &item)) {
		if (item.value.n == 1)
			key->reference = item.value.at[0];
		else if (tlv_number(item.value, &number) && number <= 0xFF)
			key->reference = (int)number;
	}
	if (tlv_find(c.rest, CONSTRUCTED_1, &item))
		take_algorithms(item.value, key);
}

void pkcs15_parse_keys(struct span prkdf, struct contents *contents)
{
	struct tlv_cursor c = tlv_walk(prkdf);
	struct tlv item, path;
	struct object o;

	while (contents->key_count < CONTENTS_KEYS_MAX && tlv_next(&c, &item) == ERR_OK) {
		struct key_object key = {.reference = NO_REFERENCE};

		if ((item.tag != TLV_SEQUENCE && item.tag != CONSTRUCTED_0) ||
			!take_object(item.value, &o))
			continue;
		key.kind = item.tag == TLV_SEQUENCE ? KEY_RSA : KEY_EC; /* privateECKey is [0] */
		take_common(o.common, key.label, &key.auth_id);
		take_key_class(o.class, &key);
		if (tlv_find(o.type, TLV_SEQUENCE, &path))
			take_path(path.value, &key.path);
		contents->keys[contents->key_count++] = key;
	}
}

void pkcs15_parse_certificates(struct span cdf, struct contents *contents)
{
	struct tlv_cursor c = tlv_walk(cdf);
	struct tlv item, value;
	struct object o;

	while (contents->certificate_count < CARD_CERTIFICATES_MAX &&
		tlv_next(&c, &item) == ERR_OK) {
		struct certificate_object certificate = {0};
		struct tlv_cursor type;

		if (item.tag != TLV_SEQUENCE ||
			!take_object(item.value, &o)) /* other tags: not X.509 */
			continue;
		take_common(o.common, certificate.label, NULL);
		if (tlv_find(o.class, TLV_OCTET_STRING, &value))
			take_identifier(value.value, &certificate.id);
		type = tlv_walk(o.type);
		if (tlv_take(&type, CONSTRUCTED_0, &value))
			bytes_append(&certificate.der, value.value);
		else if (!tlv_take(&type, TLV_SEQUENCE, &value) ||
			 !take_path(value.value, &certificate.path))
			continue; /* by URL: not on the card */
		contents->certificates[contents->certificate_count++] = certificate;
	}
}

static unsigned take_number(struct tlv_cursor *c, unsigned tag, unsigned otherwise)
{
	struct tlv item;
	unsigned number;

	return tlv_take(c, tag, &item) && tlv_number(item.value, &number) ? number : otherwise;
}

/* Characters that fit into the stored bytes, of which two codings fill one with two digits. */
static unsigned room_for(const struct pin_object *pin)
{
	bool packed = pin->coding == PIN_BCD || pin->coding == PIN_ISO9564;

	return packed && pin->stored <= PIN_CHARACTERS_MAX ? 2 * pin->stored : pin->stored;
}

/* PasswordAttributes ::= SEQUENCE { pwdFlags, pwdType, minLength, storedLength, maxLength OPTIONAL,
 * pwdReference [0] DEFAULT 0, padChar OPTIONAL, lastPasswordChange OPTIONAL, path OPTIONAL } */
static bool take_pin(struct span attributes, struct pin_object *pin)
{
	struct tlv_cursor c = tlv_walk(attributes);
	struct tlv item;

	if (!tlv_take(&c, TLV_BIT_STRING, &item))
		return false;
	pin->initialized = tlv_bit(item.value, PIN_FLAG_INITIALIZED);
	pin->needs_padding = tlv_bit(item.value, PIN_FLAG_NEEDS_PADDING);
	pin->unblocking = tlv_bit(item.value, PIN_FLAG_UNBLOCKING);
	pin->so = tlv_bit(item.value, PIN_FLAG_SO);
	pin->coding = take_number(&c, TLV_ENUMERATED, PIN_ASCII);
	pin->min = take_number(&c, TLV_INTEGER, 0);
	pin->stored = take_number(&c, TLV_INTEGER, 0);
	pin->max = take_number(&c, TLV_INTEGER, room_for(pin));
	if (tlv_take(&c, CONTEXT_0, &item) && item.value.n > 0)
		pin->reference = item.value.at[item.value.n - 1];
	if (tlv_take(&c, TLV_OCTET_STRING, &item) && item.value.n == 1)
		pin->pad = item.value.at[0];
	if (tlv_find(c.rest, TLV_SEQUENCE, &item))
		take_path(item.value, &pin->path);
	return pin->coding <= PIN_ISO9564 && pin->stored <= PIN_CHARACTERS_MAX &&
	       pin->min <= PIN_CHARACTERS_MAX;
}

void pkcs15_parse_pins(struct span aodf, struct contents *contents)
{
	struct tlv_cursor c = tlv_walk(aodf);
	struct tlv item, id;
	struct object o;

	while (contents->pin_count < CONTENTS_PINS_MAX && tlv_next(&c, &item) == ERR_OK) {
		struct pin_object pin = {0};
		unsigned most;

		if (item.tag != TLV_SEQUENCE || !take_object(item.value, &o) ||
			!take_pin(o.type, &pin))
			continue; /* other tags: biometric, key or external authentication */
		take_common(o.common, pin.label, &pin.guard);
		if (tlv_find(o.class, TLV_OCTET_STRING, &id))
			take_identifier(id.value, &pin.auth_id);
		most = pin.coding == PIN_ISO9564 ? PIN_ISO9564_MAX : PIN_CHARACTERS_MAX;
		if (pin.max == 0 || pin.max > most)
			pin.max = most;
		contents->pins[contents->pin_count++] = pin;
	}
}

/* PathOrObjects { path Path, objects [0] SEQUENCE OF object } */
static void take_files(struct span value, struct file_path *paths, size_t *count,
	void (*parse)(struct span, struct contents *), struct contents *contents)
{
	struct tlv inner;

	if (tlv_find(value, CONSTRUCTED_0, &inner))
		parse(inner.value, contents);
	else if (*count < PKCS15_FILES_MAX && tlv_find(value, TLV_SEQUENCE, &inner) &&
		 take_path(inner.value, &paths[*count]))
		(*count)++;
}

void pkcs15_parse_odf(struct span odf, struct pkcs15_files *files, struct contents *contents)
{
	struct tlv_cursor c = tlv_walk(odf);
	struct tlv item;

	while (tlv_next(&c, &item) == ERR_OK) {
		switch (item.tag) {
		case ODF_PRIVATE_KEYS:
			take_files(item.value, files->keys, &files->key_count, pkcs15_parse_keys,
				contents);
			break;
		case ODF_CERTIFICATES:
			take_files(item.value, files->certificates, &files->certificate_count,
				pkcs15_parse_certificates, contents);
			break;
		case ODF_AUTH_OBJECTS:
			take_files(item.value, files->pins, &files->pin_count, pkcs15_parse_pins,
				contents);
			break;
		}
	}
}

/* AlgorithmInfo ::= SEQUENCE { reference, algorithm INTEGER, parameters, supportedOperations BIT
 * STRING, objId OPTIONAL, algRef INTEGER OPTIONAL } */
static void take_algorithm(struct span info, struct contents *contents)
{
	struct algorithm *a = &contents->algorithms[contents->algorithm_count];
	struct tlv_cursor c = tlv_walk(info);
	struct tlv item;

	a->reference = take_number(&c, TLV_INTEGER, 0);
	a->mechanism = take_number(&c, TLV_INTEGER, 0);
	if (tlv_next(&c, &item) != ERR_OK || !tlv_take(&c, TLV_BIT_STRING, &item))
		return;
	a->card_reference = tlv_find(c.rest, TLV_INTEGER, &item) && item.value.n == 1
				    ? item.value.at[0]
				    : NO_REFERENCE;
	contents->algorithm_count++;
}

void pkcs15_parse_token_info(struct span token_info, struct contents *contents)
{
	struct bytes serial = {0};
	struct tlv info, item;
	struct tlv_cursor c;

	if (!tlv_find(token_info, TLV_SEQUENCE, &info))
		return;
	c = tlv_walk(info.value);
	tlv_take(&c, TLV_INTEGER, &item);
	if (tlv_take(&c, TLV_OCTET_STRING, &item)) {
		hex_append(&serial, span_first(item.value, CONTENTS_SERIAL_MAX));
		take_text(bytes_span(&serial), contents->serial, sizeof(contents->serial));
		bytes_free(&serial);
	}
	tlv_take(&c, TLV_UTF8, &item);
	if (tlv_take(&c, CONTEXT_0, &item))
		take_text(item.value, contents->label, sizeof(contents->label));
	if (!tlv_find(c.rest, CONSTRUCTED_2, &item))
		return;
	c = tlv_walk(item.value);
	while (contents->algorithm_count < CONTENTS_ALGORITHMS_MAX &&
		tlv_take(&c, TLV_SEQUENCE, &item))
		take_algorithm(item.value, contents);
}

/* Application templates 61 { 4F AID, 50 label, 51 path, 73 ... } */
bool pkcs15_parse_dir(struct span dir, struct file_path *path)
{
	struct tlv_cursor c = tlv_walk(dir);
	struct tlv template, aid, place;

	while (tlv_next(&c, &template) == ERR_OK) {
		if (template.tag != 0x61 || !tlv_find(template.value, 0x4F, &aid) ||
			!span_equal(span_first(aid.value, pkcs15_aid().n), pkcs15_aid()))
			continue;
		if (!tlv_find(template.value, 0x51, &place) || place.value.n < 4 ||
			place.value.n % 2 || place.value.n > FILE_PATH_MAX - 2)
			return false;
		*path = (struct file_path){.n = place.value.n};
		memcpy(path->at, place.value.at, place.value.n);
		return true;
	}
	return false;
}

static const struct file_path odf_path = {.at = {0x50, 0x31}, .n = 2};
static const struct file_path token_info_path = {.at = {0x50, 0x32}, .n = 2};

/* Parses each of the files; one that can't be read is left out, unless the card itself is the
 * reason. */
static enum err read_files(struct file_system *fs, const struct file_path *paths, size_t count,
	void (*parse)(struct span, struct contents *), struct contents *contents, struct error *e)
{
	for (size_t i = 0; i < count; i++) {
		struct bytes content = {0};
		enum err code = file_read_objects(fs, &paths[i], &content, e);

		if (!code)
			parse(bytes_span(&content), contents);
		bytes_free(&content);
		if (code && code != ERR_NOT_FOUND && code != ERR_CARD_REFUSED &&
			code != ERR_CARD_DATA)
			return code;
	}
	return ERR_OK;
}

enum err pkcs15_read(struct file_system *fs, struct contents *contents, struct error *e)
{
	struct pkcs15_files files = {0};
	struct bytes odf = {0};
	enum err code;

	if ((code = file_read_objects(fs, &odf_path, &odf, e)))
		return code;
	pkcs15_parse_odf(bytes_span(&odf), &files, contents);
	bytes_free(&odf);
	if ((code = read_files(fs, &token_info_path, 1, pkcs15_parse_token_info, contents, e)) ||
		(code = read_files(
			 fs, files.keys, files.key_count, pkcs15_parse_keys, contents, e)) ||
		(code = read_files(fs, files.certificates, files.certificate_count,
			 pkcs15_parse_certificates, contents, e)))
		return code;
	return read_files(fs, files.pins, files.pin_count, pkcs15_parse_pins, contents, e);
}
