/* eonay-portal: the service that gives out codes and takes in signatures. */
#include "portal/command.h"

#include "config.h"
#include "portal/environment.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const struct command {
	const char *name;
	enum command_set set;
	enum err (*run)(const struct options *, struct error *);
} commands[] = {
	{"serve", COMMAND_SERVE, command_serve},
	{"code", COMMAND_CODE, command_code},
	{"list", COMMAND_LIST, command_list},
	{"show", COMMAND_SHOW, command_show},
	{"certificate", COMMAND_CERTIFICATE, command_certificate},
	{"application", COMMAND_APPLICATION, command_application},
	{"audit", COMMAND_AUDIT, command_audit},
	{"forget", COMMAND_FORGET, command_forget},
};

static void print_help(void)
{
	puts(_("Kullanım: eonay-portal KOMUT [SEÇENEK]...\n"
	       "\n"
	       "  serve                hizmeti başlatır\n"
	       "      --listen ADRES:KAPI  dinlenecek yer (kapı 0: boş bir kapı)\n"
	       "      --trust DOSYA        güvenilen sertifikalar (PEM)\n"
	       "      --log HEDEF          syslog, journal, stderr, none ya da bir dosya\n"
	       "      --demo KLASÖR        deneme: kimlik doğrulama hizmetiyle birlikte\n"
	       "      --ready-fd N         hizmet hazır olunca kapıyı bu tanımlayıcıya yazar\n"
	       "  code --tckn NO       bir imzalama oturumu açar, doğrulama kodunu yazar\n"
	       "      --tckn -             numarayı standart girdiden okur\n"
	       "      --name AD            kişinin adı\n"
	       "      --text DOSYA         imzalanacak metin (yinelenebilir)\n"
	       "      --purpose AMAÇ       consent (onay), login (giriş) ya da unblock (kilit "
	       "çözme)\n"
	       "      --lifetime SANİYE    kodun ömrü\n"
	       "  list                 oturumları listeler\n"
	       "  show OTURUM          bir oturumu gösterir\n"
	       "      -o, --output DOSYA   oturumun imzasını (CMS), varsa zaman damgası içinde, "
	       "yazar\n"
	       "      --submitted DOSYA    imzayı teslim edildiği gibi yazar\n"
	       "      --status DOSYA       sertifikanın geçerli olduğuna ilişkin yanıtı (OCSP, "
	       "SİL) yazar\n"
	       "      --stamp DOSYA        imzanın zaman damgasını yazar\n"
	       "  certificate add DOSYA...     sertifikaları (PEM, DER) kütüğe ekler\n"
	       "  certificate list --tckn NO   bir kişinin sertifikalarını listeler\n"
	       "  certificate status SERİ_NO [valid|suspended|revoked]\n"
	       "                       bir sertifikanın durumunu gösterir ya da değiştirir\n"
	       "  application add --tckn NO [DURUM [NOT]]\n"
	       "                       bir başvuruyu kütüğe ekler, numarasını yazar\n"
	       "  application list --tckn NO   bir kişinin başvurularını listeler\n"
	       "  application status NO DURUM [NOT]\n"
	       "                       durumunu değiştirir: received (alındı), checked (uygun),\n"
	       "                       issued (üretildi), delivered (teslim), refused (ret)\n"
	       "  audit verify         denetim kaydının yazıldığı gibi durduğunu doğrular\n"
	       "      --heads DOSYA        önceden alınmış uçlar da içinde olmalı\n"
	       "  audit heads          denetim kaydının uçlarını yazar\n"
	       "  forget               kişisel verileri siler (KVKK)\n"
	       "      --tckn -             bu kişininkileri; numarayı standart girdiden okur\n"
	       "      --older-than GÜN     bundan eskileri\n"
	       "\n"
	       "  Her komutta: --config DOSYA, --database DOSYA\n"
	       "  --help, --version\n"
	       "\n"
	       "Ayrıntı: eonay-portal(8), portal.conf(5)"));
}

static bool is_help(const char *argument)
{
	return strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0;
}

static int report(const struct error *e, enum err code)
{
	fprintf(stderr, "eonay-portal: %s (%s: ", error_message(code), error_code(code));
	command_print(stderr, e->where);
	fprintf(stderr, ")\n%s\n", error_remedy(code));
	return error_exit_status(code);
}

static int run_command(const struct command *command, int argc, char **argv)
{
	struct error e = {0};
	struct options options;
	enum err code = options_read(argc, argv, command->set, &options, &e);

	if (!code)
		code = command->run(&options, &e);
	return code ? report(&e, code) : 0;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	struct error e = {0};

	environment_enter("eonay-portal", environment_kept, argv);
	setlocale(LC_ALL, "C.UTF-8");
	bindtextdomain("eonay", LOCALEDIR);
	umask(077); /* the database, its log and the key are nobody else's */
	if (is_help(name) || (argc > 2 && is_help(argv[2]))) {
		print_help();
		return 0;
	}
	if (strcmp(name, "--version") == 0) {
		puts("eonay-portal " PACKAGE_VERSION);
		return 0;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (strcmp(name, commands[i].name) == 0)
			return run_command(&commands[i], argc - 1, argv + 1);
	}
	return report(&e, error_set(&e, ERR_USAGE, "%s", name));
}
