#include "portal/demo/pki_private.h"

#include "base/load.h"
#include "base/save.h"
#include "sign/certificate.h"
#include "sign/crypto.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX 65536

static char *path_of(const char *directory, const char *name)
{
	struct bytes path = {0};

	bytes_append_format(&path, "%s/%s", directory, name);
	bytes_text(&path);
	return (char *)path.at;
}

/* The PEM text of parts, with or without their keys, in a BIO. NULL when OpenSSL can't. */
static BIO *write_pem(const struct pki *p, unsigned from, unsigned to, bool keys)
{
	BIO *memory = BIO_new(BIO_s_mem());

	for (unsigned i = from; memory && i < to; i++) {
		if (PEM_write_bio_X509(memory, p->part[i].x) == 1 &&
			(!keys || PEM_write_bio_PrivateKey(
					  memory, p->part[i].key, NULL, NULL, 0, NULL, NULL) == 1))
			continue;
		BIO_free(memory);
		return NULL;
	}
	return memory;
}

static struct span text_of(BIO *memory)
{
	char *at = NULL;
	long n = BIO_get_mem_data(memory, &at);

	return span_of(at, n > 0 ? (size_t)n : 0);
}

/* Another process may be making the same: the first one's stays. */
static enum err make_files(const char *path, struct error *e)
{
	struct pki fresh = {0};
	BIO *memory = NULL;
	struct span text;
	enum err code = pki_make(&fresh, e);

	if (!code && !(memory = write_pem(&fresh, PKI_ROOT, PKI_PARTS, true)))
		code = error_set(e, ERR_CRYPTO, "%s", path);
	if (!code) {
		text = text_of(memory);
		code = save_new_file(path, &text, 1, e);
	}
	BIO_free(memory);
	for (unsigned i = 0; i < PKI_PARTS; i++) {
		X509_free(fresh.part[i].x);
		EVP_PKEY_free(fresh.part[i].key);
	}
	return code == ERR_FILE_EXISTS ? ERR_OK : code;
}

static bool read_parts(struct pki *p, struct span text)
{
	BIO *memory = BIO_new_mem_buf(text.at, (int)text.n);
	bool done = memory != NULL;

	for (unsigned i = 0; done && i < PKI_PARTS; i++) {
		p->part[i].x = PEM_read_bio_X509(memory, NULL, NULL, NULL);
		p->part[i].key = PEM_read_bio_PrivateKey(memory, NULL, NULL, NULL);
		done = p->part[i].x && p->part[i].key &&
		       X509_check_private_key(p->part[i].x, p->part[i].key) == 1;
	}
	BIO_free(memory);
	return done;
}

static enum err read_name(struct pki *p, struct error *e)
{
	struct certificate_info info;
	struct bytes der = {0};
	uint8_t *at = NULL;
	int n = i2d_X509(p->part[PKI_CA].x, &at);
	enum err code;

	if (n > 0)
		bytes_append(&der, span_of(at, (size_t)n));
	OPENSSL_free(at);
	code = certificate_read(bytes_span(&der), &info, e);
	snprintf(p->ca_name, sizeof(p->ca_name), "%s", info.holder);
	bytes_free(&der);
	return code;
}

static enum err read_files(struct pki *p, const char *path, struct error *e)
{
	struct bytes text = {0};
	enum err code = load_file(path, FILE_MAX, &text, e);

	if (!code && !read_parts(p, bytes_span(&text)))
		code = error_set(e, ERR_CERTIFICATE, "%s", path);
	bytes_wipe(&text);
	return code ? code : read_name(p, e);
}

/* What others read is there with the same content, or nothing is served: an authority that was made anew beside what the old
 * one has left would refuse every card without anyone knowing why. */
static enum err give_out(const char *path, BIO *memory, struct error *e)
{
	struct bytes there = {0};
	struct span text;
	enum err code;

	if (!memory)
		return error_set(e, ERR_CRYPTO, "%s", path);
	text = text_of(memory);
	code = save_new_file(path, &text, 1, e);
	if (code == ERR_FILE_EXISTS && load_file(path, FILE_MAX, &there, NULL) == ERR_OK &&
		span_equal(bytes_span(&there), text))
		code = ERR_OK;
	bytes_wipe(&there);
	BIO_free(memory);
	return code;
}

static enum err open_in(struct pki *p, const char *directory, struct error *e)
{
	char *all = path_of(directory, "pki.pem"), *issuer = path_of(directory, "issuer.pem");
	enum err code = access(all, F_OK) == 0 ? ERR_OK : make_files(all, e);

	p->trust_path = path_of(directory, "trust.pem");
	if (!code)
		code = read_files(p, all, e);
	if (!code)
		code = give_out(issuer, write_pem(p, PKI_CA, PKI_CA + 1, true), e);
	if (!code)
		code = give_out(p->trust_path, write_pem(p, PKI_ROOT, PKI_CA + 1, false), e);
	free(all);
	free(issuer);
	return code;
}

enum err pki_open(const char *directory, struct pki **out, struct error *e)
{
	struct pki *p = must_zalloc(sizeof(*p));
	enum err code;

	*out = NULL;
	ERR_set_mark();
	code = crypto_context() ? open_in(p, directory, e) : error_set(e, ERR_CRYPTO, "OpenSSL");
	ERR_pop_to_mark();
	if (code)
		pki_close(p);
	else
		*out = p;
	return code;
}

void pki_close(struct pki *p)
{
	if (!p)
		return;
	for (unsigned i = 0; i < PKI_PARTS; i++) {
		X509_free(p->part[i].x);
		EVP_PKEY_free(p->part[i].key);
	}
	free(p->trust_path);
	free(p);
}

static void fill(char **setting, const char *origin, const char *rest)
{
	struct bytes text = {0};

	if (**setting)
		return;
	bytes_append_format(&text, "%s%s", origin, rest);
	settings_replace(setting, bytes_text(&text));
	bytes_free(&text);
}

void pki_fill_settings(const struct pki *p, const char *origin, struct portal_settings *settings)
{
	fill(&settings->trust, p->trust_path, "");
	fill(&settings->ocsp_url, origin, PKI_PATH "/ocsp");
	fill(&settings->crl_url, origin, PKI_PATH "/crl");
	fill(&settings->ca_crl_url, origin, PKI_PATH "/root-crl");
	fill(&settings->timestamp_url, origin, PKI_PATH "/tsa");
	fill(&settings->timestamp_trust, p->trust_path, "");
	fill(&settings->timestamp_ocsp_url, origin, PKI_PATH "/ocsp");
	fill(&settings->timestamp_crl_url, origin, PKI_PATH "/crl");
}
