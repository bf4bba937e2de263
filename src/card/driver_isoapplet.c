/* IsoApplet, an openly documented Java Card applet: PKCS#15 behind an AID of its own, algorithm
 * references of its own, MSE only after VERIFY, and an empty VERIFY that answers the tries left
 * without using one. */
#include "card/driver.h"

#include "card/pkcs15.h"

enum { ALGORITHM_PKCS1 = 0x11, ALGORITHM_PSS = 0x12, ALGORITHM_ECDSA = 0x21 };

/* GET DATA 01 01: version and features of the applet's interface. */
enum {
	TAG_VERSION = 0x0101,
	VERSION_1 = 0x0100,
	FEATURE_EXTENDED = 0x01,
	FEATURE_ECC = 0x04,
	FEATURE_PSS = 0x08
};

#define PIN_TRIES_MAX 3

static const uint8_t aid[] = {
	0xF2, 0x76, 0xA2, 0x88, 0xBC, 0xFB, 0xA6, 0x9D, 0x34, 0xF3, 0x10, 0x01};

static bool knows_no_atr(struct span atr)
{
	(void)atr;
	return false; /* any Java Card's */
}

/* The version is asked for each time, for it is also how the host says which one it speaks. Applets
 * before 1.0 do not know the question; they have told the version when they were selected. */
static enum err ask_version(struct card *c, struct span told, struct error *e)
{
	struct bytes version = {0};
	unsigned sw = 0;
	enum err code = iso_get_data(&c->channel, TAG_VERSION, &version, &sw, e);

	if (!code && sw == SW_OK)
		told = bytes_span(&version);
	c->variant = c->features = 0;
	if (!code && told.n >= 3) {
		c->variant = (unsigned)told.at[0] << 8 | told.at[1];
		c->features = told.at[2];
	}
	if (c->features & FEATURE_EXTENDED)
		channel_extend(&c->channel, APDU_EXTENDED_NC, APDU_EXTENDED_NE);
	bytes_free(&version);
	return code;
}

static enum err select_applet(struct card *c, struct error *e)
{
	struct bytes told = {0};
	unsigned sw = 0;
	enum err code = iso_select(
		&c->channel, ISO_BY_NAME, ISO_FCI, span_of(aid, sizeof(aid)), &told, &sw, e);

	if (!code && sw != SW_OK)
		code = iso_error(e, sw, "SELECT IsoApplet");
	if (!code && c->files.channel == NULL)
		c->files = file_system_of(&c->channel);
	if (!code)
		code = ask_version(c, bytes_span(&told), e);
	bytes_free(&told);
	return code;
}

/* The applet's MF is current; the directory lies in 3F00 5015. */
static enum err read_directory(struct card *c, struct error *e)
{
	static const struct file_path application = {.at = {0x3F, 0x00, 0x50, 0x15}, .n = 4};

	c->files.application = application;
	c->files.away = true;
	c->files.current = (struct file_path){.at = {0x3F, 0x00}, .n = 2};
	return pkcs15_read(&c->files, &c->contents, e);
}

static enum err pin_state(
	struct card *c, const struct pin_object *pin, struct card_pin *out, struct error *e)
{
	unsigned sw = 0;
	enum err code = iso_verify(&c->channel, pin->reference, (struct span){0}, &sw, e);

	if (code)
		return code;
	if (sw == SW_PIN_BLOCKED || iso_tries(sw) >= 0) {
		out->tries = sw == SW_PIN_BLOCKED ? 0 : iso_tries(sw);
		out->tries_max = PIN_TRIES_MAX;
		return ERR_OK;
	}
	return iso_error(e, sw == SW_OK ? SW_NO_REFERENCE : sw, "VERIFY without data");
}

/* Before 1.0 the card hashes with SHA-1 before ECDSA: nothing we sign with. */
static size_t ways(const struct card *c, const struct signer *s, enum card_scheme scheme,
	enum card_digest digest, struct sign_way out[SIGN_WAYS_MAX])
{
	(void)s;
	(void)digest;
	switch (scheme) {
	case CARD_RSA_PKCS1:
		out[0] = (struct sign_way){ALGORITHM_PKCS1, INPUT_DIGEST_INFO};
		return 1;
	case CARD_RSA_PSS:
		out[0] = (struct sign_way){ALGORITHM_PSS, INPUT_DIGEST};
		return c->features & FEATURE_PSS ? 1 : 0;
	case CARD_ECDSA:
		out[0] = (struct sign_way){ALGORITHM_ECDSA, INPUT_DIGEST};
		return c->variant >= VERSION_1 ? 1 : 0;
	}
	return 0;
}

const struct card_driver driver_isoapplet = {
	.name = "isoapplet",
	.pin_first = true,
	.knows_atr = knows_no_atr,
	.select = select_applet,
	.read = read_directory,
	.pin_state = pin_state,
	.ways = ways,
};
