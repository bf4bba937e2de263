/* The response of a time stamp authority from anywhere: whatever it is, it is refused with a code, since no authority is
 * trusted here but by name; and its token lies inside it. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sign/timestamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOLDS(condition)                                                                           \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

/* The root of the seeds' authorities; its key is gone. */
static const char root[] = "-----BEGIN CERTIFICATE-----\n"
			   "MIIBjzCCATWgAwIBAgIUYH7HI/bX1wm3sfFg8r+Cy0szevowCgYIKoZIzj0EAwIw\n"
			   "FDESMBAGA1UEAwwJU2VlZCByb290MCAXDTI2MTEyNTAyNTAzM1oYDzIwODEwODI4\n"
			   "MDI1MDMzWjAUMRIwEAYDVQQDDAlTZWVkIHJvb3QwWTATBgcqhkjOPQIBBggqhkjO\n"
			   "PQMBBwNCAASgF/mTB62UNm3m5/Wati8C/ISSfvLUuNExStsRYmnxF5MJ090gRnpM\n"
			   "y+OtQxeKVFr/yJ71L3RsXix9mHLpjL2uo2MwYTAdBgNVHQ4EFgQUvEruLmnQDMWl\n"
			   "kb2oGeoN/lvo3LswHwYDVR0jBBgwFoAUvEruLmnQDMWlkb2oGeoN/lvo3LswDwYD\n"
			   "VR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwCgYIKoZIzj0EAwIDSAAwRQIh\n"
			   "AMchFdaSdIJUY96FksRdC2hwybfdYuaPBz5md+dQxeYoAiBgbzyL7d4UMZW1AiqL\n"
			   "z1KsnmsLJlp1hgx7cQP3jMfH9Q==\n"
			   "-----END CERTIFICATE-----\n";

static struct trust *read_root(void)
{
	char path[] = "/tmp/eonay-fuzz.XXXXXX";
	int fd = mkstemp(path);
	struct trust *t = NULL;

	HOLDS(fd >= 0 && write(fd, root, sizeof(root) - 1) == sizeof(root) - 1);
	close(fd);
	HOLDS(trust_read_file(path, &t, NULL) == ERR_OK);
	unlink(path);
	return t;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct trust *trusted;
	uint8_t imprint[DIGEST_MAX];
	struct timestamp_question q = {.digest = DIGEST_SHA256,
		.imprint = span_of(imprint, 32),
		.nonce = span_text("Znonce"),
		.to = 4102444800};
	struct timestamp stamp;
	struct error e = {0};
	struct span token;
	enum err code;

	if (!trusted)
		trusted = read_root();
	q.trust = trusted;
	digest_of(DIGEST_SHA256, span_text("imza"), imprint, NULL);
	code = timestamp_check_response(&q, span_of(data, size), &token, &stamp, &e);
	HOLDS(e.code == code);
	HOLDS(!token.n || (token.at > data && token.at + token.n == data + size));
	HOLDS(code || (token.n && stamp.time <= q.to));
	timestamp_check(&q, span_of(data, size), &stamp, NULL);
	return 0;
}
