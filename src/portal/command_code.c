#include "portal/command.h"

#include "base/clock.h"
#include "base/load.h"
#include "base/text.h"
#include "portal/consent.h"
#include "sign/content.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A login's text names its session, so that no signature serves for another one. */
static enum err use_text_of_purpose(const struct portal_settings *settings, const struct session *s,
	struct texts *out, struct error *e)
{
	if (s->purpose == SESSION_CONSENT)
		return consent_load(settings->consent_text_file, out, e);
	bytes_append_format(&out->at[0],
		"Online İşlemler'e e-İmza ile giriş yapmak istiyorum.\nİstek no: %s", s->id);
	out->count = 1;
	return ERR_OK;
}

static enum err read_texts(const struct options *o, const struct portal_settings *settings,
	const struct session *s, struct texts *out, struct error *e)
{
	enum err code = ERR_OK;

	if (s->purpose == SESSION_UNBLOCK)
		return o->text_count ? error_set(e, ERR_USAGE, "--text") : ERR_OK;
	if (o->text_count == 0)
		return use_text_of_purpose(settings, s, out, e);
	for (size_t i = 0; i < o->text_count && !code; i++) {
		code = load_file(o->texts[i], CONTENT_MAX, &out->at[i], e);
		out->count = i + 1;
	}
	return code ? code : texts_judge(out, e);
}

static enum err read_person(const struct options *o, char out[SESSION_PERSON_MAX], struct error *e)
{
	const char *name = o->name ? o->name : "";

	if (strlen(name) >= SESSION_PERSON_MAX || strchr(name, '\n') ||
		!text_is_safe(span_text(name), NULL))
		return error_set(e, ERR_USAGE, "--name");
	memcpy(out, name, strlen(name) + 1);
	return ERR_OK;
}

static enum err make_session(const struct portal_settings *settings, struct session *s,
	char code_text[PORTAL_CODE_DIGITS + 1], struct error *e)
{
	struct server_key key;
	enum err code = settings_load_key(settings, &key, e);

	if (!code)
		code = id_generate(s->id, e);
	if (!code)
		code = code_generate(code_text, e);
	if (!code)
		code = key_mac(
			&key, KEY_CODE, span_text(code_text), (struct span){0}, s->code_mac, e);
	s->created = clock_wall_s();
	s->expires = s->created + settings->lifetime_s;
	explicit_bzero(&key, sizeof(key));
	return code;
}

/* The code alone goes to the standard output, so that a program can take it as it is. */
static enum err print_code(const struct session *s, const char *code_text, struct error *e)
{
	char expires[20];

	clock_format_local(s->expires, expires);
	fprintf(stderr, _("Oturum: %s\nSon geçerlilik: %s (%ld saniye)\n"), s->id, expires,
		(long)(s->expires - s->created));
	if (printf("%s\n", code_text) < 0 || fflush(stdout) != 0)
		return error_set_errno(e, ERR_FILE_WRITE, "stdout");
	return ERR_OK;
}

static enum err store_session(const struct portal_settings *settings, const struct session *s,
	const struct texts *texts, struct error *e)
{
	struct store *store = NULL;
	enum err code = store_open(settings->database, true, &store, e);

	if (!code)
		store_set_actor(store, "command");
	if (!code)
		code = store_add_session(store, s, texts, e);
	store_close(store);
	return code;
}

enum err command_code(const struct options *o, struct error *e)
{
	struct portal_settings settings = {0};
	struct texts texts = {0};
	struct session session = {.purpose = o->purpose};
	char code_text[PORTAL_CODE_DIGITS + 1] = "";
	enum err code = options_settings(o, &settings, e);

	if (!code)
		code = options_tckn(o, session.tckn, e);
	if (!code)
		code = read_person(o, session.person, e);
	if (!code)
		code = make_session(&settings, &session, code_text, e);
	if (!code)
		code = read_texts(o, &settings, &session, &texts, e);
	if (!code)
		code = store_session(&settings, &session, &texts, e);
	if (!code)
		code = print_code(&session, code_text, e);
	explicit_bzero(code_text, sizeof(code_text));
	texts_free(&texts);
	settings_release(&settings);
	return code;
}
