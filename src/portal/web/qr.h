/* A QR code (ISO/IEC 18004) as an SVG path. */
#ifndef EONAY_PORTAL_WEB_QR_H
#define EONAY_PORTAL_WEB_QR_H

#include "base/bytes.h"
#include "base/error.h"

#define QR_QUIET 4 /* modules of light around it that the standard asks for */

/* Appends to path what is dark, one unit for each module; *size is the side of the whole picture with its quiet zone.
 * text: digits, some 50 at most. ERR_INTERNAL. */
enum err qr_path(const char *text, struct bytes *path, int *size, struct error *e);

#endif
