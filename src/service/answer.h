/* Reading the service's answers: strict JSON (RFC 8259, no name twice, no NUL), every member of the
 * type and size that src/portal/openapi.yaml gives it; members that are not known are passed over.
 */
#ifndef EONAY_SERVICE_ANSWER_H
#define EONAY_SERVICE_ANSWER_H

#include "service/client.h"

/* Bytes of an answer that are read: a contract of 1 MiB with each of its bytes escaped in two, and
 * the rest. */
#define ANSWER_MAX (3u << 20)

/* Bytes of all texts of a session together; a kiosk does not show more. */
#define ANSWER_TEXTS_MAX (1u << 20)

/* What the service calls them. */
extern const char *const answer_purposes[SERVICE_PURPOSES];

/* The session that was opened. ERR_SERVICE_ANSWER (out is then empty), ERR_SECRET_MEMORY; ERR_PURPOSE: out has id and token
 * all the same, so that it can be given up. out is zeroed before. */
enum err answer_session(struct span body, struct service_session *out, struct error *e);

/* The receipt of a signature. receipt: SERVICE_ID_MAX bytes. ERR_SERVICE_ANSWER. */
enum err answer_receipt(struct span body, char *receipt, int64_t *accepted_at, struct error *e);

/* The health document. version: SERVICE_VERSION_MAX bytes. ERR_SERVICE_ANSWER. */
enum err answer_health(struct span body, char *version, int64_t *service_time, struct error *e);

/* A problem document (RFC 9457) that came with the HTTP status: returns the failure that it names.
 * Only failures of signatures, certificates and the service are believed (K-3xx, K-4xx): a service
 * can't say that a PIN was wrong. Without a known code: ERR_SERVICE_FAILED for 5xx, else
 * ERR_SERVICE_ANSWER. Never ERR_OK. */
enum err answer_problem(struct span body, int http, struct error *e);

#endif
