#!/bin/bash
# Logging in with an identity provider that is not ours and knows nothing of us: glewlwyd, Debian's OpenID Connect server,
# set up through its own interface.
# shellcheck disable=SC2119 # begin_login's arguments are for others
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/browser.sh"

command -v glewlwyd >/dev/null || skip_all "no glewlwyd"
D=$TMP/portal
G=$TMP/glewlwyd
mkdir -p "$D" "$G"
ok "certificates made" portal_pki "$TMP/pki"
free_port() {
	/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
PORT=$(free_port)
AT=http://127.0.0.1:$(free_port)

# provider: starts it with an empty database of its own.
provider() {
	zcat /usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz | sqlite3 "$G/db" || return 1
	cat >"$G/conf" <<-CONF
		port = ${AT##*:}
		bind_address = "127.0.0.1"
		external_url = "$AT"
		login_url = "login.html"
		api_prefix = "api"
		log_mode = "console"
		log_level = "ERROR"
		cookie_domain = "127.0.0.1"
		cookie_secure = 0
		session_expiration = 3600
		session_key = "SESSION"
		admin_scope = "g_admin"
		profile_scope = "g_profile"
		user_module_path = "/usr/lib/glewlwyd/user"
		client_module_path = "/usr/lib/glewlwyd/client"
		user_auth_scheme_module_path = "/usr/lib/glewlwyd/scheme"
		plugin_module_path = "/usr/lib/glewlwyd/plugin"
		hash_algorithm = "SHA512"
		database = { type = "sqlite3"; path = "$G/db"; };
	CONF
	glewlwyd --config-file="$G/conf" >"$G/log" 2>&1 &
	PROVIDER_PID=$!
	wait_for 30 curl -s --noproxy '*' -o /dev/null "$AT/api/mod/type"
}
# api METHOD PATH [JSON]: as its administrator; prints what came and the status.
api() {
	curl -s --noproxy '*' --max-time 30 -b "$G/admin" -c "$G/admin" -X "$1" -H 'Content-Type: application/json' \
		-w '%{http_code}' ${3:+-d "$3"} "$AT/api$2"
}
# plugin KEY-KIND: its OpenID Connect part, with a key made by openssl.
plugin() {
	local key=$G/$1.pem kind=rsa

	case $1 in
	rsa) openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$key" 2>/dev/null ;;
	ec) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$key" 2>/dev/null && kind=ecdsa ;;
	esac
	openssl pkey -in "$key" -pubout -out "$key.pub"
	jq -n --rawfile key "$key" --rawfile cert "$key.pub" --arg iss "$AT/api/$1" --arg kind "$kind" --arg name "$1" '{
		module: "oidc", name: $name, display_name: $name, parameters: {
			iss: $iss, "jwt-type": $kind, "jwt-key-size": "256", key: $key, cert: $cert,
			"access-token-duration": 3600, "refresh-token-duration": 3600, "code-duration": 600,
			"refresh-token-rolling": false, "allow-non-oidc": false, "auth-type-code-enabled": true,
			"auth-type-token-enabled": false, "auth-type-id-token-enabled": true, "auth-type-none-enabled": false,
			"auth-type-password-enabled": false, "auth-type-client-enabled": false,
			"auth-type-refresh-enabled": false, "pkce-allowed": true, "pkce-method-plain-allowed": false,
			"jwks-show": true, "subject-type": "public", "name-claim": "mandatory", "name-claim-scope": [],
			claims: [{name: "tckn", "user-property": "tckn", type: "string", mandatory: true, scope: []}]}}'
}
provider || { diag_file "$G/log"; bail "glewlwyd does not start"; }
at_end stop_process "$PROVIDER_PID"
is "it lets its administrator in" "$(api POST /auth/ '{"username":"admin","password":"password"}')" 200
is "a provider that signs with RSA" "$(api POST /mod/plugin/ "$(plugin rsa)")" 200
is "one that signs with ECDSA" "$(api POST /mod/plugin/ "$(plugin ec)")" 200
is "its people have a T.C. kimlik no" "$(api PUT /mod/user/database '{"display_name":"x","module":"database",
	"name":"database","order_rank":0,"enabled":true,"readonly":false,"parameters":{"use-glewlwyd-connection":true,
	"data-format":{"tckn":{"multiple":false,"read":true,"write":true,"profile-read":true,"profile-write":false}}}}')" 200
is "which it takes up" "$(api PUT /mod/user/database/reset)" 200
is "a person" "$(api POST /user/ "{\"username\":\"isil\",\"name\":\"Işıl Çağrı Yeşildağ\",\"password\":\"secret-1234\",
	\"tckn\":\"$TCKN\",\"scope\":[\"openid\",\"g_profile\"],\"enabled\":true,\"email\":\"\"}")" 200
is "and its client" "$(api POST /client/ "{\"client_id\":\"eonay\",\"name\":\"eonay\",\"confidential\":true,
	\"client_secret\":\"gizli\",\"password\":\"gizli\",\"redirect_uri\":[\"http://127.0.0.1:$PORT/giris/donus\"],
	\"authorization_type\":[\"code\"],\"token_endpoint_auth_method\":[\"client_secret_basic\"],\"scope\":[],
	\"enabled\":true}")" 200

# In the browser's jar, as its pages do: the person logs in there and agrees.
at_provider() {
	curl -s --noproxy '*' --max-time 30 -b "$BROWSER" -c "$BROWSER" -X "$1" -H 'Content-Type: application/json' \
		-w '%{http_code}' -d "$3" "$AT/api$2"
}
echo gizli >"$D/secret"
for kind in rsa ec; do
	cat >"$D/portal.conf" <<-CONF
		login: {
			issuer = "$AT/api/$kind"; client_id = "eonay"; client_secret_file = "$D/secret"; scope = "openid";
			redirect_uri = "http://127.0.0.1:$PORT/giris/donus";
		};
	CONF
	portal_start "$D" --listen "127.0.0.1:$PORT" || bail "the service does not start"
	rm -f "$BROWSER"
	begin_login
	is "$kind: sent to it" "$(status)" 200
	asked=$LOCATION
	follow
	like "$kind: it wants to know who it is" "$LOCATION" 'login\.html'
	is "$kind: the person tells" "$(at_provider POST /auth/ '{"username":"isil","password":"secret-1234"}')" 200
	is "$kind: and agrees" "$(at_provider PUT /auth/grant/eonay '{"scope":"openid"}')" 200
	browse "$asked&g_continue"
	like "$kind: it sends the browser back" "$LOCATION" "^http://127.0.0.1:$PORT/giris/donus\?"
	follow
	is "$kind: the person is in" "$(status) $LOCATION" "303 /islemler"
	follow
	like "$kind: by name" "$ANSWER" 'Işıl Çağrı Yeşildağ'
	submit /cikis
	portal_stop
done
done_testing
