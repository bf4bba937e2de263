#include "portal/login/client.h"

#include "base/base64.h"
#include "base/clock.h"
#include "base/log.h"
#include "portal/login/jws.h"

#include <pthread.h>
#include <stdlib.h>

#define ASK_TIMEOUT_MS 8000
#define FRESH_MS 3600000 /* what the provider tells of itself is asked for again after an hour */
#define RETRY_MS 5000    /* since it could not be reached */
#define UNKNOWN_EVERY_MS 30000 /* tokens with unknown keys make us ask for the keys no oftener */
#define CLOCK_TOLERANCE_S 60

/* Something of the provider's that is kept. */
struct kept {
	bool there;
	int64_t got;   /* monotonic ms of the last success ... */
	int64_t tried; /* ... and the last attempt; 0: none */
};

struct client {
	struct client_settings settings;
	struct fetch *fetch;
	pthread_mutex_t
		asking; /* of what is kept; held while it is asked for, so that one asks for all */
	struct kept document_kept, keys_kept;
	struct provider_document document;
	struct jwk_set keys;
	int64_t unknown_at; /* monotonic ms: when keys were asked for because of a token; 0: never */
	pthread_mutex_t mutex;  /* of all below; never held while something is asked for */
	struct kept known_kept; /* as document_kept and document were last */
	struct provider_document known;
	unsigned entered;
};

struct client *client_new(const struct client_settings *settings, struct fetch *f)
{
	struct client *c = must_zalloc(sizeof(*c));

	c->settings = *settings;
	c->fetch = f;
	pthread_mutex_init(&c->asking, NULL);
	pthread_mutex_init(&c->mutex, NULL);
	return c;
}

void client_free(struct client *c)
{
	if (!c)
		return;
	jwk_set_free(&c->keys);
	pthread_mutex_destroy(&c->mutex);
	pthread_mutex_destroy(&c->asking);
	free(c);
}

const char *client_issuer(const struct client *c)
{
	return c->settings.issuer;
}

/* A request that got no answer, or one that tells nothing: the provider is down. */
static enum err ask(struct client *c, const struct fetch_request *request,
	struct fetch_answer *answer, struct error *e)
{
	struct error cause = {0};
	enum err code = fetch_run(c->fetch, request, answer, &cause);

	if (code)
		return error_set(e, ERR_LOGIN_PROVIDER, "%s: %s", error_symbol(code), cause.where);
	if (answer->status < 500)
		return ERR_OK;
	code = error_set_http(e, ERR_LOGIN_PROVIDER, answer->status, request->url);
	fetch_release(answer);
	return code;
}

static enum err get(struct client *c, const char *url, struct fetch_answer *answer, struct error *e)
{
	const struct fetch_request request = {
		.url = url,
		.accept = "application/json",
		.timeout_ms = ASK_TIMEOUT_MS,
		.answer_max = PROVIDER_DOCUMENT_MAX,
	};
	enum err code = ask(c, &request, answer, e);

	if (!code && answer->status != 200) {
		code = error_set_http(e, ERR_LOGIN_PROVIDER, answer->status, url);
		fetch_release(answer);
	}
	return code;
}

static enum err ask_document(struct client *c, struct error *e)
{
	struct provider_document fresh;
	struct fetch_answer answer = {0};
	struct bytes url = {0};
	enum err code;

	provider_discovery_url(c->settings.issuer, &url);
	code = get(c, bytes_text(&url), &answer, e);
	if (!code)
		code = provider_read_document(
			bytes_span(&answer.body), c->settings.issuer, &fresh, e);
	if (!code)
		c->document = fresh;
	fetch_release(&answer);
	bytes_free(&url);
	return code;
}

static enum err ask_keys(struct client *c, struct error *e)
{
	struct fetch_answer answer = {0};
	struct jwk_set fresh;
	enum err code = get(c, c->document.jwks_uri, &answer, e);

	if (!code)
		code = jwk_set_read(bytes_span(&answer.body), &fresh, e);
	if (!code) {
		jwk_set_free(&c->keys);
		c->keys = fresh;
	}
	fetch_release(&answer);
	return code;
}

/* Asks when what is kept is older than age_ms, but not within wait_ms of the last attempt. What is there stays when the
 * provider can't be reached. */
static enum err renew(struct client *c, struct kept *kept,
	enum err (*asking)(struct client *, struct error *), int64_t age_ms, int64_t wait_ms,
	struct error *e)
{
	int64_t now = clock_monotonic_ms();
	enum err code = ERR_OK;

	if (kept->there && now - kept->got < age_ms)
		return ERR_OK;
	if (kept->tried && now - kept->tried < wait_ms)
		return kept->there ? ERR_OK
				   : error_set(e, ERR_LOGIN_PROVIDER, "%s", c->settings.issuer);
	code = asking(c, e);
	kept->tried = clock_monotonic_ms();
	if (!code) {
		kept->got = kept->tried;
		kept->there = true;
	} else if (kept->there) {
		log_failure("renewing what the identity provider tells", e);
		code = ERR_OK;
	}
	return code;
}

/* What the provider tells of itself: an hour old at most, unless it can't be reached. When it could not, it is not asked
 * again for some seconds. ERR_LOGIN_PROVIDER, ERR_LOGIN_ANSWER. */
static enum err read_document(struct client *c, struct provider_document *out, struct error *e)
{
	enum err code;

	pthread_mutex_lock(&c->asking);
	code = renew(c, &c->document_kept, ask_document, FRESH_MS, RETRY_MS, e);
	if (!code) {
		*out = c->document;
		pthread_mutex_lock(&c->mutex);
		c->known_kept = c->document_kept;
		c->known = c->document;
		pthread_mutex_unlock(&c->mutex);
	}
	pthread_mutex_unlock(&c->asking);
	return code;
}

/* The same without waiting for anybody; false when nothing that is younger than age_ms is known. */
static bool recall_document(struct client *c, int64_t age_ms, struct provider_document *out)
{
	bool known;

	pthread_mutex_lock(&c->mutex);
	known = c->known_kept.there && clock_monotonic_ms() - c->known_kept.got < age_ms;
	if (known)
		*out = c->known;
	pthread_mutex_unlock(&c->mutex);
	return known;
}

bool client_enter(struct client *c)
{
	bool free;

	pthread_mutex_lock(&c->mutex);
	free = c->entered < c->settings.at_once;
	c->entered += free;
	pthread_mutex_unlock(&c->mutex);
	return free;
}

void client_leave(struct client *c)
{
	pthread_mutex_lock(&c->mutex);
	c->entered--;
	pthread_mutex_unlock(&c->mutex);
}

/* For one that has not entered: it does so when the provider may have to be waited for. */
static enum err find_document(struct client *c, struct provider_document *out, struct error *e)
{
	enum err code;

	if (recall_document(c, FRESH_MS, out))
		return ERR_OK;
	if (!client_enter(c))
		return recall_document(c, INT64_MAX, out)
			       ? ERR_OK
			       : error_set(e, ERR_LOGIN_PROVIDER, "too many at once");
	code = read_document(c, out, e);
	client_leave(c);
	return code;
}

enum err client_start(struct client *c, const char *state, const char *nonce, const char *verifier,
	const char *language, struct bytes *url, struct error *e)
{
	struct provider_document document;
	char challenge[RANDOM_TEXT_SIZE];
	enum err code = find_document(c, &document, e);
	const struct authorization a = {
		.endpoint = document.authorization_endpoint,
		.client_id = c->settings.client_id,
		.redirect_uri = c->settings.redirect_uri,
		.scope = c->settings.scope,
		.state = state,
		.nonce = nonce,
		.challenge = challenge,
		.language = language,
	};

	if (!code)
		code = pkce_challenge(span_text(verifier), challenge, e);
	if (!code)
		authorization_url(&a, url);
	return code;
}

enum err client_judge(struct client *c, const struct callback *back, struct error *e)
{
	struct provider_document document;
	enum err code = read_document(c, &document, e);

	return code ? code : callback_judge(back, c->settings.issuer, document.iss_in_callback, e);
}

/* Name and secret are encoded as in a form first (RFC 6749 2.3.1). */
static void write_credentials(const struct client_settings *s, struct bytes *out)
{
	struct bytes pair = {0};

	url_encode(&pair, s->client_id);
	bytes_append_text(&pair, ":");
	url_encode(&pair, s->client_secret);
	bytes_append_text(out, "Basic ");
	base64_append(out, bytes_span(&pair));
	bytes_wipe(&pair);
}

static enum err read_token(
	const struct fetch_answer *answer, const char *url, struct bytes *token, struct error *e)
{
	if (answer->status == 200)
		return provider_read_token(bytes_span(&answer->body), token, e);
	if (answer->status == 400 && provider_says_code_is_bad(bytes_span(&answer->body)))
		return error_set(e, ERR_LOGIN_STATE, "token endpoint: invalid_grant");
	return error_set_http(e, ERR_LOGIN_ANSWER, answer->status, url);
}

static enum err exchange(struct client *c, const char *url, const char *code_text,
	const char *verifier, struct bytes *token, struct error *e)
{
	struct fetch_answer answer = {0};
	struct bytes form = {0}, credentials = {0};
	struct fetch_request request = {
		.url = url,
		.accept = "application/json",
		.content_type = "application/x-www-form-urlencoded",
		.timeout_ms = ASK_TIMEOUT_MS,
		.answer_max = PROVIDER_DOCUMENT_MAX,
	};
	enum err code;

	url_add_form(&form, "grant_type", "authorization_code");
	url_add_form(&form, "code", code_text);
	url_add_form(&form, "redirect_uri", c->settings.redirect_uri);
	url_add_form(&form, "code_verifier", verifier);
	write_credentials(&c->settings, &credentials);
	request.body = bytes_span(&form);
	request.authorization = bytes_text(&credentials);
	code = ask(c, &request, &answer, e);
	if (!code)
		code = read_token(&answer, url, token, e);
	bytes_wipe(&form);
	bytes_wipe(&credentials);
	bytes_wipe(&answer.body);
	fetch_release(&answer);
	return code;
}

/* A key that is not known may be one that the provider has taken up since. Whoever can send tokens could have us ask all
 * the time, so there is a limit. */
static enum err ask_for_new_keys(struct client *c, struct error *e)
{
	int64_t now = clock_monotonic_ms();

	if (c->unknown_at && now - c->unknown_at < UNKNOWN_EVERY_MS)
		return ERR_LOGIN_KEY;
	c->unknown_at = now;
	return ask_keys(c, e);
}

static enum err verify(struct client *c, struct span token, struct bytes *claims, struct error *e)
{
	enum err code;

	pthread_mutex_lock(&c->asking);
	code = renew(c, &c->keys_kept, ask_keys, FRESH_MS, RETRY_MS, e);
	if (!code)
		code = jws_verify(token, &c->keys, claims, e);
	if (code == ERR_LOGIN_KEY && !(code = ask_for_new_keys(c, e)))
		code = jws_verify(token, &c->keys, claims, e);
	pthread_mutex_unlock(&c->asking);
	return code;
}

enum err client_redeem(struct client *c, const char *code_text, const char *verifier,
	const char *nonce, struct identity *out, struct error *e)
{
	const struct id_token_rules rules = {
		.issuer = c->settings.issuer,
		.client_id = c->settings.client_id,
		.nonce = nonce,
		.now = clock_wall_s(),
		.tolerance_s = CLOCK_TOLERANCE_S,
		.tckn_claim = c->settings.tckn_claim,
		.name_claim = c->settings.name_claim,
		.role_claim = c->settings.role_claim,
		.operator_role = c->settings.operator_role,
	};
	struct provider_document document;
	struct bytes token = {0}, claims = {0};
	enum err code = read_document(c, &document, e);

	if (!code)
		code = exchange(c, document.token_endpoint, code_text, verifier, &token, e);
	if (!code)
		code = verify(c, bytes_span(&token), &claims, e);
	if (!code)
		code = id_token_check(bytes_span(&claims), &rules, out, e);
	bytes_wipe(&token);
	bytes_wipe(&claims);
	return code;
}
