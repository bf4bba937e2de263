#include "cli/report.h"

#include <limits.h>
#include <time.h>

#include "base/hex.h"
#include "base/text.h"

void report_text(FILE *to, const char *text)
{
	struct bytes line = {0};

	text_line(span_text(text), UINT_MAX, &line);
	fputs(bytes_text(&line), to);
	bytes_free(&line);
}

void report_failure(const struct error *e)
{
	fprintf(stderr, "eonay: %s %s", error_code(e->code), error_message(e->code));
	if (e->where[0]) {
		fputs(" (", stderr);
		report_text(stderr, e->where);
		fputc(')', stderr);
	}
	fputc('\n', stderr);
	if (*error_remedy(e->code))
		fprintf(stderr, "       %s\n", error_remedy(e->code));
}

void report_padded(FILE *to, unsigned columns, const char *text)
{
	unsigned width = text_width(span_text(text));

	report_text(to, text);
	while (width++ < columns)
		fputc(' ', to);
}

void report_field(unsigned columns, const char *label, const char *value)
{
	report_padded(stdout, columns, label);
	fputs("  ", stdout);
	report_text(stdout, value);
	putchar('\n');
}

json_t *report_json_text(const char *text)
{
	struct bytes line = {0};
	json_t *value;

	text_line(span_text(text), UINT_MAX, &line);
	value = json_string(bytes_text(&line));
	bytes_free(&line);
	return value;
}

json_t *report_json_hex(struct span bytes)
{
	struct bytes text = {0};
	json_t *value;

	hex_append(&text, bytes);
	value = json_string(bytes_text(&text));
	bytes_free(&text);
	return value;
}

json_t *report_json_time(int64_t t)
{
	time_t seconds = (time_t)t;
	struct tm tm;
	char text[24];

	if (!gmtime_r(&seconds, &tm) ||
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		return json_string("?");
	return json_string(text);
}

json_t *report_json_error(const struct error *e)
{
	if (e->code == ERR_OK)
		return json_null();
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:i}", "code", error_code(e->code), "symbol",
		error_symbol(e->code), "message", error_message(e->code), "remedy",
		error_remedy(e->code), "where", report_json_text(e->where), "exit",
		error_exit_status(e->code));
}

void report_json_print(json_t *value)
{
	json_dumpf(value, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
	putchar('\n');
	json_decref(value);
}
