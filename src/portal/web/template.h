/* Pages from templates: a subset of mustache(5), so that other programs can show them too.
 *
 *   {{name}}                   the value, escaped (escape.h); there is no form that does not escape
 *   {{#name}} … {{/name}}      once for each member of an array, once for an object or a value that is true, not empty
 *                              and not 0; names are looked up in the member first, then outside
 *   {{^name}} … {{/name}}      when the section above would show nothing
 *   {{.}}  {{a.b}}             the member itself; the member b of the object a
 *   {{>name}}                  the template name.html
 *   {{! comment }}
 *   {{#t}}Türkçe{{/t}}         the text in the language of the page, from tui/po/en.po. Runs of white space count as one
 *                              blank. The text may have inline HTML and {{names}} in it, and the translation the same.
 *
 * Values are jansson's: strings and integers are shown, anything else is only asked for. A name that is not there is
 * as an empty text. Reserved: t. */
#ifndef EONAY_PORTAL_WEB_TEMPLATE_H
#define EONAY_PORTAL_WEB_TEMPLATE_H

#include "base/bytes.h"
#include "base/error.h"
#include "portal/web/language.h"

#include <jansson.h>

/* Appends the embedded template name.html, filled with values. ERR_INTERNAL: there is none, or it is not well-formed. */
enum err template_render(const char *name, const json_t *values, enum language language,
	struct bytes *out, struct error *e);

/* The same for a template that is at hand. */
enum err template_render_text(struct span text, const json_t *values, enum language language,
	struct bytes *out, struct error *e);

#endif
