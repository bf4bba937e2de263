#include "portal/tls.h"

#include <pthread.h>
#include <string.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static gnutls_certificate_credentials_t current; /* one chain and its key; NULL: none */

static void replace(gnutls_certificate_credentials_t by)
{
	gnutls_certificate_credentials_t before;

	pthread_mutex_lock(&mutex);
	before = current;
	current = by;
	pthread_mutex_unlock(&mutex);
	if (before)
		gnutls_certificate_free_credentials(before);
}

static gnutls_datum_t datum(const char *text)
{
	return (gnutls_datum_t){.data = (unsigned char *)text, .size = (unsigned)strlen(text)};
}

enum err tls_set_certificate(const char *certificate, const char *private_key, struct error *e)
{
	const gnutls_datum_t chain = datum(certificate), key = datum(private_key);
	gnutls_certificate_credentials_t fresh = NULL;
	int result = gnutls_certificate_allocate_credentials(&fresh);

	if (result >= 0)
		result = gnutls_certificate_set_x509_key_mem(
			fresh, &chain, &key, GNUTLS_X509_FMT_PEM);
	if (result >= 0) {
		replace(fresh);
		return ERR_OK;
	}
	if (fresh)
		gnutls_certificate_free_credentials(fresh);
	return error_set(e, ERR_LISTEN, "certificate or key: %s", gnutls_strerror(result));
}

void tls_forget_certificate(void)
{
	replace(NULL);
}

static int copy_current(gnutls_x509_crt_t **chain, unsigned *length, gnutls_x509_privkey_t *key)
{
	int result;

	pthread_mutex_lock(&mutex);
	result = gnutls_certificate_get_x509_crt(current, 0, chain, length);
	if (result >= 0)
		result = gnutls_certificate_get_x509_key(current, 0, key);
	pthread_mutex_unlock(&mutex);
	return result;
}

static void free_chain(gnutls_x509_crt_t *chain, unsigned length)
{
	for (unsigned i = 0; i < length; i++)
		gnutls_x509_crt_deinit(chain[i]);
	gnutls_free(chain);
}

/* What the library releases is of its own allocator. */
static int import_chain(gnutls_x509_crt_t *from, unsigned *length, gnutls_pcert_st **to)
{
	gnutls_pcert_st *chain = gnutls_calloc(*length, sizeof(*chain));
	int result = GNUTLS_E_MEMORY_ERROR;

	if (chain)
		result = gnutls_pcert_import_x509_list(chain, from, length, 0);
	if (result >= 0)
		*to = chain;
	else
		gnutls_free(chain);
	return result;
}

/* Takes from. */
static int import_key(gnutls_x509_privkey_t from, gnutls_privkey_t *to)
{
	gnutls_privkey_t key = NULL;
	int result = gnutls_privkey_init(&key);

	if (result >= 0)
		result = gnutls_privkey_import_x509(key, from, GNUTLS_PRIVKEY_IMPORT_AUTO_RELEASE);
	if (result >= 0) {
		*to = key;
		return result;
	}
	gnutls_x509_privkey_deinit(from);
	if (key)
		gnutls_privkey_deinit(key);
	return result;
}

int tls_copy_certificate(gnutls_session_t session, const struct gnutls_cert_retr_st *info,
	gnutls_pcert_st **chain, unsigned *length, gnutls_ocsp_data_st **ocsp,
	unsigned *ocsp_length, gnutls_privkey_t *key, unsigned *flags)
{
	gnutls_x509_crt_t *certificates = NULL;
	gnutls_x509_privkey_t private_key = NULL;
	int result;

	(void)session, (void)info;
	*chain = NULL;
	*key = NULL;
	*length = *ocsp_length = 0;
	*ocsp = NULL;
	*flags = GNUTLS_CERT_RETR_DEINIT_ALL;
	result = copy_current(&certificates, length, &private_key);
	if (result >= 0)
		result = import_key(private_key, key);
	if (result >= 0)
		result = import_chain(certificates, length, chain);
	if (result < 0 && *key)
		gnutls_privkey_deinit(*key);
	free_chain(certificates, *length);
	return result < 0 ? -1 : 0;
}
