#include "portal/problem.h"

#include <jansson.h>
#include <stdlib.h>

unsigned problem_status(enum err code)
{
	switch (code) {
	case ERR_REQUEST:
	case ERR_CODE_FORMAT:
	case ERR_LOGIN_STATE:
		return 400;
	case ERR_SESSION_UNKNOWN: /* as a missing or wrong token: which sessions there are is not
				     told */
		return 401;
	case ERR_LOGIN_REFUSED:
	case ERR_LOGIN_PERSON:
	case ERR_FORM:
	case ERR_FORBIDDEN:
		return 403;
	case ERR_CODE_WRONG:
	case ERR_REQUEST_PATH:
	case ERR_PAGE_UNKNOWN:
	case ERR_RECORD_UNKNOWN:
		return 404;
	case ERR_REQUEST_METHOD:
		return 405;
	case ERR_CODE_USED:
	case ERR_SESSION_SIGNED:
	case ERR_PURPOSE:
	case ERR_RECORD_CHANGED:
		return 409;
	case ERR_CODE_EXPIRED:
	case ERR_SESSION_EXPIRED:
		return 410;
	case ERR_REQUEST_SIZE:
		return 413;
	case ERR_CODE_RATE:
	case ERR_BUSY_SERVICE:
	case ERR_TOO_OFTEN:
		return 429;
	case ERR_LOGIN_ANSWER:
	case ERR_LOGIN_TOKEN:
	case ERR_LOGIN_KEY:
		return 502;
	case ERR_LOGIN_PROVIDER:
	case ERR_STORE:
	case ERR_CERTIFICATE_STATUS:
	case ERR_TIMESTAMP_SERVICE:
	case ERR_SERVICE_FAILED: /* we are stopping */
		return 503;
	default:
		/* The signature's and the certificate's own failures are the request's. */
		return error_code(code)[2] == '3' && code != ERR_CRYPTO ? 422 : 500;
	}
}

void problem_write(enum err code, struct bytes *out)
{
	const char *public = error_code(code);
	json_t *document = json_pack("{s:s++, s:s, s:i, s:s, s:s}", "type",
		"urn:eonay:error:", public, "", "title", error_message(code), "status",
		(int)problem_status(code), "detail", error_remedy(code), "code", public);
	char *text = json_dumps(document, JSON_COMPACT);

	bytes_append_text(out, text ? text : "{}");
	free(text);
	json_decref(document);
}

void problem_answer(enum err code, struct http_answer *answer)
{
	answer->status = problem_status(code);
	answer->content_type = PROBLEM_TYPE;
	bytes_clear(&answer->body);
	problem_write(code, &answer->body);
}
