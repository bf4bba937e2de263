#include "portal/web/qr.h"

#include <qrencode.h>

/* The dark modules of a row as rectangles, one for each run of them. */
static void append_row(const QRcode *code, int y, struct bytes *path)
{
	const unsigned char *row = code->data + (size_t)y * (size_t)code->width;
	int end;

	for (int x = 0; x < code->width; x = end) {
		for (end = x; end < code->width && (row[end] & 1);)
			end++;
		if (end > x)
			bytes_append_format(path, "M%d %dh%dv1h-%dz", x + QR_QUIET, y + QR_QUIET,
				end - x, end - x);
		else
			end++;
	}
}

enum err qr_path(const char *text, struct bytes *path, int *size, struct error *e)
{
	QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);

	if (!code)
		return error_set_errno(e, ERR_INTERNAL, "QR");
	*size = code->width + 2 * QR_QUIET;
	for (int y = 0; y < code->width; y++)
		append_row(code, y, path);
	QRcode_free(code);
	return ERR_OK;
}
