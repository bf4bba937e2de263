#include "job/settings.h"

#include <stddef.h>

#include "base/config.h"
#include "base/log.h"

#define FILE_STANDARD SYSCONFDIR "/eonay.conf"

/* In the order of the enums that they are read into. */
static const char *const languages[] = {
	[LANGUAGE_TR] = "tr", [LANGUAGE_EN] = "en", [LANGUAGE_EN + 1] = NULL};
static const char *const certificates[] = {
	[QUALIFIED_REQUIRED] = "qualified", [QUALIFIED_ANY] = "any", [QUALIFIED_ANY + 1] = NULL};

#define AT(member) offsetof(struct settings, member)

#define KIOSK_NAME_MAX 63 /* bytes that a service takes */

/* An hour is the longest wait that anybody means; a whole working day for idle. */
static const struct config_setting table[] = {
	{"screen.institution", CONFIG_TEXT, AT(institution), 1, 0, NULL,
		"TÜBİTAK BİLGEM Kamu Sertifikasyon Merkezi"},
	{"screen.language", CONFIG_CHOICE, AT(language), 0, 0, languages, "tr"},
	{"screen.kiosk", CONFIG_SWITCH, AT(kiosk), 0, 0, NULL, "false"},
	{"screen.shuffle_pad", CONFIG_SWITCH, AT(shuffle_pad), 0, 0, NULL, "false"},
	{"screen.mouse", CONFIG_SWITCH, AT(mouse), 0, 0, NULL, "true"},
	{"screen.idle_seconds", CONFIG_NUMBER, AT(idle_seconds), 0, 28800, NULL, "180"},
	{"screen.save_directory", CONFIG_TEXT, AT(save_directory), 0, 0, NULL, ""},
	{"service.url", CONFIG_TEXT, AT(service_url), 0, 0, NULL, ""},
	{"service.ca", CONFIG_TEXT, AT(service_ca), 0, 0, NULL, ""},
	{"service.pin", CONFIG_TEXT, AT(service_pin), 0, 0, NULL, ""},
	{"service.kiosk_name", CONFIG_TEXT, AT(kiosk_name), 0, KIOSK_NAME_MAX, NULL, ""},
	{"service.connect_seconds", CONFIG_NUMBER, AT(connect_seconds), 1, 3600, NULL, "10"},
	{"service.request_seconds", CONFIG_NUMBER, AT(request_seconds), 1, 3600, NULL, "30"},
	{"card.reader", CONFIG_TEXT, AT(reader), 0, 0, NULL, ""},
	{"card.deadline_seconds", CONFIG_NUMBER, AT(card_seconds), 1, 3600, NULL, "60"},
	{"card.certificates", CONFIG_CHOICE, AT(qualified), 0, 0, certificates, "qualified"},
	{"card.trust", CONFIG_TEXT, AT(trust), 0, 0, NULL, ""},
	{"log.target", CONFIG_TEXT, AT(log_target), 1, 0, NULL, "syslog"},
	{"log.level", CONFIG_CHOICE, AT(log_level), 0, 0, log_level_names, "info"},
};
#define TABLE_COUNT (sizeof(table) / sizeof(*table))

enum err settings_load(const char *path, struct settings *out, struct error *e)
{
	return config_load(path ? path : FILE_STANDARD, !path, table, TABLE_COUNT, out, e);
}

void settings_release(struct settings *s)
{
	config_release(table, TABLE_COUNT, s);
}
