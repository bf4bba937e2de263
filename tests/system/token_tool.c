/* Checks tokens that others made: token_tool JWKS ISSUER CLIENT NONCE NOW < one token a line. Prints for each "ERR_OK" with
 * the person, or the symbol of the failure. */
#include "base/load.h"
#include "portal/login/id_token.h"
#include "portal/login/jws.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum err check(struct span token, const struct jwk_set *keys,
	const struct id_token_rules *rules, struct identity *who, struct error *e)
{
	struct bytes claims = {0};
	enum err code = jws_verify(token, keys, &claims, e);

	if (!code)
		code = id_token_check(bytes_span(&claims), rules, who, e);
	bytes_free(&claims);
	return code;
}

int main(int argc, char **argv)
{
	struct bytes set = {0};
	struct jwk_set keys;
	struct error e = {0};
	char line[2 * JWS_MAX];

	if (argc != 6 || load_file(argv[1], 65536, &set, &e) ||
		jwk_set_read(bytes_span(&set), &keys, &e)) {
		fprintf(stderr, "token_tool: %s\n", e.where);
		return 1;
	}
	while (fgets(line, sizeof(line), stdin)) {
		const struct id_token_rules rules = {
			.issuer = argv[2],
			.client_id = argv[3],
			.nonce = argv[4],
			.now = strtol(argv[5], NULL, 10),
			.tolerance_s = 30,
			.tckn_claim = "tckn",
			.name_claim = "name",
			.role_claim = "roles",
			.operator_role = "gorevli",
		};
		struct identity who = {0};
		enum err code = check(span_of(line, strcspn(line, "\n")), &keys, &rules, &who, &e);

		printf("%s %s%s\n", code ? error_symbol(code) : "OK", code ? e.where : who.name,
			!code && who.operator? " operator" : "");
	}
	jwk_set_free(&keys);
	bytes_free(&set);
	return 0;
}
