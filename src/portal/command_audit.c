#include "portal/command.h"

#include "base/hex.h"
#include "base/load.h"
#include "portal/store/store_audit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADS_MAX 65536 /* bytes of a file of heads */
#define KEPT_MAX 1024   /* lines of it */
#define ALL_STRANDS ((1u << AUDIT_STRANDS) - 1)

static enum err print_heads(struct store *store, const struct options *o, struct error *e)
{
	struct audit_head heads[AUDIT_STRANDS];
	enum err code = store_audit_heads(store, heads, e);

	(void)o;
	for (int i = 0; i < AUDIT_STRANDS && !code; i++) {
		struct bytes hash = {0};

		hex_append(&hash, span_of(heads[i].hash, sizeof(heads[i].hash)));
		printf("%d %" PRId64 " %s\n", i, heads[i].number, bytes_text(&hash));
		bytes_free(&hash);
	}
	return code;
}

/* A line as print_heads() wrote it. Heads of empty strands say nothing. */
static bool read_head(const char *line, struct audit_head *out)
{
	char hash[2 * AUDIT_HASH_SIZE + 1];
	struct bytes read = {0};
	bool good;

	if (sscanf(line, "%" SCNd64 " %" SCNd64 " %64[0-9A-Fa-f]", &out->strand, &out->number,
		    hash) != 3 ||
		out->strand < 0 || out->strand >= AUDIT_STRANDS || out->number < 0)
		return false;
	good = hex_read(hash, &read) && read.n == sizeof(out->hash);
	if (good)
		memcpy(out->hash, read.at, sizeof(out->hash));
	bytes_free(&read);
	return good;
}

/* A file that names only some of the strands is not what was kept, and would pass for it. */
static enum err read_kept(const char *path, struct audit_head *out, size_t *count, struct error *e)
{
	struct bytes text = {0};
	enum err code = load_file(path, HEADS_MAX, &text, e);
	char *rest = NULL, *line;
	unsigned strands = 0;
	int number = 1;

	if (code)
		return code;
	bytes_text(&text);
	for (line = strtok_r((char *)text.at, "\n", &rest); line && !code;
		line = strtok_r(NULL, "\n", &rest), number++) {
		if (*count == KEPT_MAX || !read_head(line, &out[*count])) {
			code = error_set(e, ERR_USAGE, "%s:%d", path, number);
			continue;
		}
		strands |= 1u << out[*count].strand;
		*count += out[*count].number > 0;
	}
	bytes_free(&text);
	return code || strands == ALL_STRANDS ? code
					      : error_set(e, ERR_USAGE, "%s:%d", path, number);
}

static enum err verify(struct store *store, const struct options *o, struct error *e)
{
	struct audit_head *kept = must_zalloc(KEPT_MAX * sizeof(*kept));
	size_t count = 0;
	int64_t records = 0;
	enum err code = o->heads ? read_kept(o->heads, kept, &count, e) : ERR_OK;

	if (!code)
		code = store_verify_audit(store, kept, count, &records, e);
	if (!code)
		printf(_("%lld denetim kaydının hepsi yazıldığı gibi.\n"), (long long)records);
	free(kept);
	return code;
}

enum err command_audit(const struct options *o, struct error *e)
{
	bool heads = o->argument && strcmp(o->argument, "heads") == 0;

	if (!o->argument || (!heads && strcmp(o->argument, "verify") != 0) || (heads && o->heads))
		return error_set(e, ERR_USAGE, "audit verify | heads");
	return command_on_store(o, false, heads ? print_heads : verify, e);
}
