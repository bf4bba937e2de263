#!/bin/bash
# A kiosk's way through the service over plain loopback HTTP: code, session, signature, receipt, and what the operator
# sees of it. Certificates and signatures are made by the openssl program.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"

D=$TMP/portal
ok "certificates made" portal_pki "$TMP/pki"
portal_start "$D" || bail "the service does not start"
at_end portal_stop
official='Bundan sonraki e-İmza başvurularında e-Onaylı başvuruyu kullanabilmek için onay veriyorum.'

like "the service is healthy" "$("$TOOL" health "$URL" "")" '^version [0-9]'

# The code, and what is kept of it
code=$(portal_code "$D" --name "AYŞE DENEME")
like "a code is 17 digits and nothing else" "$code" '^[0-9]{17}$'
not_ok "the code is not in the database" grep -qa "$code" "$D/portal.db" "$D/portal.db-wal"
is "the database is its owner's alone" "$(stat -c %a "$D/portal.db")" 600
is "the server's key is its owner's alone" "$(stat -c %a "$D/portal.db.key")" 600

# Opening
session=$(portal_open "$code")
id=$(field id "$session") token=$(field token "$session")
is "the text is the official one" "$(field text "$session")" "$official"
is "the person is told" "$(field person "$session")" "AYŞE DENEME"
is "the person's number is told" "$(field tckn "$session")" "$TCKN"
remaining=$(field remaining_ms "$session")
ok "the session lives on for what is left of 300 s" test "$remaining" -gt 280000 -a "$remaining" -le 300000
again=$(portal_open "$code")
is "the same kiosk gets the same session again" "$(field token "$again")" "$token"
like "another kiosk finds the code used" "$(portal_open "$code" another-nonce-0123456789)" '^K-412 CODE_USED'
not_ok "the token is not in the database" grep -qa "$token" "$D/portal.db" "$D/portal.db-wal"

# The signature
printf %s "$official" >"$TMP/content"
portal_sign "$TMP/content" "$TMP/cms"
like "a wrong token opens nothing" "$(portal_submit "$id" 00000000 "$TMP/cms")" '^K-416 '
receipt=$(portal_submit "$id" "$token" "$TMP/cms")
like "the signature is accepted" "$receipt" '^receipt [0-9A-F]{32}$'
is "the same signature gets the same receipt" "$(portal_submit "$id" "$token" "$TMP/cms" | grep -v ^rss)" \
	"$(grep -v ^rss <<<"$receipt")"
signed_at=$(date +%s)
later() { [ "$(date +%s)" -gt "$signed_at" ]; }
wait_for 5 later # another second is another signing-time
portal_sign "$TMP/content" "$TMP/second"
like "a second signature is refused" "$(portal_submit "$id" "$token" "$TMP/second")" '^K-417 SESSION_SIGNED'
like "a signed session is not abandoned" "$(portal_abandon "$id" "$token")" '^K-417 '

# What the operator sees
ok "the signature is given out" "$PORTAL" show "$id" --config "$D/portal.conf" --database "$D/portal.db" -o "$TMP/out"
ok "as it came in" cmp "$TMP/cms" "$TMP/out"
ok "openssl verifies it" openssl cms -verify -cades -binary -inform DER -in "$TMP/out" -CAfile "$PKI/ca.pem" \
	-purpose any -out "$TMP/verified"
ok "and finds the text in it" cmp "$TMP/verified" "$TMP/content"
like "show tells the receipt" "$("$PORTAL" show "$id" --database "$D/portal.db")" "$(field receipt "$receipt")"
"$PORTAL" show "$id" --database "$D/portal.db" >/dev/full 2>/dev/null
is "a session that cannot be written out is an error" "$?" 73
list=$("$PORTAL" list --database "$D/portal.db")
like "list has the session" "$list" "^$id +signed "
unlike "with its number masked" "$list" "$TCKN"

# Giving up
code=$(portal_code "$D")
session=$(portal_open "$code")
ok "a session can be given up" portal_abandon "$(field id "$session")" "$(field token "$session")"
like "it has no signature to be written" \
	"$("$PORTAL" show "$(field id "$session")" --database "$D/portal.db" -o "$TMP/none" 2>&1; echo "$?")" 'K-440: signature'
like "its state tells why" "$("$PORTAL" show "$(field id "$session")" --database "$D/portal.db")" 'K-006'
like "and its code is used" "$(portal_open "$code")" '^K-412 '

# Leave to unblock a card: no text, and its end is told
code=$(portal_code "$D" --purpose unblock)
session=$(portal_open "$code")
id=$(field id "$session") token=$(field token "$session")
is "the purpose is told" "$(field purpose "$session") $(field text_count "$session")" "unblock 0"
like "it is no session to sign for" "$(portal_submit "$id" "$token" "$TMP/cms")" '^K-416 '
ok "that the card was unblocked is told" portal_done "$id" "$token"
ok "and told again" portal_done "$id" "$token"
like "which the operator sees" "$("$PORTAL" list --database "$D/portal.db")" "^$id +done "
like "its code is used" "$(portal_open "$code")" '^K-412 '
code=$(portal_code "$D" --purpose unblock)
# open_knowing MEMBER: the code's session as a kiosk asks for it that says so (or nothing) of what it knows.
open_knowing() {
	curl -s --noproxy '*' --max-time 10 -H 'Content-Type: application/json' \
		-d "{\"code\":\"$code\",\"nonce\":\"nonce-of-an-older-kiosk\",\"kiosk\":\"\"$1}" "$URL/v1/sessions/open"
}
for knows in '' ',"purposes":[]' ',"purposes":["consent","login","sell"]'; do
	like "a kiosk that does not know of it (${knows:-says nothing}) is told so" "$(open_knowing "$knows")" '"K-419"'
done
like "what is no list is none" "$(open_knowing ',"purposes":"unblock"')" '"K-422"'
session=$(portal_open "$code")
like "and the code is as good as before" "$session" '^purpose unblock'
ok "it can be given up" portal_abandon "$(field id "$session")" "$(field token "$session")"
like "and then not be done" "$(portal_done "$(field id "$session")" "$(field token "$session")")" '^K-416 '
not_ok "a text is none of it" portal_code "$D" --purpose unblock --text "$TMP/content"
not_ok "there is no other purpose" portal_code "$D" --purpose sell

# A login's text is no other one's
session=$(portal_open "$(portal_code "$D" --purpose login)")
is "the purpose of a login is told" "$(field purpose "$session")" login
like "its text names it" "$session" "İstek no: $(field id "$session")"
like "a login is not done but signed" "$(portal_done "$(field id "$session")" "$(field token "$session")")" '^K-422 '

log=$(cat "$D/log")
unlike "no code in the log" "$log" '[0-9]{17}'
unlike "no number in the log" "$log" "$TCKN"
kill -TERM "$PORTAL_PID"
wait "$PORTAL_PID"
is "SIGTERM ends it in order" $? 0 || diag_file "$D/stderr"
done_testing
