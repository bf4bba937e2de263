#include "job/job.h"

#include <stdlib.h>

void job_request_free(struct job_request *r)
{
	switch (r->kind) {
	case JOB_SIGN:
		secret_wipe(&r->sign.signer.pin);
		bytes_free(&r->sign.content);
		break;
	case JOB_SIGN_FILE:
		secret_wipe(&r->sign_file.signer.pin);
		break;
	case JOB_UNBLOCK:
		secret_wipe(&r->unblock.puk);
		secret_wipe(&r->unblock.pin);
		break;
	case JOB_OPEN:
		secret_wipe(&r->open.code);
		break;
	case JOB_SUBMIT:
		secret_wipe(&r->submit.token);
		bytes_free(&r->submit.cms);
		break;
	case JOB_DONE:
		secret_wipe(&r->done.token);
		break;
	case JOB_ABANDON:
		secret_wipe(&r->abandon.token);
		break;
	default:
		break;
	}
	*r = (struct job_request){0};
}

static void free_body(struct job_result *r)
{
	switch (r->kind) {
	case JOB_CARDS:
		free(r->cards);
		break;
	case JOB_SIGN:
		bytes_free(&r->cms);
		break;
	case JOB_OPEN:
		service_session_free(&r->session);
		break;
	default:
		break;
	}
}

void job_result_free(struct job_result *r)
{
	if (r->kind == JOB_CARDS || r->error.code == ERR_OK)
		free_body(r);
	*r = (struct job_result){0};
}
