#include "portal/command.h"

#include "base/clock.h"
#include "base/hex.h"
#include "base/save.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static void print_time(const char *what, int64_t t)
{
	char text[20];

	clock_format_local(t, text);
	printf("%s: %s\n", what, text);
}

static void print_signature(const struct signature *s)
{
	struct bytes hash = {0};

	hex_append(&hash, span_of(s->sha256, sizeof(s->sha256)));
	printf("%s: %s\n", _("Makbuz"), s->receipt);
	print_time(_("Kabul"), s->accepted_at);
	printf("%s: %zu %s, SHA-256 %s\n", _("İmza"), s->cms.n, _("bayt"), bytes_text(&hash));
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

static enum err write_signature(const char *path, const struct signature *s, struct error *e)
{
	struct span part = bytes_span(&s->cms);

	if (strcmp(path, "-") != 0)
		return save_new_file(path, &part, 1, e);
	if (fwrite(part.at, 1, part.n, stdout) != part.n || fflush(stdout) != 0)
		return error_set_errno(e, ERR_FILE_WRITE, "stdout");
	return ERR_OK;
}

static enum err show(struct store *store, const struct options *o, struct error *e)
{
	struct signature signature = {0};
	struct session session;
	enum err code = store_find_by_id(store, o->argument, &session, e);

	if (!code && (session.state == SESSION_SIGNED || o->output))
		code = store_read_signature(store, o->argument, &signature, e);
	if (!code && o->output)
		code = write_signature(o->output, &signature, e);
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
	struct portal_settings settings = {0};
	struct store *store = NULL;
	enum err code;

	if (!o->argument)
		return error_set(e, ERR_USAGE, "ID");
	code = options_settings(o, &settings, e);
	if (!code)
		code = store_open(settings.database, false, &store, e);
	if (!code)
		code = show(store, o, e);
	store_close(store);
	settings_release(&settings);
	return code;
}
