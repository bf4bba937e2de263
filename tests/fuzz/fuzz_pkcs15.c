/* The files of a directory, one block each: ODF, TokenInfo, keys, certificates, PINs, EF.DIR. */
#include "card/pin_rules.h"
#include "card/pkcs15.h"
#include "blocks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void use(const struct contents *c)
{
	uint8_t block[PIN_BLOCK_MAX];

	for (size_t i = 0; i < c->key_count; i++)
		contents_pin_of(c, &c->keys[i]);
	for (size_t i = 0; i < c->pin_count; i++) {
		if (pin_check(&c->pins[i], span_text("12345"), NULL) == ERR_OK)
			pin_encode(&c->pins[i], span_text("12345"), block);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct span rest = span_of(data, n);
	struct pkcs15_files files = {0};
	struct contents c = {0};
	struct file_path path;

	pkcs15_parse_odf(blocks_next(&rest), &files, &c);
	pkcs15_parse_token_info(blocks_next(&rest), &c);
	pkcs15_parse_keys(blocks_next(&rest), &c);
	pkcs15_parse_certificates(blocks_next(&rest), &c);
	pkcs15_parse_pins(blocks_next(&rest), &c);
	pkcs15_parse_dir(blocks_next(&rest), &path);
	use(&c);
	contents_release(&c);
	return 0;
}
