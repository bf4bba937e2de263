#!/bin/bash
# What no log may tell: at the end of every story its logs are looked through (tap_no_secrets in lib/tap.sh). Here, that this
# finds what is planted, and that nothing handed to the service by a stranger makes it tell anything.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"

# planted FILE LINE: a log with one line in a folder of its own.
planted() {
	rm -rf "$TMP/planted"
	mkdir "$TMP/planted"
	printf '%s\n' "$2" >"$TMP/planted/$1"
}
stamp='2026-11-25T06:32:17Z eonay-portal[1234567] info: '
planted log "${stamp}127.0.0.1 POST /v1/sessions/open: 409 K-412, 123******46, 1234567890"
ok "a line of ours may stand there" tap_no_secrets "$TMP/planted"
planted stderr "Oturum: 73415652582E50A84D665B0D210F2019"
ok "a reference is no number" tap_no_secrets "$TMP/planted"
planted log "${stamp}session 73415652582E50A84D665B0D21012345"
ok "in a log neither" tap_no_secrets "$TMP/planted"
while IFS='|' read -r what file line; do
	planted "$file" "$(printf '%b' "$line")"
	not_ok "$what is found" tap_no_secrets "$TMP/planted"
done <<END
a number|log|${stamp}no 10000000146
a code|log|${stamp}code 01234567890123456
a code in groups|eonay.log|${stamp}code 01234 5678 9012 3456
a PIN|eonay.log|${stamp}PIN 123456
a PIN as it goes to the card|eonay.log|${stamp}00200081 06 31 32 33 34 35 36
a PUK|log|${stamp}12345678
the contract|log|${stamp}Bundan sonraki e-İmza başvurularında
a line that was broken|log|${stamp}ad: x\nerror: forged
an order for the terminal|log|${stamp}ad: \x1b[2J
a direction mark|log|${stamp}ad: \xe2\x80\xae
a C1 character|log|${stamp}ad: \xc2\x9b
a number on stderr|stderr|eonay-portal: 10000000146
a PIN on the terminal|terminal.err|eonay: 654321
the contract in the journal|journal|MESSAGE=Bundan sonraki e-İmza başvurularında
END
rm -rf "$TMP/planted"

D=$TMP/portal
mkdir -p "$D"
echo 'log: { level = "debug"; }; listen: { proxies = "127.0.0.1"; };' >"$D/portal.conf"
ok "certificates made" portal_pki "$TMP/pki"
portal_start "$D" || bail "the service does not start"
at_end portal_stop

# asked CURL-OPTION... PATH: the status.
asked() {
	curl -gs -o "$TMP/answer" --noproxy '*' --path-as-is --max-time 20 -w '%{http_code}' "${@:1:$#-1}" "$URL${*: -1}"
}
json=(-H 'Content-Type: application/json')
code=$(portal_code "$D")
like "a number, a code and a PIN in the address" "$(asked "/$TCKN/$code/123456?pin=123456&code=$code")" '^4'
like "a broken line in the address" "$(asked "/%0a%0d2026-11-25T06:32:17Z%20eonay-portal[1]%20error:%20forged%1b%5b2J")" '^4'
like "in the method" "$(asked -X $'GET\x1b[2J' /)" '^[045]'
like "in the name of the kiosk" "$(asked "${json[@]}" \
	-d '{"code":"00000000000000001","nonce":"nonce-0123456789abcdef","kiosk":"a\nb\u001b[2J"}' /v1/sessions/open)" '^4'
like "in the proxy's word" "$(asked -H $'X-Forwarded-For: 192.0.2.1\x1b[2J\xe2\x80\xae' /healthz)" '^[24]'
like "in what is no JSON" "$(asked "${json[@]}" -d $'{"code":"\x1b[2J '"$code" /v1/sessions/open)" '^4'
like "in a cookie and a login's return" "$(asked -H $'Cookie: eonay=\x1b[2J' "/giris/donus?error=%0aforged%1b&state=$code")" '^[34]'
session=$(portal_open "$code")
head -c 500 /dev/urandom >"$TMP/bad"
like "a signature that is none" "$(portal_submit "$(field id "$session")" "$(field token "$session")" "$TMP/bad")" '^K-310 '
printf %s "$(field text "$session")" >"$TMP/content"
portal_sign "$TMP/content" "$TMP/cms"
like "one that is good" "$(portal_submit "$(field id "$session")" "$(field token "$session")" "$TMP/cms")" '^receipt '
like "all this was logged" "$(wc -l <"$D/log")" '^[1-9][0-9]$'
unlike "without a session's token" "$(cat "$D/log")" "$(field token "$session")"
ok "and tells nothing" tap_no_secrets "$TMP"
done_testing
