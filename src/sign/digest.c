#include "sign/digest.h"

#include "sign/crypto.h"

static const struct {
	const char *name;
	size_t size;
} digests[] = {
	[DIGEST_NONE] = {"", 0},
	[DIGEST_SHA256] = {"SHA-256", 32},
	[DIGEST_SHA384] = {"SHA-384", 48},
	[DIGEST_SHA512] = {"SHA-512", 64},
};

const char *digest_name(enum digest d)
{
	return digests[d].name;
}

size_t digest_size(enum digest d)
{
	return digests[d].size;
}

enum err digest_of(enum digest d, struct span s, uint8_t *out, struct error *e)
{
	EVP_MD_CTX *c = crypto_digest_begin(d);
	bool done =
		c && EVP_DigestUpdate(c, s.at, s.n) == 1 && EVP_DigestFinal_ex(c, out, NULL) == 1;

	EVP_MD_CTX_free(c);
	return done ? ERR_OK : error_set(e, ERR_CRYPTO, "%s", digest_name(d));
}
