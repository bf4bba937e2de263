/* The directory of ISO 7816-15 (PKCS#15): what keys, certificates and PINs a card has and where.
 * Parsers take the bytes of a file and add to contents; a member that is not understood is left
 * out, never an error, so that one odd object does not hide the others. */
#ifndef EONAY_CARD_PKCS15_H
#define EONAY_CARD_PKCS15_H

#include "card/contents.h"

#define PKCS15_FILES_MAX 4 /* files of one kind that an ODF names */

/* What EF(ODF) names: the directory files by kind. Objects may also stand in the ODF itself
 * (direct): they are then parsed at once. */
struct pkcs15_files {
	struct file_path keys[PKCS15_FILES_MAX], certificates[PKCS15_FILES_MAX],
		pins[PKCS15_FILES_MAX];
	size_t key_count, certificate_count, pin_count;
};

/* Each parses the content of one file. */
void pkcs15_parse_odf(struct span odf, struct pkcs15_files *files, struct contents *contents);
void pkcs15_parse_keys(struct span prkdf, struct contents *contents);
void pkcs15_parse_certificates(struct span cdf, struct contents *contents);
void pkcs15_parse_pins(struct span aodf, struct contents *contents);
void pkcs15_parse_token_info(struct span token_info, struct contents *contents);

/* The path of the PKCS#15 application in EF.DIR (ISO 7816-15 7.4); false when it has none. */
bool pkcs15_parse_dir(struct span dir, struct file_path *path);

/* AID of ISO 7816-15: A0 00 00 00 63 50 4B 43 53 2D 31 35. */
struct span pkcs15_aid(void);

/* Reads the directory of the application that fs is at: ODF, TokenInfo, private keys, certificates,
 * PINs. Contents of certificates are not read. ERR_NOT_FOUND when there is no ODF. */
enum err pkcs15_read(struct file_system *fs, struct contents *contents, struct error *e);

#endif
