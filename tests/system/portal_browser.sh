#!/bin/bash
# Who is logged in with a browser: by a cookie that nobody can make up, for a time without use and for a time in all; and
# forms only from pages of ours, made for this browser.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"

D=$TMP/portal
mkdir -p "$D"
ok "certificates made" portal_pki "$TMP/pki"
portal_start "$D" || bail "the service does not start"
at_end portal_stop

# get PATH [CURL-OPTION...]: status line, headers and body.
get() {
	local path=$1
	shift
	curl -si --noproxy '*' --max-time 20 "$@" "$URL$path" | tr -d '\r'
}

stranger=$(get /islemler)
like "a stranger is led to the landing page" "$stranger" '^HTTP/1.1 303 '
like "and told where it is" "$stranger" '^Location: /$'
cookie=$(portal_login "$D" "AYŞE <b>DENEME</b>")
page=$(get /islemler -b "$cookie")
like "a person who is logged in sees the menu" "$page" '^HTTP/1.1 200 '
like "and the name" "$page" 'AYŞE &lt;b&gt;DENEME&lt;/b&gt;'
unlike "not the whole number" "$page" "$TCKN"
like "the menu marks the page that it is" "$page" '<a href="/islemler" aria-current="page">'
is "and no other" "$(grep -c aria-current <<<"$page")" 1
like "on each page its own" "$(get /onaylarim -b "$cookie")" '<a href="/onaylarim" aria-current="page">'
like "for operators too" "$(get /gorevli -b "$(portal_login "$D" "MASA" 30000000328 operator)")" '<a href="/gorevli" aria-current="page">'
for where in /islemler/bireysel /e-onay; do
	unlike "none on $where, which is not in it" "$(get "$where" -b "$cookie")" 'aria-current'
done
unlike "nor where a page is refused" "$(get /gorevli -b "$cookie")" 'aria-current'
lost=$(get /nothing -b "$cookie" -H 'Accept: text/html')
like "a page that is not there" "$lost" '^HTTP/1.1 404 '
like "says so" "$lost" 'K-427'
like "and has the menu of who is logged in" "$lost" '<a href="/onaylarim">'
like "with the name and the way out" "$lost" 'action="/cikis"'
lost=$(get /nothing -H 'Accept: text/html')
like "for a stranger" "$lost" 'K-427'
unlike "it has none" "$lost" '<nav|action="/cikis"'
like "nor does it take a form" "$(get /nothing -b "$cookie" -H 'Accept: text/html' -d x=1)" '^HTTP/1.1 404 '
forged=${cookie%?}0
[ "$forged" != "$cookie" ] || forged=${cookie%?}1
like "a cookie that differs in one digit is nobody's" "$(get /islemler -b "$forged")" '^HTTP/1.1 303 '
is "the number in the cookie is not in the database" "$(cat "$D"/portal.db* | grep -c "${cookie#*=}")" 0

# Forms: /cikis is one for everybody.
csrf=$(sed -n 's/.*name="csrf" value="\([0-9A-F]*\)".*/\1/p' <<<"$page" | head -n 1)
like "a page has a token for its forms" "$csrf" '^[0-9A-F]{64}$'
is "the same for the same browser" \
	"$(get /islemler -b "$cookie" | sed -n 's/.*name="csrf" value="\([0-9A-F]*\)".*/\1/p' | head -n 1)" "$csrf"
if get /cikis -b "$cookie" -X POST -d 'csrf=' | grep -q '^HTTP/1.1 404'; then
	diag "no logout yet"
else
	refused() {
		like "$1" "$(get /cikis -b "$cookie" "${@:2}")" '^HTTP/1.1 403 '
		like "and nothing happened" "$(get /islemler -b "$cookie")" '^HTTP/1.1 200 '
	}
	refused "a form without its token" -d 'x=1'
	refused "with another's" -d "csrf=${csrf//[0-9]/A}"
	refused "with an empty one" -d "csrf="
	refused "sent by another site" -d "csrf=$csrf" -H 'Sec-Fetch-Site: cross-site'
	like "of another type" "$(get /cikis -b "$cookie" -H 'Content-Type: text/plain' -d "csrf=$csrf")" '^HTTP/1.1 400 '
	left=$(get /cikis -b "$cookie" -d "csrf=$csrf" -H 'Sec-Fetch-Site: same-origin')
	like "logging out" "$left" '^HTTP/1.1 303 '
	like "takes the cookie" "$left" '^Set-Cookie: eonay=; .*Max-Age=0$'
	like "and ends the session" "$(get /islemler -b "$cookie")" '^HTTP/1.1 303 '
fi
portal_stop

# How often: codes of one person, logins of one address
echo 'limits: { codes_per_minute = 2; logins_per_minute = 1; };' >"$D/portal.conf"
portal_start "$D" || bail "the service does not start"
cookie=$(portal_login "$D" "AHMET" 10000000214)
csrf=$(get /e-onay -b "$cookie" | sed -n 's/.*name="csrf" value="\([0-9A-F]*\)".*/\1/p' | head -n 1)
code() { get /e-onay -b "$cookie" -d "csrf=$csrf"; }
like "a code" "$(code)" '^Location: /e-onay/[0-9A-F]{32}$'
like "and another" "$(code)" '^Location: /e-onay/[0-9A-F]{32}$'
third=$(code)
like "then no more for a while" "$third" '^HTTP/1.1 429 '
like "which a page tells" "$third" 'K-429'
like "and when to come again" "$third" '^Retry-After: 60$'
other=$(portal_login "$D" "ZEYNEP" 10000000382)
csrf=$(get /e-onay -b "$other" | sed -n 's/.*name="csrf" value="\([0-9A-F]*\)".*/\1/p' | head -n 1)
like "another person has a code" "$(get /e-onay -b "$other" -d "csrf=$csrf")" '^Location: /e-onay/[0-9A-F]{32}$'
portal_stop

echo 'browser: { idle_s = 2; lifetime_s = 100; };' >"$D/portal.conf"
portal_start "$D" || bail "the service does not start"
cookie=$(portal_login "$D" "FATMA" 10000000078)
like "logged in" "$(get /islemler -b "$cookie")" '^HTTP/1.1 200 '
idle=$(date +%s)
idle_over() { [ "$(date +%s)" -gt $((idle + 2)) ]; }
wait_for 10 idle_over
like "without use the session ends" "$(get /islemler -b "$cookie")" '^Location: /\?oturum=bitti$'
is "which is not written down as if the person had logged out" "$(sqlite3 "$D/portal.db" \
	"SELECT actor, detail FROM audit WHERE action = 'logout' ORDER BY number DESC LIMIT 1")" "service|expired"
like "which the landing page tells" "$(get '/?oturum=bitti')" 'süresi doldu'
like "for good" "$(get /islemler -b "$cookie")" '^Location: /$'
portal_stop

echo 'browser: { idle_s = 100; lifetime_s = 2; };' >"$D/portal.conf"
portal_start "$D" || bail "the service does not start"
cookie=$(portal_login "$D" "FATMA" 10000000078)
used_up() { get /islemler -b "$cookie" | grep -q '^Location: /?oturum=bitti$'; }
ok "with use it ends, too" wait_for 10 used_up
portal_stop
done_testing
