/* What every unit test includes: cmocka and the headers it wants first. */
#ifndef EONAY_TESTS_UNIT_H
#define EONAY_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#endif
