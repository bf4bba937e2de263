#include "sign/attributes.h"

#include "sign/algorithm.h"
#include "sign/der.h"
#include "sign/oid.h"

enum { PKCS9_CONTENT_TYPE = 3, PKCS9_MESSAGE_DIGEST = 4, PKCS9_SIGNING_TIME = 5 };
enum { PKCS9_SMIME_CAPABILITIES = 15, PKCS9_ALGORITHM_PROTECTION = 52 };
enum { AA_CONTENT_HINTS = 4, AA_CONTENT_IDENTIFIER = 7, AA_SIGNER_LOCATION = 17 };
enum { AA_SIGNATURE_TIME_STAMP = 14, AA_SIGNING_CERTIFICATE_V2 = 47 };

bool attributes_issuer_serial(struct span certificate, struct span *issuer, struct span *serial)
{
	struct span body, tbs;

	/* Certificate { tbs { [0] version, serialNumber, signature, issuer ... } ... }, RFC
	 * 5280 4.1 */
	return der_only(certificate, DER_SEQUENCE, &body) && der_take(&body, DER_SEQUENCE, &tbs) &&
	       (!der_at(tbs, DER_CONTEXT_0) || der_take(&tbs, DER_CONTEXT_0, NULL)) &&
	       der_take_whole(&tbs, DER_INTEGER, serial) && der_take(&tbs, DER_SEQUENCE, NULL) &&
	       der_take_whole(&tbs, DER_SEQUENCE, issuer);
}

/* IssuerSerial (RFC 5035 5): the issuer as the one directoryName of GeneralNames. */
static bool put_issuer_serial(struct bytes *out, struct span certificate)
{
	struct span issuer, serial;
	size_t sequence = der_begin(out), names, name;

	if (!attributes_issuer_serial(certificate, &issuer, &serial))
		return false;
	names = der_begin(out);
	name = der_begin(out);
	bytes_append(out, issuer);
	der_end(out, name, DER_CONTEXT_4);
	der_end(out, names, DER_SEQUENCE);
	bytes_append(out, serial);
	der_end(out, sequence, DER_SEQUENCE);
	return true;
}

static enum err put_certificate_id(
	struct bytes *out, enum digest d, struct span certificate, struct error *e)
{
	uint8_t hash[DIGEST_MAX];
	size_t sequence = der_begin(out);
	enum err result = digest_of(d, certificate, hash, e);

	if (result)
		return result;
	/* SHA-256 is the DEFAULT, which DER leaves out. */
	if (d != DIGEST_SHA256)
		algorithm_put_digest(out, d);
	der_put(out, DER_OCTET_STRING, span_of(hash, digest_size(d)));
	if (!put_issuer_serial(out, certificate))
		return error_set(e, ERR_CERTIFICATE, "issuer and serial number");
	der_end(out, sequence, DER_SEQUENCE);
	return ERR_OK;
}

/* SigningCertificateV2 { certs SEQUENCE OF ESSCertIDv2 } */
static enum err put_certificates(struct bytes *out, enum digest d, const struct span *certificates,
	size_t count, struct error *e)
{
	size_t sequence = der_begin(out), list = der_begin(out);
	enum err result;

	for (size_t i = 0; i < count; i++) {
		result = put_certificate_id(out, d, certificates[i], e);
		if (result)
			return result;
	}
	der_end(out, list, DER_SEQUENCE);
	der_end(out, sequence, DER_SEQUENCE);
	return ERR_OK;
}

/* Appends Attribute { type, SET { value } }. */
static struct span put_attribute(struct bytes *out, struct span oid, const struct bytes *value)
{
	size_t sequence = der_begin(out), set;

	der_put(out, DER_OID, oid);
	set = der_begin(out);
	bytes_append(out, bytes_span(value));
	der_end(out, set, DER_SET);
	der_end(out, sequence, DER_SEQUENCE);
	return bytes_span(out);
}

enum err attributes_put(struct bytes *out, enum digest d, struct span message_digest,
	int64_t signing_time, const struct span *certificates, size_t count, struct error *e)
{
	struct bytes value = {0}, attribute[4] = {{0}};
	struct span set[4];
	enum err result;

	der_put(&value, DER_OID, OID_DATA);
	set[0] = put_attribute(&attribute[0], OID_PKCS9(PKCS9_CONTENT_TYPE), &value);
	bytes_clear(&value);
	der_put(&value, DER_OCTET_STRING, message_digest);
	set[1] = put_attribute(&attribute[1], OID_PKCS9(PKCS9_MESSAGE_DIGEST), &value);
	bytes_clear(&value);
	der_put_time(&value, signing_time);
	set[2] = put_attribute(&attribute[2], OID_PKCS9(PKCS9_SIGNING_TIME), &value);
	bytes_clear(&value);
	result = put_certificates(&value, d, certificates, count, e);
	set[3] = put_attribute(&attribute[3], OID_SMIME_AA(AA_SIGNING_CERTIFICATE_V2), &value);
	if (!result)
		der_put_set(out, DER_SET, set, 4);
	for (size_t i = 0; i < 4; i++)
		bytes_free(&attribute[i]);
	bytes_free(&value);
	return result;
}

static enum err read_content_type(struct der value, struct attributes *out)
{
	(void)out;
	return value.tag == DER_OID && span_equal(value.value, OID_DATA) ? ERR_OK : ERR_CMS_CONTENT;
}

static enum err read_message_digest(struct der value, struct attributes *out)
{
	out->message_digest = value.value;
	return value.tag == DER_OCTET_STRING ? ERR_OK : ERR_CMS_ATTRIBUTES;
}

static enum err read_signing_time(struct der value, struct attributes *out)
{
	return der_time(value, &out->signing_time) ? ERR_OK : ERR_CMS_ATTRIBUTES;
}

static enum err read_protection(struct der value, struct attributes *out)
{
	out->protection = value.whole;
	return value.tag == DER_SEQUENCE ? ERR_OK : ERR_CMS_ATTRIBUTES;
}

/* X.690 11.5: what is equal to the DEFAULT is not written. */
static bool is_default(struct span algorithm)
{
	struct bytes sha256 = {0};
	bool same;

	algorithm_put_digest(&sha256, DIGEST_SHA256);
	same = span_equal(algorithm, bytes_span(&sha256));
	bytes_free(&sha256);
	return same;
}

static bool read_certificate_id(struct span id, struct certificate_id *out)
{
	struct der element;

	*out = (struct certificate_id){.digest = DIGEST_SHA256};
	if (!der_next(&id, &element))
		return false;
	if (element.tag == DER_SEQUENCE) {
		out->digest = algorithm_read_digest(element.whole);
		if (out->digest == DIGEST_NONE || is_default(element.whole) ||
			!der_next(&id, &element))
			return false;
	}
	if (element.tag != DER_OCTET_STRING)
		return false;
	out->hash = element.value;
	if (id.n && !der_take_whole(&id, DER_SEQUENCE, &out->issuer_serial))
		return false;
	return id.n == 0;
}

/* Without the optional policies: they would limit the chain to policies that nobody here checks. */
static enum err read_certificates(struct der value, struct attributes *out)
{
	struct span sequence = value.value, list, id;

	if (value.tag != DER_SEQUENCE || !der_only(sequence, DER_SEQUENCE, &list))
		return ERR_CMS_ATTRIBUTES;
	while (list.n) {
		if (out->certificate_count == ATTRIBUTES_CERTIFICATES_MAX ||
			!der_take(&list, DER_SEQUENCE, &id) ||
			!read_certificate_id(id, &out->certificates[out->certificate_count++]))
			return ERR_CMS_ATTRIBUTES;
	}
	return out->certificate_count ? ERR_OK : ERR_CMS_ATTRIBUTES;
}

/* Tells the reader something, and cannot change what the signature means. */
static enum err read_nothing(struct der value, struct attributes *out)
{
	(void)out;
	return der_is_whole(value.whole) ? ERR_OK : ERR_CMS_ATTRIBUTES;
}

/* The attributes that are understood. */
static const struct known {
	struct span oid;
	bool required;
	enum err (*read)(struct der value, struct attributes *out);
} known[] = {
	{OID_PKCS9(PKCS9_CONTENT_TYPE), true, read_content_type},
	{OID_PKCS9(PKCS9_MESSAGE_DIGEST), true, read_message_digest},
	{OID_PKCS9(PKCS9_SIGNING_TIME), true, read_signing_time},
	{OID_SMIME_AA(AA_SIGNING_CERTIFICATE_V2), true, read_certificates},
	{OID_PKCS9(PKCS9_ALGORITHM_PROTECTION), false, read_protection},
	{OID_PKCS9(PKCS9_SMIME_CAPABILITIES), false, read_nothing},
	{OID_SMIME_AA(AA_CONTENT_HINTS), false, read_nothing},
	{OID_SMIME_AA(AA_CONTENT_IDENTIFIER), false, read_nothing},
	{OID_SMIME_AA(AA_SIGNER_LOCATION), false, read_nothing},
	{OID_ETSI_MIME_TYPE, false, read_nothing},
};

#define KNOWN_COUNT (sizeof(known) / sizeof(*known))

/* Reads one Attribute and marks it as seen. */
static enum err read_attribute(struct span attribute, bool *seen, struct attributes *out)
{
	struct span oid, set;
	struct der value;

	if (!der_take(&attribute, DER_OID, &oid) || !der_only(attribute, DER_SET, &set) ||
		!der_next(&set, &value) || set.n)
		return ERR_CMS_ATTRIBUTES;
	for (size_t i = 0; i < KNOWN_COUNT; i++) {
		if (!span_equal(oid, known[i].oid))
			continue;
		if (seen[i])
			return ERR_CMS_ATTRIBUTES;
		seen[i] = true;
		return known[i].read(value, out);
	}
	return ERR_CMS_ATTRIBUTES;
}

enum err attributes_read(struct span set, struct attributes *out, struct error *e)
{
	bool seen[KNOWN_COUNT] = {false};
	struct span last = {0};
	struct der element;
	enum err result;

	*out = (struct attributes){0};
	for (unsigned i = 1; set.n; i++) {
		if (!der_next(&set, &element) || element.tag != DER_SEQUENCE ||
			(last.n && der_order(last, element.whole) >= 0))
			return error_set(e, ERR_CMS_ATTRIBUTES, "signed attribute %u: not DER", i);
		result = read_attribute(element.value, seen, out);
		if (result)
			return error_set(e, result, "signed attribute %u", i);
		last = element.whole;
	}
	for (size_t i = 0; i < KNOWN_COUNT; i++) {
		if (known[i].required && !seen[i])
			return error_set(
				e, ERR_CMS_ATTRIBUTES, "a signed attribute is missing (%zu)", i);
	}
	return ERR_OK;
}

void attributes_put_time_stamp(struct bytes *out, struct span token)
{
	struct bytes value = {0};

	bytes_append(&value, token);
	put_attribute(out, OID_SMIME_AA(AA_SIGNATURE_TIME_STAMP), &value);
	bytes_free(&value);
}

enum err attributes_read_time_stamp(struct span set, struct span *token, struct error *e)
{
	struct span attribute, oid, values;

	*token = (struct span){0};
	while (set.n) {
		if (!der_take(&set, DER_SEQUENCE, &attribute) ||
			!der_take(&attribute, DER_OID, &oid) ||
			!span_equal(oid, OID_SMIME_AA(AA_SIGNATURE_TIME_STAMP)))
			return error_set(e, ERR_CMS_ATTRIBUTES, "unsigned attributes");
		if (token->n || !der_only(attribute, DER_SET, &values) ||
			!der_take_whole(&values, DER_SEQUENCE, token) || values.n)
			return error_set(e, ERR_TIMESTAMP, "time stamp: not one in the signature");
	}
	return token->n ? ERR_OK : error_set(e, ERR_CMS_ATTRIBUTES, "unsigned attributes: none");
}

bool attributes_names(const struct certificate_id *id, struct span certificate)
{
	uint8_t hash[DIGEST_MAX];
	struct bytes want = {0};
	bool same;

	if (digest_of(id->digest, certificate, hash, NULL) ||
		!span_equal(id->hash, span_of(hash, digest_size(id->digest))))
		return false;
	same = id->issuer_serial.n == 0 ||
	       (put_issuer_serial(&want, certificate) &&
		       span_equal(id->issuer_serial, bytes_span(&want)));
	bytes_free(&want);
	return same;
}
