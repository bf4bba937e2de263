#include "portal/key.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err read_key(int fd, const char *path, struct server_key *out, struct error *e)
{
	struct stat about;

	if (fstat(fd, &about) != 0)
		return error_set_errno(e, ERR_FILE_READ, "%s", path);
	if (!S_ISREG(about.st_mode) || (about.st_mode & 077) != 0)
		return error_set(
			e, ERR_FILE_MODE, "%s: mode %04o", path, (unsigned)about.st_mode & 07777);
	if (about.st_size != sizeof(out->at) ||
		read(fd, out->at, sizeof(out->at)) != sizeof(out->at))
		return error_set(e, ERR_FILE_READ, "%s: not %zu bytes", path, sizeof(out->at));
	return ERR_OK;
}

static bool write_synced(int fd, struct span s)
{
	return write(fd, s.at, s.n) == (ssize_t)s.n && fsync(fd) == 0;
}

/* A whole key appears under its name or none at all: it is written beside and linked. One that is
 * there already, made by another program in the meantime, is left. */
static enum err make_key(const char *path, struct error *e)
{
	struct bytes beside = {0};
	struct server_key fresh;
	enum err code = ERR_OK;
	int fd;

	if (RAND_bytes(fresh.at, sizeof(fresh.at)) != 1)
		return error_set(e, ERR_CRYPTO, "RAND_bytes");
	bytes_append_format(&beside, "%s.%ld.new", path, (long)getpid());
	fd = open(bytes_text(&beside), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || !write_synced(fd, span_of(fresh.at, sizeof(fresh.at))) ||
		(link(bytes_text(&beside), path) != 0 && errno != EEXIST))
		code = error_set_errno(e, ERR_FILE_WRITE, "%s", path);
	if (fd >= 0) {
		close(fd);
		unlink(bytes_text(&beside));
	}
	explicit_bzero(&fresh, sizeof(fresh));
	bytes_free(&beside);
	return code;
}

static int open_key(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

enum err key_load(const char *path, struct server_key *out, struct error *e)
{
	enum err code;
	int fd = open_key(path);

	if (fd < 0 && errno == ENOENT) {
		if ((code = make_key(path, e)))
			return code;
		fd = open_key(path);
	}
	if (fd < 0)
		return error_set_errno(e, ERR_FILE_READ, "%s", path);
	code = read_key(fd, path, out, e);
	close(fd);
	return code;
}

static const char *purpose_name(enum key_purpose purpose)
{
	static const char *const names[] = {
		[KEY_CODE] = "code",
		[KEY_NONCE] = "nonce",
		[KEY_TOKEN] = "token",
		[KEY_TOKEN_STORED] = "token stored",
		[KEY_FORM] = "form",
		[KEY_ISSUED] = "issued",
		[KEY_BROWSER] = "browser",
		[KEY_LOGIN_STATE] = "login state",
		[KEY_LOGIN_BROWSER] = "login browser",
		[KEY_CLIENT] = "client",
	};

	return names[purpose];
}

enum err key_mac(const struct server_key *key, enum key_purpose purpose, struct span a,
	struct span b, uint8_t out[KEY_MAC_SIZE], struct error *e)
{
	struct bytes message = {0};
	unsigned n = 0;
	bool done;

	bytes_append_format(&message, "%s %zu ", purpose_name(purpose), a.n);
	bytes_append(&message, a);
	bytes_append(&message, b);
	done = HMAC(EVP_sha256(), key->at, sizeof(key->at), message.at, message.n, out, &n) &&
	       n == KEY_MAC_SIZE;
	bytes_wipe(&message);
	return done ? ERR_OK : error_set(e, ERR_CRYPTO, "HMAC");
}
