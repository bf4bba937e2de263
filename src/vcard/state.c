#include "vcard/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/text.h"

#define STATE_HEAD "eonay-vcard-state 1"

struct state_key *state_key(struct state *s, uint8_t id)
{
	for (size_t i = 0; i < s->key_count; i++) {
		if (s->keys[i].id == id)
			return &s->keys[i];
	}
	return NULL;
}

void state_free(struct state *s)
{
	for (size_t i = 0; i < s->key_count; i++) {
		EVP_PKEY_free(s->keys[i].key);
		bytes_free(&s->keys[i].certificate);
	}
	EVP_PKEY_free(s->ca_key);
	X509_free(s->ca);
	free(s->name);
	free(s->path);
	*s = (struct state){0};
}

static void put_key(struct bytes *out, EVP_PKEY *key)
{
	uint8_t *der = NULL;
	int n = i2d_PrivateKey(key, &der);

	if (n > 0)
		hex_append(out, span_of(der, (size_t)n));
	OPENSSL_clear_free(der, n > 0 ? (size_t)n : 0);
}

static void put_x509(struct bytes *out, X509 *certificate)
{
	uint8_t *der = NULL;
	int n = i2d_X509(certificate, &der);

	if (n > 0)
		hex_append(out, span_of(der, (size_t)n));
	OPENSSL_free(der);
}

/* The whole state as text: one fact a line. */
static void put_state(struct bytes *out, const struct state *s)
{
	bytes_append_format(out, "%s\nholder %s %s\nserial ", STATE_HEAD, s->tckn, s->name);
	hex_append(out, span_of(s->serial, sizeof(s->serial)));
	bytes_append_text(out, "\nca ");
	put_key(out, s->ca_key);
	bytes_append_byte(out, ' ');
	put_x509(out, s->ca);
	for (size_t i = 0; i < s->key_count; i++) {
		bytes_append_format(out, "\nkey %u ", s->keys[i].id);
		put_key(out, s->keys[i].key);
		bytes_append_byte(out, ' ');
		hex_append(out, bytes_span(&s->keys[i].certificate));
	}
	for (int i = 0; i < PIN_COUNT; i++) {
		bytes_append_format(out, "\npin %d %u %u %s", i, s->pins[i].tries,
			s->pins[i].tries_max, s->pins[i].value);
	}
	bytes_append_byte(out, '\n');
}

static bool write_synced(int fd, struct span s)
{
	while (s.n) {
		ssize_t n = write(fd, s.at, s.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		s = span_from(s, (size_t)n);
	}
	return fsync(fd) == 0;
}

enum err state_save(const struct state *s, struct error *e)
{
	struct bytes text = {0}, temporary = {0};
	enum err err = ERR_OK;
	int fd;

	if (!s->path)
		return ERR_OK;
	put_state(&text, s);
	bytes_append_format(&temporary, "%s.%ld", s->path, (long)getpid());
	fd = open(bytes_text(&temporary), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0) {
		err = error_set_errno(e, ERR_FILE_WRITE, "%s", s->path);
		goto out;
	}
	if (!write_synced(fd, bytes_span(&text)) || rename(bytes_text(&temporary), s->path) != 0) {
		err = error_set_errno(e, ERR_FILE_WRITE, "%s", s->path);
		unlink(bytes_text(&temporary));
	}
	close(fd);
out:
	bytes_wipe(&text);
	bytes_free(&temporary);
	return err;
}

/* Cuts the next word off line (a blank ends it); "" when there is none. */
static char *next_word(char **line)
{
	char *word = strsep(line, " ");

	return word ? word : (char *)"";
}

static bool read_key(const char *hex, EVP_PKEY **key)
{
	struct bytes der = {0};
	const uint8_t *at;

	if (hex_read(hex, &der)) {
		at = der.at;
		*key = d2i_AutoPrivateKey(NULL, &at, (long)der.n);
	}
	bytes_wipe(&der);
	return *key != NULL;
}

static bool read_x509(const char *hex, X509 **certificate)
{
	struct bytes der = {0};
	const uint8_t *at;

	if (hex_read(hex, &der)) {
		at = der.at;
		*certificate = d2i_X509(NULL, &at, (long)der.n);
	}
	bytes_free(&der);
	return *certificate != NULL;
}

static bool read_holder(struct state *s, char *line)
{
	const char *tckn = next_word(&line);

	if (s->name || !text_is_tckn(tckn) || !line || !*line)
		return false;
	snprintf(s->tckn, sizeof(s->tckn), "%s", tckn);
	s->name = must_strdup(line);
	return true;
}

static bool read_serial(struct state *s, char *line)
{
	struct bytes serial = {0};
	bool good = hex_read(line, &serial) && serial.n == sizeof(s->serial);

	if (good)
		memcpy(s->serial, serial.at, serial.n);
	bytes_free(&serial);
	return good;
}

static bool read_ca(struct state *s, char *line)
{
	return !s->ca_key && read_key(next_word(&line), &s->ca_key) &&
	       read_x509(next_word(&line), &s->ca);
}

static bool read_card_key(struct state *s, char *line)
{
	unsigned long id = strtoul(next_word(&line), NULL, 10);
	struct state_key *k;

	if (s->key_count == STATE_KEYS_MAX || id == 0 || id > 31 || state_key(s, (uint8_t)id))
		return false;
	k = &s->keys[s->key_count++];
	k->id = (uint8_t)id;
	return read_key(next_word(&line), &k->key) && hex_read(next_word(&line), &k->certificate) &&
	       k->certificate.n > 0;
}

static bool read_pin(struct state *s, char *line)
{
	unsigned long name = strtoul(next_word(&line), NULL, 10);
	unsigned long tries = strtoul(next_word(&line), NULL, 10);
	unsigned long most = strtoul(next_word(&line), NULL, 10);
	const char *value = next_word(&line);
	size_t n = strlen(value);

	if (name >= PIN_COUNT || most == 0 || most > 15 || tries > most)
		return false;
	if (n == 0 || n > PIN_SIZE_MAX || strspn(value, "0123456789") != n)
		return false;
	s->pins[name].tries = (uint8_t)tries;
	s->pins[name].tries_max = (uint8_t)most;
	memcpy(s->pins[name].value, value, n + 1);
	return true;
}

static bool read_line(struct state *s, char *line)
{
	static const struct {
		const char *word;
		bool (*read)(struct state *, char *);
	} lines[] = {
		{"holder", read_holder},
		{"serial", read_serial},
		{"ca", read_ca},
		{"key", read_card_key},
		{"pin", read_pin},
	};
	const char *word = next_word(&line);

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		if (strcmp(word, lines[i].word) == 0)
			return line && lines[i].read(s, line);
	}
	return false;
}

static bool whole(const struct state *s)
{
	return s->name && s->ca && s->pins[PIN_USER].tries_max && s->pins[PIN_PUK].tries_max;
}

static enum err parse(struct state *s, char *text, const char *path, struct error *e)
{
	unsigned number = 0;
	char *line;

	while ((line = strsep(&text, "\n"))) {
		number++;
		if (!*line)
			continue;
		if (number == 1 ? strcmp(line, STATE_HEAD) != 0 : !read_line(s, line))
			return error_set(e, ERR_CARD_DATA, "%s:%u", path, number);
	}
	return whole(s) ? ERR_OK : error_set(e, ERR_CARD_DATA, "%s: not whole", path);
}

enum err state_load(struct state *s, const char *path, struct error *e)
{
	FILE *f = fopen(path, "re");
	char *text;
	size_t n;
	enum err err;

	*s = (struct state){0};
	if (!f)
		return error_set_errno(e, ERR_FILE_READ, "%s", path);
	text = must_zalloc(STATE_FILE_MAX + 1);
	n = fread(text, 1, STATE_FILE_MAX, f);
	if (ferror(f) || n == STATE_FILE_MAX || strlen(text) != n)
		err = error_set(e, ERR_CARD_DATA, "%s", path);
	else
		err = parse(s, text, path, e);
	fclose(f);
	OPENSSL_cleanse(text, n);
	free(text);
	if (err)
		state_free(s);
	else
		s->path = must_strdup(path);
	return err;
}
