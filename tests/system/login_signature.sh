#!/bin/bash
# Logging in with e-İmza at the demo identity provider: signatures made by openssl, under a code as a kiosk and as a file
# in the browser, and what is refused.
# shellcheck disable=SC2119 # the arguments of to_demo are for others
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/browser.sh"

D=$TMP/portal
ok "certificates made" portal_pki "$TMP/pki"
portal_start "$D" --demo "$D/demo" || bail "the service does not start"
at_end portal_stop

# to_challenge [TCKN]: up to the code.
to_challenge() {
	to_demo yontem=e-imza
	submit "/demo/idp/e-imza/$ATTEMPT" "tckn=${1:-$TCKN}"
	[ "$(status)" = 303 ] && follow
}
digits() {
	sed -n 's/.*id="code">\([0-9 ]*\)<.*/\1/p' <<<"$ANSWER" | tr -d ' '
}

to_demo yontem=e-imza
like "the tab of the method is chosen" "$ANSWER" 'yontem=e-imza" aria-current="page"'
submit "/demo/idp/e-imza/$ATTEMPT" tckn=10000000147
is "a number with a wrong check digit leads back" "$(status) $LOCATION" "303 /demo/idp/giris/$ATTEMPT?yontem=e-imza&hata=K-506"
follow
is "to a page that can be asked for again" "$(status)" 200
like "is told" "$ANSWER" 'T.C. kimlik numarası geçerli değil'
submit "/demo/idp/e-imza/$ATTEMPT" "tckn=$TCKN"
is "a right one leads on" "$(status) $LOCATION" "303 /demo/idp/e-imza/$ATTEMPT"
follow
code=$(digits)
like "a code is shown" "$code" '^[0-9]{17}$'
like "and a QR code" "$ANSWER" '<svg class="qr"'
like "the page asks again without a script" "$ANSWER" '<noscript><meta http-equiv="refresh"'
unlike "nobody's name is told" "$ANSWER" 'Yeşildağ'

# A kiosk takes the code.
session=$(portal_open "$code")
like "the kiosk gets a text that tells what it is for" "$(field text "$session")" 'e-Devlet Kapısı Kimlik Doğrulama Sistemi'
is "the session says so too" "$(field purpose "$session")" login
is "no name goes with it" "$(field person "$session")" ""
browse "/demo/idp/e-imza/$ATTEMPT"
like "the page knows that it is open" "$ANSWER" 'Kodunuz terminalde açıldı'
browse "/demo/idp/metin/$ATTEMPT" -o "$TMP/text" -D /dev/null
curl -s --noproxy '*' -b "$BROWSER" "$URL/demo/idp/metin/$ATTEMPT" >"$TMP/text"
portal_sign "$TMP/text" "$TMP/cms"
like "signed" "$(portal_submit "$(field id "$session")" "$(field token "$session")" "$TMP/cms")" '^receipt '
browse "/demo/idp/e-imza/$ATTEMPT"
like "the page goes on by itself" "$LOCATION" "^$URL/giris/donus\?code="
follow
is "to the menu" "$LOCATION" /islemler
follow
like "with the name" "$ANSWER" 'Işıl Çağrı Yeşildağ'
submit /cikis
browse "/demo/idp/e-imza/$ATTEMPT"
is "a signature logs in once" "$(status)" 400

# A file, by somebody whom the demo does not know otherwise.
portal_certificate stranger ca "/C=TR/serialNumber=40000000464/CN=BILINMEYEN BIRI" "$NES_EXTENSIONS"
to_challenge 40000000464
old=$(digits)
submit "/demo/idp/e-imza/$ATTEMPT" tckn=40000000464
follow
like "another code can be had" "$(digits)" '^[0-9]{17}$'
like "and the first one is dead" "$(portal_open "$old")" '^K-411 '
browse "/demo/idp/dosya/$ATTEMPT"
unlike "the page of the file does not load itself anew" "$ANSWER" 'http-equiv="refresh"'
page=$ANSWER
curl -s --noproxy '*' -b "$BROWSER" "$URL/demo/idp/metin/$ATTEMPT" >"$TMP/text"
upload() {
	ANSWER=$page
	submit "/demo/idp/imza/$ATTEMPT" "imza=$(base64 -w0 "$1")"
}
refused() {
	upload "$TMP/cms"
	like "$1: refused" "$(status) $LOCATION" "^303 /demo/idp/dosya/$ATTEMPT\\?"
	follow
	like "$1: told" "$ANSWER" "$2"
}
echo nonsense >"$TMP/cms"
refused "what is no signature" K-310
portal_sign "$TMP/text" "$TMP/cms"
refused "another person's signature" K-309
portal_signer foreign 40000000464 other-ca
portal_sign "$TMP/text" "$TMP/cms" foreign
refused "a certificate of an unknown CA" K-306
echo else >"$TMP/else"
portal_sign "$TMP/else" "$TMP/cms" stranger
refused "a signature of another text" 'K-31[26]'
ANSWER=$page
submit "/demo/idp/imza/$ATTEMPT" "imza=%%%"
is "what is no base64" "$(status) $LOCATION" "303 /demo/idp/dosya/$ATTEMPT?yontem=e-imza&hata=K-310"
BROWSER=$TMP/other
browse /giris
page2=$page page=$ANSWER
portal_sign "$TMP/text" "$TMP/cms" stranger
upload "$TMP/cms"
is "another browser can't hand it in" "$(status)" 400
BROWSER=$TMP/jar page=$page2
upload "$TMP/cms"
is "the right one is taken" "$(status) $LOCATION" "303 /demo/idp/e-imza/$ATTEMPT"
follow
follow
is "and logs in" "$LOCATION" /islemler
follow
like "under the certificate's name" "$ANSWER" 'BILINMEYEN BIRI'
submit /cikis
cp "$TMP/cms" "$TMP/old"
to_challenge 40000000464
page=$ANSWER
cp "$TMP/old" "$TMP/cms"
refused "yesterday's signature" 'K-31[26]'

unlike "no number and no code in the log" "$(cat "$D/log")" "$TCKN|40000000464|$code"
is "a login is no consent" "$(sqlite3 "$D/portal.db" "SELECT count(*) FROM session WHERE purpose = 0")" 0
done_testing
