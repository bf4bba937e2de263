#include "cli/cards.h"

#include <stdlib.h>

#include "base/clock.h"

/* Takes the reports that are there; true when the last of them is complete, or tells of a failure.
 */
static bool take(struct worker *w, struct cards **out, struct error *e)
{
	struct job_result result;

	while (worker_receive(w, clock_monotonic_ms(), &result)) {
		if (result.kind == JOB_CARDS && result.cards) {
			free(*out);
			*out = result.cards;
			result.cards = NULL;
		}
		*e = result.error;
		job_result_free(&result);
		if (e->code)
			return true;
	}
	return *out && !(*out)->reading;
}

enum err cards_gather(const struct settings *settings, struct worker **worker, struct cards **out,
	struct error *e)
{
	int64_t until = clock_monotonic_ms() + settings->card_seconds * 1000;
	enum err code;

	*out = NULL;
	*worker = NULL;
	*e = (struct error){.code = ERR_OK};
	if ((code = worker_open(WORKER_CARD, settings, 0, worker, e)))
		return code;
	while (!take(*worker, out, e)) {
		if (clock_monotonic_ms() >= until) {
			error_set(e, ERR_DEADLINE, "%s", "eonay-worker");
			break;
		}
		worker_wait(*worker, until);
	}
	if (e->code) {
		free(*out);
		*out = NULL;
		worker_close(*worker);
		*worker = NULL;
	}
	return e->code;
}
