/* Nothing that was made of a PIN is left in the process once a signature has ended, well or badly: every writable page is
 * searched for it, as characters and as values. */
#include "script.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/secret.h"
#include "card/card.h"

#define PIN_SIZE 12
#define TAIL                                                                                       \
	8 /* digits looked for, the last ones: free() writes over what lies before them in a command */
#define MAPPING_MAX (1ul << 26) /* bytes; what is bigger is a sanitizer's shadow */

/* The digits of a PIN of chance, each XORed, so that the test itself holds no copy. */
#define MASK 0x55
static uint8_t masked[PIN_SIZE];

/* How a digit may stand in memory: as a character or a value of 0 to 9, and of the PIN or of the new one, whose digits
 * are each one up. */
struct form {
	bool low, next;
};

static uint8_t digit_at(size_t i, struct form form)
{
	uint8_t value = (uint8_t)((masked[i] ^ MASK) - '0' + form.next) % 10;

	return form.low ? value : (uint8_t)('0' + value);
}

static bool is_here(const uint8_t *p, struct form form)
{
	for (size_t i = 0; i < TAIL; i++) {
		if (p[i] != digit_at(PIN_SIZE - TAIL + i, form))
			return false;
	}
	return true;
}

static unsigned count_form(const uint8_t *p, size_t n, struct form form)
{
	const uint8_t *at = p, *end = p + n;
	unsigned found = 0;

	while (end - at >= TAIL &&
		(at = memchr(at, digit_at(PIN_SIZE - TAIL, form), (size_t)(end - at) - TAIL + 1)))
		found += is_here(at++, form);
	return found;
}

static unsigned count_in(const uint8_t *p, size_t n)
{
	unsigned found = 0;

	for (unsigned i = 0; i < 4; i++)
		found += count_form(p, n, (struct form){.low = i & 1, .next = i & 2});
	return found;
}

/* Every writable page is read through /proc/self/mem into a buffer that lies outside of what malloc() serves from, and
 * is searched there. The buffer itself is passed over. */
static unsigned copies(void)
{
	enum { PIECE = 1 << 16 };
	static uint8_t buffer[PIECE + PIN_SIZE];
	FILE *maps = fopen("/proc/self/maps", "r"), *memory = fopen("/proc/self/mem", "rb");
	unsigned long from, to;
	char rights[8], line[512];
	unsigned found = 0;

	assert_true(maps && memory);
	setvbuf(memory, NULL, _IONBF, 0);
	while (fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx %7s", &from, &to, rights) != 3 || rights[0] != 'r' ||
			rights[1] != 'w')
			continue;
		for (unsigned long at = from; at < to && to - from < MAPPING_MAX; at += PIECE) {
			size_t want = to - at < PIECE + PIN_SIZE ? to - at : PIECE + PIN_SIZE;

			if (at < (uintptr_t)buffer + sizeof(buffer) &&
				at + want > (uintptr_t)buffer)
				continue;
			if (fseek(memory, (long)at, SEEK_SET) == 0 &&
				(want = fread(buffer, 1, want, memory)) > 0)
				found += count_in(buffer, want);
		}
	}
	explicit_bzero(buffer, sizeof(buffer));
	fclose(maps);
	fclose(memory);
	return found;
}

static void make_pin(struct secret *pin)
{
	assert_int_equal(RAND_bytes(masked, PIN_SIZE), 1);
	secret_wipe(pin);
	for (size_t i = 0; i < PIN_SIZE; i++) {
		masked[i] = (uint8_t)(('0' + masked[i] % 10) ^ MASK);
		assert_true(secret_append(pin, masked[i] ^ MASK));
	}
}

static int start(void **state)
{
	struct error e;

	(void)state;
	/* secret_init() also takes /proc/self/mem away from whoever is not root. */
	return geteuid() == 0 && secret_init(&e) == ERR_OK ? 0 : -1;
}

static void copies_are_found(void **state)
{
	struct secret pin = {0};
	uint8_t *copy = must_alloc(PIN_SIZE);

	(void)state;
	make_pin(&pin);
	memcpy(copy, pin.at, PIN_SIZE);
	assert_true(copies() >= 2);
	explicit_bzero(copy, PIN_SIZE);
	free(copy);
	secret_wipe(&pin);
	assert_int_equal(copies(), 0);
}

/* Plays file, with the first VERIFY answered by what (a line of the transcript), as a recording has six digits. */
static void play(const char *file, const char *what, enum err code)
{
	struct reader *r = script_open_changed(file, "0020", what);
	struct secret pin = {0};
	struct bytes signature = {0};
	static const uint8_t digest[32];
	struct card_sign_request request = {
		.scheme = strstr(file, "pss") ? CARD_RSA_PSS : CARD_RSA_PKCS1,
		.digest = CARD_SHA256,
		.value = span_of(digest, sizeof(digest)),
		.last_try_confirmed = true};
	struct error e;
	struct card *c;

	make_pin(&pin);
	assert_int_equal(card_open(r, &c, &e), ERR_OK);
	assert_int_equal(card_sign(c, &request, secret_span(&pin), &signature, &e), code);
	assert_true(e.pin_sent);
	secret_wipe(&pin);
	assert_int_equal(copies(), 0);
	bytes_free(&signature);
	card_close(c);
	script_drop(r);
}

/* The same of a PUK and the new PIN; command is the one that brings the PUK. */
static void play_unblock(const char *file, const char *command, const char *what, enum err code)
{
	static const struct card_unblock_request request = {.last_try_confirmed = true};
	struct reader *r = script_open_changed(file, command, what);
	struct secret puk = {0}, pin = {0};
	struct error e;
	struct card *c;

	make_pin(&puk);
	for (size_t i = 0; i < PIN_SIZE; i++)
		assert_true(secret_append(&pin, digit_at(i, (struct form){.next = true})));
	assert_int_equal(card_open(r, &c, &e), ERR_OK);
	assert_int_equal(card_unblock(c, &request, secret_span(&puk), secret_span(&pin), &e), code);
	assert_true(e.pin_sent);
	secret_wipe(&puk);
	secret_wipe(&pin);
	assert_int_equal(copies(), 0);
	card_close(c);
	script_drop(r);
}

/* What comes of a PIN or PUK, and of which error each is. */
static const struct outcome {
	const char *line;
	enum err pin, puk;
} outcomes[] = {
	{"< 63C2", ERR_PIN_WRONG, ERR_PUK_WRONG},
	{"< 6983", ERR_PIN_BLOCKED, ERR_PUK_BLOCKED},
	{"< 6982", ERR_PIN_REFUSED, ERR_PUK_REFUSED},
	{"! CARD_REMOVED", ERR_PIN_UNSETTLED, ERR_PUK_UNSETTLED},
};
#define OUTCOMES (sizeof(outcomes) / sizeof(outcomes[0]))

static void no_copy_of_a_puk_is_left(void **state)
{
	static const char *const files[][2] = {
		{"akis_no_directory_unblock.txt", "0020"}, {"isoapplet_unblock.txt", "002C"}};
	const size_t all = OUTCOMES * sizeof(files) / sizeof(files[0]);

	(void)state;
	for (size_t i = 0; i < all; i += test_stride()) {
		const struct outcome *o = &outcomes[i % OUTCOMES];
		const char *const *file = files[i / OUTCOMES];

		play_unblock(file[0], file[1], o->line, o->puk);
	}
}

static void no_copy_is_left(void **state)
{
	/* Those whose PIN may have twelve digits. */
	static const char *const files[] = {"akis_no_directory_pss.txt", "akis1_rsa.txt",
		"akis1_no_directory_rsa.txt", "isoapplet_pss.txt"};

	const size_t all = OUTCOMES * sizeof(files) / sizeof(files[0]);

	(void)state;
	for (size_t i = 0; i < all; i += test_stride()) {
		const struct outcome *o = &outcomes[i % OUTCOMES];

		play(files[i / OUTCOMES], o->line, o->pin);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_are_found),
		cmocka_unit_test(no_copy_is_left),
		cmocka_unit_test(no_copy_of_a_puk_is_left),
	};

	if (geteuid() != 0) {
		printf("1..0 # SKIP reading one's own memory takes root once it may not be "
		       "dumped\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, start, NULL);
}
