#include "vcard/security_objects.h"

#include <stdio.h>

#include <openssl/core_names.h>

#include "vcard/ber.h"

/* Classes of objects with the bit for "local to the DF", and what can be asked of them. */
enum {
	CLASS_PIN = 0x81,
	CLASS_PRIVATE_KEY = 0x90,
	CLASS_PUBLIC_KEY = 0xA0,
	TAG_HEADER_LIST = 0x4D,
	TAG_TEMPLATE = 0x70,
	TAG_PARAMETERS = 0xA0, /* DOCP */
	TAG_NAME = 0x84,
	TAG_TRIES_MAX = 0x9A,
	TAG_TRIES_LEFT = 0x9B,
	TAG_NON_REPUDIATION = 0x9E,
	TAG_KEY_BYTES = 0x80,
	TAG_PIN_DATA = 0x7F41,
	TAG_PUBLIC_KEY = 0x7F49,
	NUMBER_MAX = 512, /* bytes of a modulus or a point */
};

struct request {
	uint8_t class, id;
	unsigned tag; /* of what is asked for */
};

/* A header list element: a tag whose length 80 stands for "all of it" (ISO 7816-4, extended header lists). */
static bool read_asked(struct span s, unsigned *tag)
{
	if (s.n == 2 && s.at[1] == 0x80) {
		*tag = s.at[0];
		return true;
	}
	if (s.n == 3 && s.at[2] == 0x80 && (s.at[0] & 0x1F) == 0x1F) {
		*tag = (unsigned)(s.at[0] << 8 | s.at[1]);
		return true;
	}
	return false;
}

static bool read_request(struct span data, struct request *r)
{
	struct span list, template, object;
	unsigned tag;

	if (!ber_next(&data, &tag, &list) || data.n || tag != TAG_HEADER_LIST)
		return false;
	if (!ber_next(&list, &tag, &template) || list.n || tag != TAG_TEMPLATE)
		return false;
	if (!ber_next(&template, &tag, &object) || template.n || tag >> 16 != 0xBF)
		return false;
	r->class = (uint8_t)(tag >> 8);
	r->id = (uint8_t)tag;
	return read_asked(object, &r->tag);
}

static void put_name(struct bytes *out, const char *kind, unsigned number)
{
	char name[16];

	snprintf(name, sizeof(name), "%s %u", kind, number);
	ber_put_text(out, TAG_NAME, name);
}

static bool put_pin(struct card *c, const struct request *r, struct bytes *out)
{
	enum pin_name name = card_pin_of(c, 0x80 | r->id);
	size_t mark;

	if (name == PIN_COUNT || (r->tag != TAG_PARAMETERS && r->tag != TAG_PIN_DATA))
		return false;
	mark = ber_open(out, r->tag);
	if (r->tag == TAG_PARAMETERS) {
		put_name(out, name == PIN_USER ? "PIN" : "PUK", r->id);
		ber_put_u8(out, TAG_TRIES_MAX, c->state->pins[name].tries_max);
		ber_put_u8(out, TAG_TRIES_LEFT, c->state->pins[name].tries);
	} else {
		ber_put_u8(out, 0x80, c->profile->pin_max);
		ber_put_u8(out, 0x81, c->profile->pin_min);
	}
	ber_close(out, mark);
	return true;
}

static void put_rsa_number(struct bytes *out, unsigned tag, EVP_PKEY *key, const char *which)
{
	uint8_t value[NUMBER_MAX];
	BIGNUM *number = NULL;
	int n;

	if (EVP_PKEY_get_bn_param(key, which, &number) != 1)
		return;
	n = BN_num_bytes(number) <= NUMBER_MAX ? BN_bn2bin(number, value) : 0;
	ber_put(out, tag, span_of(value, (size_t)n));
	BN_free(number);
}

static void put_point(struct bytes *out, EVP_PKEY *key)
{
	uint8_t value[NUMBER_MAX];
	size_t n = 0;

	if (EVP_PKEY_get_octet_string_param(
		    key, OSSL_PKEY_PARAM_PUB_KEY, value, sizeof(value), &n) == 1)
		ber_put(out, 0x86, span_of(value, n));
}

static bool put_key(struct card *c, const struct request *r, struct bytes *out)
{
	struct state_key *k = state_key(c->state, r->id);
	size_t mark;

	if (!k || (r->tag != TAG_PARAMETERS &&
			  (r->tag != TAG_PUBLIC_KEY || r->class != CLASS_PUBLIC_KEY)))
		return false;
	mark = ber_open(out, r->tag);
	if (r->tag == TAG_PARAMETERS) {
		put_name(out, "KEY", r->id);
		ber_put_u8(out, TAG_NON_REPUDIATION, 1);
		ber_put_u16(out, TAG_KEY_BYTES, (uint16_t)((EVP_PKEY_get_bits(k->key) + 7) / 8));
	} else if (EVP_PKEY_get_base_id(k->key) == EVP_PKEY_RSA) {
		put_rsa_number(out, 0x81, k->key, OSSL_PKEY_PARAM_RSA_N);
		put_rsa_number(out, 0x82, k->key, OSSL_PKEY_PARAM_RSA_E);
	} else {
		put_point(out, k->key);
	}
	ber_close(out, mark);
	return true;
}

unsigned command_get_security_object(struct card *c, const struct command *cmd, struct bytes *out)
{
	struct request r;
	size_t template, object;
	bool found = false;

	if (cmd->p1 != 0x3F || cmd->p2 != 0xFF)
		return SW_P1P2;
	if (!read_request(cmd->data, &r))
		return SW_DATA;
	if (!card_in_application(c))
		return SW_NOT_FOUND;
	template = ber_open(out, TAG_TEMPLATE);
	object = ber_open(out, 0xBF0000 | (unsigned)r.class << 8 | r.id);
	if (r.class == CLASS_PIN)
		found = put_pin(c, &r, out);
	else if (r.class == CLASS_PRIVATE_KEY || r.class == CLASS_PUBLIC_KEY)
		found = put_key(c, &r, out);
	ber_close(out, object);
	ber_close(out, template);
	return found ? SW_OK : SW_NOT_FOUND;
}
