#include "portal/code.h"

#include <inttypes.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

#define CODES UINT64_C(100000000000000000) /* 10^17 */
#define CODE_BITS 57                       /* 2^57 is the first power of two above CODES */

bool code_from_bits(uint64_t bits, char out[PORTAL_CODE_DIGITS + 1])
{
	uint64_t value = bits >> (64 - CODE_BITS);

	if (value >= CODES)
		return false;
	snprintf(out, PORTAL_CODE_DIGITS + 1, "%017" PRIu64, value);
	return true;
}

enum err code_generate(char out[PORTAL_CODE_DIGITS + 1], struct error *e)
{
	uint64_t bits;

	do {
		if (RAND_bytes((unsigned char *)&bits, sizeof(bits)) != 1)
			return error_set(e, ERR_CRYPTO, "RAND_bytes");
	} while (!code_from_bits(bits, out));
	explicit_bzero(&bits, sizeof(bits));
	return ERR_OK;
}

static bool consists_of(struct span text, size_t n, const char *alphabet)
{
	if (text.n != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (text.at[i] == '\0' || !strchr(alphabet, text.at[i]))
			return false;
	}
	return true;
}

bool code_is_wellformed(struct span text)
{
	return consists_of(text, PORTAL_CODE_DIGITS, "0123456789");
}

enum err id_generate(char out[PORTAL_ID_DIGITS + 1], struct error *e)
{
	uint8_t bits[PORTAL_ID_DIGITS / 2];

	if (RAND_bytes(bits, sizeof(bits)) != 1)
		return error_set(e, ERR_CRYPTO, "RAND_bytes");
	for (size_t i = 0; i < sizeof(bits); i++)
		snprintf(out + 2 * i, 3, "%02X", bits[i]);
	return ERR_OK;
}

bool id_is_wellformed(struct span text)
{
	return consists_of(text, PORTAL_ID_DIGITS, "0123456789ABCDEF");
}
