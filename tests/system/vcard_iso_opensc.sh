# OpenSC's own IsoApplet driver on the virtual card: list, verify and change the PIN, sign with RSA and on P-384. OpenSC
# knows nothing of us, so this is the check that our idea of PKCS#15 is not a private one.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
pcscd_enter "$0" "$@"

pcscd_start
vcard_start --profile iso --state "$TMP/card" --trace "$TMP/trace"
wait_card

like "the driver takes the card" "$(opensc-tool --name 2>&1)" '^Javacard with IsoApplet'

all=$(pkcs15-tool --dump 2>&1)
like "token" "$all" '^PKCS#15 Card \[eonay sanal kart\]'
like "PIN with its padding" "$all" 'case-sensitive, initialized, needs-padding'
like "RSA key" "$all" 'Private RSA Key \[NES RSA\]'
like "EC key" "$all" 'Private EC Key \[NES EC\]'
like "field of the EC key" "$all" 'FieldLength *: 384'
is "certificates listed" "$(pkcs15-tool --list-certificates 2>/dev/null | grep -c '^X.509')" 2

ok "the PIN verifies" pkcs15-tool --verify-pin --pin 123456
not_ok "a wrong PIN does not" pkcs15-tool --verify-pin --pin 123457
ok "the PIN is changed" pkcs15-tool --change-pin --pin 123456 --new-pin 24680135
not_ok "the old one is gone" pkcs15-tool --verify-pin --pin 123456
ok "the new one verifies" pkcs15-tool --verify-pin --pin 24680135
ok "the PUK sets another" pkcs15-tool --unblock-pin --puk 12345678 --new-pin 123456

echo 'İmzalanacak metin' >"$TMP/text"
for id in 01 03; do
	pkcs15-tool --read-certificate "$id" 2>/dev/null >"$TMP/$id.pem"
	openssl x509 -in "$TMP/$id.pem" -noout -pubkey >"$TMP/$id.pub"
done
sign() {
	pkcs11-tool --sign --pin 123456 --input-file "$TMP/text" --output-file "$TMP/signature" "$@"
}
ok "PKCS#11: RSA with SHA-256 signs" sign --id 01 --mechanism SHA256-RSA-PKCS
ok "openssl verifies it" openssl dgst -sha256 -verify "$TMP/01.pub" -signature "$TMP/signature" "$TMP/text"
# This version of the driver speaks the applet's interface 0.6, where the card hashes with SHA-1.
ok "PKCS#11: ECDSA on P-384 signs" sign --id 03 --mechanism ECDSA-SHA1 --signature-format openssl
ok "openssl verifies it" openssl dgst -sha1 -verify "$TMP/03.pub" -signature "$TMP/signature" "$TMP/text"
openssl dgst -sha384 -binary "$TMP/text" >"$TMP/hash"
ok "PKCS#15: RSA with SHA-384 signs" pkcs15-crypt --sign --key 01 --sha-384 --pkcs1 --pin 123456 --raw \
	--input "$TMP/hash" --output "$TMP/signature"
ok "openssl verifies it" openssl dgst -sha384 -verify "$TMP/01.pub" -signature "$TMP/signature" "$TMP/text"

for pin in 123456 123457 24680135 12345678; do
	not_ok "the transcript has no PIN" grep -q "$(printf %s "$pin" | od -An -tx1 | tr -d ' \n')" "$TMP/trace"
done
like "but tells of VERIFY" "$(cat "$TMP/trace")" '^> 0020000110\*{32}$'
done_testing
