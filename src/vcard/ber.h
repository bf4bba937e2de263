/* Writing and reading BER-TLV (ITU-T X.690, ISO 7816-4 5.2.2) as the card's files, objects and
 * certificates need it. */
#ifndef EONAY_VCARD_BER_H
#define EONAY_VCARD_BER_H

#include "base/bytes.h"

/* Tags of ASN.1's universal class as they are written. */
enum ber_tag {
	BER_INTEGER = 0x02,
	BER_BIT_STRING = 0x03,
	BER_OCTET_STRING = 0x04,
	BER_OID = 0x06,
	BER_ENUMERATED = 0x0A,
	BER_UTF8_STRING = 0x0C,
	BER_PRINTABLE_STRING = 0x13,
	BER_IA5_STRING = 0x16,
	BER_BMP_STRING = 0x1E,
	BER_SEQUENCE = 0x30,
};

/* Begins a constructed object; the value returned is what ber_close() wants. Tags of up to three
 * bytes are written as they are given (0x7F49, 0xBF8101). */
size_t ber_open(struct bytes *out, unsigned tag);

/* Ends the object: its length is put before what was appended since. */
void ber_close(struct bytes *out, size_t mark);

/* One primitive object. */
void ber_put(struct bytes *out, unsigned tag, struct span value);
void ber_put_text(struct bytes *out, unsigned tag, const char *text);

/* An object of one byte, and one of two, high byte first. */
void ber_put_u8(struct bytes *out, unsigned tag, uint8_t value);
void ber_put_u16(struct bytes *out, unsigned tag, uint16_t value);

/* A non-negative INTEGER (or one under an implicit tag) in its shortest form (X.690 8.3). */
void ber_put_number(struct bytes *out, unsigned tag, unsigned long value);

/* An OBJECT IDENTIFIER given in dotted form, which must be well-formed. */
void ber_put_oid(struct bytes *out, const char *dotted);

/* Takes the next object off rest; false when what is left is not one whole object with a definite
 * length. */
bool ber_next(struct span *rest, unsigned *tag, struct span *value);

#endif
