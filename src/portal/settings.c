#include "portal/settings.h"

#include "base/config.h"
#include "base/log.h"
#include "portal/code.h"
#include "portal/limits.h"
#include "portal/store/db.h"

#include <stdlib.h>

#define TEXT(path, field, standard)                                                                \
	{                                                                                          \
		path, CONFIG_TEXT, offsetof(struct portal_settings, field), 0, 0, NULL, standard   \
	}
#define NUMBER(path, field, min, max, standard)                                                    \
	{                                                                                          \
		path, CONFIG_NUMBER, offsetof(struct portal_settings, field), min, max, NULL,      \
			standard                                                                   \
	}
#define SWITCH(path, field, standard)                                                              \
	{                                                                                          \
		path, CONFIG_SWITCH, offsetof(struct portal_settings, field), 0, 0, NULL, standard \
	}
#define CHOICE(path, field, choices, standard)                                                     \
	{                                                                                          \
		path, CONFIG_CHOICE, offsetof(struct portal_settings, field), 0, 0, choices,       \
			standard                                                                   \
	}

static const char *const modes[] = {"require", "off", NULL};
static const char *const hashes[] = {"sha1", "sha256", NULL}; /* enum revocation_hash */

static const struct config_setting known[] = {
	TEXT("listen.address", listen_address, "127.0.0.1:8080"),
	TEXT("listen.certificate", certificate, ""),
	TEXT("listen.private_key", private_key, ""),
	NUMBER("listen.threads", threads, 1, 64, "16"),
	NUMBER("listen.connections", connections, 4, 8192, "1024"),
	NUMBER("listen.connections_per_address", connections_per_address, 1, 8192, "64"),
	TEXT("listen.proxies", proxies, ""),
	TEXT("listen.metrics", metrics, "127.0.0.1 ::1"),
	NUMBER("listen.streams", streams, 1, 4096, "512"),
	NUMBER("listen.streams_per_address", streams_per_address, 1, 4096, "32"),
	NUMBER("listen.request_s", request_s, 1, 600, "20"),
	TEXT("store.database", database, LOCALSTATEDIR "/lib/eonay-portal/portal.db"),
	TEXT("store.server_key", server_key, ""),
	NUMBER("session.lifetime_s", lifetime_s, 10, PORTAL_CODE_LIFETIME_MAX_S, "300"),
	NUMBER("session.grace_s", grace_s, 0, 60, "5"),
	NUMBER("session.remember_s", remember_s, 0, 31536000, "86400"),
	TEXT("consent.text_file", consent_text_file, ""),
	NUMBER("browser.idle_s", browser_idle_s, 1, 86400, "900"),
	NUMBER("browser.lifetime_s", browser_lifetime_s, 1, 604800, "28800"),
	TEXT("signature.trust", trust, ""),
	SWITCH("signature.qualified", qualified, "true"),
	NUMBER("signature.clock_tolerance_s", clock_tolerance_s, 0, 3600, "300"),
	NUMBER("retention.consent_days", consent_days, 0, RETENTION_DAYS_MAX, "7300"),
	NUMBER("retention.withdrawn_days", withdrawn_days, 0, RETENTION_DAYS_MAX, "3650"),
	CHOICE("revocation.mode", revocation, modes, "require"),
	TEXT("revocation.ocsp_url", ocsp_url, ""),
	TEXT("revocation.crl_url", crl_url, ""),
	TEXT("revocation.ca_crl_url", ca_crl_url, ""),
	SWITCH("revocation.from_certificate", revocation_from_certificate, "true"),
	SWITCH("revocation.ocsp_nonce", ocsp_nonce, "true"),
	CHOICE("revocation.ocsp_hash", ocsp_hash, hashes, "sha1"),
	NUMBER("revocation.ocsp_age_s", ocsp_age_s, 1, 600, "600"),
	NUMBER("revocation.crl_age_s", crl_age_s, 0, 86400, "300"),
	NUMBER("revocation.timeout_s", revocation_timeout_s, 1, 60, "3"),
	TEXT("timestamp.url", timestamp_url, ""),
	TEXT("timestamp.trust", timestamp_trust, ""),
	TEXT("timestamp.ocsp_url", timestamp_ocsp_url, ""),
	TEXT("timestamp.crl_url", timestamp_crl_url, ""),
	NUMBER("timestamp.timeout_s", timestamp_timeout_s, 1, 60, "3"),
	NUMBER("limits.per_minute", per_minute, 1, RATELIMIT_PER_HOUR_MAX, "5"),
	NUMBER("limits.per_hour", per_hour, 1, RATELIMIT_PER_HOUR_MAX, "20"),
	NUMBER("limits.all_per_minute", all_per_minute, 1, RATELIMIT_ALL_PER_MINUTE_MAX, "60"),
	NUMBER("limits.consecutive", consecutive, 1, 100000, "100"),
	NUMBER("limits.logins_per_minute", logins_per_minute, 0, LIMITS_PER_MINUTE_MAX, "30"),
	NUMBER("limits.codes_per_minute", codes_per_minute, 0, LIMITS_PER_MINUTE_MAX, "20"),
	NUMBER("limits.stop_s", stop_s, 1, 86400, "900"),
	TEXT("login.issuer", login_issuer, ""),
	TEXT("login.client_id", login_client_id, ""),
	TEXT("login.client_secret_file", login_client_secret_file, ""),
	TEXT("login.redirect_uri", login_redirect_uri, ""),
	TEXT("login.scope", login_scope, "openid profile"),
	TEXT("login.tckn_claim", login_tckn_claim, "tckn"),
	TEXT("login.name_claim", login_name_claim, "name"),
	TEXT("login.role_claim", login_role_claim, ""),
	TEXT("login.operator_role", login_operator_role, "gorevli"),
	TEXT("login.operators", login_operators, ""),
	TEXT("login.ca", login_ca, ""),
	TEXT("log.target", log_target, "syslog"),
	CHOICE("log.level", log_level, log_level_names, "info"),
};

#define KNOWN (sizeof(known) / sizeof(*known))

enum err settings_load(const char *path, struct portal_settings *out, struct error *e)
{
	*out = (struct portal_settings){0};
	return config_load(
		path ? path : SYSCONFDIR "/portal.conf", path == NULL, known, KNOWN, out, e);
}

void settings_release(struct portal_settings *s)
{
	config_release(known, KNOWN, s);
}

void settings_replace(char **setting, const char *text)
{
	free(*setting);
	*setting = must_strdup(text);
}

char *settings_key_path(const struct portal_settings *s)
{
	struct bytes path = {0};

	if (*s->server_key)
		return must_strdup(s->server_key);
	bytes_append_format(&path, "%s.key", s->database);
	bytes_text(&path);
	return (char *)path.at;
}

enum err settings_load_key(const struct portal_settings *s, struct server_key *out, struct error *e)
{
	char *path;
	enum err code;

	if (db_is_server(s->database) && !*s->server_key)
		return error_set(e, ERR_CONFIG_VALUE, "store.server_key");
	path = settings_key_path(s);
	code = key_load(path, out, e);
	free(path);
	return code;
}

struct ratelimit_settings settings_limits(const struct portal_settings *s)
{
	return (struct ratelimit_settings){
		.per_minute = s->per_minute,
		.per_hour = s->per_hour,
		.all_per_minute = s->all_per_minute,
		.consecutive = s->consecutive,
		.stop_s = s->stop_s,
	};
}
