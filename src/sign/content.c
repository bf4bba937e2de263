#include "sign/content.h"

void content_join(const struct span *texts, size_t count, struct bytes *out)
{
	if (count == 1) {
		bytes_append(out, texts[0]);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		bytes_append_format(out, "%sİmzalanacak Metin %zu:\n\n", i ? "\n" : "", i + 1);
		bytes_append(out, texts[i]);
		bytes_append_text(out, "\n");
	}
}
