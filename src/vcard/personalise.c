#include "vcard/personalise.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "base/text.h"

enum { TRIES = 3 };

static enum err set_holder(struct state *s, const struct holder *holder, struct error *e)
{
	const char *tckn = holder->tckn ? holder->tckn : HOLDER_TCKN;

	if (!text_is_tckn(tckn))
		return error_set(e, ERR_TCKN, "--tckn");
	snprintf(s->tckn, sizeof(s->tckn), "%s", tckn);
	s->name = must_strdup(holder->name ? holder->name : HOLDER_NAME);
	return ERR_OK;
}

static void set_pin(struct pin *pin, const char *value)
{
	pin->tries = pin->tries_max = TRIES;
	snprintf(pin->value, sizeof(pin->value), "%s", value);
}

static enum err create(
	struct state *s, const char *path, const struct holder *holder, struct error *e)
{
	enum err err = set_holder(s, holder, e);

	if (err)
		return err;
	if (path)
		s->path = must_strdup(path);
	if (RAND_bytes(s->serial, sizeof(s->serial)) != 1)
		return error_set(e, ERR_CRYPTO, "serial number");
	set_pin(&s->pins[PIN_USER], PIN_TEST);
	set_pin(&s->pins[PIN_PUK], PUK_TEST);
	return holder->issuer ? certificate_load_ca(s, holder->issuer, e)
			      : certificate_create_ca(s, e);
}

static enum err check_issuer(const struct state *s, const struct issuer *issuer, struct error *e)
{
	struct state given = {0};
	enum err err = certificate_load_ca(&given, issuer, e);

	if (!err && X509_cmp(given.ca, s->ca) != 0)
		err = error_set(e, ERR_CARD_CHANGED, "%s: another issuer's", s->path);
	state_free(&given);
	return err;
}

static enum err check_holder(const struct state *s, const struct holder *holder, struct error *e)
{
	if ((holder->tckn && strcmp(holder->tckn, s->tckn) != 0) ||
		(holder->name && strcmp(holder->name, s->name) != 0))
		return error_set(e, ERR_CARD_CHANGED, "%s: another holder's", s->path);
	return holder->issuer ? check_issuer(s, holder->issuer, e) : ERR_OK;
}

/* The kinds that are wanted and not there yet. */
static enum err issue_missing(struct state *s, bool more, const struct issuer *issuer,
	void (*say)(const char *), bool *changed, struct error *e)
{
	const struct certificate_kind *kind;
	enum err err;

	for (size_t i = 0; (kind = certificate_kind_at(i)); i++) {
		if (state_key(s, kind->key_id) || (kind->more && !more))
			continue;
		if (say)
			say(kind->label);
		if ((err = certificate_issue(s, kind, issuer, e)))
			return err;
		*changed = true;
	}
	return ERR_OK;
}

enum err personalise(struct state *s, const char *path, const struct holder *holder, bool more,
	void (*say)(const char *what), struct error *e)
{
	bool fresh = !path || (access(path, F_OK) != 0 && errno == ENOENT);
	bool changed = fresh;
	enum err err;

	*s = (struct state){0};
	err = fresh ? create(s, path, holder, e) : state_load(s, path, e);
	if (!err && !fresh)
		err = check_holder(s, holder, e);
	if (!err)
		err = issue_missing(s, more, holder->issuer, say, &changed, e);
	if (!err && changed)
		err = state_save(s, e);
	if (err)
		state_free(s);
	return err;
}
