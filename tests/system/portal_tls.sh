#!/bin/bash
# The way between kiosk and service: TLS with a CA of our own, and everything that must not pass for it. Nothing is sent
# to a server that is not the one meant.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"

D=$TMP/portal
ok "certificates made" portal_pki "$TMP/pki"
portal_certificate elsewhere ca "/CN=portal" "subjectAltName=DNS:other.example"
portal_certificate expired ca "/CN=portal" "subjectAltName=IP:127.0.0.1" -days -1
portal_certificate stranger other-ca "/CN=portal" "subjectAltName=IP:127.0.0.1"
not_ok "one of them has expired" openssl x509 -checkend 0 -in "$PKI/expired.pem"

# tls_start CERTIFICATE: serves with it, at an https URL.
tls_start() {
	mkdir -p "$D"
	: >"$D/log"
	cat >"$D/portal.conf" <<-END
		listen: { certificate = "$PKI/$1.pem"; private_key = "$PKI/$1.key"; };
	END
	portal_start "$D" && URL=https://127.0.0.1:$PORT
}

# Before anything serves: what is refused at once
for address in 0.0.0.0:0 "[::]:0" 192.0.2.1:8080; do
	message=$("$PORTAL" serve --config /dev/null --database "$TMP/x.db" --trust "$PKI/ca.pem" --log none \
		--listen "$address" 2>&1)
	is "without TLS $address is not served: EX_UNAVAILABLE" $? 69
	like "and the message says so" "$message" 'K-421'
done
# half_tls SETTING LISTEN: what stands in listen is not TLS, nor is it none.
half_tls() {
	echo "listen: { $2 };" >"$TMP/half.conf"
	message=$(timeout 20 "$PORTAL" serve --config "$TMP/half.conf" --database "$TMP/x.db" --trust "$PKI/ca.pem" --log none \
		--listen 127.0.0.1:0 2>&1)
	is "$2: EX_CONFIG" $? 78
	like "$2: says what is wrong" "$message" "K-505: $1"
}
: >"$TMP/empty.pem"
half_tls listen.private_key "certificate = \"$PKI/server.pem\";"
half_tls listen.certificate "private_key = \"$PKI/server.key\";"
half_tls listen.certificate "certificate = \"$TMP/empty.pem\"; private_key = \"$PKI/server.key\";"
half_tls listen.private_key "certificate = \"$PKI/server.pem\"; private_key = \"$TMP/empty.pem\";"
for url in http://192.0.2.1:8080 http://localhost:8080 http://portal.example ftp://127.0.0.1; do
	like "the kiosk does not talk to $url" "$("$TOOL" health "$url" "")" '^K-403 SERVICE_ADDRESS'
done

tls_start server || bail "the service does not start"
at_end portal_stop
SERVICE_CA=$PKI/ca.pem

like "the kiosk trusts the CA it was given" "$("$TOOL" health "$URL" "$PKI/ca.pem")" '^version '
like "and by name" "$("$TOOL" health "https://localhost:$PORT" "$PKI/ca.pem")" '^version '
session=$(portal_open "$(portal_code "$D")")
like "a session is opened over TLS" "$session" '^id '
printf %s "$(field text "$session")" >"$TMP/content"
portal_sign "$TMP/content" "$TMP/cms"
like "a signature is accepted over TLS" "$(portal_submit "$(field id "$session")" "$(field token "$session")" "$TMP/cms")" \
	'^receipt '

like "another CA does not do" "$("$TOOL" health "$URL" "$PKI/other-ca.pem")" '^K-402 SERVICE_TLS'
like "nor do those of the system" "$("$TOOL" health "$URL" "")" '^K-402 SERVICE_TLS'
like "nor a CA file that is none" "$("$TOOL" health "$URL" /dev/null)" '^K-402 SERVICE_TLS'
like "plain HTTP to it is no answer" "$("$TOOL" health "http://127.0.0.1:$PORT" "")" '^K-40[14] '

# openssl is asked with everything allowed that it has, so that the refusal is the service's.
handshake() {
	openssl s_client -connect "127.0.0.1:$PORT" -CAfile "$PKI/ca.pem" -verify_return_error "$@" </dev/null
}
ok "TLS 1.3 is spoken" handshake -tls1_3
ok "TLS 1.2 is spoken" handshake -tls1_2
not_ok "TLS 1.1 is not" handshake -tls1_1 -cipher 'ALL:@SECLEVEL=0'
not_ok "nor ciphers without forward secrecy" handshake -tls1_2 -cipher 'kRSA:@SECLEVEL=0'
not_ok "nor ciphers of old modes" handshake -tls1_2 -cipher 'ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA384:@SECLEVEL=0'
portal_stop

for certificate in elsewhere expired stranger; do
	tls_start "$certificate" || bail "the service does not start"
	code=$(portal_code "$D")
	like "no code is sent to a server whose certificate is $certificate" "$(portal_open "$code")" '^K-402 SERVICE_TLS'
	unlike "and the server saw no request" "$(cat "$D/log")" "POST"
	portal_stop
done

# A server that is nobody's: redirects, proxies of the environment
/usr/bin/python3 - "$TMP/redirect" <<'PY' &
import http.server, os, sys
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(302)
        self.send_header("Location", "http://127.0.0.1:%d/followed" % self.server.server_address[1])
        self.send_header("Content-Length", "0")
        self.end_headers()
        with open(sys.argv[1] + ".log", "a") as f:
            f.write(self.path + "\n")
    def log_message(self, *a):
        pass
s = http.server.HTTPServer(("127.0.0.1", 0), H)
with open(sys.argv[1] + ".tmp", "w") as f:
    f.write(str(s.server_address[1]))
os.rename(sys.argv[1] + ".tmp", sys.argv[1])
s.serve_forever()
PY
redirect_pid=$!
at_end stop_process "$redirect_pid"
wait_for 10 test -s "$TMP/redirect" || bail "no redirecting server"
URL=http://127.0.0.1:$(cat "$TMP/redirect")
like "a redirect is no answer" "$("$TOOL" health "$URL" "")" '^K-404 SERVICE_ANSWER.*302'
is "and is not followed" "$(cat "$TMP/redirect.log")" "/healthz"
: >"$TMP/redirect.log"
like "a proxy of the environment is passed over" \
	"$(http_proxy=$URL https_proxy=$URL all_proxy=$URL "$TOOL" health http://127.0.0.1:1 "")" '^K-401 SERVICE_UNREACHABLE'
is "and saw nothing" "$(cat "$TMP/redirect.log")" ""
done_testing
