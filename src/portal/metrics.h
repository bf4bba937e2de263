/* What is counted of the service while it runs, in the text format of Prometheus (its "Exposition formats", 0.0.4). Nothing
 * of it tells of a person. Safe to use from several threads. */
#ifndef EONAY_PORTAL_METRICS_H
#define EONAY_PORTAL_METRICS_H

#include "base/bytes.h"
#include "base/error.h"

struct metrics;

struct metrics *metrics_new(void);
void metrics_free(struct metrics *m); /* NULL is allowed */

/* A request was answered with status, after duration_us. method and route are literals (of the table of routes), which
 * makes their number bounded; NULL: no route fits. */
void metrics_request(struct metrics *m, const char *method, const char *route, unsigned status,
	int64_t duration_us);

/* A signature was accepted (ERR_OK) or refused. */
void metrics_signature(struct metrics *m, enum err code);

/* Appends all that was counted. */
void metrics_write(struct metrics *m, struct bytes *out);

/* Appends what stands above the figures of one name (type: "gauge" or "counter"), and one figure that is measured now, with
 * labels as in {state="open"} or "". */
void metrics_write_figure(struct bytes *out, const char *name, const char *labels, int64_t value);
void metrics_write_head(struct bytes *out, const char *name, const char *type, const char *help);

#endif
