#!/bin/bash
# What all pages have in common: headers, languages, static files, failures that people can read, and queries that are none.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"

D=$TMP/portal
ok "certificates made" portal_pki "$TMP/pki"
portal_start "$D" || bail "the service does not start"
at_end portal_stop

# get PATH [CURL-OPTION...]: status line, headers and body.
get() {
	local path=$1
	shift
	curl -si --noproxy '*' --max-time 20 "$@" "$URL$path" | tr -d '\r'
}
html=(-H 'Accept: text/html')

page=$(get /)
like "the landing page is there" "$page" '^HTTP/1.1 200 '
like "it is a page" "$page" '^Content-Type: text/html; charset=utf-8$'
like "in Turkish" "$page" '<html lang="tr">'
like "with a way in" "$page" '<a [^>]*href="/giris"[^>]*>.*Giriş'
like "it is not kept" "$page" '^Cache-Control: no-store$'
like "only what we serve" "$page" "^Content-Security-Policy: default-src 'none'; .*frame-ancestors 'none'; form-action 'self'"
unlike "nothing inline" "$page" 'unsafe-inline|unsafe-eval|<script>|<style|style=| on[a-z]+='
for header in 'X-Content-Type-Options: nosniff' 'Referrer-Policy: no-referrer' 'X-Frame-Options: DENY' \
	'Cross-Origin-Opener-Policy: same-origin' 'Cross-Origin-Resource-Policy: same-origin'; do
	like "$header" "$page" "^$header\$"
	like "on documents too" "$(get /healthz)" "^$header\$"
done
unlike "no HSTS without TLS" "$page" '^Strict-Transport-Security'
like "the browser is known again by a cookie" "$page" '^Set-Cookie: eonay=[0-9A-F]{64}; Path=/; HttpOnly; SameSite=Lax$'
unlike "and keeps the one it has" "$(get / -b "eonay=$(printf 'A%.0s' {1..64})")" '^Set-Cookie'
like "but not one that we did not make" "$(get / -b 'eonay=guess')" '^Set-Cookie: eonay=[0-9A-F]{64};'
for where in /nothing '/?x&x' '/giris/basla'; do
	unlike "nor loses it at $where" "$(get "$where" -b "eonay=$(printf 'A%.0s' {1..64})" -H 'Accept: text/html')" '^Set-Cookie: eonay'
done
like "HEAD has the same headers" "$(get / -I)" '^Content-Security-Policy'
unlike "and no body" "$(get / -I)" '<html'

english=$(get '/?lang=en')
like "English on demand" "$english" '<html lang="en">'
like "in English words" "$english" '>Log in<'
like "for good" "$english" '^Set-Cookie: lang=en; Path=/; HttpOnly; SameSite=Lax; Max-Age=[0-9]+$'
like "where one is" "$(get '/giris?yontem=e-imza')" 'href="\?yontem=e-imza&amp;lang=en"'
like "by the cookie" "$(get / -b lang=en)" '<html lang="en">'
like "an unknown language is Turkish" "$(get '/?lang=de')" '<html lang="tr">'

like "an unknown page is a page" "$(get /nothing "${html[@]}")" '^HTTP/1.1 404 '
like "with its code" "$(get /nothing "${html[@]}")" 'K-427'
like "in the reader's language" "$(get /nothing "${html[@]}" -b lang=en)" 'There is no such page'
like "and a way on" "$(get /nothing "${html[@]}")" '<a [^>]*href="/"'
like "for programs it is a document" "$(get /nothing)" '^Content-Type: application/problem\+json$'

# method METHOD PATH [CURL-OPTION...]: the answer to another method than GET.
method() {
	get "$2" -X "$1" "${@:3}"
}
wrong=$(method DELETE /)
like "a page asked for with another method is there" "$wrong" '^HTTP/1.1 405 '
like "which names those that it knows" "$wrong" '^Allow: GET, HEAD$'
like "on a page" "$wrong" '^Content-Type: text/html; charset=utf-8$'
like "with its code" "$wrong" 'K-443'
like "in the reader's language" "$(method DELETE / -b lang=en)" 'asked for in this way'
like "a form's address is no page" "$(get /giris/basla "${html[@]}")" '^Allow: POST$'
like "HEAD is told, too" "$(get /cikis -I)" '^HTTP/1.1 405 '
like "what has both" "$(method PUT /e-onay)" '^Allow: GET, HEAD, POST$'
like "also with a body" "$(method POST /islemler -d x=1)" '^HTTP/1.1 405 '
like "with its menu for who is logged in" "$(method DELETE /islemler -b "$(portal_login "$D")")" 'action="/cikis"'
wrong=$(method POST /healthz "${html[@]}" -d x=1)
like "what is no page answers with a document" "$wrong" '^Content-Type: application/problem\+json$'
like "with the same" "$wrong" '^Allow: GET, HEAD$'
like "where nothing is, no method helps" "$(method POST /nothing -d x=1)" '^HTTP/1.1 404 '
unlike "and none is named" "$(method POST /nothing -d x=1)" '^Allow'
for query in 'a=%' 'a=%00' 'a=1&a=2' 'a=%FF' "$(printf 'a%d=1&' {1..40})"; do
	like "the query ${query:0:12} is refused" "$(get "/?$query" "${html[@]}")" '^HTTP/1.1 400 '
done

style=$(get /static/eonay.css)
like "styles are there" "$style" '^Content-Type: text/css; charset=utf-8$'
etag=$(sed -n 's/^ETag: //p' <<<"$style")
is "known by their content" "$etag" "\"$(sha256sum <"$top_srcdir/src/portal/web/eonay.css" | cut -d' ' -f1)\""
like "not sent again" "$(get /static/eonay.css -H "If-None-Match: $etag")" '^HTTP/1.1 304 '
like "sent again when they changed" "$(get /static/eonay.css -H 'If-None-Match: "x"')" '^HTTP/1.1 200 '
for name in landing.html eonay.mo ../eonay.css %2e%2e/eonay.css nothing.css; do
	like "/static/$name is not there" "$(get "/static/$name" --path-as-is)" '^HTTP/1.1 404 '
done
portal_stop

cat >"$D/portal.conf" <<END
listen: { certificate = "$PKI/server.pem"; private_key = "$PKI/server.key"; };
END
portal_start "$D" || bail "the service does not start"
URL=https://127.0.0.1:$PORT
page=$(get / --cacert "$PKI/ca.pem")
like "HSTS on TLS" "$page" '^Strict-Transport-Security: max-age=[0-9]{8,}$'
like "the cookie is bound to host and TLS" "$page" \
	'^Set-Cookie: __Host-eonay=[0-9A-F]{64}; Path=/; HttpOnly; SameSite=Lax; Secure$'
like "one without the prefix is not ours" \
	"$(get / --cacert "$PKI/ca.pem" -b "eonay=$(printf 'A%.0s' {1..64})")" '^Set-Cookie: __Host-eonay='
portal_stop
done_testing
