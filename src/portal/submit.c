#include "portal/submit.h"

#include "sign/digest.h"

enum err submit_verify(struct portal *p, const struct session *s, struct span cms, int64_t now,
	struct signature *signature, struct error *e)
{
	struct texts texts;
	enum err code;

	if (s->state == SESSION_SIGNED)
		return ERR_OK;
	code = store_read_texts(p->store, s->id, &texts, e);
	if (code)
		return code;
	code = acceptance_take(&p->policy, s, &texts, cms, now, signature, e);
	texts_free(&texts);
	return code;
}

enum err submit_keep(struct portal *p, const struct session *s, struct span cms,
	struct signature *signature, bool *fresh, struct error *e)
{
	enum err code = id_generate(signature->receipt, e);

	if (!code)
		code = digest_of(DIGEST_SHA256, cms, signature->sha256, e);
	if (code)
		return code;
	bytes_append(&signature->cms, cms);
	return store_add_signature(p->store, s->id, signature, fresh, e);
}
