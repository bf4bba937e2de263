#include "card/iso7816.h"

/* ISO 7816-4 table 6, and what AKiS adds. Rows with mask 0xFF00 stand for a whole group and come
 * last. */
static const struct {
	unsigned sw, mask;
	enum err meaning;
} meanings[] = {
	{SW_OK, 0xFFFF, ERR_OK}, {SW_FILE_NOT_FOUND, 0xFFFF, ERR_NOT_FOUND},
	{0x6A83, 0xFFFF, ERR_NOT_FOUND}, /* no such record */
	{SW_NO_REFERENCE, 0xFFFF, ERR_NOT_FOUND}, {SW_OUTSIDE_FILE, 0xFFFF, ERR_NOT_FOUND},
	{SW_NOT_SUPPORTED, 0xFFFF, ERR_ALGORITHM},
	{0x6281, 0xFFFF, ERR_CARD_DATA}, /* part of the answer may be corrupted; AKiS: checksum */
	{0x6283, 0xFFFF, ERR_CARD_DEAD}, /* deactivated */
	{0x6285, 0xFFFF, ERR_CARD_DEAD}, /* terminated */
	{0x6401, 0xFFFF, ERR_CARD_DEAD}, /* AKiS: situation table */
	{0x6404, 0xFFFF, ERR_NOT_FOUND}, /* AKiS: no such DF */
	{0x6412, 0xFFFF, ERR_NOT_FOUND}, /* AKiS: file identifier */
	{0x6413, 0xFFFF, ERR_NOT_FOUND}, {0x6419, 0xFFFF, ERR_NO_KEY}, /* AKiS: no key */
	{0x6987, 0xFFFF, ERR_NO_KEY},                                  /* AKiS: key not loaded */
	{0x641A, 0xFFFF, ERR_NOT_FOUND},                               /* AKiS: no PIN */
	{0x641C, 0xFFFC, ERR_CARD_DEAD}, /* AKiS: memory faults 641C-641F, 6420 */
	{0x6420, 0xFFFF, ERR_CARD_DEAD}, {0x6500, 0xFF00, ERR_CARD_IO}, /* memory failure */
};

enum err iso_meaning(unsigned sw)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		if ((sw & meanings[i].mask) == meanings[i].sw)
			return meanings[i].meaning;
	}
	return ERR_CARD_REFUSED;
}

enum err iso_error(struct error *e, unsigned sw, const char *where)
{
	return error_set_sw(e, iso_meaning(sw), sw, where);
}

int iso_tries(unsigned sw)
{
	return (sw & 0xFFF0) == 0x63C0 ? (int)(sw & 0x0F) : -1;
}

enum err iso_select(struct channel *c, enum iso_select_by by, enum iso_select_answer answer,
	struct span data, struct bytes *fci, unsigned *sw, struct error *e)
{
	bool silent = answer == ISO_NO_ANSWER || answer == ISO_FCI_UNREAD;
	struct apdu a = {0x00, 0xA4, (uint8_t)by, (uint8_t)answer, data, silent ? 0 : c->ne};

	return apdu_exchange(c, &a, fci, sw, e);
}

enum err iso_read_binary(struct channel *c, size_t offset, unsigned ne, struct bytes *out,
	unsigned *sw, struct error *e)
{
	struct apdu a = {0x00, 0xB0, (uint8_t)(offset >> 8 & 0x7F), (uint8_t)offset, {0}, ne};

	return apdu_exchange(c, &a, out, sw, e);
}

enum err iso_get_data(
	struct channel *c, unsigned tag, struct bytes *out, unsigned *sw, struct error *e)
{
	struct apdu a = {0x00, 0xCA, (uint8_t)(tag >> 8), (uint8_t)tag, {0}, c->ne};

	return apdu_exchange(c, &a, out, sw, e);
}

enum err iso_verify(
	struct channel *c, uint8_t reference, struct span block, unsigned *sw, struct error *e)
{
	struct apdu a = {0x00, 0x20, 0x00, reference, block, 0};

	return apdu_send(c, &a, sw, e);
}

enum err iso_reset_retry_counter(struct channel *c, enum iso_reset what, uint8_t reference,
	struct span block, unsigned *sw, struct error *e)
{
	struct apdu a = {0x00, 0x2C, (uint8_t)what, reference, block, 0};

	return apdu_send(c, &a, sw, e);
}

enum err iso_mse_set(
	struct channel *c, uint8_t crt, struct span data, unsigned *sw, struct error *e)
{
	struct apdu a = {0x00, 0x22, 0x41, crt, data, 0};

	return apdu_send(c, &a, sw, e);
}

enum err iso_pso_sign(struct channel *c, struct span input, unsigned ne, struct bytes *out,
	unsigned *sw, struct error *e)
{
	struct apdu a = {0x00, 0x2A, 0x9E, 0x9A, input, ne};

	return apdu_exchange(c, &a, out, sw, e);
}
