#include "tui/words.h"

#include <stdlib.h>

#include "base/clock.h"

extern int
	_nl_msg_cat_cntr; /* gettext(3): raised when LANGUAGE has changed (GNU gettext manual, 11.5) */

void words_language(int language)
{
	setenv("LANGUAGE", language == LANGUAGE_EN ? "en" : "tr", 1);
	++_nl_msg_cat_cntr;
}

void words_error(const struct error *error, struct bytes *out)
{
	if (error->code == ERR_PIN_WRONG && error->tries == 1) {
		bytes_append_text(
			out, _("Hatalı PIN. Bir sonraki hatalı girişte PIN kilitlenecektir."));
		return;
	}
	bytes_append_text(out, error_message(error->code));
	if (error->code == ERR_PUK_WRONG && error->tries == 1)
		bytes_append_format(
			out, " %s", _("Bir sonraki hatalı girişte kart bir daha kullanılamaz."));
	if ((error->code == ERR_PIN_WRONG || error->code == ERR_PUK_WRONG) && error->tries > 1) {
		bytes_append_text(out, " ");
		bytes_append_format(out, _("Kalan deneme: %d"), error->tries);
		bytes_append_text(out, ".");
	}
}

enum style words_notice(const struct flow *f, struct bytes *out)
{
	switch (f->notice) {
	case NOTICE_CHARACTER:
		bytes_append_format(
			out, _("Yalnızca rakam girilebilir; \"%s\" kabul edilmedi."), f->refused);
		return STYLE_ERROR;
	case NOTICE_TOO_LONG:
		bytes_append_text(out, _("Daha fazla rakam girilemez."));
		return STYLE_ERROR;
	case NOTICE_ERROR:
		words_error(&f->error, out);
		if (*error_remedy(f->error.code))
			bytes_append_format(out, " %s", error_remedy(f->error.code));
		bytes_append_format(out, " (%s)", error_code(f->error.code));
		return f->error.code == ERR_CANCELLED ? STYLE_WARNING : STYLE_ERROR;
	case NOTICE_SAVED:
		bytes_append_format(out, _("Kaydedildi: %s"), f->path);
		return STYLE_GOOD;
	case NOTICE_NONE:
		break;
	}
	return STYLE_TEXT;
}

static const char *puk_use(enum pin_use use)
{
	switch (use) {
	case PIN_USED:
		return _("Bu denemede bir PUK hakkı kullanıldı.");
	case PIN_UNKNOWN:
		return _("PUK hakkınızın eksilip eksilmediği bilinmiyor.");
	case PIN_KEPT:
		break;
	}
	return _("PUK hakkınız eksilmedi.");
}

const char *words_pin_use(const struct flow *f, enum pin_use use)
{
	if (flow_unblocks(f))
		return puk_use(use);
	switch (use) {
	case PIN_USED:
		return _("Bu denemede bir PIN hakkı kullanıldı.");
	case PIN_UNKNOWN:
		return _("PIN hakkınızın eksilip eksilmediği bilinmiyor.");
	case PIN_KEPT:
		break;
	}
	return _("PIN hakkınız eksilmedi.");
}

const char *words_signature(const struct flow *f)
{
	return flow_signature_unheard(f)
		       ? _("İmzanız duruyor; hizmetin onu alıp almadığı bilinmiyor.")
		       : _("İmzanız duruyor; kabul edilmedi.");
}

void words_tries(const struct card_pin *pin, struct bytes *out)
{
	if (pin->tries == TRIES_UNKNOWN)
		bytes_append_text(out, _("Kalan deneme: bilinmiyor"));
	else
		bytes_append_format(out, _("Kalan deneme: %d"), pin->tries);
}

const char *words_work(const struct flow *f)
{
	if (f->work == JOB_OPEN)
		return _("Kod doğrulanıyor, metin alınıyor…");
	if (f->work == JOB_SUBMIT)
		return _("İmza hizmete gönderiliyor…");
	if (f->work == JOB_DONE)
		return _("Sonuç hizmete bildiriliyor…");
	switch (f->stage) {
	case STAGE_SIGNING:
		if (f->work == JOB_UNBLOCK)
			return _("Kart yeni PIN'i alıyor; kartı çıkarmayınız…");
		return _("Kart imzalıyor; kartı çıkarmayınız…");
	case STAGE_CHECKING:
		return _("İmza denetleniyor…");
	default:
		return _("Karta bağlanılıyor; kartı çıkarmayınız…");
	}
}

void words_key(const struct certificate_info *info, struct bytes *out)
{
	if (info->key == CERTIFICATE_KEY_OTHER)
		bytes_append_text(out, _("başka tür anahtar"));
	else
		bytes_append_format(out, "%s %u", info->key == CERTIFICATE_KEY_RSA ? "RSA" : "EC",
			info->key_bits);
}

void words_time(int64_t t, char out[20])
{
	clock_format_local(t, out);
}
