#include "portal/command.h"

#include "base/clock.h"
#include "base/hex.h"
#include "base/save.h"
#include "base/text.h"
#include "portal/stamp.h"

#include <stdio.h>
#include <string.h>

static void print_time(const char *what, int64_t t)
{
	char text[20];

	clock_format_local(t, text);
	printf("%s: %s\n", what, text);
}

/* What was learned when the signature was accepted. */
static void print_evidence(const struct signature *s)
{
	static const char *const sources[] = {NULL, "OCSP", "CRL"};
	char at[20];

	clock_format_local(s->status_at, at);
	if (s->status_source != STATUS_NONE)
		printf("%s: %s, %s\n", _("Sertifika geçerliliği"), sources[s->status_source], at);
	if (s->time_stamp.n)
		printf("%s: %zu %s\n", _("Zaman damgası"), s->time_stamp.n, _("bayt"));
}

static void print_signature(const struct signature *s)
{
	struct bytes hash = {0};

	hex_append(&hash, span_of(s->sha256, sizeof(s->sha256)));
	printf("%s: %s\n", _("Makbuz"), s->receipt);
	print_time(_("Kabul"), s->accepted_at);
	printf("%s: %zu %s, SHA-256 %s\n", _("İmza"), s->cms.n, _("bayt"), bytes_text(&hash));
	print_evidence(s);
	bytes_free(&hash);
}

static void print_session(const struct session *s)
{
	char masked[12];

	text_mask_tckn(s->tckn, masked);
	printf("%s: %s\n%s: %s\n", _("Oturum"), s->id, _("Durum"),
		session_state_name(s, clock_wall_s()));
	printf("%s: %s %s\n", _("Kişi"), masked, s->person);
	print_time(_("Oluşturma"), s->created);
	print_time(_("Son geçerlilik"), s->expires);
	if (*s->kiosk)
		printf("%s: %s\n", _("Kiosk"), s->kiosk);
	if (*s->reason)
		printf("%s: %s\n", _("Vazgeçme nedeni"), s->reason);
}

/* Writes what is wanted and there. */
static enum err write_part(const char *path, const struct bytes *what, struct error *e)
{
	struct span part = bytes_span(what);

	if (!path)
		return ERR_OK;
	if (part.n == 0)
		return error_set(e, ERR_RECORD_UNKNOWN, "%s", path);
	if (strcmp(path, "-") != 0)
		return save_new_file(path, &part, 1, e);
	if (fwrite(part.at, 1, part.n, stdout) != part.n)
		return error_set_errno(e, ERR_FILE_WRITE, "stdout");
	return ERR_OK;
}

static enum err write_parts(const struct options *o, const struct signature *s, struct error *e)
{
	struct bytes file = {0};
	enum err code = o->output ? stamp_put_in(s, &file, e) : ERR_OK;

	if (!code)
		code = write_part(o->output, &file, e);
	bytes_free(&file);
	if (!code)
		code = write_part(o->submitted, &s->cms, e);
	if (!code)
		code = write_part(o->status, &s->status_response, e);
	return code ? code : write_part(o->stamp, &s->time_stamp, e);
}

static enum err show(struct store *store, const struct options *o, struct error *e)
{
	struct signature signature = {0};
	struct session session;
	bool writes = o->output || o->submitted || o->status || o->stamp;
	enum err code = store_find_by_id(store, o->argument, &session, e);

	if (!code && session.state == SESSION_SIGNED)
		code = store_read_signature(store, o->argument, &signature, e);
	else if (!code && writes)
		code = error_set(e, ERR_RECORD_UNKNOWN, "signature");
	if (!code && writes)
		code = write_parts(o, &signature, e);
	else if (!code) {
		print_session(&session);
		if (session.state == SESSION_SIGNED)
			print_signature(&signature);
	}
	signature_free(&signature);
	return code;
}

enum err command_show(const struct options *o, struct error *e)
{
	return o->argument ? command_on_store(o, false, show, e) : error_set(e, ERR_USAGE, "ID");
}
