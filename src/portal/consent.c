#include "portal/consent.h"

#include "base/load.h"
#include "sign/content.h"

static const char official_text[] =
	"Bundan sonraki e-İmza başvurularında e-Onaylı başvuruyu kullanabilmek için "
	"onay veriyorum.";

enum err consent_load(const char *path, struct texts *out, struct error *e)
{
	struct bytes *text = &out->at[0];
	enum err code;

	out->count = 1;
	if (!*path) {
		bytes_append_text(text, official_text);
		return ERR_OK;
	}
	code = load_file(path, CONTENT_MAX, text, e);
	if (!code && text->n > 0 && text->at[text->n - 1] == '\n')
		text->n--;
	return code ? code : texts_judge(out, e);
}

bool consent_is_official(const struct texts *t)
{
	return t->count == 1 && span_equal(bytes_span(&t->at[0]), span_text(official_text));
}
