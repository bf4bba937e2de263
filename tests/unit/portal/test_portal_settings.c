#include "unit.h"

#include "portal/options.h"
#include "portal/problem.h"
#include "portal/settings_check.h"

#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

static void the_shipped_file_is_the_defaults(void **state)
{
	struct portal_settings shipped, standard;

	(void)state;
	assert_int_equal(settings_load(CONF "/portal.conf", &shipped, NULL), ERR_OK);
	assert_int_equal(settings_load("/dev/null", &standard, NULL), ERR_OK);
	assert_string_equal(shipped.listen_address, standard.listen_address);
	assert_string_equal(shipped.certificate, "");
	assert_string_equal(shipped.private_key, "");
	assert_string_equal(shipped.database, standard.database);
	assert_string_equal(shipped.server_key, "");
	assert_string_equal(shipped.consent_text_file, "");
	assert_string_equal(shipped.trust, "");
	assert_string_equal(shipped.log_target, standard.log_target);
	assert_int_equal(shipped.threads, standard.threads);
	assert_int_equal(shipped.connections, standard.connections);
	assert_int_equal(shipped.connections_per_address, standard.connections_per_address);
	assert_string_equal(shipped.proxies, standard.proxies);
	assert_string_equal(shipped.metrics, standard.metrics);
	assert_int_equal(shipped.streams, standard.streams);
	assert_int_equal(shipped.streams_per_address, standard.streams_per_address);
	assert_int_equal(shipped.request_s, standard.request_s);
	assert_int_equal(shipped.lifetime_s, 300);
	assert_int_equal(standard.lifetime_s, 300);
	assert_int_equal(shipped.browser_idle_s, standard.browser_idle_s);
	assert_int_equal(shipped.browser_lifetime_s, standard.browser_lifetime_s);
	assert_int_equal(shipped.grace_s, standard.grace_s);
	assert_int_equal(shipped.remember_s, standard.remember_s);
	assert_int_equal(shipped.qualified, standard.qualified);
	assert_int_equal(shipped.clock_tolerance_s, standard.clock_tolerance_s);
	assert_int_equal(shipped.revocation, standard.revocation);
	assert_string_equal(shipped.ocsp_url, "");
	assert_string_equal(shipped.crl_url, "");
	assert_string_equal(shipped.ca_crl_url, "");
	assert_int_equal(shipped.revocation_from_certificate, standard.revocation_from_certificate);
	assert_int_equal(shipped.ocsp_nonce, standard.ocsp_nonce);
	assert_int_equal(shipped.ocsp_hash, standard.ocsp_hash);
	assert_int_equal(shipped.ocsp_age_s, standard.ocsp_age_s);
	assert_int_equal(shipped.crl_age_s, standard.crl_age_s);
	assert_int_equal(shipped.revocation_timeout_s, standard.revocation_timeout_s);
	assert_string_equal(shipped.timestamp_url, "");
	assert_string_equal(shipped.timestamp_trust, "");
	assert_string_equal(shipped.timestamp_ocsp_url, "");
	assert_string_equal(shipped.timestamp_crl_url, "");
	assert_int_equal(shipped.timestamp_timeout_s, standard.timestamp_timeout_s);
	assert_int_equal(shipped.per_minute, standard.per_minute);
	assert_int_equal(shipped.per_hour, standard.per_hour);
	assert_int_equal(shipped.all_per_minute, standard.all_per_minute);
	assert_int_equal(shipped.consecutive, standard.consecutive);
	assert_int_equal(shipped.logins_per_minute, standard.logins_per_minute);
	assert_int_equal(shipped.codes_per_minute, standard.codes_per_minute);
	assert_int_equal(shipped.stop_s, standard.stop_s);
	assert_string_equal(shipped.login_issuer, standard.login_issuer);
	assert_string_equal(shipped.login_client_id, standard.login_client_id);
	assert_string_equal(shipped.login_client_secret_file, standard.login_client_secret_file);
	assert_string_equal(shipped.login_redirect_uri, standard.login_redirect_uri);
	assert_string_equal(shipped.login_scope, standard.login_scope);
	assert_string_equal(shipped.login_tckn_claim, standard.login_tckn_claim);
	assert_string_equal(shipped.login_name_claim, standard.login_name_claim);
	assert_string_equal(shipped.login_role_claim, standard.login_role_claim);
	assert_string_equal(shipped.login_operator_role, standard.login_operator_role);
	assert_string_equal(shipped.login_operators, standard.login_operators);
	assert_string_equal(shipped.login_ca, standard.login_ca);
	assert_int_equal(shipped.log_level, standard.log_level);
	settings_release(&shipped);
	settings_release(&standard);
}

/* What the portal's law (HACKING) says in figures is what a service has of which nothing was said. */
static void the_defaults_are_the_law(void **state)
{
	struct portal_settings s;
	struct ratelimit_settings limits;

	(void)state;
	assert_int_equal(settings_load("/dev/null", &s, NULL), ERR_OK);
	limits = settings_limits(&s);
	assert_int_equal(limits.per_minute, 5);
	assert_int_equal(limits.per_hour, 20);
	assert_int_equal(limits.consecutive, 100);
	assert_true(limits.stop_s >= 60);
	assert_int_equal(s.clock_tolerance_s, 300);
	assert_true(s.qualified);
	assert_int_not_equal(s.revocation, REVOCATION_OFF);
	assert_true(s.ocsp_nonce);
	assert_int_equal(s.ocsp_age_s, 600);
	settings_release(&s);
}

static enum err load_settings(const char *text, struct portal_settings *s)
{
	char path[] = "/tmp/eonay-settings.XXXXXX";
	int fd = mkstemp(path);
	enum err code;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	code = settings_load(path, s, NULL);
	unlink(path);
	return code;
}

static enum err load_text(const char *text)
{
	struct portal_settings s;
	enum err code = load_settings(text, &s);

	if (!code)
		settings_release(&s);
	return code;
}

static void texts_say_what_they_are_there_for(void **state)
{
	static const struct {
		const char *text, *wrong; /* NULL: nothing */
	} table[] = {
		{"", NULL},
		{"listen: { proxies = \"10.0.0.1, ::1\"; metrics = \"\"; };", NULL},
		{"listen: { proxies = \"10.0.0.0/8\"; };", "listen.proxies"},
		{"listen: { proxies = \"10.0.0.1 proxy\"; };", "listen.proxies"},
		{"listen: { metrics = \"localhost\"; };", "listen.metrics"},
		{"revocation: { ocsp_url = \"http://ocsp.example/\"; };", NULL},
		{"revocation: { ocsp_url = \"ftp://ocsp.example/\"; };", "revocation.ocsp_url"},
		{"revocation: { crl_url = \"crl.example\"; };", "revocation.crl_url"},
		{"revocation: { ca_crl_url = \"http://\"; };", "revocation.ca_crl_url"},
		{"timestamp: { url = \"tcp://tsa.example\"; };", "timestamp.url"},
		{"timestamp: { ocsp_url = \"x\"; };", "timestamp.ocsp_url"},
		{"timestamp: { crl_url = \"x\"; };", "timestamp.crl_url"},
		{"login: { scope = \"profile openid\"; };", NULL},
		{"login: { scope = \"profile openid2\"; };", "login.scope"},
		{"login: { operators = \"30000000328, 10000000146\"; };", NULL},
		{"login: { operators = \"30000000329\"; };", "login.operators"},
		{"login: { operators = \"30000000328;10000000146\"; };", "login.operators"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct portal_settings s;
		struct error e = {0};

		assert_int_equal(load_settings(table[i].text, &s), ERR_OK);
		assert_int_equal(
			settings_check(&s, &e), table[i].wrong ? ERR_CONFIG_VALUE : ERR_OK);
		assert_string_equal(e.where, table[i].wrong ? table[i].wrong : "");
		settings_release(&s);
	}
}

static void no_setting_goes_past_ten_minutes(void **state)
{
	(void)state;
	assert_int_equal(load_text("session: { lifetime_s = 600; };"), ERR_OK);
	assert_int_equal(load_text("session: { lifetime_s = 601; };"), ERR_CONFIG_VALUE);
	assert_int_equal(load_text("revocation: { ocsp_age_s = 600; };"), ERR_OK);
	assert_int_equal(load_text("revocation: { ocsp_age_s = 601; };"), ERR_CONFIG_VALUE);
}

static enum err read_options(
	enum command_set command, char **argv, struct options *out, struct error *e)
{
	int argc = 0;

	while (argv[argc])
		argc++;
	return options_read(argc, argv, command, out, e);
}

/* getopt_long() may reorder the pointers, never the texts. */
#define ARGUMENTS(...) ((char **)(const char *[]){__VA_ARGS__, NULL})

static void options_belong_to_commands(void **state)
{
	struct options o;
	struct error e;

	(void)state;
	assert_int_equal(read_options(COMMAND_CODE,
				 ARGUMENTS("code", "--tckn", "-", "--text", "a", "--text", "b",
					 "--lifetime", "60"),
				 &o, &e),
		ERR_OK);
	assert_int_equal(o.text_count, 2);
	assert_int_equal(o.lifetime_s, 60);
	assert_int_equal(
		read_options(COMMAND_CODE, ARGUMENTS("code", "--lifetime", "600"), &o, &e), ERR_OK);
	assert_int_equal(read_options(COMMAND_CODE, ARGUMENTS("code", "--lifetime", "601"), &o, &e),
		ERR_USAGE);
	assert_int_equal(read_options(COMMAND_CODE, ARGUMENTS("code", "--lifetime", "0"), &o, &e),
		ERR_USAGE);
	assert_int_equal(
		read_options(COMMAND_SERVE, ARGUMENTS("serve", "--ready-fd", "3"), &o, &e), ERR_OK);
	assert_int_equal(o.ready_fd, 3);
	assert_int_equal(
		read_options(COMMAND_SHOW, ARGUMENTS("show", "ID", "-o", "F"), &o, &e), ERR_OK);
	assert_string_equal(o.argument, "ID");
	assert_string_equal(o.output, "F");
	assert_int_equal(
		read_options(COMMAND_SERVE, ARGUMENTS("serve", "--tckn", "1"), &o, &e), ERR_USAGE);
	assert_int_equal(
		read_options(COMMAND_SERVE, ARGUMENTS("serve", "--ready-fd", "-3"), &o, &e),
		ERR_USAGE);
	assert_int_equal(
		read_options(COMMAND_SERVE, ARGUMENTS("serve", "--nothing"), &o, &e), ERR_USAGE);
	assert_int_equal(
		read_options(COMMAND_SERVE, ARGUMENTS("serve", "rest"), &o, &e), ERR_USAGE);
	assert_string_equal(e.where, "rest");
	assert_int_equal(
		read_options(COMMAND_SHOW, ARGUMENTS("show", "ID", "more"), &o, &e), ERR_USAGE);
}

static void options_replace_settings(void **state)
{
	const struct options o = {
		.config = "/dev/null", .database = "/x/db", .listen = "[::1]:1", .lifetime_s = 7};
	struct portal_settings s;
	char *key;

	(void)state;
	assert_int_equal(options_settings(&o, &s, NULL), ERR_OK);
	assert_string_equal(s.listen_address, "[::1]:1");
	assert_int_equal(s.lifetime_s, 7);
	key = settings_key_path(&s);
	assert_string_equal(key, "/x/db.key");
	free(key);
	settings_replace(&s.server_key, "/y/key");
	key = settings_key_path(&s);
	assert_string_equal(key, "/y/key");
	free(key);
	settings_release(&s);
}

/* What SQLite keeps no longer than the program runs would lose what was acknowledged. */
static void a_database_outlives_the_program(void **state)
{
	static const char *const names[] = {"", ":memory:", ":x"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const struct options o = {.config = "/dev/null", .database = names[i]};
		struct portal_settings s;
		struct error e = {0};

		assert_int_equal(options_settings(&o, &s, &e), ERR_CONFIG_VALUE);
		assert_string_equal(e.where, "store.database");
		settings_release(&s);
	}
}

/* Instances that each made a key of their own would not know each other's codes. */
static void a_server_wants_its_key_named(void **state)
{
	const struct options o = {.config = "/dev/null", .database = "postgresql:dbname=x"};
	struct portal_settings s;
	struct server_key key;

	(void)state;
	assert_int_equal(options_settings(&o, &s, NULL), ERR_OK);
	assert_int_equal(settings_load_key(&s, &key, NULL), ERR_CONFIG_VALUE);
	settings_replace(&s.server_key, "/nowhere/key");
	assert_int_equal(settings_load_key(&s, &key, NULL), ERR_FILE_WRITE);
	settings_release(&s);
}

static void every_failure_has_a_problem_document(void **state)
{
	(void)state;
	for (int code = 1; code < ERR_COUNT; code++) {
		struct bytes text = {0};
		json_t *document;

		problem_write((enum err)code, &text);
		document = json_loadb((const char *)text.at, text.n, 0, NULL);
		assert_non_null(document);
		assert_string_equal(json_string_value(json_object_get(document, "code")),
			error_code((enum err)code));
		assert_true(problem_status((enum err)code) >= 400 &&
			    problem_status((enum err)code) < 600);
		json_decref(document);
		bytes_free(&text);
	}
}

static void statuses_tell_whose_failure_it_is(void **state)
{
	static const struct {
		enum err code;
		unsigned status;
	} table[] = {
		{ERR_CODE_WRONG, 404},
		{ERR_CODE_EXPIRED, 410},
		{ERR_CODE_USED, 409},
		{ERR_CODE_RATE, 429},
		{ERR_CODE_FORMAT, 400},
		{ERR_SESSION_EXPIRED, 410},
		{ERR_SESSION_UNKNOWN, 401},
		{ERR_SESSION_SIGNED, 409},
		{ERR_CERTIFICATE_PERSON, 422},
		{ERR_CERTIFICATE_ISSUER, 422},
		{ERR_CMS_DIGEST, 422},
		{ERR_CMS_TIME, 422},
		{ERR_CRYPTO, 500},
		{ERR_STORE, 503},
		{ERR_INTERNAL, 500},
		{ERR_REQUEST, 400},
		{ERR_REQUEST_SIZE, 413},
		{ERR_REQUEST_PATH, 404},
		{ERR_REQUEST_METHOD, 405},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		assert_int_equal(problem_status(table[i].code), table[i].status);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shipped_file_is_the_defaults),
		cmocka_unit_test(the_defaults_are_the_law),
		cmocka_unit_test(no_setting_goes_past_ten_minutes),
		cmocka_unit_test(options_belong_to_commands),
		cmocka_unit_test(options_replace_settings),
		cmocka_unit_test(texts_say_what_they_are_there_for),
		cmocka_unit_test(a_database_outlives_the_program),
		cmocka_unit_test(a_server_wants_its_key_named),
		cmocka_unit_test(every_failure_has_a_problem_document),
		cmocka_unit_test(statuses_tell_whose_failure_it_is),
	};

	return cmocka_run_group_tests_name("portal settings", tests, NULL, NULL);
}
