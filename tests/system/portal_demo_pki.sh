#!/bin/bash
# The certification authority of `serve --demo`, as openssl's ocsp, crl and ts see it, and what the service makes of its word.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"

D=$TMP/portal DEMO=$TMP/demo
mkdir -p "$D"
ok "certificates made" portal_pki "$TMP/pki"
# serve: the service with its own authority, and nobody else's word.
serve() {
	echo 'revocation: { timeout_s = 20; }; timestamp: { timeout_s = 20; };' >"$D/portal.conf"
	portal_start "$D" --trust "$DEMO/trust.pem" --demo "$DEMO"
}
certificate() {
	"$PORTAL" certificate "$@" --config "$D/portal.conf" --database "$D/portal.db" 2>&1
}
serial() {
	openssl x509 -in "$PKI/$1.pem" -noout -serial | sed 's/serial=//'
}
submits() {
	portal_submit "$id" "$token" "$TMP/cms"
}

# What is made
serve || bail "the service does not start"
at_end portal_stop
is "keys are their owner's alone" "$(stat -c '%a %n' "$DEMO"/{pki,issuer,trust}.pem)" \
	"$(printf "600 $DEMO/%s.pem\n" pki issuer trust)"
for name in ca root; do
	curl -s "$URL/demo/pki/$name" | openssl x509 -inform DER >"$TMP/$name.pem" 2>/dev/null
done
is "what is served is what is trusted" "$(cat "$TMP/root.pem" "$TMP/ca.pem")" "$(cat "$DEMO/trust.pem")"
ok "the CA is the root's" openssl verify -x509_strict -CAfile "$TMP/root.pem" "$TMP/ca.pem"
cp "$DEMO/pki.pem" "$TMP/first.pem"
portal_stop
serve || bail "the service does not start again"
ok "it stays the same" cmp "$DEMO/pki.pem" "$TMP/first.pem"

# Certificates that it issues
cp "$DEMO/issuer.pem" "$PKI/issuer.pem" && cp "$DEMO/issuer.pem" "$PKI/issuer.key"
for name in good held gone stray; do
	portal_signer "$name" "$TCKN" issuer || bail "no certificate"
done
certificate add "$PKI"/{good,held,gone}.pem >/dev/null
certificate status "$(serial held)" suspended
certificate status "$(serial gone)" revoked

# ocsp NAME [OPTION...]
ocsp() {
	openssl ocsp -issuer "$TMP/ca.pem" -cert "$PKI/$1.pem" -CAfile "$DEMO/trust.pem" -url "$URL/demo/pki/ocsp" "${@:2}" 2>&1
}
answer=$(ocsp good)
like "openssl ocsp verifies the answer" "$answer" '^Response verify OK'
unlike "with its nonce" "$answer" 'WARNING|[Nn]once'
like "good" "$answer" 'good.pem: good'
like "good by SHA-256 too" "$(openssl ocsp -sha256 -issuer "$TMP/ca.pem" -cert "$PKI/good.pem" -CAfile "$DEMO/trust.pem" \
	-url "$URL/demo/pki/ocsp" 2>&1)" 'good.pem: good'
like "suspended" "$(ocsp held)" 'Reason: certificateHold'
like "revoked" "$(ocsp gone)" 'gone.pem: revoked'
unlike "without a reason that nobody has given" "$(ocsp gone)" 'Reason'
curl -s "$URL/demo/pki/tsa" -H 'Content-Type: application/timestamp-query' --data-binary @<(openssl ts -query -data /dev/null -sha256 -cert 2>/dev/null) |
	openssl ts -reply -in /dev/stdin -token_out 2>/dev/null | openssl pkcs7 -inform DER -print_certs 2>/dev/null |
	openssl x509 >"$PKI/stamps.pem" 2>/dev/null
like "its time stamp authority: good" "$(ocsp stamps)" 'stamps.pem: good'
like "not in the registry: unknown" "$(ocsp stray)" 'stray.pem: unknown'
like "another CA's: unknown" "$(openssl ocsp -issuer "$PKI/ca.pem" -cert "$PKI/signer.pem" -CAfile "$DEMO/trust.pem" \
	-url "$URL/demo/pki/ocsp" -no_cert_verify 2>&1)" 'signer.pem: unknown'
like "several in one request" "$(ocsp good -cert "$PKI/held.pem" | tr '\n' ' ')" 'good.pem: good .*held.pem: revoked'
printf garbage >"$TMP/garbage"
like "what is no request is told so" "$(curl -s --data-binary @"$TMP/garbage" -H 'Content-Type: application/ocsp-request' \
	"$URL/demo/pki/ocsp" | openssl ocsp -respin /dev/stdin 2>&1)" 'malformedrequest'

curl -s "$URL/demo/pki/crl" >"$TMP/crl.der"
ok "openssl verifies the list" openssl crl -inform DER -in "$TMP/crl.der" -CAfile "$DEMO/trust.pem" -noout
openssl crl -inform DER -in "$TMP/crl.der" -out "$TMP/crl.pem"
curl -s "$URL/demo/pki/root-crl" | openssl crl -inform DER -out "$TMP/root-crl.pem"
cat "$TMP/crl.pem" "$TMP/root-crl.pem" >"$TMP/lists.pem"
verify() {
	openssl verify -crl_check_all -x509_strict -CAfile "$DEMO/trust.pem" -CRLfile "$TMP/lists.pem" "$PKI/$1.pem" 2>&1
}
like "with both lists the good one is good" "$(verify good)" ': OK'
like "the suspended one is listed" "$(verify held)" 'certificate revoked'
like "and the revoked one" "$(verify gone)" 'certificate revoked'
is "only these" "$(openssl crl -in "$TMP/crl.pem" -noout -text | grep -c 'Serial Number')" 2

printf 'a signature' >"$TMP/data"
for digest in sha256 sha384 sha512; do
	openssl ts -query -data "$TMP/data" "-$digest" -cert -out "$TMP/query" 2>/dev/null
	curl -s --data-binary @"$TMP/query" -H 'Content-Type: application/timestamp-query' "$URL/demo/pki/tsa" >"$TMP/reply"
	ok "openssl ts verifies the stamp over $digest" openssl ts -verify -queryfile "$TMP/query" -in "$TMP/reply" \
		-CAfile "$DEMO/trust.pem"
done
openssl ts -query -data "$TMP/data" -sha1 -cert -out "$TMP/query" 2>/dev/null
like "SHA-1 is not stamped" "$(curl -s --data-binary @"$TMP/query" -H 'Content-Type: application/timestamp-query' \
	"$URL/demo/pki/tsa" | openssl ts -reply -in /dev/stdin -text 2>&1)" 'Rejected'

# What the service makes of it
printf %s 'Bundan sonraki e-İmza başvurularında e-Onaylı başvuruyu kullanabilmek için onay veriyorum.' >"$TMP/content"
# opened SIGNER: a new session and a signature for it: sets id, token and $TMP/cms.
opened() {
	local session

	session=$(portal_open "$(portal_code "$D")")
	id=$(field id "$session") token=$(field token "$session")
	portal_sign "$TMP/content" "$TMP/cms" "$1"
}
opened good
like "a certificate of its own signs" "$(submits)" '^receipt '
is "with its status and a stamp" "$(/usr/bin/python3 -c '
import sqlite3, sys
print(*sqlite3.connect(sys.argv[1]).execute("SELECT status_source, length(time_stamp) > 1000 FROM signature WHERE session = ?", (sys.argv[2],)).fetchone())' "$D/portal.db" "$id")" "1 1"
opened held
like "a suspended one does not" "$(submits)" '^K-330 CERTIFICATE_SUSPENDED'
certificate status "$(serial held)" valid
like "until it is released" "$(submits)" '^receipt '
opened gone
like "a revoked one does not" "$(submits)" '^K-308 CERTIFICATE_REVOKED'
opened stray
like "nor does one that is not in the registry" "$(submits)" '^K-331 CERTIFICATE_UNKNOWN'
opened signer
like "nor one of another CA" "$(submits)" '^K-306 CERTIFICATE_ISSUER'

# As many at once as there are threads, all of which ask this same process
for n in 1 2 3 4 5 6; do
	session=$(portal_open "$(portal_code "$D")" "nonce-0123456789abcde$n")
	echo "$(field id "$session") $(field token "$session")" >>"$TMP/sessions"
done
portal_sign "$TMP/content" "$TMP/cms" good
while read -r id token; do
	submits >"$TMP/result-$id" &
	SUBMITS+=($!)
done <"$TMP/sessions"
wait "${SUBMITS[@]}"
is "many at once" "$(cat "$TMP"/result-* | grep -c '^receipt ')" 6

kill -HUP "$PORTAL_PID"
ok "SIGHUP" wait_for 20 grep -q 'settings and certificates were read anew' "$D/log"
opened held
like "leaves the authority where it is" "$(submits)" '^receipt '
portal_stop

# Not in production
portal_start "$D" || bail "the service does not start without --demo"
is "without --demo there is no authority" "$(curl -s -o /dev/null -w '%{http_code}' "$URL/demo/pki/ca")" 404
portal_stop
rm "$DEMO/pki.pem"
"$PORTAL" serve --config "$D/portal.conf" --database "$D/portal.db" --demo "$DEMO" --listen 127.0.0.1:0 --log none 2>"$TMP/err"
is "beside what another authority has left none is made: EX_CANTCREAT" $? 73
rm "$DEMO"/*.pem
for n in 1 2; do
	"$PORTAL" serve --config "$D/portal.conf" --database "$D/$n.db" --demo "$DEMO" --listen 127.0.0.1:0 --log none \
		--ready-fd 5 5>"$TMP/ready-$n" 2>"$TMP/err-$n" &
	at_end stop_process $!
done
for n in 1 2; do
	ok "of two that start at once, number $n serves" wait_for 20 test -s "$TMP/ready-$n"
	curl -s "http://127.0.0.1:$(cat "$TMP/ready-$n")/demo/pki/ca" >"$TMP/ca-$n"
done
ok "both are the same authority" cmp "$TMP/ca-1" "$TMP/ca-2"
ok "whose files agree" openssl verify -CAfile "$DEMO/trust.pem" "$DEMO/issuer.pem"
done_testing
