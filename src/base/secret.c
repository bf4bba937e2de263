#include "base/secret.h"

#include <openssl/crypto.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define SECURE_HEAP                                                                                \
	(64 * 1024) /* bytes, a power of two; 64 KiB is the mlock limit of older systems */
#define SECURE_SMALLEST 16

enum err secret_init(struct error *e)
{
	const struct rlimit none = {0, 0};

	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || setrlimit(RLIMIT_CORE, &none) != 0)
		return error_set_errno(e, ERR_SECRET_MEMORY, "PR_SET_DUMPABLE, RLIMIT_CORE");
	if (CRYPTO_secure_malloc_initialized())
		return ERR_OK;
	if (CRYPTO_secure_malloc_init(SECURE_HEAP, SECURE_SMALLEST) != 1) {
		CRYPTO_secure_malloc_done();
		return error_set_errno(e, ERR_SECRET_MEMORY, "mlock %d", SECURE_HEAP);
	}
	return ERR_OK;
}

bool secret_ready(void)
{
	return CRYPTO_secure_malloc_initialized() == 1;
}

bool secret_append(struct secret *s, uint8_t byte)
{
	if (s->n >= SECRET_MAX || !secret_ready())
		return false;
	if (!s->at && !(s->at = OPENSSL_secure_zalloc(SECRET_MAX)))
		return false;
	s->at[s->n++] = byte;
	return true;
}

void secret_drop_last(struct secret *s)
{
	if (s->n > 0)
		s->at[--s->n] = 0;
}

bool secret_set(struct secret *s, struct span from)
{
	secret_wipe(s);
	for (size_t i = 0; i < from.n; i++) {
		if (!secret_append(s, from.at[i])) {
			secret_wipe(s);
			return false;
		}
	}
	return true;
}

struct span secret_span(const struct secret *s)
{
	return span_of(s->at, s->n);
}

void secret_wipe(struct secret *s)
{
	OPENSSL_secure_clear_free(s->at, SECRET_MAX);
	*s = (struct secret){0};
}

bool secret_equal(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || CRYPTO_memcmp(a.at, b.at, a.n) == 0);
}
