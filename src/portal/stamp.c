#include "portal/stamp.h"

#include <openssl/rand.h>

#include "sign/cades.h"

#define NONCE_SIZE 16

static enum err ask(const struct stamp_settings *settings, struct fetch *f,
	const struct timestamp_question *question, struct fetch_answer *answer, struct error *e)
{
	struct fetch_request request = {.url = settings->url,
		.answer_is_signed = true,
		.accept = "application/timestamp-reply",
		.content_type = "application/timestamp-query",
		.timeout_ms = settings->timeout_ms,
		.answer_max = TIMESTAMP_MAX};
	struct bytes body = {0};
	enum err code = timestamp_request(question, &body, e);

	request.body = bytes_span(&body);
	if (!code)
		code = fetch_run(f, &request, answer, e);
	if (!code && answer->status != 200)
		code = error_set_http(e, ERR_SERVICE_ANSWER, answer->status, settings->url);
	bytes_free(&body);
	return code;
}

enum err stamp_signature(const struct stamp_settings *settings, struct fetch *f,
	struct span signature, int64_t now, struct bytes *token, struct error *e)
{
	uint8_t imprint[DIGEST_MAX], nonce[NONCE_SIZE];
	struct chain chain = {0};
	struct timestamp_question question = {.digest = DIGEST_SHA256,
		.imprint = span_of(imprint, digest_size(DIGEST_SHA256)),
		.nonce = span_of(nonce, sizeof(nonce)),
		.trust = settings->trust,
		.chain = &chain,
		.from = now - settings->clock_s,
		.to = now + settings->timeout_ms / 1000 + settings->clock_s};
	struct fetch_answer answer = {0};
	struct timestamp stamp;
	struct error why = {0};
	struct span found;
	enum err code = digest_of(DIGEST_SHA256, signature, imprint, &why);

	if (!code && RAND_bytes(nonce, sizeof(nonce)) != 1)
		code = error_set(&why, ERR_CRYPTO, "random numbers");
	nonce[0] = (nonce[0] & 0x3F) | 0x40; /* a positive INTEGER of this size */
	if (!code)
		code = ask(settings, f, &question, &answer, &why);
	if (!code)
		code = timestamp_check_response(
			&question, bytes_span(&answer.body), &found, &stamp, &why);
	if (!code && settings->status)
		code = status_check_authority(settings->status, &chain, now, &why);
	if (!code)
		bytes_append(token, found);
	chain_free(&chain);
	fetch_release(&answer);
	return code ? error_set(e, ERR_TIMESTAMP_SERVICE, "%s", why.where) : ERR_OK;
}

enum err stamp_put_in(const struct signature *s, struct bytes *out, struct error *e)
{
	if (s->time_stamp.n)
		return cades_add_time_stamp(
			bytes_span(&s->cms), bytes_span(&s->time_stamp), out, e);
	bytes_append(out, bytes_span(&s->cms));
	return ERR_OK;
}
