/* The code is in no buffer but one that is wiped: none is given back to the heap, by growing, with the code in it. */
#include <config.h> /* _GNU_SOURCE for memmem() */

#include "unit.h"

#include <malloc.h>
#include <string.h>

#include "service/client.h"

#define CODE "98765432101234567"

static unsigned left_behind;

void *__real_realloc(void *p, size_t n);
void *__wrap_realloc(void *p, size_t n);

/* Stands for realloc() in what is linked here. What is new is zeroed, so that all may be looked at. */
void *__wrap_realloc(void *p, size_t n)
{
	size_t before = p ? malloc_usable_size(p) : 0;
	uint8_t *grown;

	if (before && memmem(p, before, CODE, CODE_DIGITS))
		left_behind++;
	grown = __real_realloc(p, n);
	if (grown && malloc_usable_size(grown) > before)
		memset(grown + before, 0, malloc_usable_size(grown) - before);
	return grown;
}

static void opening_a_session_leaves_no_code_behind(void **state)
{
	const struct service_settings settings = {.url = "http://127.0.0.1:1",
		.kiosk = "Kızılay şubesi, giriş katı, \"ikinci\" kiosk",
		.connect_timeout_ms = 5000,
		.total_timeout_ms = 5000};
	struct service_session session;
	struct service *s;
	struct error e;

	(void)state;
	assert_int_equal(service_open(&settings, &s, &e), ERR_OK);
	assert_int_equal(service_session_open(s, span_text(CODE),
				 "nonce-of-this-test-0123456789abcdefghijklmnop", &session, &e),
		ERR_SERVICE_UNREACHABLE);
	assert_int_equal(left_behind, 0);
	service_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opening_a_session_leaves_no_code_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
