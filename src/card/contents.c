#include "card/contents.h"

#include <string.h>

void contents_release(struct contents *c)
{
	for (size_t i = 0; i < c->certificate_count; i++)
		bytes_free(&c->certificates[i].der);
	*c = (struct contents){0};
}

static bool same_id(const struct identifier *a, const struct identifier *b)
{
	return a->n > 0 && span_equal(span_of(a->at, a->n), span_of(b->at, b->n));
}

const struct pin_object *contents_pin_of(const struct contents *c, const struct key_object *key)
{
	for (size_t i = 0; i < c->pin_count; i++) {
		if (same_id(&c->pins[i].auth_id, &key->auth_id))
			return &c->pins[i];
	}
	for (size_t i = 0; i < c->pin_count && key->auth_id.n == 0; i++) {
		if (!c->pins[i].unblocking && !c->pins[i].so)
			return &c->pins[i];
	}
	return NULL;
}

const struct pin_object *contents_puk_of(const struct contents *c, const struct pin_object *pin)
{
	for (size_t i = 0; i < c->pin_count; i++) {
		if (&c->pins[i] != pin && same_id(&c->pins[i].auth_id, &pin->guard))
			return &c->pins[i];
	}
	for (size_t i = 0; i < c->pin_count; i++) {
		if (&c->pins[i] != pin && c->pins[i].unblocking && !c->pins[i].so)
			return &c->pins[i];
	}
	return NULL;
}
