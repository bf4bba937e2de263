#include "job/unblock.h"

#include "job/link.h"

enum err unblock_card(struct watch *w, const struct job_unblock *job, int link_fd, struct error *e)
{
	struct card_unblock_request request = {.last_try_confirmed = job->last_try_confirmed};
	struct card *card;
	enum err code;

	link_progress(link_fd, STAGE_CONNECTING);
	code = watch_find(w, job->reader, job->certificate_sha256, &card, &request.certificate, e);
	if (code)
		return code;
	link_progress(link_fd, STAGE_SIGNING);
	return card_unblock(card, &request, secret_span(&job->puk), secret_span(&job->pin), e);
}
