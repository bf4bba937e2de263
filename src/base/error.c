#include "base/error.h"

#include <errno.h>
#include <libintl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static const struct entry {
	const char *symbol;
	const char *code;
	int status;
	enum pin_use pin;
	const char *message;
	const char *remedy;
} catalogue[ERR_COUNT] = {
	[ERR_OK] = {"OK", "K-000", 0, PIN_KEPT, "", ""},
#define ERROR(symbol, code, status, pin, message, remedy)                                          \
	[ERR_##symbol] = {#symbol, code, status, pin, message, remedy},
#include "base/error.def"
#undef ERROR
};

static const struct entry *entry_of(enum err code)
{
	return &catalogue[(unsigned)code < ERR_COUNT ? code : ERR_INTERNAL];
}

static __attribute__((format(printf, 3, 0))) enum err set(
	struct error *e, enum err code, const char *where, va_list args)
{
	if (e) {
		*e = (struct error){.code = code, .tries = TRIES_UNKNOWN};
		vsnprintf(e->where, sizeof(e->where), where, args);
	}
	return code;
}

enum err error_set(struct error *e, enum err code, const char *where, ...)
{
	va_list args;

	va_start(args, where);
	set(e, code, where, args);
	va_end(args);
	return code;
}

enum err error_set_errno(struct error *e, enum err code, const char *where, ...)
{
	int cause = errno;
	va_list args;
	size_t n;

	va_start(args, where);
	set(e, code, where, args);
	va_end(args);
	if (e) {
		n = strlen(e->where);
		snprintf(e->where + n, sizeof(e->where) - n, ": %s", strerror(cause));
	}
	return code;
}

enum err error_set_sw(struct error *e, enum err code, unsigned sw, const char *where)
{
	error_set(e, code, "%s (SW %04X)", where, sw);
	if (e)
		e->sw = sw;
	return code;
}

enum err error_set_pcsc(struct error *e, enum err code, uint32_t pcsc, const char *where)
{
	error_set(e, code, "%s (PC/SC %08X)", where, (unsigned)pcsc);
	if (e)
		e->pcsc = pcsc;
	return code;
}

enum err error_set_http(struct error *e, enum err code, int http, const char *where)
{
	error_set(e, code, "%s (HTTP %d)", where, http);
	if (e)
		e->http = http;
	return code;
}

const char *error_code(enum err code)
{
	return entry_of(code)->code;
}

const char *error_symbol(enum err code)
{
	return entry_of(code)->symbol;
}

/* gettext("") is the catalogue's header, so an empty text stays as it is. */
static const char *translated(const char *text)
{
	return *text ? dgettext("eonay", text) : text;
}

const char *error_message(enum err code)
{
	return translated(entry_of(code)->message);
}

const char *error_remedy(enum err code)
{
	return translated(entry_of(code)->remedy);
}

void error_words(enum err code, const char **message, const char **remedy)
{
	*message = entry_of(code)->message;
	*remedy = entry_of(code)->remedy;
}

enum pin_use error_pin_use(enum err code)
{
	return entry_of(code)->pin;
}

int error_exit_status(enum err code)
{
	return entry_of(code)->status;
}

enum err error_from_code(const char *code)
{
	for (int i = 0; i < ERR_COUNT; i++) {
		if (strcmp(catalogue[i].code, code) == 0)
			return (enum err)i;
	}
	return ERR_COUNT;
}
