/* The checks of sign/verify.h one by one, for whoever tells a person what was found. */
#ifndef EONAY_SIGN_CHECKS_H
#define EONAY_SIGN_CHECKS_H

#include "sign/verify.h"

/* What is looked at, in the order in which it is told. */
enum check {
	CHECK_FORMAT,
	CHECK_ALGORITHM,
	CHECK_ATTRIBUTES,
	CHECK_CONTENT,
	CHECK_BINDING,
	CHECK_SIGNATURE,
	CHECK_CERTIFICATE,
	CHECK_ISSUER,
	CHECK_REVOCATION,
	CHECK_TIME_STAMP,
	CHECK_COUNT
};

enum outcome { NOT_CHECKED, GOOD, BAD };

/* "format", "algorithm" …, which never change, and the Turkish words to be translated. */
const char *check_id(enum check check);
const char *check_label(enum check check);

/* False for what there is nothing of: the time stamp of a signature without one. */
bool check_applies(enum check check, const struct verify_report *report);

/* The check that a failure belongs to, CHECK_COUNT for none of them (a file that can't be read). */
enum check check_of(enum err code);

/* What verify_cms() found: code is what it returned. What is known to be good is said to be good, and nothing else: the
 * rest was not reached. */
void check_outcomes(
	enum err code, const struct verify_report *report, enum outcome outcomes[CHECK_COUNT]);

#endif
