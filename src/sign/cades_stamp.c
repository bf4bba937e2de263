#include "sign/cades.h"

#include "sign/attributes.h"
#include "sign/cms.h"
#include "sign/der.h"
#include "sign/oid.h"

/* SignerInfo with unsignedAttrs [1] (RFC 5652 5.3). */
static void put_signer(struct bytes *out, const struct cms *cms, struct span token)
{
	size_t signer = der_begin(out), attributes;

	bytes_append(out, cms->signer);
	attributes = der_begin(out);
	attributes_put_time_stamp(out, token);
	der_end(out, attributes, DER_CONTEXT_1);
	der_end(out, signer, DER_SEQUENCE);
}

/* ContentInfo { id-signedData, [0] SignedData } */
static void put_all(struct bytes *out, const struct cms *cms, struct span token)
{
	size_t info = der_begin(out), explicit, data, signers;

	der_put(out, DER_OID, OID_SIGNED_DATA);
	explicit = der_begin(out);
	data = der_begin(out);
	bytes_append(out, cms->front);
	signers = der_begin(out);
	put_signer(out, cms, token);
	der_end(out, signers, DER_SET);
	der_end(out, data, DER_SEQUENCE);
	der_end(out, explicit, DER_CONTEXT_0);
	der_end(out, info, DER_SEQUENCE);
}

enum err cades_add_time_stamp(
	struct span cms, struct span token, struct bytes *out, struct error *e)
{
	struct cms parts;
	enum err result = cms_read(cms, &parts, e);

	if (result)
		return result;
	if (parts.has_unsigned_attributes)
		return error_set(e, ERR_CMS_ATTRIBUTES, "unsigned attributes");
	if (!der_only(token, DER_SEQUENCE, NULL))
		return error_set(e, ERR_TIMESTAMP, "time stamp: not one token in DER");
	put_all(out, &parts, token);
	return ERR_OK;
}
