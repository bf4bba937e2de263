#!/bin/bash
# A card whose certificates a CA of ours has issued: openssl makes the CA and verifies what it has issued.
. "$top_srcdir/tests/system/lib/tap.sh"
vcard=$top_builddir/eonay-vcard
cd "$TMP" || exit 99

# ca NAME: NAME.pem, a CA's certificate and key in one file.
ca() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.crt" -days 30 \
		-subj "/C=TR/CN=$1" -addext basicConstraints=critical,CA:TRUE \
		-addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null && cat "$1.crt" "$1.key" >"$1.pem"
}
# fails STATUS DESCRIPTION OPTION...
fails() {
	local status=$1 what=$2

	shift 2
	"$vcard" "$@" >"$TMP/out" 2>&1 </dev/null
	is "$what" $? "$status"
}

ok "a CA" ca issuer
ok "and another one" ca stranger
ok "the card is made" "$vcard" --state card --issuer issuer.pem --ocsp-url http://127.0.0.1:1/ocsp \
	--crl-url http://127.0.0.1:1/crl --more-certificates --export-certificates certificates.pem --export-ca out.crt
ok "the state's CA is ours" cmp issuer.crt out.crt
is "it has five certificates" "$(grep -c BEGIN certificates.pem)" 5
csplit -sz -f one- certificates.pem '/BEGIN/' '{*}'
for n in 0 1 3 4; do
	ok "certificate $n is our CA's" openssl verify -CAfile issuer.crt one-0$n
done
text=$(openssl x509 -in one-00 -noout -text)
like "it names the responder" "$text" 'OCSP - URI:http://127.0.0.1:1/ocsp'
like "and the list" "$text" 'URI:http://127.0.0.1:1/crl'
like "it is a NES as others are" "$text" 'Non Repudiation'
ok "once made it is asked for again without the CA" "$vcard" --state card --export-certificates again.pem
ok "with the same result" cmp certificates.pem again.pem
fails 69 "another CA is not its issuer" --state card --issuer stranger.pem --export-certificates x.pem
fails 66 "a file that is not there" --state new --issuer nothing.pem --export-certificates x.pem
fails 65 "a CA without its key" --state new --issuer issuer.crt --export-certificates x.pem
cat issuer.crt stranger.key >mixed.pem
fails 65 "a CA with another one's key" --state new --issuer mixed.pem --export-certificates x.pem
not_ok "nothing is kept of these" test -e new
fails 64 "addresses are an issuer's" --state new --ocsp-url http://x/ --export-certificates x.pem
fails 64 "what nobody keeps is not given out" --export-certificates x.pem
fails 70 "an address that is none" --state new --issuer issuer.pem --ocsp-url 'http://x/,URI:http://y/' --export-ca x.pem
done_testing
