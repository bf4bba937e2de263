/* Every answer that a service may give. What is read must be within the bounds that the rest of the program counts on. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "service/answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_session(struct span body)
{
	struct service_session session;
	size_t total = 0;

	if (answer_session(body, &session, NULL) == ERR_OK) {
		if (!text_is_plain(session.id, SERVICE_ID_MAX) || !text_is_tckn(session.tckn) ||
			(session.text_count == 0) != (session.purpose == SERVICE_UNBLOCK) ||
			session.text_count > SERVICE_TEXTS_MAX || session.remaining_ms < 0 ||
			session.token.n == 0)
			abort();
		for (size_t i = 0; i < session.text_count; i++)
			total += session.texts[i].n;
		if (total > ANSWER_TEXTS_MAX)
			abort();
	}
	service_session_free(&session);
}

static void check_problem(struct span body)
{
	struct error e;
	enum err code = answer_problem(body, 400 + (int)(body.n % 200), &e);

	if (code == ERR_OK || code >= ERR_COUNT || error_pin_use(code) != PIN_KEPT)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span body = span_of(data, size);
	char receipt[SERVICE_ID_MAX], version[SERVICE_VERSION_MAX];
	int64_t t;

	if (!secret_ready() && secret_init(NULL))
		abort();
	check_session(body);
	check_problem(body);
	if (answer_receipt(body, receipt, &t, NULL) == ERR_OK &&
		!text_is_plain(receipt, sizeof(receipt)))
		abort();
	if (answer_health(body, version, &t, NULL) == ERR_OK && strlen(version) >= sizeof(version))
		abort();
	return 0;
}
