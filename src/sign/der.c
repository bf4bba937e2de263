#include "sign/der.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TAG_LONG_FORM 0x1F /* X.690 8.1.2.4: more tag bytes follow */
#define TAG_CONSTRUCTED 0x20
#define LENGTH_LONG_FORM 0x80
#define LENGTH_BYTES_MAX 8
#define DEPTH_MAX 32 /* deepest nesting of a certificate seen in the field is below 12 */

/* X.690 10.1: the shortest form, never the indefinite one. */
static bool take_length(struct span *rest, uint64_t *n)
{
	uint8_t first;
	size_t count;

	if (rest->n == 0)
		return false;
	first = rest->at[0];
	*rest = span_from(*rest, 1);
	*n = first;
	if (first < LENGTH_LONG_FORM)
		return true;
	count = first & 0x7F;
	if (count == 0 || count > LENGTH_BYTES_MAX || count > rest->n || rest->at[0] == 0)
		return false;
	*n = 0;
	for (size_t i = 0; i < count; i++)
		*n = *n << 8 | rest->at[i];
	*rest = span_from(*rest, count);
	return *n >= LENGTH_LONG_FORM;
}

bool der_next(struct span *rest, struct der *out)
{
	struct span s = *rest;
	uint64_t n;

	if (s.n < 2 || (s.at[0] & TAG_LONG_FORM) == TAG_LONG_FORM)
		return false;
	out->tag = s.at[0];
	s = span_from(s, 1);
	if (!take_length(&s, &n) || n > s.n)
		return false;
	out->value = n ? span_first(s, (size_t)n) : (struct span){0};
	out->whole = span_first(*rest, rest->n - s.n + (size_t)n);
	*rest = span_from(*rest, out->whole.n);
	return true;
}

bool der_take(struct span *rest, uint8_t tag, struct span *value)
{
	struct span s = *rest;
	struct der element;

	if (!der_next(&s, &element) || element.tag != tag)
		return false;
	*rest = s;
	if (value)
		*value = element.value;
	return true;
}

bool der_take_whole(struct span *rest, uint8_t tag, struct span *whole)
{
	struct span s = *rest;
	struct der element;

	if (!der_next(&s, &element) || element.tag != tag)
		return false;
	*rest = s;
	*whole = element.whole;
	return true;
}

bool der_at(struct span rest, uint8_t tag)
{
	return rest.n && rest.at[0] == tag;
}

bool der_only(struct span s, uint8_t tag, struct span *value)
{
	return der_take(&s, tag, value) && s.n == 0;
}

static bool all_whole(struct span s, unsigned depth)
{
	struct der element;

	if (depth > DEPTH_MAX)
		return false;
	while (s.n) {
		if (!der_next(&s, &element))
			return false;
		if ((element.tag & TAG_CONSTRUCTED) && !all_whole(element.value, depth + 1))
			return false;
	}
	return true;
}

bool der_is_whole(struct span s)
{
	struct span rest = s;
	struct der element;

	return der_next(&rest, &element) && rest.n == 0 && all_whole(s, 0);
}

/* Two decimal digits at s, -1 when they are not. */
static int two_digits(const uint8_t *s)
{
	if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9')
		return -1;
	return (s[0] - '0') * 10 + (s[1] - '0');
}

/* The digits of a time without its "Z", two at a time, as seconds since 1970. */
static bool time_from_digits(const uint8_t *at, bool four_digit_year, int64_t *t)
{
	int part[7], count = four_digit_year ? 7 : 6, *p = part;
	int year;

	for (int i = 0; i < count; i++) {
		part[i] = two_digits(at + 2 * i);
		if (part[i] < 0)
			return false;
	}
	year = *p++;
	if (four_digit_year)
		year = year * 100 + *p++;
	else
		year += year < 50 ? 2000 : 1900;
	*t = timegm(&(struct tm){.tm_year = year - 1900,
		.tm_mon = p[0] - 1,
		.tm_mday = p[1],
		.tm_hour = p[2],
		.tm_min = p[3],
		.tm_sec = p[4]});
	return true;
}

bool der_time(struct der element, int64_t *t)
{
	bool general = element.tag == DER_GENERALIZED_TIME;
	size_t n = general ? 15 : 13;
	struct bytes again = {0};
	bool same;

	if (!general && element.tag != DER_UTC_TIME)
		return false;
	if (element.value.n != n || element.value.at[n - 1] != 'Z')
		return false;
	if (!time_from_digits(element.value.at, general, t) || *t > DER_TIME_MAX)
		return false;
	/* Writing it again shows month 13, 30 February, and the wrong one of the two forms. */
	der_put_time(&again, *t);
	same = span_equal(bytes_span(&again), element.whole);
	bytes_free(&again);
	return same;
}

size_t der_header_size(uint64_t n)
{
	size_t size = 2;

	if (n < LENGTH_LONG_FORM)
		return size;
	for (; n; n >>= 8)
		size++;
	return size;
}

void der_put_header(struct bytes *out, uint8_t tag, uint64_t n)
{
	size_t count = der_header_size(n) - 2;

	bytes_append_byte(out, tag);
	bytes_append_byte(out, (uint8_t)(count ? LENGTH_LONG_FORM | count : n));
	while (count--)
		bytes_append_byte(out, (uint8_t)(n >> (8 * count)));
}

void der_put(struct bytes *out, uint8_t tag, struct span value)
{
	der_put_header(out, tag, value.n);
	bytes_append(out, value);
}

size_t der_begin(const struct bytes *out)
{
	return out->n;
}

void der_end(struct bytes *out, size_t begin, uint8_t tag)
{
	size_t n = out->n - begin, size = der_header_size(n);
	struct bytes header = {0};

	der_put_header(&header, tag, n);
	bytes_append(out, bytes_span(&header));
	memmove(out->at + begin + size, out->at + begin, n);
	memcpy(out->at + begin, header.at, size);
	bytes_free(&header);
}

int der_order(struct span a, struct span b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n ? memcmp(a.at, b.at, n) : 0;

	if (order)
		return order;
	return (a.n > b.n) - (a.n < b.n);
}

static int order_of_spans(const void *a, const void *b)
{
	return der_order(*(const struct span *)a, *(const struct span *)b);
}

void der_put_set(struct bytes *out, uint8_t tag, struct span *elements, size_t count)
{
	size_t set = der_begin(out);

	qsort(elements, count, sizeof(*elements), order_of_spans);
	for (size_t i = 0; i < count; i++)
		bytes_append(out, elements[i]);
	der_end(out, set, tag);
}

void der_put_time(struct bytes *out, int64_t t)
{
	time_t seconds = (time_t)t;
	struct tm tm;
	char text[32];
	bool utc;

	gmtime_r(&seconds, &tm);
	utc = tm.tm_year >= 50 && tm.tm_year < 150;
	strftime(text, sizeof(text), "%Y%m%d%H%M%SZ", &tm);
	/* UTCTime is the same without the century. */
	if (utc)
		der_put(out, DER_UTC_TIME, span_text(text + 2));
	else
		der_put(out, DER_GENERALIZED_TIME, span_text(text));
}
