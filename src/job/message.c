#include "job/message.h"

#include <stdlib.h>
#include <string.h>

#include "job/wire.h"

static void put_bool(struct bytes *out, bool value)
{
	wire_put_u8(out, value ? 1 : 0);
}

static void put_int(struct bytes *out, int value)
{
	wire_put_u32(out, (uint32_t)value);
}

static int take_int(struct wire_in *in)
{
	return (int32_t)wire_take_u32(in);
}

/* An enumeration's value below count; anything else is bad. */
static unsigned take_choice(struct wire_in *in, unsigned count)
{
	uint32_t value = wire_take_u32(in);

	if (value >= count) {
		in->bad = true;
		value = 0;
	}
	return value;
}

void message_encode_setup(const struct message_setup *setup, struct bytes *out)
{
	wire_put_u32(out, setup->card_port);
	wire_put_text(out, setup->reader);
	wire_put_text(out, setup->trust);
	put_bool(out, setup->any_certificate);
	wire_put_text(out, setup->service_url);
	wire_put_text(out, setup->service_ca);
	wire_put_text(out, setup->service_pin);
	wire_put_text(out, setup->kiosk_name);
	wire_put_i64(out, setup->connect_ms);
	wire_put_i64(out, setup->request_ms);
	wire_put_text(out, setup->log_target);
	wire_put_u8(out, setup->log_level);
	wire_put_text(out, setup->skip_reader);
	wire_put_u32(out, setup->skip_events);
}

bool message_decode_setup(struct span message, struct message_setup *setup)
{
	struct wire_in in = {.rest = message};

	setup->card_port = (uint16_t)wire_take_u32(&in);
	wire_take_text(&in, setup->reader, sizeof(setup->reader));
	wire_take_text(&in, setup->trust, sizeof(setup->trust));
	setup->any_certificate = wire_take_bool(&in);
	wire_take_text(&in, setup->service_url, sizeof(setup->service_url));
	wire_take_text(&in, setup->service_ca, sizeof(setup->service_ca));
	wire_take_text(&in, setup->service_pin, sizeof(setup->service_pin));
	wire_take_text(&in, setup->kiosk_name, sizeof(setup->kiosk_name));
	setup->connect_ms = wire_take_i64(&in);
	setup->request_ms = wire_take_i64(&in);
	wire_take_text(&in, setup->log_target, sizeof(setup->log_target));
	setup->log_level = wire_take_u8(&in);
	wire_take_text(&in, setup->skip_reader, sizeof(setup->skip_reader));
	setup->skip_events = wire_take_u32(&in);
	return wire_done(&in);
}

/* All of a signer but its PIN, which goes last. */
static void put_signer(struct bytes *out, const struct job_signer *signer)
{
	wire_put_text(out, signer->reader);
	bytes_append(out, span_of(signer->certificate_sha256, sizeof(signer->certificate_sha256)));
	put_bool(out, signer->last_try_confirmed);
	wire_put_i64(out, signer->signing_time);
	put_bool(out, signer->detached);
}

static void take_signer(struct wire_in *in, struct job_signer *signer)
{
	wire_take_text(in, signer->reader, sizeof(signer->reader));
	wire_take_fixed(in, signer->certificate_sha256, sizeof(signer->certificate_sha256));
	signer->last_try_confirmed = wire_take_bool(in);
	signer->signing_time = wire_take_i64(in);
	signer->detached = wire_take_bool(in);
}

static void take_owned_bytes(struct wire_in *in, struct bytes *out)
{
	bytes_append(out, wire_take_bytes(in));
}

static void put_unblock(struct bytes *out, const struct job_unblock *job)
{
	wire_put_text(out, job->reader);
	bytes_append(out, span_of(job->certificate_sha256, sizeof(job->certificate_sha256)));
	put_bool(out, job->last_try_confirmed);
	bytes_reserve(out, 2 * (sizeof(uint32_t) + SECRET_MAX));
	wire_put_bytes(out, secret_span(&job->puk));
	wire_put_bytes(out, secret_span(&job->pin));
}

static void take_unblock(struct wire_in *in, struct job_unblock *job)
{
	wire_take_text(in, job->reader, sizeof(job->reader));
	wire_take_fixed(in, job->certificate_sha256, sizeof(job->certificate_sha256));
	job->last_try_confirmed = wire_take_bool(in);
	wire_take_secret(in, &job->puk);
	wire_take_secret(in, &job->pin);
}

void message_encode_request(const struct job_request *request, struct bytes *out)
{
	wire_put_u32(out, request->kind);
	switch (request->kind) {
	case JOB_SIGN:
		put_signer(out, &request->sign.signer);
		wire_put_bytes(out, bytes_span(&request->sign.content));
		wire_put_bytes(out, secret_span(&request->sign.signer.pin));
		break;
	case JOB_SIGN_FILE:
		put_signer(out, &request->sign_file.signer);
		wire_put_text(out, request->sign_file.content);
		wire_put_text(out, request->sign_file.output);
		wire_put_bytes(out, secret_span(&request->sign_file.signer.pin));
		break;
	case JOB_UNBLOCK:
		put_unblock(out, &request->unblock);
		break;
	case JOB_OPEN:
		wire_put_text(out, request->open.nonce);
		wire_put_bytes(out, secret_span(&request->open.code));
		break;
	case JOB_SUBMIT:
		wire_put_text(out, request->submit.session);
		wire_put_bytes(out, bytes_span(&request->submit.cms));
		wire_put_bytes(out, secret_span(&request->submit.token));
		break;
	case JOB_DONE:
		wire_put_text(out, request->done.session);
		wire_put_bytes(out, secret_span(&request->done.token));
		break;
	case JOB_ABANDON:
		wire_put_text(out, request->abandon.session);
		wire_put_u32(out, request->abandon.reason);
		wire_put_bytes(out, secret_span(&request->abandon.token));
		break;
	default:
		break;
	}
}

bool message_decode_request(struct span message, struct job_request *request)
{
	struct wire_in in = {.rest = message};

	request->kind = take_choice(&in, JOB_PROGRESS);
	switch (request->kind) {
	case JOB_SIGN:
		take_signer(&in, &request->sign.signer);
		take_owned_bytes(&in, &request->sign.content);
		wire_take_secret(&in, &request->sign.signer.pin);
		break;
	case JOB_SIGN_FILE:
		take_signer(&in, &request->sign_file.signer);
		wire_take_text(&in, request->sign_file.content, JOB_PATH_MAX);
		wire_take_text(&in, request->sign_file.output, JOB_PATH_MAX);
		wire_take_secret(&in, &request->sign_file.signer.pin);
		break;
	case JOB_UNBLOCK:
		take_unblock(&in, &request->unblock);
		break;
	case JOB_OPEN:
		wire_take_text(&in, request->open.nonce, sizeof(request->open.nonce));
		wire_take_secret(&in, &request->open.code);
		break;
	case JOB_SUBMIT:
		wire_take_text(&in, request->submit.session, sizeof(request->submit.session));
		take_owned_bytes(&in, &request->submit.cms);
		wire_take_secret(&in, &request->submit.token);
		break;
	case JOB_DONE:
		wire_take_text(&in, request->done.session, sizeof(request->done.session));
		wire_take_secret(&in, &request->done.token);
		break;
	case JOB_ABANDON:
		wire_take_text(&in, request->abandon.session, sizeof(request->abandon.session));
		request->abandon.reason = take_choice(&in, ERR_COUNT);
		wire_take_secret(&in, &request->abandon.token);
		break;
	case JOB_HEALTH:
		break;
	default:
		in.bad = true;
	}
	if (wire_done(&in))
		return true;
	job_request_free(request);
	return false;
}

static void put_error(struct bytes *out, const struct error *e)
{
	wire_put_u32(out, e->code);
	wire_put_u32(out, e->sw);
	wire_put_u32(out, e->pcsc);
	put_int(out, e->http);
	put_int(out, e->tries);
	put_bool(out, e->pin_sent);
	wire_put_text(out, e->where);
}

static void take_error(struct wire_in *in, struct error *e)
{
	e->code = take_choice(in, ERR_COUNT);
	e->sw = wire_take_u32(in);
	e->pcsc = wire_take_u32(in);
	e->http = take_int(in);
	e->tries = take_int(in);
	e->pin_sent = wire_take_bool(in);
	wire_take_text(in, e->where, sizeof(e->where));
}

static void put_reader(struct bytes *out, const struct cards_reader *r)
{
	wire_put_text(out, r->name);
	wire_put_u32(out, r->state);
	wire_put_text(out, r->driver);
	wire_put_text(out, r->label);
	wire_put_text(out, r->serial);
	wire_put_text(out, r->atr);
	wire_put_u32(out, r->events);
}

static void take_reader(struct wire_in *in, struct cards_reader *r)
{
	wire_take_text(in, r->name, sizeof(r->name));
	r->state = take_choice(in, ERR_COUNT);
	wire_take_text(in, r->driver, sizeof(r->driver));
	wire_take_text(in, r->label, sizeof(r->label));
	wire_take_text(in, r->serial, sizeof(r->serial));
	wire_take_text(in, r->atr, sizeof(r->atr));
	r->events = wire_take_u32(in);
}

static void put_info(struct bytes *out, const struct certificate_info *i)
{
	wire_put_text(out, i->holder);
	wire_put_text(out, i->tckn);
	wire_put_text(out, i->issuer);
	wire_put_text(out, i->serial);
	wire_put_i64(out, i->not_before);
	wire_put_i64(out, i->not_after);
	wire_put_u32(out, i->key);
	wire_put_u32(out, i->key_bits);
	put_bool(out, i->non_repudiation);
	put_bool(out, i->statement_etsi);
	put_bool(out, i->statement_btk);
	put_bool(out, i->has_policy);
	put_bool(out, i->qualified);
	put_bool(out, i->test);
	bytes_append(out, span_of(i->sha256, sizeof(i->sha256)));
}

static void take_info(struct wire_in *in, struct certificate_info *i)
{
	wire_take_text(in, i->holder, sizeof(i->holder));
	wire_take_text(in, i->tckn, sizeof(i->tckn));
	wire_take_text(in, i->issuer, sizeof(i->issuer));
	wire_take_text(in, i->serial, sizeof(i->serial));
	i->not_before = wire_take_i64(in);
	i->not_after = wire_take_i64(in);
	i->key = take_choice(in, CERTIFICATE_KEY_EC + 1);
	i->key_bits = wire_take_u32(in);
	i->non_repudiation = wire_take_bool(in);
	i->statement_etsi = wire_take_bool(in);
	i->statement_btk = wire_take_bool(in);
	i->has_policy = wire_take_bool(in);
	i->qualified = wire_take_bool(in);
	i->test = wire_take_bool(in);
	wire_take_fixed(in, i->sha256, sizeof(i->sha256));
}

static void put_pin(struct bytes *out, const struct card_pin *p)
{
	put_int(out, p->tries);
	put_int(out, p->tries_max);
	put_bool(out, p->last_try);
	put_bool(out, p->blocked);
	put_bool(out, p->not_set);
	wire_put_u32(out, p->min);
	wire_put_u32(out, p->max);
	put_bool(out, p->digits_only);
}

static void take_pin(struct wire_in *in, struct card_pin *p)
{
	p->tries = take_int(in);
	p->tries_max = take_int(in);
	p->last_try = wire_take_bool(in);
	p->blocked = wire_take_bool(in);
	p->not_set = wire_take_bool(in);
	p->min = wire_take_u32(in);
	p->max = wire_take_u32(in);
	p->digits_only = wire_take_bool(in);
}

static void put_certificate(struct bytes *out, const struct cards_certificate *c)
{
	wire_put_u32(out, c->reader);
	wire_put_text(out, c->id);
	wire_put_text(out, c->label);
	put_info(out, &c->info);
	wire_put_u32(out, c->usable);
	put_pin(out, &c->pin);
	put_bool(out, c->has_puk);
	put_pin(out, &c->puk);
}

static void take_certificate(struct wire_in *in, unsigned readers, struct cards_certificate *c)
{
	c->reader = take_choice(in, readers);
	wire_take_text(in, c->id, sizeof(c->id));
	wire_take_text(in, c->label, sizeof(c->label));
	take_info(in, &c->info);
	c->usable = take_choice(in, ERR_COUNT);
	take_pin(in, &c->pin);
	c->has_puk = wire_take_bool(in);
	take_pin(in, &c->puk);
}

static void put_cards(struct bytes *out, const struct cards *cards)
{
	put_error(out, &cards->error);
	put_bool(out, cards->reading);
	wire_put_u32(out, cards->reader_count);
	for (unsigned i = 0; i < cards->reader_count; i++)
		put_reader(out, &cards->readers[i]);
	wire_put_u32(out, cards->certificate_count);
	for (unsigned i = 0; i < cards->certificate_count; i++)
		put_certificate(out, &cards->certificates[i]);
}

static struct cards *take_cards(struct wire_in *in)
{
	struct cards *cards = must_zalloc(sizeof(*cards));

	take_error(in, &cards->error);
	cards->reading = wire_take_bool(in);
	cards->reader_count = take_choice(in, CARDS_READERS_MAX + 1);
	for (unsigned i = 0; i < cards->reader_count; i++)
		take_reader(in, &cards->readers[i]);
	cards->certificate_count = take_choice(in, CARDS_CERTIFICATES_MAX + 1);
	for (unsigned i = 0; i < cards->certificate_count; i++)
		take_certificate(in, cards->reader_count, &cards->certificates[i]);
	return cards;
}

/* All of a session, its token last. */
static void put_session(struct bytes *out, const struct service_session *s)
{
	wire_put_text(out, s->id);
	wire_put_u32(out, s->purpose);
	wire_put_text(out, s->person);
	wire_put_text(out, s->tckn);
	wire_put_u32(out, (uint32_t)s->text_count);
	for (size_t i = 0; i < s->text_count; i++)
		wire_put_bytes(out, bytes_span(&s->texts[i]));
	wire_put_i64(out, s->created);
	wire_put_i64(out, s->remaining_ms);
	wire_put_i64(out, s->service_time);
	wire_put_bytes(out, secret_span(&s->token));
}

static void take_session(struct wire_in *in, struct service_session *s)
{
	wire_take_text(in, s->id, sizeof(s->id));
	s->purpose = take_choice(in, SERVICE_PURPOSES);
	wire_take_text(in, s->person, sizeof(s->person));
	wire_take_text(in, s->tckn, sizeof(s->tckn));
	s->text_count = take_choice(in, SERVICE_TEXTS_MAX + 1);
	for (size_t i = 0; i < s->text_count; i++)
		take_owned_bytes(in, &s->texts[i]);
	s->created = wire_take_i64(in);
	s->remaining_ms = (long)wire_take_i64(in);
	s->service_time = wire_take_i64(in);
	wire_take_secret(in, &s->token);
}

static void put_health(struct bytes *out, const struct job_health *h)
{
	wire_put_text(out, h->version);
	wire_put_i64(out, h->clock_difference_s);
}

static void take_health(struct wire_in *in, struct job_health *h)
{
	wire_take_text(in, h->version, sizeof(h->version));
	h->clock_difference_s = (long)wire_take_i64(in);
}

/* Does the result carry more than its error? */
static bool has_body(const struct job_result *r)
{
	return r->kind == JOB_CARDS || r->error.code == ERR_OK;
}

void message_encode_result(const struct job_result *result, struct bytes *out)
{
	wire_put_u32(out, result->kind);
	put_error(out, &result->error);
	if (!has_body(result))
		return;
	switch (result->kind) {
	case JOB_CARDS:
		put_cards(out, result->cards);
		break;
	case JOB_SIGN:
		wire_put_bytes(out, bytes_span(&result->cms));
		break;
	case JOB_OPEN:
		put_session(out, &result->session);
		break;
	case JOB_SUBMIT:
		wire_put_text(out, result->receipt.receipt);
		wire_put_i64(out, result->receipt.accepted_at);
		break;
	case JOB_HEALTH:
		put_health(out, &result->health);
		break;
	case JOB_PROGRESS:
		wire_put_u32(out, result->stage);
		break;
	default:
		break;
	}
}

bool message_decode_result(struct span message, struct job_result *result)
{
	struct wire_in in = {.rest = message};

	result->kind = take_choice(&in, JOB_PROGRESS + 1);
	take_error(&in, &result->error);
	if (!in.bad && has_body(result)) {
		switch (result->kind) {
		case JOB_CARDS:
			result->cards = take_cards(&in);
			break;
		case JOB_SIGN:
			take_owned_bytes(&in, &result->cms);
			break;
		case JOB_OPEN:
			take_session(&in, &result->session);
			break;
		case JOB_SUBMIT:
			wire_take_text(&in, result->receipt.receipt, SERVICE_ID_MAX);
			result->receipt.accepted_at = wire_take_i64(&in);
			break;
		case JOB_HEALTH:
			take_health(&in, &result->health);
			break;
		case JOB_PROGRESS:
			result->stage = take_choice(&in, STAGE_SENDING + 1);
			break;
		case JOB_SIGN_FILE:
		case JOB_UNBLOCK:
		case JOB_DONE:
		case JOB_ABANDON:
			break;
		default:
			in.bad = true;
		}
	}
	if (wire_done(&in))
		return true;
	job_result_free(result);
	return false;
}
