# OpenSC on the two AKiS profiles: the default driver reads everything on v2.2, its old AKiS driver (written by others
# against real cards) lists files and takes the PIN on v1.0.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
pcscd_enter "$0" "$@"

pcscd_start
export OPENSC_CONF="$TMP/opensc.conf"
echo 'app default { enable_default_driver = true; }' >"$OPENSC_CONF"

"$VCARD" --state "$TMP/card" --more-certificates --export-ca "$TMP/ca.pem" 2>/dev/null
like "the CA is exported" "$(openssl x509 -in "$TMP/ca.pem" -noout -subject -nameopt utf8,sep_comma_plus)" \
	'eonay Test NES Hizmet Sağlayıcısı'

vcard_start --profile akis --state "$TMP/card" --more-certificates
wait_card
like "ATR of v2.2.8" "$(opensc-tool --atr 2>&1)" '^3b:9f:97:81:31:fe:45:80:65:54:43:d2:21:08:31'
all=$(pkcs15-tool --dump 2>&1)
is "five certificates" "$(grep -c '^X.509 Certificate' <<<"$all")" 5
is "five keys" "$(grep -c '^Private .* Key' <<<"$all")" 5
like "local PIN 0x81" "$all" 'Reference *: 129 \(0x81\)'
like "key 0x83 on P-384" "$all" 'Key ref *: 131 \(0x83\)'
for id in 01 03 05 07 09; do
	pkcs15-tool --read-certificate "$id" 2>/dev/null >"$TMP/$id.pem"
done
for id in 01 03 09; do
	ok "certificate $id chains to the CA" openssl verify -CAfile "$TMP/ca.pem" "$TMP/$id.pem"
done
like "05 has expired" "$(openssl verify -CAfile "$TMP/ca.pem" "$TMP/05.pem" 2>&1)" 'certificate has expired'
text=$(openssl x509 -in "$TMP/03.pem" -noout -text)
like "signed with ECDSA and SHA-384" "$text" 'ecdsa-with-SHA384'
like "holder's number" "$text" 'serialNumber = 10000000146'
like "for signatures that bind" "$text" 'Digital Signature, Non Repudiation'
like "policy of test NES" "$text" 'Policy: 2\.16\.792\.1\.2\.1\.1\.5\.7\.1\.4\.1$'
like "qcStatements" "$text" 'qcStatements'
like "07 is a company's seal" "$(openssl x509 -in "$TMP/07.pem" -noout -text)" 'Policy: 2\.16\.792\.1\.2\.1\.1\.5\.7\.4\.1$'
unlike "09 does not bind" "$(openssl x509 -in "$TMP/09.pem" -noout -text)" 'Non Repudiation'
vcard_stop

vcard_start --profile akis --state "$TMP/card" --no-directory
wait_card
not_ok "no directory, no PKCS#15" pkcs15-tool --dump
like "but the first certificate is where it belongs" "$(opensc-tool --send-apdu 00:A4:04:0C:07:50:4B:43:53:2D:31:35 \
	--send-apdu 00:A4:02:0C:02:2F:10 --send-apdu 00:B0:00:00:04 2>&1)" '^30 82 '
vcard_stop

echo 'app default { card_drivers = akis; }' >"$OPENSC_CONF"
vcard_start --profile akis1 --state "$TMP/card"
wait_card
is "the AKiS driver takes v1.0" "$(opensc-tool --name 2>/dev/null)" AKIS
like "and reads its serial number" "$(opensc-tool --serial 2>&1)" '^([0-9A-F]{2} ){12}'
like "and lists its files" "$(opensc-tool --list-files 2>&1)" '^ *3f003d002f10 type: wEF'
is "one RSA certificate" "$(pkcs15-tool --list-certificates 2>/dev/null | grep -c '^X.509')" 1
ok "the PIN goes as values, not as ASCII" pkcs15-tool --verify-pin --pin $'\1\2\3\4\5\6'
not_ok "ASCII is a wrong PIN" pkcs15-tool --verify-pin --pin 123456
ok "and is changed with lengths in front" pkcs15-tool --change-pin --pin $'\1\2\3\4\5\6' --new-pin $'\6\5\4\3\2\1'
ok "the new one verifies" pkcs15-tool --verify-pin --pin $'\6\5\4\3\2\1'
done_testing
