/* Words for people: gettext's short forms, and the sentences that more than one screen says. */
#ifndef EONAY_TUI_WORDS_H
#define EONAY_TUI_WORDS_H

#include <libintl.h>

#include "tui/flow.h"
#include "tui/theme.h"

#define _(text) dgettext("eonay", text)
#define N_(text) text /* for tables: xgettext sees it, _() translates it where it is used */

/* enum settings_language; takes effect at once. */
void words_language(int language);

/* What flow.notice says, appended to out, and how it looks; nothing for NOTICE_NONE. */
enum style words_notice(const struct flow *f, struct bytes *out);

/* A failure's message, with the tries left where it is about the PIN. */
void words_error(const struct error *error, struct bytes *out);

/* What became of the try: of the PIN or, in a session for unblocking, of the PUK. */
const char *words_pin_use(const struct flow *f, enum pin_use use);

/* What became of the signature that is here after handing it in has failed. */
const char *words_signature(const struct flow *f);

/* "Kalan deneme: 2", or that nobody knows. */
void words_tries(const struct card_pin *pin, struct bytes *out);

/* What the running job is doing. */
const char *words_work(const struct flow *f);

/* t (seconds since 1970) as the official screens write it, "01.03.2022 17:39:54". */
void words_time(int64_t t, char out[20]);

/* "RSA 2048", "EC 384". */
void words_key(const struct certificate_info *info, struct bytes *out);

#endif
