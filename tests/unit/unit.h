/* What every unit test includes: cmocka and the headers it wants first. */
#ifndef EONAY_TESTS_UNIT_H
#define EONAY_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if !__has_include(<cmocka.h>)
#error "cmocka not found; on Debian: apt-get install libcmocka-dev"
#endif
#include <cmocka.h>

/* How far a test that tries every bit of something goes in one step: 1, or what EONAY_TEST_STRIDE says where trying all
 * would take too long (valgrind.sh). */
static inline size_t test_stride(void)
{
	const char *text = getenv("EONAY_TEST_STRIDE");
	long stride = text ? strtol(text, NULL, 10) : 1;

	return stride > 0 ? (size_t)stride : 1;
}

#endif
