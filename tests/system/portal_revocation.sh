#!/bin/bash
# A signature counts while its certificate is in force: the issuer's responder, its list and a time stamp authority, all of them
# openssl's, say what there is to say, say it wrongly, or say nothing.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/authority.sh"

D=$TMP/portal
mkdir -p "$D"
ok "certificates made" portal_pki "$TMP/pki"
authority_start || bail "no authority"
printf %s 'Bundan sonraki e-İmza başvurularında e-Onaylı başvuruyu kullanabilmek için onay veriyorum.' >"$TMP/content"

# serves SETTINGS: a service with these groups of settings.
serves() {
	[ -z "${PORTAL_PID:-}" ] || portal_stop
	printf '%s\n' "$1" >"$D/portal.conf"
	portal_start "$D" || bail "the service does not start"
}
at_end portal_stop

# opened [SIGNER]: a new session and a signature for it: sets id, token and $TMP/cms.
opened() {
	local session

	session=$(portal_open "$(portal_code "$D")")
	id=$(field id "$session") token=$(field token "$session")
	portal_sign "$TMP/content" "$TMP/cms" "${1:-signer}"
}
submits() {
	portal_submit "$id" "$token" "$TMP/cms"
}
# shows OPTION...: what the service has on the session.
# shellcheck disable=SC2120 # some are given through ok
shows() {
	"$PORTAL" show "$id" --config "$D/portal.conf" --database "$D/portal.db" "$@" 2>&1
}
status_of() {
	shows | sed -n 's/^Sertifika geçerliliği: \([A-Z]*\), .*/\1/p'
}

# The responder's word
serves "revocation: { from_certificate = false; ocsp_url = \"$AUTHORITY/ocsp\"; timeout_s = 20; };"
opened
like "a good certificate's signature is accepted" "$(submits)" '^receipt '
is "the answer was the responder's" "$(status_of)" OCSP
ok "it is given out" shows --status "$TMP/ocsp.der"
like "it is kept, and openssl can read it again" "$(openssl ocsp -respin "$TMP/ocsp.der" -issuer "$PKI/ca.pem" \
	-cert "$PKI/signer.pem" -CAfile "$PKI/ca.pem" -no_nonce 2>&1)" 'signer.pem: good'
is "the responder was asked as RFC 6960 has it" "$(cat "$PKI/asked")" "POST /ocsp application/ocsp-request"

opened
authority_says signer R,certificateHold
like "suspended is told as suspended" "$(submits)" '^K-330 CERTIFICATE_SUSPENDED'
is "and the session waits on" "$("$PORTAL" list --config "$D/portal.conf" --database "$D/portal.db" | awk -v id="$id" '$1 == id { print $2 }')" open
authority_says signer V
like "lifted, the same signature is accepted" "$(submits)" '^receipt '

opened
authority_says signer R,keyCompromise
like "revoked is told as revoked" "$(submits)" '^K-308 CERTIFICATE_REVOKED'
authority_says signer nothing
like "a certificate that its issuer does not know is refused" "$(submits)" '^K-331 CERTIFICATE_UNKNOWN'
authority_says signer V
for fault in error garbage redirect old; do
	authority_fault ocsp "$fault"
	like "no answer is no acceptance: $fault" "$(submits)" '^K-332 CERTIFICATE_STATUS.*503'
done
authority_fault
like "and when the responder is well again, without a restart, it is accepted" "$(submits)" '^receipt '
like "the operator reads why" "$(cat "$D/log")" 'OCSP: nonce'

serves "revocation: { from_certificate = false; ocsp_url = \"$AUTHORITY/ocsp\"; timeout_s = 1; };"
authority_fault ocsp silence
opened
like "silence ends at the deadline" "$(submits)" '^K-332 CERTIFICATE_STATUS.*503'
authority_fault

# The list, when the responder does not answer
serves "revocation: { from_certificate = false; ocsp_url = \"$AUTHORITY/ocsp\"; crl_url = \"$AUTHORITY/crl\"; crl_age_s = 0;
	timeout_s = 20; };"
authority_fault ocsp error
opened
like "without responder the list decides" "$(submits)" '^receipt '
is "it was the list's word" "$(status_of)" CRL
ok "it is given out" shows --status "$TMP/crl.der"
ok "it is kept, and openssl verifies it" openssl crl -inform DER -in "$TMP/crl.der" -CAfile "$PKI/ca.pem" -noout
opened
authority_says signer R,certificateHold
like "suspended by the list" "$(submits)" '^K-330 '
authority_says signer R,keyCompromise
like "revoked by the list" "$(submits)" '^K-308 '
authority_says signer V
authority_fault ocsp error crl error
like "with neither nothing is accepted" "$(submits)" '^K-332 '
authority_fault ocsp error crl garbage
like "nor with a list that is none" "$(submits)" '^K-332 '
authority_fault
like "both are back" "$(submits)" '^receipt '

# A list that is kept, and the sha256 of other responders
serves "revocation: { from_certificate = false; crl_url = \"$AUTHORITY/crl\"; timeout_s = 20; };"
: >"$PKI/asked"
for _ in 1 2; do
	opened
	like "by the list alone" "$(submits)" '^receipt '
done
is "which is fetched once" "$(wc -l <"$PKI/asked")" 1
serves "revocation: { from_certificate = false; ocsp_url = \"$AUTHORITY/ocsp\"; ocsp_hash = \"sha256\"; ocsp_nonce = false; timeout_s = 20; };"
opened
like "asked with SHA-256 and without nonce" "$(submits)" '^receipt '
serves "revocation: { from_certificate = false; ocsp_url = \"$AUTHORITY/ocsp\"; ocsp_nonce = false; ocsp_age_s = 1; timeout_s = 20; };"
opened
like "its age is looked at: a new answer" "$(submits)" '^receipt '
opened
authority_fault ocsp old
aged() { [ "$(date +%s)" -gt $((answered + 2)) ]; }
answered=$(date +%s)
wait_for 10 aged
like "an old one is none" "$(submits)" '^K-332 '
like "for its age" "$(cat "$D/log")" 'OCSP: too old'
authority_fault
like "a new one again" "$(submits)" '^receipt '

# Certificates that say themselves where
portal_signer pointing "$TCKN" ca "authorityInfoAccess=OCSP;URI:$AUTHORITY/ocsp
crlDistributionPoints=URI:$AUTHORITY/crl
$NES_EXTENSIONS"
authority_says signer V pointing V
serves "revocation: { timeout_s = 20; };"
opened pointing
like "the certificate's own address is asked" "$(submits)" '^receipt '
opened
like "a certificate without one can't be asked about" "$(submits)" '^K-332 '
opened pointing
authority_fault ocsp error
authority_says pointing R,certificateHold
like "its list is known too" "$(submits)" '^K-330 '
authority_fault

# A CA between root and signer, by the root's list; its own list is a file
portal_certificate sub ca "/C=TR/CN=sub" $'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign'
portal_signer below "$TCKN" sub
sed 's/= ca\.\(pem\|key\)/= sub.\1/; s/index\.txt/empty.txt/' "$PKI/authority.cnf" >"$PKI/sub.cnf"
: >"$PKI/empty.txt"
(cd "$PKI" && openssl ca -config sub.cnf -gencrl 2>/dev/null | openssl crl -outform DER -out file)
authority_says sub V
below="revocation: { from_certificate = false; crl_url = \"$AUTHORITY/file\"; ca_crl_url = \"$AUTHORITY/crl\"; timeout_s = 20;"
serves "$below crl_age_s = 0; };"
# opened_below: as opened, with the CA's certificate inside the signature.
opened_below() {
	opened below
	portal_sign "$TMP/content" "$TMP/cms" below -certfile "$PKI/sub.pem"
}
opened_below
like "a CA in force lets its signers sign" "$(submits)" '^receipt '
opened_below
authority_fault crl error
like "one that nobody can tell of does not" "$(submits)" '^K-332 '
authority_fault
authority_says sub R,CACompromise
like "nor does a revoked one" "$(submits)" '^K-308 '
authority_says sub V
serves "$below };"
for _ in 1 2; do
	opened_below
	: >"$PKI/asked"
	like "it is in force" "$(submits)" '^receipt '
done
is "which is not asked for each signature" "$(cat "$PKI/asked")" ""

# Time stamps
serves "revocation: { mode = \"off\"; }; timestamp: { url = \"$AUTHORITY/tsa\"; trust = \"$PKI/ca.pem\"; timeout_s = 20; };"
opened
like "a signature with a time stamp" "$(submits)" '^receipt '
ok "which is given out" shows --stamp "$TMP/token"
stamp_tool() {
	/usr/bin/python3 "$top_srcdir/tests/system/lib/cms_stamp.py" "$@"
}
stamp_tool value "$TMP/cms" >"$TMP/value"
ok "openssl verifies it over the signature's value" openssl ts -verify -token_in -in "$TMP/token" -data "$TMP/value" \
	-CAfile "$PKI/ca.pem"
ok "what was handed in is given out too" shows --submitted "$TMP/submitted"
ok "as it was" cmp "$TMP/submitted" "$TMP/cms"
ok "the signature has the stamp inside" shows -o "$TMP/stamped"
stamp_tool token "$TMP/stamped" >"$TMP/inside"
ok "that very one" cmp "$TMP/inside" "$TMP/token"
stamp_tool bare "$TMP/stamped" >"$TMP/bare"
ok "without it it is what was handed in" cmp "$TMP/bare" "$TMP/cms"
ok "openssl verifies it" openssl cms -verify -cades -binary -inform DER -in "$TMP/stamped" -CAfile "$PKI/ca.pem" -purpose any \
	-out "$TMP/out"
ok "it signs the content" cmp "$TMP/out" "$TMP/content"
verified=$("$top_builddir/eonay" verify --ca "$PKI/ca.pem" --stamp-ca "$PKI/ca.pem" --json "$TMP/stamped")
is "eonay verifies it, and the stamp" "$(jq -r '"\(.valid) \(.checks."time-stamp") \(.time_stamp.authority)"' <<<"$verified")" \
	"true good ZDS"
like "handed in with a stamp inside it would have been refused" "$(opened; portal_submit "$id" "$token" "$TMP/stamped")" \
	'^K-311 CMS_ATTRIBUTES'
is "nobody was asked about the certificate" "$(status_of)" ""
not_ok "so there is nothing to be given out" shows --status "$TMP/none"
opened
for fault in error garbage old; do
	authority_fault tsa "$fault"
	like "no time stamp, no acceptance: $fault" "$(submits)" '^K-335 TIMESTAMP_SERVICE.*503'
done
authority_fault
like "and when the authority is back it is accepted" "$(submits)" '^receipt '
serves "revocation: { mode = \"off\"; }; timestamp: { url = \"$AUTHORITY/tsa\"; trust = \"$PKI/other-ca.pem\"; timeout_s = 20; };"
opened
like "an authority that is not trusted stamps nothing" "$(submits)" '^K-335 '

# The time stamp authority's own certificate
# stamping SETTING...: with these more in group timestamp, and the signer's responder.
stamping() {
	serves "revocation: { from_certificate = false; ocsp_url = \"$AUTHORITY/ocsp\"; timeout_s = 20; };
		timestamp: { url = \"$AUTHORITY/tsa\"; trust = \"$PKI/ca.pem\"; timeout_s = 20; $*};"
	: >"$PKI/asked"
}
asked() {
	grep -c "$1" "$PKI/asked"
}
responder="ocsp_url = \"$AUTHORITY/ocsp\";"
authority_says signer V
stamping
opened
like "where nobody is known to ask the stamp is taken" "$(submits)" '^receipt '
is "the responder was asked about the signer alone" "$(asked ocsp)" 1
authority_says signer V tsa V
stamping "$responder"
for _ in 1 2; do
	opened
	like "an authority in force" "$(submits)" '^receipt '
done
is "which is asked once, the signer twice" "$(asked ocsp)" 3
for status in R,keyCompromise R,certificateHold nothing; do
	authority_says signer V tsa "$status"
	stamping "$responder"
	opened
	like "no stamp, no acceptance: the authority is $status" "$(submits)" '^K-335 TIMESTAMP_SERVICE.*503'
done
like "the operator reads why" "$(cat "$D/log")" 'time stamp authority: CERTIFICATE_UNKNOWN'
authority_says signer V tsa V
authority_fault ocsp error
serves "revocation: { from_certificate = false; crl_url = \"$AUTHORITY/crl\"; timeout_s = 20; };
	timestamp: { url = \"$AUTHORITY/tsa\"; trust = \"$PKI/ca.pem\"; timeout_s = 20; $responder };"
opened
like "nor when nobody could tell" "$(submits)" '^K-335 '
authority_fault
authority_says signer V tsa R,keyCompromise
stamping "crl_url = \"$AUTHORITY/crl\";"
opened
like "revoked by the list" "$(submits)" '^K-335 '
authority_says signer V tsa V
stamping "crl_url = \"$AUTHORITY/crl\";"
opened
like "in force by the list" "$(submits)" '^receipt '

# Settings that leave nobody to ask
portal_stop
for settings in 'revocation: { from_certificate = false; };' "revocation: { mode = \"off\"; }; timestamp: { url = \"$AUTHORITY/tsa\"; };"; do
	echo "$settings" >"$D/portal.conf"
	"$PORTAL" serve --config "$D/portal.conf" --database "$D/portal.db" --trust "$PKI/ca.pem" --listen 127.0.0.1:0 \
		--log none 2>"$TMP/err"
	is "refused at the start: $settings" $? 78
done
done_testing
