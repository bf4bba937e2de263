#!/bin/bash
# eonay doctor on what is wrong beside cards: configuration, locked memory, trust, service, clock.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
eonay=$top_builddir/eonay
cd "$TMP" || bail "no work directory"

# doctor SETTINGS [COMMAND...]: OUT and STATUS of doctor with these settings, run by the command.
LOG=none
doctor() {
	printf '%s\nlog: { target = "%s"; };\n' "$1" "$LOG" >eonay.conf
	OUT=$("${@:2}" "$eonay" --config eonay.conf doctor --json 2>/dev/null </dev/null)
	STATUS=$?
}
# found CHECK: level and code of the finding.
found() {
	jq -r --arg check "$1" '.findings[] | select(.check == $check) | "\(.level) \(.code)"' <<<"$OUT"
}
remedy() {
	jq -r --arg check "$1" '.findings[] | select(.check == $check) | .remedy' <<<"$OUT"
}

doctor ''
is "the settings hold" "$(found config)" "ok null"
is "no service is a warning" "$(found service)" "warning null"
like "that names the setting" "$(remedy service)" 'service\.url'
is "memory is locked" "$(found memory)" "ok null"
is "without a terminal that is a warning" "$(found terminal)" "warning null"

doctor 'screen: { kiosk = 3; };'
is "a wrong setting decides" "$STATUS $(found config)" "78 failure K-504"
like "with its place" "$(jq -r '.findings[0].found' <<<"$OUT")" 'eonay.conf:1: screen.kiosk'
is "the rest is looked at with the defaults" "$(found memory) $(found service)" "ok null warning null"

LOG=$TMP/none/log
doctor ''
is "a log that can't be written" "$STATUS $(found log)" "73 failure K-011"
LOG=$TMP/eonay.log
doctor "screen: { save_directory = \"$TMP/none\"; };"
is "one that can" "$(found log)" "ok null"
is "a directory to save to that is not there" "$(found save-directory)" "warning K-011"
doctor "screen: { save_directory = \"$TMP\"; };"
is "one that is" "$(found save-directory)" "ok null"
LOG=none

doctor "card: { trust = \"$TMP/none.pem\"; };"
is "trust that is not there" "$(found trust)" "failure K-010"

if unshare --map-root-user true 2>/dev/null; then
	doctor '' unshare --map-root-user bash -c 'ulimit -l 0; exec "$@"' bash
	is "memory that can't be locked" "$STATUS $(found memory)" "71 failure K-003"
else
	skip "memory that can't be locked" "namespaces are not allowed here"
fi

# The service.
port=$(free_ports 1)
doctor "service: { url = \"http://127.0.0.1:$port\"; };"
is "nobody listens" "$(found service)" "failure K-401"
doctor 'service: { url = "http://192.0.2.1"; };'
is "plain http to another machine" "$(found service)" "failure K-403"
portal_pki "$TMP/pki" || bail "no certificates"
portal_start "$TMP/portal" || bail "no service"
doctor "service: { url = \"$URL\"; };
card: { trust = \"$PKI/ca.pem\"; };"
is "a service" "$(found service)" "ok null"
is "its clock" "$(found clock-difference)" "ok null"
is "trust that is there" "$(found trust)" "ok null"
portal_stop
echo "listen: { certificate = \"$PKI/server.pem\"; private_key = \"$PKI/server.key\"; };" >"$TMP/portal/portal.conf"
portal_start "$TMP/portal" || bail "no service"
for key in server signer; do
	pin=$(openssl pkey -in "$PKI/$key.key" -pubout -outform DER | openssl dgst -sha256 -binary | base64)
	doctor "service: { url = \"https://127.0.0.1:$PORT\"; ca = \"$PKI/ca.pem\"; pin = \"sha256//$pin\"; };"
	found service
done >"$TMP/pinned"
is "a service with the key that is pinned, and with another" "$(cat "$TMP/pinned")" $'ok null\nfailure K-402'
portal_stop

# In words.
OUT=$("$eonay" --config eonay.conf --lang en doctor 2>/dev/null </dev/null)
like "in English" "$OUT" '^ERROR +Approval service +K-401 '

done_testing
