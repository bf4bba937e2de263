/* A signature from start to end: digest, PIN and signature on the card, CMS,
 * and our own check of it. */
#ifndef EONAY_JOB_SIGN_H
#define EONAY_JOB_SIGN_H

#include "job/watch.h"

/* Signs content with the card and key that signer names, verifies the result strictly and appends
 * it to cms. link_fd is told of each stage. Errors: watch_find(), cades_*(), card_sign(),
 * verify_cms(); cms is empty then. */
enum err sign_content(struct watch *w, const struct job_signer *signer, struct span content,
	int link_fd, struct bytes *cms, struct error *e);

/* As sign_content(), with the content in one file (of any size: it is read as it is needed) and the
 * signature into a new one, which is there only when it is whole and verified. */
enum err sign_file(struct watch *w, const struct job_sign_file *job, int link_fd, struct error *e);

#endif
