/* F1: what to do on the screen that it covers, and the keys that work everywhere. */
#include "tui/view.h"
#include "tui/words.h"

static const char *const helps[SCREEN_COUNT] = {
	[SCREEN_CODE] =
		N_("Tarayıcınızda e-Onay işlemini başlattığınızda 17 haneli bir doğrulama kodu "
		   "gösterilir. "
		   "Kodu yazınız, yapıştırınız veya okutunuz; boşluk ve tire yok sayılır. Kod tek "
		   "kullanımlıktır ve kısa bir süre geçerlidir."),
	[SCREEN_WORKING] = N_(
		"İşlem sürüyor. Durdurulabildiği sürece Esc ile vazgeçebilirsiniz; kart imzalarken "
		"kartı çıkarmayınız."),
	[SCREEN_CONTRACT] =
		N_("İmzalayacağınız metni sonuna kadar okuyunuz; son satır gösterilince İLERİ "
		   "açılır. SHA-256, imzalanacak baytların özetidir."),
	[SCREEN_CERTIFICATE] =
		N_("Bütün okuyuculardaki bütün kartların sertifikaları gösterilir. "
		   "Kullanılamayanların "
		   "nedeni altında yazar. Liste, kart takılıp çıkarıldıkça kendini yeniler."),
	[SCREEN_PIN] = N_("Kartınızın PIN kodunu rakam tuşlarıyla, oklarla veya fareyle giriniz. "
			  "Her basamak için bir "
			  "nokta gösterilir. PIN yalnızca İMZALA'ya bastığınızda ve bir kez karta "
			  "gönderilir."),
	[SCREEN_PUK] = N_(
		"Kartınızla birlikte verilen PUK kodunu giriniz. PUK, yeni PIN'i iki kez girdikten "
		"sonra ve bir kez karta gönderilir. Birkaç kez hatalı girilirse kart bir daha "
		"kullanılamaz."),
	[SCREEN_NEW_PIN] = N_(
		"Bundan sonra kullanacağınız PIN kodunu iki kez aynı biçimde giriniz. Kolay tahmin "
		"edilen PIN'ler, karta hiçbir şey gönderilmeden geri çevrilir."),
	[SCREEN_UNBLOCKED] =
		N_("Kartınız yeni PIN ile kullanıma hazırdır. Yapılacak başka bir şey yok."),
	[SCREEN_LAST_TRY] = N_("Girdiğiniz hatalıysa kartınız kilitlenebilir. Emin değilseniz Esc "
			       "ile geri dönünüz."),
	[SCREEN_PAUSED] =
		N_("İşleme başladığınız kartı yeniden takınız; işlem kaldığı adımdan sürer."),
	[SCREEN_RESULT] = N_("İmzanız hizmete ulaştı ve saklandı. İmzalı içeriğin bir kopyasını "
			     "kaydedebilirsiniz."),
	[SCREEN_SAVE] = N_("Dosyanın tam yolunu yazınız. Var olan bir dosyanın üzerine yazılmaz."),
	[SCREEN_FAILURE] = N_(
		"Ne olduğunu, PIN hakkınızı ve ne yapabileceğinizi okuyunuz. Hata kodunu görevliye "
		"bildirebilirsiniz."),
	[SCREEN_EXPIRED] = N_("Kodun süresi doldu. Tarayıcınızda yeni bir kod alınız."),
	[SCREEN_LEAVE] = N_("Çıkarsanız girdikleriniz silinir."),
};

void view_help(struct view *v, const struct flow *f)
{
	static const char *const keys[][2] = {
		{"Tab, ↑ ↓ ← →", N_("alanlar ve düğmeler arasında geçiş")},
		{"Enter", N_("seçili olanı çalıştırır")},
		{"Esc", N_("geri, vazgeç")},
		{"F1", N_("bu yardım")},
		{"F2", N_("dil: Türkçe, English")},
		{"Ctrl-L", N_("ekranı yeniden çizer")},
	};
	unsigned row = v->top;

	term_text(row, v->left, v->width, STYLE_TITLE, _("Yardım"));
	row += 2;
	row += view_paragraph(row, v->left, 6, v->width, STYLE_TEXT, _(helps[f->screen])) + 1;
	for (unsigned i = 0; i < sizeof(keys) / sizeof(*keys) && row < v->bottom; i++, row++) {
		term_text(row, v->left, 14, STYLE_STRONG, keys[i][0]);
		term_text(row, v->left + 15, v->width - 15, STYLE_TEXT, _(keys[i][1]));
	}
	view_keys(v, (const char *const[]){"Enter", _("Kapat"), NULL});
}
