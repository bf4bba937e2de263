/* Directory files byte by byte (ISO 7816-15), in the forms that cards of several makers have. */
#include "unit.h"

#include "base/hex.h"
#include "card/pkcs15.h"
#include "card/tlv.h"

typedef void parser(struct span, struct contents *);

/* Reads "30{04{3F00}}": a tag and, in braces, its content, whose length is worked out; hexadecimal inside. */
static const char *encode(const char *text, struct bytes *out)
{
	while (*text && *text != '}') {
		size_t digits = strspn(text, "0123456789ABCDEF");
		struct bytes plain = {0}, content = {0};
		char hex[256] = "";

		if (digits == 0) {
			text++; /* a blank */
			continue;
		}
		assert_true(digits < sizeof(hex));
		memcpy(hex, text, digits);
		assert_true(hex_read(hex, &plain));
		text += digits;
		if (*text == '{') {
			text = encode(text + 1, &content) + 1;
			tlv_append(out, plain.at[0], bytes_span(&content));
		} else {
			bytes_append(out, bytes_span(&plain));
		}
		bytes_free(&plain);
		bytes_free(&content);
	}
	return text;
}

static void parse(parser *p, const char *text, struct contents *c)
{
	struct bytes b = {0};

	encode(text, &b);
	p(bytes_span(&b), c);
	bytes_free(&b);
}

static void expect_path(const struct file_path *path, const char *text)
{
	struct bytes b = {0};

	assert_true(hex_read(text, &b));
	assert_true(span_equal(span_of(path->at, path->n), bytes_span(&b)));
	bytes_free(&b);
}

static struct pkcs15_files parse_odf(const char *text, struct contents *c)
{
	struct pkcs15_files files = {0};
	struct bytes b = {0};

	encode(text, &b);
	pkcs15_parse_odf(bytes_span(&b), &files, c);
	bytes_free(&b);
	return files;
}

static void odf_by_path_and_direct(void **state)
{
	struct contents c = {0};
	struct pkcs15_files f;

	(void)state;
	f = parse_odf(
		"A0{30{04{50154401}}} A1{30{04{3F0050154404}}} A4{30{04{3FFF50154402}}} "
		"A8{30{04{4403}}}"
		/* private keys once more, direct */
		"A0{A0{30{ 30{0C{41}} 30{04{01} 03{0520} 02{07}} A1{30{30{04{4B01}} 02{0800}}} }}}",
		&c);
	assert_int_equal(f.key_count, 1);
	expect_path(&f.keys[0], "50154401");
	assert_int_equal(f.certificate_count, 1);
	expect_path(&f.certificates[0], "50154402"); /* 3FFF: from the application's DF */
	assert_int_equal(f.pin_count, 1);
	assert_int_equal(c.key_count, 1);
	assert_string_equal(c.keys[0].label, "A");
	assert_true(c.keys[0].signs);
	assert_int_equal(c.keys[0].reference, 7);
	expect_path(&c.keys[0].path, "4B01");
	contents_release(&c);
}

static void keys_of_both_kinds(void **state)
{
	struct contents c = {0};

	(void)state;
	parse(pkcs15_parse_keys,
		/* label, flags, authId, userConsent; sign and nonRepudiation, native, access, reference 0x81 */
		"30{ 30{0C{696D7A61} 03{0780} 04{01} 02{01}}"
		"    30{04{45} 03{062040} 01{FF} 03{03B8} 02{0081}} A0{30{}}"
		"    A1{30{30{04{3F0050150000}} 02{0800}}} }"
		/* EC, [0]; decrypt only; reference as a negative byte; algReference [1] {1, 2} */
		"A0{ 30{0C{6B6579}} 30{04{02} 03{0640} 02{90} A1{02{01} 02{02}}} "
		"A1{30{30{04{5015}}}} }"
		/* something else */
		"A2{02{00}}",
		&c);
	assert_int_equal(c.key_count, 2);
	assert_int_equal(c.keys[0].kind, KEY_RSA);
	assert_true(c.keys[0].signs);
	assert_int_equal(c.keys[0].reference, 0x81);
	assert_int_equal(c.keys[0].auth_id.at[0], 0x01);
	assert_int_equal(c.keys[0].id.at[0], 0x45);
	expect_path(&c.keys[0].path, "3F0050150000");
	assert_int_equal(c.keys[1].kind, KEY_EC);
	assert_false(c.keys[1].signs);
	assert_int_equal(c.keys[1].reference, 0x90);
	assert_int_equal(c.keys[1].algorithm_count, 2);
	assert_int_equal(c.keys[1].algorithms[1], 2);
	contents_release(&c);
}

static void certificates_by_path_and_direct(void **state)
{
	struct contents c = {0};

	(void)state;
	parse(pkcs15_parse_certificates,
		/* path with index 16 and length 1024 */
		"30{ 30{0C{6E6573}} 30{04{01}} A1{30{30{04{3F0050152F10} 02{10} 80{0400}}}} }"
		/* direct */
		"30{ 30{} 30{04{02}} A1{30{A0{30{0203010203}}}} }"
		/* by URL */
		"30{ 30{} 30{04{03}} A1{30{0C{687474703A2F}}} }"
		/* an attribute certificate, [0] */
		"A0{02{00}}",
		&c);
	assert_int_equal(c.certificate_count, 2);
	assert_string_equal(c.certificates[0].label, "nes");
	expect_path(&c.certificates[0].path, "3F0050152F10");
	assert_int_equal(c.certificates[0].path.offset, 16);
	assert_int_equal(c.certificates[0].path.length, 1024);
	assert_int_equal(c.certificates[1].der.n, 7);
	assert_int_equal(c.certificates[1].path.n, 0);
	contents_release(&c);
	assert_int_equal(c.certificate_count, 0);
}

static void pins_with_all_their_attributes(void **state)
{
	struct contents c = {0};

	(void)state;
	parse(pkcs15_parse_pins,
		/* local, initialized, needs-padding; ascii-numeric 4..8, stored 8; reference 0x81; pad FF; date; path */
		"30{ 30{0C{50494E} 03{06C0} 04{02}} 30{04{01}} A1{30{ 03{024C} 0A{01} 02{04} "
		"02{08} 02{08} "
		"80{0081} 04{FF}"
		"    18{32303236303130313030303030305A} 30{04{3F005015}} }} }"
		/* PUK: unblockingPin; no maxLength, no reference (0), BCD */
		"30{ 30{} 30{04{02}} A1{30{ 03{0102} 0A{00} 02{08} 02{08} }} }"
		/* security officer's */
		"30{ 30{} 30{04{03}} A1{30{ 03{0001} 0A{02} 02{04} 02{10} }} }"
		/* biometric template, [0] */
		"A0{02{00}}"
		/* a stored length that no PIN has */
		"30{ 30{} 30{04{04}} A1{30{ 03{0200} 0A{01} 02{04} 02{0800} }} }",
		&c);
	assert_int_equal(c.pin_count, 3);
	assert_string_equal(c.pins[0].label, "PIN");
	assert_int_equal(c.pins[0].coding, PIN_ASCII);
	assert_true(c.pins[0].needs_padding && c.pins[0].initialized && !c.pins[0].unblocking &&
		    !c.pins[0].so);
	assert_int_equal(c.pins[0].min, 4);
	assert_int_equal(c.pins[0].max, 8);
	assert_int_equal(c.pins[0].stored, 8);
	assert_int_equal(c.pins[0].reference, 0x81);
	assert_int_equal(c.pins[0].pad, 0xFF);
	expect_path(&c.pins[0].path, "3F005015");
	assert_ptr_equal(contents_puk_of(&c, &c.pins[0]), &c.pins[1]);
	assert_true(c.pins[1].unblocking);
	assert_int_equal(c.pins[1].coding, PIN_BCD);
	assert_int_equal(c.pins[1].reference, 0);
	assert_int_equal(c.pins[2].coding, PIN_UTF8);
	contents_release(&c);
}

/* storedLength counts bytes, of which BCD and ISO 9564-1 fill one with two digits. */
static void how_long_a_packed_pin_may_be(void **state)
{
	struct contents c = {0};

	(void)state;
	parse(pkcs15_parse_pins,
		/* BCD in four bytes, no maxLength */
		"30{ 30{} 30{04{01}} A1{30{ 03{024C} 0A{00} 02{04} 02{04} }} }"
		/* ISO 9564-1: no maxLength, and one that its format 2 has no room for */
		"30{ 30{} 30{04{02}} A1{30{ 03{024C} 0A{04} 02{04} 02{08} }} }"
		"30{ 30{} 30{04{03}} A1{30{ 03{024C} 0A{04} 02{04} 02{08} 02{10} }} }"
		/* half nibbles: a digit a byte */
		"30{ 30{} 30{04{04}} A1{30{ 03{024C} 0A{03} 02{04} 02{08} }} }"
		/* a BCD that is told to be shorter than it could be */
		"30{ 30{} 30{04{05}} A1{30{ 03{024C} 0A{00} 02{04} 02{08} 02{06} }} }",
		&c);
	assert_int_equal(c.pin_count, 5);
	assert_int_equal(c.pins[0].max, 8);
	assert_int_equal(c.pins[1].max, 12);
	assert_int_equal(c.pins[2].max, 12);
	assert_int_equal(c.pins[3].max, 8);
	assert_int_equal(c.pins[4].max, 6);
	contents_release(&c);
}

static void token_info_and_its_algorithms(void **state)
{
	struct contents c = {0};

	(void)state;
	parse(pkcs15_parse_token_info,
		"30{ 02{00} 04{0A0B0C0D} 0C{656F6E6179} 80{6B617274} 03{0450}"
		"    A2{ 30{02{01} 02{01} 05{} 03{0640} 06{2A0304} 02{02}}"
		"        30{02{02} 02{1041} 05{} 03{0640} 06{2A0304} 02{04}} } }",
		&c);
	assert_string_equal(c.serial, "0A0B0C0D");
	assert_string_equal(c.label, "kart");
	assert_int_equal(c.algorithm_count, 2);
	assert_int_equal(c.algorithms[0].mechanism, 0x01);
	assert_int_equal(c.algorithms[0].card_reference, 0x02);
	assert_int_equal(c.algorithms[1].mechanism, 0x1041);
	assert_int_equal(c.algorithms[1].card_reference, 0x04);
	contents_release(&c);
}

static void the_application_in_ef_dir(void **state)
{
	struct bytes b = {0};
	struct file_path path;

	(void)state;
	encode("61{4F{F276000001}} 61{4F{A000000063504B43532D3135} 50{} 51{3F005015} 73{}}", &b);
	assert_true(pkcs15_parse_dir(bytes_span(&b), &path));
	expect_path(&path, "3F005015");
	assert_false(pkcs15_parse_dir(span_first(bytes_span(&b), 9), &path));
	bytes_free(&b);
}

/* Whatever is cut off or turned over: parsers end, and count no more than there is room for. */
static void broken_files_do_no_harm(void **state)
{
	static parser *const parsers[] = {pkcs15_parse_keys, pkcs15_parse_certificates,
		pkcs15_parse_pins, pkcs15_parse_token_info};
	static const char text[] =
		"30{30{0C{6E6573}} 30{04{01}} A1{30{30{04{3F0050152F10} 02{10} 80{0400}}}}}";
	struct bytes b = {0};

	(void)state;
	encode(text, &b);
	for (size_t i = 0; i < 8 * b.n; i++) {
		struct contents c = {0};
		struct pkcs15_files files = {0};

		b.at[i / 8] ^= 1 << i % 8;
		for (size_t p = 0; p < 4; p++)
			parsers[p](span_first(bytes_span(&b), b.n - i % 3), &c);
		pkcs15_parse_odf(bytes_span(&b), &files, &c);
		b.at[i / 8] ^= 1 << i % 8;
		contents_release(&c);
	}
	bytes_free(&b);
}

static void no_more_than_there_is_room_for(void **state)
{
	struct contents c = {0};

	(void)state;
	for (int i = 0; i < 40; i++) {
		parse(pkcs15_parse_keys, "30{30{} 30{04{01} 03{0520} 02{07}} A1{30{30{04{5015}}}}}",
			&c);
		parse(pkcs15_parse_certificates, "30{30{} 30{04{02}} A1{30{A0{30{0203010203}}}}}",
			&c);
		parse(pkcs15_parse_pins,
			"30{30{} 30{04{03}} A1{30{03{0001} 0A{02} 02{04} 02{10}}}}", &c);
	}
	assert_int_equal(c.key_count, CONTENTS_KEYS_MAX);
	assert_int_equal(c.certificate_count, CARD_CERTIFICATES_MAX);
	assert_int_equal(c.pin_count, CONTENTS_PINS_MAX);
	contents_release(&c);
}

static void which_puk_unblocks_a_pin(void **state)
{
	struct contents c = {.pin_count = 4};

	(void)state;
	c.pins[0] = (struct pin_object){.auth_id = {{1}, 1}, .guard = {{4}, 1}};
	c.pins[1] = (struct pin_object){.auth_id = {{2}, 1}, .unblocking = true, .so = true};
	c.pins[2] = (struct pin_object){.auth_id = {{3}, 1}, .unblocking = true};
	c.pins[3] = (struct pin_object){.auth_id = {{4}, 1}};
	assert_ptr_equal(contents_puk_of(&c, &c.pins[0]), &c.pins[3]);
	c.pins[0].guard.n = 0; /* not told: the one that is there for it */
	assert_ptr_equal(contents_puk_of(&c, &c.pins[0]), &c.pins[2]);
	c.pins[2].unblocking = false;
	assert_null(contents_puk_of(&c, &c.pins[0]));
	c.pins[0].guard = c.pins[0].auth_id; /* itself is none */
	assert_null(contents_puk_of(&c, &c.pins[0]));
}

static void which_pin_guards_a_key(void **state)
{
	struct contents c = {.pin_count = 3, .key_count = 1};

	(void)state;
	c.pins[0] = (struct pin_object){.so = true};
	c.pins[1] = (struct pin_object){.auth_id = {{2}, 1}, .unblocking = true};
	c.pins[2] = (struct pin_object){.auth_id = {{3}, 1}};
	assert_ptr_equal(contents_pin_of(&c, &c.keys[0]), &c.pins[2]);
	c.keys[0].auth_id = (struct identifier){{2}, 1};
	assert_ptr_equal(contents_pin_of(&c, &c.keys[0]), &c.pins[1]);
	c.keys[0].auth_id = (struct identifier){{9}, 1};
	assert_null(contents_pin_of(&c, &c.keys[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(odf_by_path_and_direct),
		cmocka_unit_test(keys_of_both_kinds),
		cmocka_unit_test(certificates_by_path_and_direct),
		cmocka_unit_test(pins_with_all_their_attributes),
		cmocka_unit_test(how_long_a_packed_pin_may_be),
		cmocka_unit_test(token_info_and_its_algorithms),
		cmocka_unit_test(the_application_in_ef_dir),
		cmocka_unit_test(broken_files_do_no_harm),
		cmocka_unit_test(no_more_than_there_is_room_for),
		cmocka_unit_test(which_puk_unblocks_a_pin),
		cmocka_unit_test(which_pin_guards_a_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
