/* The settings of the service: portal.conf(5). */
#ifndef EONAY_PORTAL_SETTINGS_H
#define EONAY_PORTAL_SETTINGS_H

#include "base/error.h"
#include "portal/key.h"
#include "portal/ratelimit.h"

/* The order of the words of the configuration. */
enum revocation_mode { REVOCATION_REQUIRED, REVOCATION_OFF };

#define RETENTION_DAYS_MAX 36500

struct portal_settings {
	char *listen_address; /* "127.0.0.1:8080", "[::]:443": numbers only */
	char *certificate;    /* PEM file, the chain from the server's certificate up; "": no TLS */
	char *private_key;    /* PEM file */
	long threads;
	long connections;
	long connections_per_address;
	char *proxies; /* addresses with blanks between them, whose word on their clients is taken */
	char *metrics; /* addresses that may read /metrics */
	long streams;  /* of events, for browsers that wait */
	long streams_per_address;
	long request_s; /* seconds that one request may take, and that a connection may wait for one
			 */

	char *database;
	char *server_key; /* file of the server's key; "": the database's name with ".key" behind it
			   */

	long browser_idle_s, browser_lifetime_s;

	long lifetime_s; /* of a code and its session */
	long grace_s;    /* past it for a signature that was on its way */
	long remember_s; /* how long an expired code is known as expired and not as wrong */

	char *consent_text_file; /* what an e-Onay says; "": the official text */

	char *trust; /* PEM file of the CAs */
	bool qualified;
	long clock_tolerance_s;

	long withdrawn_days, consent_days; /* that consents are kept, once withdrawn and else */

	int revocation; /* enum revocation_mode */
	char *ocsp_url, *crl_url, *ca_crl_url;
	bool revocation_from_certificate;
	bool ocsp_nonce;
	int ocsp_hash; /* enum revocation_hash */
	long ocsp_age_s, crl_age_s;
	long revocation_timeout_s;

	char *timestamp_url;
	char *timestamp_trust; /* PEM file of the CAs of the time stamp authority */
	char *timestamp_ocsp_url, *timestamp_crl_url; /* for that authority's own certificate */
	long timestamp_timeout_s;

	long per_minute, per_hour, all_per_minute, consecutive,
		stop_s; /* struct ratelimit_settings */

	char *login_issuer; /* of the identity provider; "": nobody can log in */
	char *login_client_id;
	char *login_client_secret_file;
	char *login_redirect_uri; /* LOGIN_CALLBACK as browsers reach it */
	char *login_scope;
	char *login_tckn_claim, *login_name_claim, *login_role_claim;
	char *login_operator_role; /* role of the operators in role_claim */
	char *login_operators;     /* their T.C. kimlik no */
	char *login_ca;            /* PEM file of the provider's CAs; "": the system's */

	long logins_per_minute, codes_per_minute;

	char *log_target;
	int log_level;
};

/* Reads the file; path NULL: SYSCONFDIR/portal.conf when it is there, else the defaults. Errors as
 * config_load(). */
enum err settings_load(const char *path, struct portal_settings *out, struct error *e);
void settings_release(struct portal_settings *s);

/* Replaces one of the text settings (an option of the command line). */
void settings_replace(char **setting, const char *text);

/* The file of the server's key; the caller frees it. */
char *settings_key_path(const struct portal_settings *s);

/* Loads the server's key, or makes it (key.h). On a database server all instances share one, so its
 * file must be set: ERR_CONFIG_VALUE. */
enum err settings_load_key(
	const struct portal_settings *s, struct server_key *out, struct error *e);

struct ratelimit_settings settings_limits(const struct portal_settings *s);

#endif
