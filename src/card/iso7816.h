/* Commands of ISO 7816-4 and 7816-8 that a signature needs, and what their status words mean. */
#ifndef EONAY_CARD_ISO7816_H
#define EONAY_CARD_ISO7816_H

#include "card/apdu.h"

/* Status words of ISO 7816-4 5.6 that decide something here. */
enum {
	SW_OK = 0x9000,
	SW_END_OF_FILE = 0x6282,
	SW_VERIFY_FAILED = 0x6300, /* without a counter */
	SW_WRONG_LENGTH = 0x6700,
	SW_SECURITY_STATUS = 0x6982,
	SW_PIN_BLOCKED = 0x6983,
	SW_DATA_INVALID = 0x6984, /* AKiS v1: the PIN is blocked */
	SW_CONDITIONS = 0x6985,
	SW_WRONG_DATA = 0x6A80,
	SW_NOT_SUPPORTED = 0x6A81,
	SW_FILE_NOT_FOUND = 0x6A82,
	SW_WRONG_P1P2 = 0x6A86,
	SW_NO_REFERENCE = 0x6A88,
	SW_OUTSIDE_FILE = 0x6B00,
	SW_INS = 0x6D00,
	SW_CLA = 0x6E00,
};

/* SELECT (ISO 7816-4 11.2.2). P1: what the data is. P2: what is to be answered. */
enum iso_select_by {
	ISO_BY_ID = 0x00,
	ISO_CHILD_DF = 0x01,
	ISO_EF = 0x02,
	ISO_BY_NAME = 0x04,
	ISO_PATH = 0x08, /* from the MF, without its identifier */
};
enum iso_select_answer {
	ISO_FCI = 0x00,
	ISO_FCP = 0x04,
	ISO_NO_ANSWER = 0x0C,
	ISO_FCI_UNREAD = 0x100, /* P2 is 00, but no answer is asked for */
};

/* Control reference templates (ISO 7816-8, 7816-4 10.3): a digital signature's. */
#define ISO_CRT_DST 0xB6

/* A status word's meaning as an error; ERR_OK for 9000. What the table does not know is
 * ERR_CARD_REFUSED. Never a PIN error: those are judged where the VERIFY was sent (pin.h). */
enum err iso_meaning(unsigned sw);

/* iso_meaning() with e filled. */
enum err iso_error(struct error *e, unsigned sw, const char *where);

/* The number in 63Cx, -1 for any other status word. */
int iso_tries(unsigned sw);

/* Each sends one command; *sw is its status word. Errors are those of apdu_exchange(). */
enum err iso_select(struct channel *c, enum iso_select_by by, enum iso_select_answer answer,
	struct span data, struct bytes *fci, unsigned *sw, struct error *e);
enum err iso_read_binary(struct channel *c, size_t offset, unsigned ne, struct bytes *out,
	unsigned *sw, struct error *e);
enum err iso_get_data(
	struct channel *c, unsigned tag, struct bytes *out, unsigned *sw, struct error *e);

/* VERIFY with a PIN block; an empty one asks for the state (ISO 7816-4 11.5.6) and may cost a try
 * on cards not known to bear it: only drivers that know send it. */
enum err iso_verify(
	struct channel *c, uint8_t reference, struct span block, unsigned *sw, struct error *e);

/* RESET RETRY COUNTER (ISO 7816-4 11.5.10). P1: what the data is. */
enum iso_reset {
	ISO_RESET_CODE_AND_NEW = 0x00, /* the resetting code (PUK), then the new reference data */
	ISO_RESET_NEW = 0x02, /* the new reference data, the right to it being shown before */
};
enum err iso_reset_retry_counter(struct channel *c, enum iso_reset what, uint8_t reference,
	struct span block, unsigned *sw, struct error *e);

/* MANAGE SECURITY ENVIRONMENT, SET for computation, of template crt. */
enum err iso_mse_set(
	struct channel *c, uint8_t crt, struct span data, unsigned *sw, struct error *e);

/* PERFORM SECURITY OPERATION, COMPUTE DIGITAL SIGNATURE; ne is the signature's length or more. */
enum err iso_pso_sign(struct channel *c, struct span input, unsigned ne, struct bytes *out,
	unsigned *sw, struct error *e);

#endif
