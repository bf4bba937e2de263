/* JSON (RFC 8259) that others wrote: strict, bounded, and never quoted in a failure, as it may hold what is secret. */
#ifndef EONAY_BASE_JSON_H
#define EONAY_BASE_JSON_H

#include "base/bytes.h"
#include "base/error.h"

#include <jansson.h>

#define JSON_VALUES_MAX 2048 /* of one text: jansson makes of every two bytes a value of fifty */

/* The object that body is, with no member named twice, or NULL with refusal in e. The caller gives it back with
 * json_decref(). */
json_t *json_read_object(struct span body, enum err refusal, struct error *e);

/* The text member into out, which has room for size bytes with the NUL. refusal when it is no text, has a NUL in it or
 * is longer. */
enum err json_take_text(json_t *object, const char *member, char *out, size_t size,
	enum err refusal, struct error *e);

/* Is value this text? NULL is not. */
bool json_is_text(const json_t *value, const char *text);

/* Is value the text given, or an array that has it? */
bool json_is_or_has(json_t *value, const char *text);

#endif
