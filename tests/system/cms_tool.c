/* Signs with keys in software and verifies, so that programs which are not ours can look at what
 * src/sign makes, and src/sign at what they make.
 *
 *   cms_tool pki DIR                                 ca.pem, sub.pem, and NAME.pem for each kind of key
 *   cms_tool sign DIR NAME [OPTION...] CONTENT OUT   --detached --pss --digest SHA-384 --further
 *   cms_tool big DIR NAME MIB OUT                    attached, over generated content; prints the peak of memory
 *   cms_tool stamp CMS TOKEN OUT                     with the time stamp inside
 *   cms_tool verify [OPTION...] CMS                  --content FILE --trust FILE --any --at SECONDS --stamps
 */
#include <fcntl.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sign/pki.h"
#include "sign/verify.h"

#define PIECE (64 * 1024)

static const char *const signers[] = {
	"rsa2048", "rsa3072", "rsa4096", "rsapss", "p256", "p384", "p521"};

static void fail(const char *what)
{
	perror(what);
	exit(2);
}

static const char *in_dir(const char *dir, const char *name)
{
	static char path[1024];

	snprintf(path, sizeof(path), "%s/%s.pem", dir, name);
	return path;
}

static void write_pem(const char *dir, const char *name, const struct pki *p, bool with_key)
{
	FILE *f = fopen(in_dir(dir, name), "w");

	if (!f || PEM_write_X509(f, p->x) != 1)
		fail(name);
	if (with_key && PEM_write_PrivateKey(f, p->key, NULL, NULL, 0, NULL, NULL) != 1)
		fail(name);
	fclose(f);
}

static int run_pki(char **arg)
{
	struct pki root, sub, signer;

	pki_make_root(&root);
	pki_make(&sub,
		&(struct pki_spec){.ca = true,
			.key = "rsa_sub",
			.name = "Deneme Nitelikli Alt ESHS",
			.constraints = "critical,CA:TRUE,pathlen:0"},
		&root);
	write_pem(arg[0], "ca", &root, false);
	write_pem(arg[0], "sub", &sub, false);
	for (size_t i = 0; i < sizeof(signers) / sizeof(*signers); i++) {
		pki_make_signer(&signer, signers[i], &sub);
		write_pem(arg[0], signers[i], &signer, true);
		pki_free(&signer);
	}
	pki_free(&root);
	pki_free(&sub);
	return 0;
}

static void read_certificate(const char *dir, const char *name, struct bytes *der, EVP_PKEY **key)
{
	FILE *f = fopen(in_dir(dir, name), "r");
	unsigned char *out = NULL;
	X509 *x = f ? PEM_read_X509(f, NULL, NULL, NULL) : NULL;
	int n = x ? i2d_X509(x, &out) : -1;

	if (n < 0)
		fail(name);
	bytes_append(der, span_of(out, (size_t)n));
	OPENSSL_free(out);
	X509_free(x);
	if (key && !(*key = PEM_read_PrivateKey(f, NULL, NULL, NULL)))
		fail(name);
	fclose(f);
}

/* Where content comes from: a file, or size bytes made up when there is none. */
struct source {
	FILE *file;
	uint64_t size, given;
};

static size_t next_piece(struct source *s, uint8_t piece[PIECE])
{
	size_t n = s->size - s->given < PIECE ? (size_t)(s->size - s->given) : PIECE;

	if (s->file)
		return fread(piece, 1, PIECE, s->file);
	memset(piece, (int)(s->given / PIECE % 251), n);
	s->given += n;
	return n;
}

static void rewind_source(struct source *s)
{
	s->given = 0;
	if (s->file)
		rewind(s->file);
}

static int ended(enum err code, const struct error *e)
{
	printf("%s %s\n", error_symbol(code), code ? e->where : "");
	return code ? 1 : 0;
}

static void put(FILE *out, struct span s)
{
	if (s.n && fwrite(s.at, 1, s.n, out) != s.n)
		fail("write");
}

static void write_cms(const char *path, struct source *source, const struct bytes *head,
	const struct bytes *tail, bool detached)
{
	uint8_t piece[PIECE];
	FILE *out = fopen(path, "w");

	if (!out)
		fail(path);
	put(out, bytes_span(head));
	rewind_source(source);
	for (size_t n; !detached && (n = next_piece(source, piece));)
		put(out, span_of(piece, n));
	put(out, bytes_span(tail));
	if (fclose(out))
		fail(path);
}

static enum err sign(const struct cades_request *request, EVP_PKEY *key, struct source *source,
	const char *path, struct error *e)
{
	struct bytes head = {0}, tail = {0}, signature = {0};
	struct cades_to_sign what;
	uint8_t piece[PIECE];
	struct cades *c;
	enum err result = cades_begin(request, &c, e);

	for (size_t n; !result && (n = next_piece(source, piece));)
		result = cades_update(c, span_of(piece, n), e);
	if (!result)
		result = cades_prepare(c, &what, e);
	if (!result) {
		pki_sign(key, &what, &signature);
		result = cades_finish(c, bytes_span(&signature), &head, &tail, e);
	}
	if (!result)
		write_cms(path, source, &head, &tail, request->detached);
	bytes_free(&head);
	bytes_free(&tail);
	bytes_free(&signature);
	cades_free(c);
	return result;
}

static enum digest digest_named(const char *name)
{
	for (enum digest d = DIGEST_SHA256; d <= DIGEST_SHA512; d++) {
		if (strcmp(digest_name(d), name) == 0)
			return d;
	}
	return DIGEST_NONE;
}

static int run_sign(char **arg)
{
	const char *dir = *arg++, *name = *arg++;
	struct cades_request request = {.signing_time = time(NULL)};
	struct bytes certificate = {0}, sub = {0};
	struct source source = {0};
	struct span further;
	struct error e = {0};
	EVP_PKEY *key;
	enum err result;

	read_certificate(dir, name, &certificate, &key);
	read_certificate(dir, "sub", &sub, NULL);
	further = bytes_span(&sub);
	request.certificate = bytes_span(&certificate);
	for (; strncmp(*arg, "--", 2) == 0; arg++) {
		request.detached |= strcmp(*arg, "--detached") == 0;
		request.pss |= strcmp(*arg, "--pss") == 0;
		if (strcmp(*arg, "--digest") == 0)
			request.digest = digest_named(*++arg);
		if (strcmp(*arg, "--further") == 0)
			request.further = &further, request.further_count = 1;
	}
	source.file = fopen(arg[0], "r");
	if (!source.file)
		fail(arg[0]);
	result = sign(&request, key, &source, arg[1], &e);
	fclose(source.file);
	EVP_PKEY_free(key);
	bytes_free(&certificate);
	bytes_free(&sub);
	return ended(result, &e);
}

static int run_big(char **arg)
{
	struct cades_request request = {.signing_time = time(NULL)};
	struct source source = {.size = strtoull(arg[2], NULL, 10) << 20};
	struct bytes certificate = {0};
	struct error e = {0};
	struct rusage usage;
	EVP_PKEY *key;
	enum err result;

	read_certificate(arg[0], arg[1], &certificate, &key);
	request.certificate = bytes_span(&certificate);
	result = sign(&request, key, &source, arg[3], &e);
	EVP_PKEY_free(key);
	bytes_free(&certificate);
	getrusage(RUSAGE_SELF, &usage);
	printf("%ld KiB\n", usage.ru_maxrss);
	return ended(result, &e);
}

static struct span map(const char *path)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	const void *at;

	if (fd < 0 || fstat(fd, &st))
		fail(path);
	at = st.st_size ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : "";
	if (at == MAP_FAILED)
		fail(path);
	close(fd);
	return span_of(at, (size_t)st.st_size);
}

static int run_stamp(char **arg)
{
	struct bytes both = {0};
	struct error e = {0};
	enum err result = cades_add_time_stamp(map(arg[0]), map(arg[1]), &both, &e);
	FILE *out = fopen(arg[2], "w");

	if (!out)
		fail(arg[2]);
	put(out, bytes_span(&both));
	if (fclose(out))
		fail(arg[2]);
	bytes_free(&both);
	return ended(result, &e);
}

static int run_verify(char **arg)
{
	struct verify_request request = {.at = time(NULL), .any_content = true};
	struct verify_stamps stamps = {.now = time(NULL)};
	struct verify_report report;
	struct trust *trust = NULL;
	struct error e = {0};
	enum err result;

	for (; strncmp(*arg, "--", 2) == 0; arg++) {
		if (strcmp(*arg, "--any") == 0)
			request.any_certificate = true;
		if (strcmp(*arg, "--stamps") == 0)
			request.stamps = &stamps;
		if (strcmp(*arg, "--at") == 0)
			request.at = strtoll(*++arg, NULL, 10);
		if (strcmp(*arg, "--content") == 0) {
			request.detached = true;
			request.content = map(*++arg);
		}
		if (strcmp(*arg, "--trust") == 0 && trust_read_file(*++arg, &trust, &e))
			return ended(e.code, &e);
	}
	request.trust = stamps.trust = trust;
	request.cms = map(arg[0]);
	result = verify_cms(&request, &report, &e);
	trust_free(trust);
	return ended(result, &e);
}

int main(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[1], "pki") == 0)
		return run_pki(argv + 2);
	if (argc > 5 && strcmp(argv[1], "sign") == 0)
		return run_sign(argv + 2);
	if (argc > 5 && strcmp(argv[1], "big") == 0)
		return run_big(argv + 2);
	if (argc > 4 && strcmp(argv[1], "stamp") == 0)
		return run_stamp(argv + 2);
	if (argc > 2 && strcmp(argv[1], "verify") == 0)
		return run_verify(argv + 2);
	fputs("usage: cms_tool pki|sign|big|stamp|verify ...\n", stderr);
	return 64;
}
