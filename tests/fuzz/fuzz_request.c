/* What a kiosk, or anyone who can reach the port, may send to the service: bodies, paths, headers; and the address to
 * listen on. */
#include <stdlib.h>
#include <string.h>

#include "portal/listen.h"
#include "portal/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_open(struct span body)
{
	struct request_open open;

	if (request_read_open(body, &open, NULL) == ERR_OK &&
		(!code_is_wellformed(span_text(open.code)) ||
			strlen(open.nonce) < SESSION_NONCE_MIN ||
			strlen(open.kiosk) >= sizeof(open.kiosk)))
		abort();
}

static void check_abandon(struct span body)
{
	char reason[8];

	if (request_read_abandon(body, reason, NULL) == ERR_OK &&
		error_from_code(reason) == ERR_COUNT)
		abort();
}

static void check_path(const char *text)
{
	char id[PORTAL_ID_DIGITS + 1] = "";

	if (request_path_fits(text, "/v1/sessions/*/signature", id) &&
		!id_is_wellformed(span_text(id)))
		abort();
}

static void check_header(const char *text)
{
	struct span token = request_bearer(text);
	uint64_t n;

	if (token.n && memchr(token.at, ' ', token.n))
		abort();
	if (request_number(text, 1000, &n) && n > 1000)
		abort();
}

static void check_listen(const char *text)
{
	struct sockaddr_in6 address;
	socklen_t length;

	/* What is refused with TLS is refused without. */
	if (listen_read(text, false, &address, &length, NULL) == ERR_OK &&
		listen_read(text, true, &address, &length, NULL) != ERR_OK)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span body = span_of(data, size);
	struct bytes text = {0};

	check_open(body);
	check_abandon(body);
	request_read_done(body, NULL);
	bytes_append(&text, body);
	check_path(bytes_text(&text));
	check_header(bytes_text(&text));
	check_listen(bytes_text(&text));
	bytes_free(&text);
	return 0;
}
