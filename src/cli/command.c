#include "cli/command.h"

#include <stdio.h>
#include <string.h>

#include "cli/report.h"
#include "cli/words.h"

#define OPTION_COLUMNS 22 /* of the left side of the help; the longest option fits */

static const struct argument common[] = {
	{0, "config", ARGUMENT_TEXT, offsetof(struct options, config), N_("DOSYA"),
		N_("ayarlar bu dosyadan (yoksa /etc/eonay/eonay.conf)")},
	{0, "lang", ARGUMENT_TEXT, offsetof(struct options, lang), "tr|en", N_("dil")},
	{'h', "help", ARGUMENT_SWITCH, offsetof(struct options, help), NULL, N_("bu yardım")},
	{'V', "version", ARGUMENT_SWITCH, offsetof(struct options, version), NULL, N_("sürüm")},
};
const struct argument_table command_common = {common, sizeof(common) / sizeof(*common)};

/* Those with a name, NULL-ended. */
static const struct command *const commands[] = {
	&command_card, &command_sign, &command_verify, &command_doctor, NULL};

const struct command *command_find(const char *name)
{
	for (const struct command *const *c = commands; *c; c++) {
		if (strcmp((*c)->name, name) == 0)
			return *c;
	}
	return NULL;
}

static void print_options(const struct argument_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct argument *a = &table->arguments[i];
		char left[64];

		snprintf(left, sizeof(left), "%c%c%s--%s%s%s", a->letter ? '-' : ' ',
			a->letter ? a->letter : ' ', a->letter ? ", " : "  ", a->name,
			a->value ? " " : "", a->value ? _(a->value) : "");
		fputs("  ", stdout);
		report_padded(stdout, OPTION_COLUMNS, left);
		printf("  %s\n", _(a->help));
	}
}

static void print_commands(void)
{
	printf("\n%s\n", _("Komutlar:"));
	for (const struct command *const *c = commands; *c; c++) {
		fputs("  ", stdout);
		report_padded(stdout, OPTION_COLUMNS, (*c)->name);
		printf("  %s\n", _((*c)->summary));
	}
}

void command_print_help(const struct command *command)
{
	printf("%s eonay %s\n", _("Kullanım:"), command->usage);
	if (command == &command_screen)
		puts("          eonay card list | card unblock | sign | verify | doctor ...");
	printf("\n%s\n", _(command->summary));
	if (command == &command_screen)
		print_commands();
	printf("\n%s\n", _("Seçenekler:"));
	print_options(&command->options);
	print_options(&command_common);
	if (command == &command_screen)
		printf("\n%s\n",
			_("Bir komutun yardımı: eonay KOMUT --help. Ayrıntılar: man eonay"));
}
