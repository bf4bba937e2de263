#include "job/sign.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/save.h"
#include "card/card.h"
#include "job/link.h"
#include "sign/cades.h"
#include "sign/verify.h"

#define PIECE (1u << 20) /* bytes hashed at a time */

static const enum card_scheme card_schemes[] = {
	[SCHEME_RSA_PKCS1] = CARD_RSA_PKCS1,
	[SCHEME_RSA_PSS] = CARD_RSA_PSS,
	[SCHEME_ECDSA] = CARD_ECDSA,
};
static const enum card_digest card_digests[] = {
	[DIGEST_SHA256] = CARD_SHA256,
	[DIGEST_SHA384] = CARD_SHA384,
	[DIGEST_SHA512] = CARD_SHA512,
};

static enum err hash_content(struct cades *c, struct span content, struct error *e)
{
	enum err status = ERR_OK;

	for (size_t at = 0; at < content.n && !status; at += PIECE) {
		struct span piece = span_first(span_from(content, at), PIECE);

		status = cades_update(c, piece, e);
	}
	return status;
}

static enum err ask_card(struct card *card, size_t certificate, const struct job_signer *signer,
	const struct cades_to_sign *what, struct bytes *signature, struct error *e)
{
	struct card_sign_request request = {
		.certificate = certificate,
		.scheme = card_schemes[what->scheme],
		.digest = card_digests[what->digest],
		.value = span_of(what->value, digest_size(what->digest)),
		.last_try_confirmed = signer->last_try_confirmed,
	};

	return card_sign(card, &request, secret_span(&signer->pin), signature, e);
}

/* Our own strict look at what was made, before anything leaves this process. */
static enum err check(
	const struct job_signer *signer, struct span cms, struct span content, struct error *e)
{
	struct verify_request request = {
		.cms = cms,
		.detached = signer->detached,
		.content = content,
		.at = signer->signing_time,
		.any_certificate = true,
	};
	struct verify_report report;

	return verify_cms(&request, &report, e);
}

/* Digest, card, CMS: all but the check. */
static enum err make(struct watch *w, const struct job_signer *signer, struct span content,
	int link_fd, struct bytes *head, struct bytes *tail, struct error *e)
{
	const struct card_certificate *certificates;
	struct cades_request request = {
		.detached = signer->detached, .signing_time = signer->signing_time};
	struct cades_to_sign what;
	struct bytes signature = {0};
	struct cades *c = NULL;
	struct card *card;
	size_t index;
	enum err status;

	link_progress(link_fd, STAGE_CONNECTING);
	status = watch_find(w, signer->reader, signer->certificate_sha256, &card, &index, e);
	if (status)
		return status;
	card_certificates(card, &certificates);
	request.certificate = bytes_span(&certificates[index].der);
	if ((status = cades_begin(&request, &c, e)) || (status = hash_content(c, content, e)) ||
		(status = cades_prepare(c, &what, e)))
		goto out;
	link_progress(link_fd, STAGE_SIGNING);
	if ((status = ask_card(card, index, signer, &what, &signature, e)))
		goto out;
	link_progress(link_fd, STAGE_CHECKING);
	status = cades_finish(c, bytes_span(&signature), head, tail, e);
out:
	cades_free(c);
	bytes_free(&signature);
	return status;
}

enum err sign_content(struct watch *w, const struct job_signer *signer, struct span content,
	int link_fd, struct bytes *cms, struct error *e)
{
	struct bytes tail = {0};
	enum err status = make(w, signer, content, link_fd, cms, &tail, e);

	if (!status) {
		if (!signer->detached)
			bytes_append(cms, content);
		bytes_append(cms, bytes_span(&tail));
		status = check(signer, bytes_span(cms), content, e);
	}
	bytes_free(&tail);
	if (status)
		bytes_free(cms);
	return status;
}

/* The file's bytes, read as they are needed. An empty file is an empty span. ERR_FILE_READ. */
static enum err map_file(int fd, const char *path, struct span *out, struct error *e)
{
	struct stat about;
	void *at = NULL;

	if (fd < 0 || fstat(fd, &about) != 0)
		return error_set_errno(e, ERR_FILE_READ, "%s", path);
	if (!S_ISREG(about.st_mode))
		return error_set(e, ERR_FILE_READ, "%s: not a regular file", path);
	if (about.st_size > 0)
		at = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED)
		return error_set_errno(e, ERR_FILE_READ, "%s", path);
	*out = span_of(at, (size_t)about.st_size);
	return ERR_OK;
}

static void unmap(struct span s)
{
	if (s.n > 0)
		munmap((void *)s.at, s.n);
}

/* Writes the signature under its temporary name, checks what stands there, then gives it its name. */
static enum err write_checked(const struct job_sign_file *job, const struct bytes *head,
	struct span content, const struct bytes *tail, struct error *e)
{
	struct span within = job->signer.detached ? (struct span){0} : content, written = {0};
	struct save s;
	enum err status = save_begin(job->output, &s, e);

	if (status)
		return status;
	if ((status = save_write(&s, bytes_span(head), e)) ||
		(status = save_write(&s, within, e)) ||
		(status = save_write(&s, bytes_span(tail), e)) ||
		(status = map_file(s.file, job->output, &written, e)) ||
		(status = check(&job->signer, written, content, e))) {
		save_abandon(&s);
	} else {
		status = save_commit(&s, e);
	}
	unmap(written);
	return status;
}

enum err sign_file(struct watch *w, const struct job_sign_file *job, int link_fd, struct error *e)
{
	struct bytes head = {0}, tail = {0};
	struct span content = {0};
	int fd = open(job->content, O_RDONLY | O_CLOEXEC);
	enum err status = map_file(fd, job->content, &content, e);

	if (fd >= 0)
		close(fd);
	if (!status)
		status = make(w, &job->signer, content, link_fd, &head, &tail, e);
	if (!status)
		status = write_checked(job, &head, content, &tail, e);
	unmap(content);
	bytes_free(&head);
	bytes_free(&tail);
	return status;
}
