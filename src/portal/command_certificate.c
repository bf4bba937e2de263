#include "portal/command.h"

#include "base/clock.h"
#include "base/load.h"
#include "base/text.h"
#include "portal/store/store_registry.h"
#include "sign/certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>

#define FILE_MAX (1u << 20)

/* Indexed by enum registered_status. */
static const char *const words[] = {"valid", "suspended", "revoked"};

/* ---- add */

static enum err add_one(struct store *store, struct span der, struct error *e)
{
	struct certificate_info info;
	struct registered r = {.status = REGISTERED_VALID, .status_at = clock_wall_s()};
	bool fresh = false;
	enum err code = certificate_read(der, &info, e);

	if (!code && !text_is_tckn(info.tckn))
		code = error_set(e, ERR_TCKN, "certificate %s", info.serial);
	if (code)
		return code;
	snprintf(r.serial, sizeof(r.serial), "%s", info.serial);
	snprintf(r.issuer, sizeof(r.issuer), "%s", info.issuer);
	snprintf(r.tckn, sizeof(r.tckn), "%s", info.tckn);
	snprintf(r.holder, sizeof(r.holder), "%s", info.holder);
	r.not_before = info.not_before;
	r.not_after = info.not_after;
	bytes_append(&r.der, der);
	code = store_add_certificate(store, &r, &fresh, e);
	if (!code)
		printf("%s %s\n", r.serial, fresh ? _("eklendi") : _("zaten kayıtlı"));
	registered_free(&r);
	return code;
}

/* Every certificate of a PEM text; *count is how many there were. What stands behind the last one is left alone, unless it
 * begins like another one. */
static enum err add_pem(
	struct store *store, const char *path, struct span text, size_t *count, struct error *e)
{
	BIO *memory = BIO_new_mem_buf(text.at, (int)text.n);
	uint8_t *der = NULL;
	long n = 0;
	enum err code = ERR_OK;

	ERR_set_mark();
	while (!code && memory &&
		PEM_bytes_read_bio(&der, &n, NULL, PEM_STRING_X509, memory, NULL, NULL) == 1) {
		++*count;
		code = add_one(store, span_of(der, (size_t)n), e);
		OPENSSL_free(der);
	}
	if (!code && ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		code = error_set(e, ERR_CERTIFICATE, "%s: certificate %zu", path, *count + 1);
	ERR_pop_to_mark();
	BIO_free(memory);
	return code;
}

static enum err add_file(struct store *store, const char *path, struct error *e)
{
	struct bytes content = {0};
	size_t count = 0;
	enum err code = load_file(path, FILE_MAX, &content, e);

	if (!code)
		code = add_pem(store, path, bytes_span(&content), &count, e);
	if (!code && count == 0)
		code = add_one(store, bytes_span(&content), e);
	bytes_free(&content);
	return code;
}

static enum err judge_files(struct options *o, struct error *e)
{
	return o->argument_count > 1 ? ERR_OK : error_set(e, ERR_USAGE, "add FILE");
}

static enum err add(struct store *store, const struct options *o, struct error *e)
{
	enum err code = ERR_OK;

	for (size_t i = 1; !code && i < o->argument_count; i++)
		code = add_file(store, o->arguments[i], e);
	return code;
}

/* ---- list, status */

static bool print_line(const struct registered *r, void *context)
{
	char until[20];

	(void)context;
	clock_format_local(r->not_after, until);
	printf("%s %-9s %s  ", r->serial, words[r->status], until);
	command_print(stdout, r->issuer);
	putchar('\n');
	return true;
}

static enum err list(struct store *store, const struct options *o, struct error *e)
{
	return store_list_certificates(store, o->person, print_line, NULL, e);
}

static void print_certificate(const struct registered *r)
{
	char masked[12], when[20];

	text_mask_tckn(r->tckn, masked);
	print_line(r, NULL);
	clock_format_local(r->status_at, when);
	printf("%s: %s ", _("Kişi"), masked);
	command_print(stdout, r->holder);
	printf("\n%s: %s %s\n", _("Durum tarihi"), when, r->reason);
}

#define WORDS (sizeof(words) / sizeof(*words))

/* WORDS when it is none of them. */
static size_t status_named(const char *word)
{
	size_t i = 0;

	while (i < WORDS && strcmp(word, words[i]) != 0)
		i++;
	return i;
}

static enum err judge_status(struct options *o, struct error *e)
{
	if (o->argument_count < 2 || o->argument_count > 3)
		return error_set(e, ERR_USAGE, "status SERIAL [STATUS]");
	if (o->argument_count == 3 && status_named(o->arguments[2]) == WORDS)
		return error_set(e, ERR_USAGE, "status %s", o->arguments[2]);
	return ERR_OK;
}

/* What has the status already keeps the time since when it has it. */
static enum err change(
	struct store *store, const struct registered *r, const char *word, struct error *e)
{
	enum registered_status to = (enum registered_status)status_named(word);

	return to == r->status ? ERR_OK
			       : store_change_certificate(store, r->serial, r->tckn, r->status, to,
					 "command", clock_wall_s(), e);
}

static enum err status(struct store *store, const struct options *o, struct error *e)
{
	struct registered r = {0};
	enum err code = store_find_certificate(store, o->arguments[1], NULL, &r, e);

	if (!code && o->argument_count == 3)
		code = change(store, &r, o->arguments[2], e);
	else if (!code)
		print_certificate(&r);
	registered_free(&r);
	return code;
}

/* ---- */

enum err command_certificate(const struct options *o, struct error *e)
{
	static const struct command_action actions[] = {{"add", true, judge_files, add},
		{"list", false, options_take_person, list}, {"status", false, judge_status, status},
		{0}};

	return command_act(actions, "certificate", o, e);
}
