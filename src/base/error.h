/* The catalogue of failures. Every failure is listed once in error.def with its stable public code, exit status,
 * words and remedy; screens, commands, logs and the manual are made from that list. */
#ifndef EONAY_BASE_ERROR_H
#define EONAY_BASE_ERROR_H

#include <stdbool.h>
#include <stdint.h>

enum err {
	ERR_OK = 0,
#define ERROR(symbol, code, status, pin, message, remedy) ERR_##symbol,
#include "base/error.def"
#undef ERROR
	ERR_COUNT
};

/* What a failure says of the PIN try. */
enum pin_use {
	PIN_KEPT,    /* no try was used up */
	PIN_USED,    /* the card counted a wrong PIN, or is blocked */
	PIN_UNKNOWN, /* the PIN went out and no answer came back */
};

#define TRIES_UNKNOWN (-1)

/* A failure and its low-level cause. A zeroed struct is "no failure"; tries counts only for PIN failures. */
struct error {
	enum err code;
	unsigned sw;     /* ISO 7816-4 status word, 0 if none */
	uint32_t pcsc;   /* PC/SC result, 0 if none */
	int http;        /* HTTP status, 0 if none */
	int tries;       /* PIN tries left, TRIES_UNKNOWN if not told */
	bool pin_sent;   /* a VERIFY had left when this happened, or may have */
	char where[192]; /* file:line, reader, URL, function: what a supporter needs; UTF-8, no secrets */
};

/* Fills e (may be NULL) with code and the printf-like place, and returns code. Older causes in e are cleared. */
enum err error_set(struct error *e, enum err code, const char *where, ...)
	__attribute__((format(printf, 3, 4)));

/* As error_set(), with the text of errno behind the place. */
enum err error_set_errno(struct error *e, enum err code, const char *where, ...)
	__attribute__((format(printf, 3, 4)));

/* As error_set(), and keeps the status word, the PC/SC result or the HTTP status. */
enum err error_set_sw(struct error *e, enum err code, unsigned sw, const char *where);
enum err error_set_pcsc(struct error *e, enum err code, uint32_t pcsc, const char *where);
enum err error_set_http(struct error *e, enum err code, int http, const char *where);

/* The entries of the catalogue. Messages and remedies are Turkish, in gettext's domain "eonay"; error_message() and
 * error_remedy() return them in the language set. The stable public code is like "K-012". */
const char *error_code(enum err code);
const char *error_symbol(enum err code);
const char *error_message(enum err code);
const char *error_remedy(enum err code);
enum pin_use error_pin_use(enum err code);

/* Message and remedy as they stand in the catalogue, for whoever translates them himself. */
void error_words(enum err code, const char **message, const char **remedy);

/* Exit status of a command that ended with code (sysexits.h), 0 for ERR_OK. */
int error_exit_status(enum err code);

/* The catalogue entry with this public code, ERR_COUNT when there is none. */
enum err error_from_code(const char *code);

#endif
