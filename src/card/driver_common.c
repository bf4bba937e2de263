/* What more than one driver needs. */
#include "card/driver.h"

#include "card/tlv.h"

enum err card_select_name(struct card *c, struct span name, unsigned *sw, struct error *e)
{
	struct bytes fci = {0};
	enum err code = iso_select(&c->channel, ISO_BY_NAME, ISO_FCI, name, &fci, sw, e);

	bytes_free(&fci);
	return code;
}

static void take_lengths(struct card *c, struct span info)
{
	struct tlv lengths, item;
	struct tlv_cursor cursor;
	unsigned nc, ne;

	/* A category indicator may stand before the objects. */
	if (info.n > 0 && info.at[0] == 0x80)
		info = span_from(info, 1);
	if (!tlv_find(info, 0x7F66, &lengths))
		return;
	cursor = tlv_walk(lengths.value);
	if (tlv_take(&cursor, TLV_INTEGER, &item) && tlv_number(item.value, &nc) &&
		tlv_take(&cursor, TLV_INTEGER, &item) && tlv_number(item.value, &ne) && nc > 16 &&
		ne > 2)
		channel_extend(&c->channel, nc - 9,
			ne - 2); /* they count header, length fields and status word */
}

enum err card_learn_lengths(struct card *c, struct error *e)
{
	static const uint8_t ef_atr[] = {0x2F, 0x01};
	struct bytes info = {0};
	unsigned sw = 0;
	enum err code =
		iso_select(&c->channel, ISO_PATH, ISO_NO_ANSWER, span_of(ef_atr, 2), &info, &sw, e);

	if (!code && sw == SW_OK) {
		code = iso_read_binary(&c->channel, 0, c->channel.ne, &info, &sw, e);
		if (!code)
			take_lengths(c, bytes_span(&info));
	}
	bytes_free(&info);
	return code;
}

void card_add_fixed(struct card *c, uint16_t file, struct bytes *der, uint8_t reference)
{
	struct contents *all = &c->contents;
	struct certificate_object *certificate;
	struct key_object *key;
	EVP_PKEY *public;

	if (all->certificate_count == CARD_CERTIFICATES_MAX || all->key_count == CONTENTS_KEYS_MAX)
		return;
	certificate = &all->certificates[all->certificate_count++];
	*certificate = (struct certificate_object){
		.id = {.at = {(uint8_t)(file >> 8), (uint8_t)file}, .n = 2}, .der = *der};
	*der = (struct bytes){0};
	if (!(public = signature_key(bytes_span(&certificate->der))))
		return;
	key = &all->keys[all->key_count++];
	*key = (struct key_object){.id = certificate->id, .signs = true, .reference = reference};
	key->kind = signature_scheme_fits(public, CARD_ECDSA) ? KEY_EC : KEY_RSA;
	EVP_PKEY_free(public);
}

static bool has_reference(const struct contents *c, uint8_t reference)
{
	for (size_t i = 0; i < c->pin_count; i++) {
		if (c->pins[i].reference == reference)
			return true;
	}
	return false;
}

void card_add_puk(struct card *c, uint8_t reference)
{
	struct contents *all = &c->contents;
	const size_t count = all->pin_count;

	for (size_t i = 0; i < count && count < CONTENTS_PINS_MAX; i++) {
		struct pin_object puk = all->pins[i];

		if (puk.reference != reference || contents_puk_of(all, &all->pins[i]) ||
			has_reference(all, reference + 1))
			continue;
		puk.reference++;
		puk.unblocking = true;
		puk.auth_id = all->pins[i].guard;
		all->pins[all->pin_count++] = puk;
		return;
	}
}

void card_add_fixed_pins(
	struct card *c, uint8_t reference, enum pin_coding coding, unsigned min, unsigned max)
{
	c->contents.pins[0] = (struct pin_object){.coding = coding,
		.min = min,
		.max = max,
		.reference = reference,
		.initialized = true};
	c->contents.pin_count = 1;
	card_add_puk(c, reference);
}
