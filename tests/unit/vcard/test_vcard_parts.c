/* The card's smaller parts: BER, command APDUs, the fault script, the transcript. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/hex.h"
#include "vcard/ber.h"
#include "vcard/command.h"
#include "vcard/faults.h"
#include "vcard/profile.h"
#include "vcard/trace.h"

static struct bytes scratch;

static struct span from_hex(const char *hex)
{
	bytes_clear(&scratch);
	assert_true(hex_read(hex, &scratch));
	return bytes_span(&scratch);
}

static void assert_hex(struct bytes *b, const char *hex)
{
	struct bytes text = {0};

	hex_append(&text, bytes_span(b));
	assert_string_equal(bytes_text(&text), hex);
	bytes_free(&text);
	bytes_clear(b);
}

static void ber_is_shortest(void **state)
{
	struct bytes b = {0};
	uint8_t long_value[300] = {0};
	size_t mark;

	(void)state;
	ber_put_number(&b, BER_INTEGER, 0);
	assert_hex(&b, "020100");
	ber_put_number(&b, BER_INTEGER, 0x80);
	assert_hex(&b, "02020080");
	ber_put_number(&b, 0x80, 2048);
	assert_hex(&b, "80020800");
	ber_put_oid(&b, "2.16.792.1.61.0.1.5070.1.1");
	assert_hex(&b, "060B608618013D0001A74E0101");
	mark = ber_open(&b, 0x7F49);
	ber_put(&b, 0x81, span_of(long_value, 200));
	ber_close(&b, mark);
	assert_int_equal(b.n, 2 + 2 + 1 + 2 + 200);
	assert_memory_equal(b.at, "\x7F\x49\x81\xCB\x81\x81\xC8", 7);
	bytes_clear(&b);
	ber_put(&b, BER_OCTET_STRING, span_of(long_value, 300));
	assert_memory_equal(b.at, "\x04\x82\x01\x2C", 4);
	bytes_free(&b);
}

static void ber_reads_whole_objects_only(void **state)
{
	static const char *const bad[] = {"", "84", "8401", "840201", "8480", "84820001", "5F",
		"1F8181", "84830000010A", "1F81818101"};
	struct span rest, value;
	unsigned tag;

	(void)state;
	rest = from_hex("7F490381010F 8400");
	assert_true(ber_next(&rest, &tag, &value));
	assert_int_equal(tag, 0x7F49);
	assert_int_equal(value.n, 3);
	assert_true(ber_next(&rest, &tag, &value));
	assert_int_equal(tag, 0x84);
	assert_int_equal(rest.n, 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		rest = from_hex(bad[i]);
		assert_false(ber_next(&rest, &tag, &value));
	}
}

static void commands_have_four_cases(void **state)
{
	static const struct {
		const char *hex;
		size_t n, ne;
		bool all, extended;
	} good[] = {
		{"00A40000", 0, 0, false, false},
		{"00B0000010", 0, 16, false, false},
		{"00B0000000", 0, 256, true, false},
		{"00A40000023F00", 2, 0, false, false},
		{"00A40000023F0010", 2, 16, false, false},
		{"00B00000000000", 0, 65536, true, true},
		{"00B00000000100", 0, 256, false, true},
		{"00A400000000023F00", 2, 0, false, true},
		{"00A400000000023F000000", 2, 65536, true, true},
	};
	static const char *const bad[] = {"", "00A400", "00A40000013F00FFFF", "00A40000033F00",
		"00A400000001", "00A4000000000001", "00A400000000033F00",
		"00A400000000023F00000000"};
	struct command c;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		assert_true(command_parse(from_hex(good[i].hex), &c));
		assert_int_equal(c.data.n, good[i].n);
		assert_int_equal(c.ne, good[i].ne);
		assert_int_equal(c.ne_all, good[i].all);
		assert_int_equal(c.extended, good[i].extended);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(command_parse(from_hex(bad[i]), &c));
}

static void atrs_check(void **state)
{
	static const char *const names[] = {"akis", "akis1", "iso"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct span atr = from_hex(profile_named(names[i])->atr);
		uint8_t check = 0;

		/* TCK: T0 to TCK together make 0 (ISO 7816-3 8.2.5). */
		for (size_t k = 1; k < atr.n; k++)
			check ^= atr.at[k];
		assert_int_equal(check, 0);
		assert_int_equal(atr.at[0], 0x3B);
	}
	assert_null(profile_named("visa"));
}

/* Writes text into a file of its own; path must have room for 32 bytes. */
static void write_file(char path[32], const char *text)
{
	int fd;

	strcpy(path, "/tmp/eonay-faults.XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void faults_meet_their_command(void **state)
{
	struct span verify = from_hex("002000810631");
	struct faults f;
	const struct fault *hit;
	char path[32];
	size_t i = 0;

	(void)state;
	write_file(path,
		"# a script\n\n at 2 delay 50 # slow\non 0020 status 6F00\neach 002000 garble\n"
		"on 00A4 swap other.state\n");
	assert_int_equal(faults_load(&f, path, NULL), ERR_OK);
	unlink(path);
	assert_int_equal(f.count, 4);
	assert_string_equal(f.list[3].state, "other.state");
	hit = faults_next(&f, 2, verify, &i);
	assert_int_equal(hit->action, FAULT_DELAY);
	assert_int_equal(hit->value, 50);
	hit = faults_next(&f, 2, verify, &i);
	assert_int_equal(hit->action, FAULT_STATUS);
	assert_int_equal(hit->value, 0x6F00);
	hit = faults_next(&f, 2, verify, &i);
	assert_int_equal(hit->action, FAULT_GARBLE);
	assert_null(faults_next(&f, 2, verify, &i));
	i = 0; /* only "each" is left */
	assert_int_equal(faults_next(&f, 2, verify, &i)->action, FAULT_GARBLE);
	assert_null(faults_next(&f, 2, verify, &i));
	i = 0;
	assert_null(faults_next(&f, 3, span_first(verify, 2), &i));
	faults_free(&f);
}

static void answers_are_spoiled(void **state)
{
	static const struct {
		enum fault_action action;
		unsigned long value;
		const char *before, *after;
	} cases[] = {
		{FAULT_TRUNCATE, 3, "0102039000", "010203"},
		{FAULT_TRUNCATE, 0, "9000", ""},
		{FAULT_TRUNCATE, 9, "019000", "019000"},
		{FAULT_SHORTEN, 1, "0102036282", "016282"},
		{FAULT_SHORTEN, 0, "019000", "9000"},
		{FAULT_SHORTEN, 1, "9000", "9000"},
		{FAULT_STRETCH, 2, "019000", "0100009000"},
		{FAULT_STRETCH, 1, "01", "01"},
		{FAULT_FLIP, 1, "0102039000", "0103039000"},
		{FAULT_FLIP, 3, "0102039000", "0102039000"},
		{FAULT_GARBLE, 0, "00F09000", "FF0F9000"},
		{FAULT_GARBLE, 0, "6A82", "6A82"},
		{FAULT_DELAY, 1, "019000", "019000"},
	};
	struct bytes answer = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct fault f = {.action = cases[i].action, .value = cases[i].value};

		assert_true(hex_read(cases[i].before, &answer));
		fault_spoil(&f, &answer);
		assert_hex(&answer, cases[i].after);
	}
	assert_true(hex_read("019000", &answer));
	fault_spoil(&(const struct fault){.action = FAULT_STRETCH, .value = 0xFFFF}, &answer);
	assert_int_equal(answer.n, 0xFFFF);
	bytes_free(&answer);
}

static void a_wrong_line_is_named(void **state)
{
	static const char *const bad[] = {"at", "at 0 remove", "at x remove", "at 1", "at 1 vanish",
		"at 1 delay", "at 1 delay -1", "at 1 status 5000", "at 1 status 90000",
		"on remove garble", "on 0 garble", "when 1 remove", "at 1 remove now", "at 1 swap",
		"at 1 delay 9999999"};
	struct faults f;
	struct error e;
	char path[32], text[64];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		snprintf(text, sizeof(text), "at 1 remove\n%s\n", bad[i]);
		write_file(path, text);
		assert_int_equal(faults_load(&f, path, &e), ERR_CONFIG_SYNTAX);
		unlink(path);
		snprintf(text, sizeof(text), "%s:2: %s", path, bad[i]);
		assert_string_equal(e.where, text);
	}
	assert_int_equal(faults_load(&f, "/nowhere/faults", &e), ERR_FILE_READ);
}

static void trace_is(const char *hex, const char *wanted)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	trace_command(f, from_hex(hex));
	fclose(f);
	assert_string_equal(text, wanted);
	free(text);
}

static void traces_hide_pins(void **state)
{
	(void)state;
	trace_is("00A40000023F0000", "> 00A40000023F0000\n");
	trace_is("0020008106313233343536", "> 0020008106************\n");
	trace_is("002000810000063132333435360000", "> 00200081000006************0000\n");
	trace_is("102C00810431323334", "> 102C008104********\n");
	trace_is("00240081043132333400", "> 0024008104********00\n");
	trace_is("00200081", "> 00200081\n");
	trace_is("00200081FF313233", "> 00200081FF******\n"); /* no command, but digits */
	trace_command(NULL, from_hex("00A4"));
}

static int release(void **state)
{
	(void)state;
	bytes_free(&scratch);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ber_is_shortest),
		cmocka_unit_test(ber_reads_whole_objects_only),
		cmocka_unit_test(commands_have_four_cases),
		cmocka_unit_test(atrs_check),
		cmocka_unit_test(faults_meet_their_command),
		cmocka_unit_test(answers_are_spoiled),
		cmocka_unit_test(a_wrong_line_is_named),
		cmocka_unit_test(traces_hide_pins),
	};

	return cmocka_run_group_tests(tests, NULL, release);
}
