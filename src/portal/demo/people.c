#include "portal/demo/people.h"

#include "base/base64.h"
#include "base/load.h"
#include "base/save.h"
#include "base/secret.h"
#include "base/text.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX 65536
#define FIELDS 6

/* RFC 7914 2; 16 MiB and some 50 ms. */
#define SCRYPT_N 16384
#define SCRYPT_R 8
#define SCRYPT_P 1
#define SCRYPT_MEMORY_MAX (32u << 20)

/* Whom a new file has. The first is the holder of the virtual card's certificates. */
static const struct {
	const char *tckn, *name, *role, *password;
} made_up[] = {
	{"10000000146", "Işıl Çağrı Yeşildağ", "", "deneme-146"},
	{"20000000282", "Ömer Güneş", "", "deneme-282"},
	{"30000000328", "Şükrü Özçelik", PEOPLE_OPERATOR, "deneme-328"},
};

static bool hash_password(struct span password, const uint8_t salt[16], uint8_t out[32])
{
	return EVP_PBE_scrypt((const char *)password.at, password.n, salt, 16, SCRYPT_N, SCRYPT_R,
		       SCRYPT_P, SCRYPT_MEMORY_MAX, out, 32) == 1;
}

/* What stands before the next separator, or all that is left. */
static struct span take_until(struct span *rest, char separator)
{
	const uint8_t *at = rest->n ? memchr(rest->at, separator, rest->n) : NULL;
	struct span piece = at ? span_first(*rest, (size_t)(at - rest->at)) : *rest;

	*rest = span_from(*rest, piece.n + 1);
	return piece;
}

static bool take_text(struct span field, char *out, size_t size)
{
	if (field.n >= size || !text_is_safe(field, NULL))
		return false;
	memcpy(out, field.at, field.n);
	out[field.n] = '\0';
	return true;
}

static bool take_coded(struct span field, uint8_t *out, size_t size)
{
	struct bytes bytes = {0};
	bool right = base64url_read(field, &bytes) && bytes.n == size;

	if (right)
		memcpy(out, bytes.at, size);
	bytes_free(&bytes);
	return right;
}

static enum err read_line(struct span line, size_t number, struct somebody *out, struct error *e)
{
	struct span fields[FIELDS], rest = line;
	size_t count = 0;

	while (rest.n && count < FIELDS)
		fields[count++] = take_until(&rest, ':');
	if (count != FIELDS || rest.n || !take_text(fields[0], out->tckn, sizeof(out->tckn)) ||
		!take_text(fields[1], out->name, sizeof(out->name)) ||
		!take_text(fields[3], out->hint, sizeof(out->hint)) ||
		!take_coded(fields[4], out->salt, sizeof(out->salt)) ||
		!take_coded(fields[5], out->hash, sizeof(out->hash)))
		return error_set(e, ERR_CONFIG_SYNTAX, "people.conf:%zu", number);
	out->operator= span_equal(fields[2], span_text(PEOPLE_OPERATOR));
	return text_is_tckn(out->tckn) ? ERR_OK : error_set(e, ERR_TCKN, "people.conf:%zu", number);
}

enum err people_read(struct span text, struct people *out, struct error *e)
{
	enum err code = ERR_OK;

	out->count = 0;
	for (size_t number = 1; text.n && !code; number++) {
		struct span line = take_until(&text, '\n');

		if (line.n == 0 || line.at[0] == '#')
			continue;
		if (out->count == PEOPLE_MAX)
			return error_set(e, ERR_TOO_LARGE, "people.conf:%zu", number);
		code = read_line(line, number, &out->at[out->count], e);
		out->count += !code;
	}
	return code;
}

static enum err write_person(size_t i, struct bytes *out, struct error *e)
{
	uint8_t salt[16], hash[32];

	if (RAND_bytes(salt, sizeof(salt)) != 1 ||
		!hash_password(span_text(made_up[i].password), salt, hash))
		return error_set(e, ERR_CRYPTO, "scrypt");
	bytes_append_format(out, "%s:%s:%s:%s:", made_up[i].tckn, made_up[i].name, made_up[i].role,
		made_up[i].password);
	base64url_append(out, span_of(salt, sizeof(salt)));
	bytes_append_text(out, ":");
	base64url_append(out, span_of(hash, sizeof(hash)));
	bytes_append_text(out, "\n");
	return ERR_OK;
}

static enum err make_file(const char *path, struct error *e)
{
	struct bytes text = {0};
	struct span part;
	enum err code = ERR_OK;

	bytes_append_text(
		&text, "# People of the demo: number:name:role:hint:salt:hash (scrypt)\n");
	for (size_t i = 0; i < sizeof(made_up) / sizeof(*made_up) && !code; i++)
		code = write_person(i, &text, e);
	part = bytes_span(&text);
	if (!code)
		code = save_new_file(path, &part, 1, e);
	bytes_free(&text);
	return code;
}

enum err people_load(const char *path, struct people *out, struct error *e)
{
	struct bytes text = {0};
	enum err code = access(path, F_OK) == 0 ? ERR_OK : make_file(path, e);

	if (!code)
		code = load_file(path, FILE_MAX, &text, e);
	if (!code)
		code = people_read(bytes_span(&text), out, e);
	bytes_free(&text);
	return code;
}

const struct somebody *people_find(const struct people *p, const char *tckn)
{
	for (size_t i = 0; i < p->count; i++) {
		if (strcmp(p->at[i].tckn, tckn) == 0)
			return &p->at[i];
	}
	return NULL;
}

const struct somebody *people_check(const struct people *p, const char *tckn, struct span password)
{
	static const struct somebody nobody;
	const struct somebody *found = people_find(p, tckn), *judged = found ? found : &nobody;
	uint8_t hash[32];
	bool right = hash_password(password, judged->salt, hash) &&
		     secret_equal(span_of(hash, sizeof(hash)),
			     span_of(judged->hash, sizeof(judged->hash)));

	explicit_bzero(hash, sizeof(hash));
	return right ? found : NULL;
}
