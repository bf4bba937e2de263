#include "base/load.h"
#include "portal/demo/demo.h"
#include "portal/login/login.h"

#include <stdlib.h>
#include <string.h>

#define SECRET_FILE_MAX 1024

static enum err check_url(const char *url, const char *setting, struct error *e)
{
	return provider_url_is_good(url) ? ERR_OK : error_set(e, ERR_CONFIG_VALUE, "%s", setting);
}

/* The secret is the file's first line. */
static enum err load_secret(const char *path, struct bytes *out, struct error *e)
{
	enum err code = load_file(path, SECRET_FILE_MAX, out, e);

	if (code)
		return code;
	out->n = strcspn(bytes_text(out), "\r\n");
	bytes_text(out);
	return out->n ? ERR_OK : error_set(e, ERR_CONFIG_VALUE, "login.client_secret_file");
}

static enum err take_settings(const struct portal_settings *s, struct login_setup *l,
	struct client_settings *out, struct error *e)
{
	enum err code;

	if ((code = check_url(s->login_issuer, "login.issuer", e)) ||
		(code = check_url(s->login_redirect_uri, "login.redirect_uri", e)))
		return code;
	if (*s->login_client_id == '\0')
		return error_set(e, ERR_CONFIG_VALUE, "login.client_id");
	out->issuer = s->login_issuer;
	out->client_id = s->login_client_id;
	out->redirect_uri = s->login_redirect_uri;
	out->scope = s->login_scope;
	out->tckn_claim = s->login_tckn_claim;
	out->name_claim = s->login_name_claim;
	out->role_claim = s->login_role_claim;
	out->operator_role = s->login_operator_role;
	code = load_secret(s->login_client_secret_file, &l->secret, e);
	out->client_secret = bytes_text(&l->secret);
	return code;
}

static void take_demo(const struct demo *demo, struct client_settings *out)
{
	out->issuer = idp_issuer(demo->idp);
	out->client_id = IDP_CLIENT;
	out->client_secret = idp_secret(demo->idp);
	out->redirect_uri = idp_callback(demo->idp);
	out->scope = "openid";
	out->tckn_claim = "tckn";
	out->name_claim = "name";
	out->role_claim = "roles";
	out->operator_role = "gorevli";
}

/* A slow provider holds no more than half of the threads that work. */
static enum err open_client(const struct portal_settings *s, const struct demo *demo,
	struct login_setup *l, struct error *e)
{
	struct client_settings client = {.at_once = s->threads > 3 ? (unsigned)s->threads / 2 : 1};
	enum err code = ERR_OK;

	if (demo)
		take_demo(demo, &client);
	else
		code = take_settings(s, l, &client, e);
	if (!code)
		code = fetch_open(s->login_ca, &l->fetch, e);
	if (code)
		return code;
	l->client = client_new(&client, l->fetch);
	return ERR_OK;
}

enum err login_open(const struct portal_settings *s, const struct demo *demo,
	struct login_setup **out, struct error *e)
{
	struct login_setup *l = must_zalloc(sizeof(*l));
	enum err code = ERR_OK;

	l->operators = s->login_operators;
	if (demo || *s->login_issuer)
		code = open_client(s, demo, l, e);
	*out = code ? NULL : l;
	if (code)
		login_close(l);
	return code;
}

void login_close(struct login_setup *l)
{
	if (!l)
		return;
	client_free(l->client);
	fetch_close(l->fetch);
	bytes_wipe(&l->secret);
	free(l);
}
