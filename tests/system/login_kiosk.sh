#!/bin/bash
# Logging in with e-İmza and a real card: the challenge is signed on the terminal, and with `eonay sign` from a file.
# shellcheck disable=SC2119 # the arguments of to_demo are for others
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
. "$top_srcdir/tests/system/lib/ceremony.sh"
. "$top_srcdir/tests/system/lib/browser.sh"
pcscd_enter "$0" "$@"

ceremony_pki
ceremony_card --profile akis
mkdir -p "$D"
"$VCARD" --state "$TMP/card" --export-ca "$TMP/card-ca.pem" || bail "the card exports no CA"
portal_start "$D" --trust "$TMP/card-ca.pem" --demo "$D/demo" || bail "the service does not start"
at_end portal_stop
ceremony_conf

to_demo yontem=e-imza
submit "/demo/idp/e-imza/$ATTEMPT" "tckn=$TCKN"
follow
ceremony_screen
types "$(sed -n 's/.*id="code">\([0-9 ]*\)<.*/\1/p' <<<"$ANSWER" | tr -d ' ')"
press Enter
sees_words "Giriş isteği"
sees "the terminal shows what is asked for" "e-Devlet Kapısı Kimlik Doğrulama Sistemi"
browse "/demo/idp/e-imza/$ATTEMPT"
like "the page says that the terminal has it" "$ANSWER" 'Kodunuz terminalde açıldı'
press Enter
sees "the holder's certificates are listed" "Işıl Çağrı Yeşildağ"
press Down Enter
sees_pad
ceremony_pin 123456
sees_words "Tarayıcınıza dönünüz; girişiniz orada tamamlanır."
browse "/demo/idp/e-imza/$ATTEMPT"
like "the page goes on" "$LOCATION" "^$URL/giris/donus\?code="
follow
follow
like "and the person is in" "$ANSWER" 'Işıl Çağrı Yeşildağ'
submit /cikis
terminal_stop

to_demo yontem=e-imza
submit "/demo/idp/e-imza/$ATTEMPT" "tckn=$TCKN"
follow
browse "/demo/idp/dosya/$ATTEMPT"
page=$ANSWER
curl -s --noproxy '*' -b "$BROWSER" "$URL/demo/idp/metin/$ATTEMPT" >"$TMP/giris.txt"
id=$("$EONAY" card list --json --config "$CONF" | jq -r '.certificates[0].id')
signed() {
	"$EONAY" sign --config "$CONF" --cert "$id" --pin-fd 6 -o "$TMP/giris.p7s" "$TMP/giris.txt" 6<<<123456
}
ok "eonay signs the text" signed
ANSWER=$page
submit "/demo/idp/imza/$ATTEMPT" "imza=$(base64 -w0 "$TMP/giris.p7s")"
is "the signature is taken" "$(status) $LOCATION" "303 /demo/idp/e-imza/$ATTEMPT"
follow
follow
follow
like "and the person is in" "$ANSWER" 'Işıl Çağrı Yeşildağ'
done_testing
