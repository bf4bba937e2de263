#!/bin/bash
# A person logs in at the demo identity provider: the whole way there and back, and everything on it that is refused.
# shellcheck disable=SC2119 # the arguments of to_demo are for others
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/browser.sh"

D=$TMP/portal
PASSWORD=deneme-146
ok "certificates made" portal_pki "$TMP/pki"
portal_start "$D" --demo "$D/demo" || bail "the service does not start"
at_end portal_stop

# The way, step by step.
browse /giris
is "the page of methods" "$(status)" 200
while IFS= read -r words; do
	like "says: $words" "$ANSWER" "$words"
done <<'END'
Merkezi Kimlik Doğrulama Sistemi
E-Devlet ile kimlik doğrulama yapabilmek için e-Devlet kapısına gitmeniz gerekmektedir\. E-Devlet kapısı üzerinde, aşağıdaki yöntemlerden herhangi birini kullanarak kimlik doğrulama işleminizi tamamlayabilirsiniz\.
E-Devlet kapısına gitmek için aşağıdaki butona tıklayınız\.
>E-Devlet kapısına git<
Not: E-Devlet şifrenizi unutmanız durumunda
END
like "forms lead to the service alone" "$ANSWER" "^Content-Security-Policy: .*form-action 'self'\$"
before=$(grep -c eonay "$BROWSER")
submit /giris/basla
is "the button leads on, by a page that browsers leave for anywhere" "$(status)" 200
like "to the provider" "$LOCATION" "^$URL/demo/idp/authorize\?response_type=code&"
for name in client_id redirect_uri scope state nonce code_challenge code_challenge_method; do
	like "with $name" "$(parameter "$name")" '.'
done
is "the challenge's method is S256" "$(parameter code_challenge_method)" S256
state=$(parameter state)
follow
is "the provider takes it" "$(status)" 303
unlike "the login page's address has no state" "$LOCATION" "$state"
follow
while IFS= read -r words; do
	like "the login page says: $words" "$ANSWER" "$words"
done <<'END'
e-Devlet Kapısı Kimlik Doğrulama Sistemi
Giriş Yapılacak Adres
Giriş Yapılacak Uygulama
TÜBİTAK - KamuSM Geçit Uygulaması
KAMU SERTİFİKASYON MERKEZİ
Elektronik Sertifika Hizmetleri ve E-İmza Çözümleri
>e-Devlet Şifresi<
>Mobil İmza<
>e-İmza<
>T\.C\. Kimlik Kartı<
>İnternet Bankacılığı<
T\.C\. Kimlik Numaranızı ve e-Devlet Şifrenizi kullanarak kimliğiniz doğrulandıktan sonra işleminize kaldığınız yerden devam edebilirsiniz\.
e-Devlet Şifresi Nedir, Nasıl Alınır\?
T\.C\. Kimlik No
Sanal Klavye
Yazarken Gizle
Şifremi Unuttum
e-Devlet: şifrenizi unutmanız durumunda doğruladığınız cep telefonunuzdan yenileme işlemi yapabilirsiniz\.
>İptal Et<
>Giriş Yap &gt;<
© 2021, Ankara - Tüm Hakları Saklıdır
Gizlilik ve Güvenlik
Hızlı Çözüm Merkezi
END
ATTEMPT=$(sed -n 's|.*action="/demo/idp/sifre/\([A-Za-z0-9_-]*\)".*|\1|p' <<<"$ANSWER")
page=$ANSWER
for method in mobil kart banka; do
	browse "/demo/idp/giris/$ATTEMPT?yontem=$method"
	like "$method says that it is not there" "$ANSWER" 'Bu yöntem deneme ortamında kullanılamaz'
done
ANSWER=$page
submit "/demo/idp/sifre/$ATTEMPT" "tckn=$TCKN" sifre=wrong
is "a wrong password leads back to the page" "$(status) $LOCATION" "303 /demo/idp/giris/$ATTEMPT?yontem=sifre&hata=K-435"
refused=$LOCATION
follow
is "which can be asked for again" "$(status)" 200
wrong=$(grep 'note bad' <<<"$ANSWER")
like "and says what was wrong" "$wrong" 'T.C. kimlik numarası ya da şifre hatalı'
submit "/demo/idp/sifre/$ATTEMPT" tckn=20000000046 sifre=wrong
is "a number that nobody has leads there, too" "$(status) $LOCATION" "303 $refused"
browse "${refused%K-*}<b>x</b>"
unlike "nothing else in the address is shown" "$ANSWER" 'note bad|<b>x|&lt;b'
browse "/demo/idp/giris/$ATTEMPT?yontem=sifre"
unlike "nor anything without it" "$ANSWER" 'note bad'
submit "/demo/idp/sifre/$ATTEMPT" "tckn=$TCKN" "sifre=$PASSWORD"
like "the right one leads back" "$LOCATION" "^$URL/giris/donus\?code="
is "with the state" "$(parameter state)" "$state"
is "and the provider's name" "$(parameter iss)" "$URL/demo/idp"
back=$LOCATION
old=$(awk '$6 == "eonay" { print $7 }' "$BROWSER")
follow
is "the person is in" "$(status) $LOCATION" "303 /islemler"
is "one cookie" "$(grep -c eonay "$BROWSER")" "$before"
isnt_same() { [ "$(awk '$6 == "eonay" { print $7 }' "$BROWSER")" != "$old" ]; }
ok "which is another than before" isnt_same
follow
like "and sees the menu with the name" "$ANSWER" 'Işıl Çağrı Yeşildağ'
unlike "not the whole number" "$ANSWER" "$TCKN"
BROWSER=/dev/null browse /islemler -b "eonay=$old"
is "the cookie from before the login is nobody's" "$(status)" 303
browse /islemler

# Once only, here only.
BROWSER=$TMP/jar2
browse "$back"
is "the way back can't be gone by another browser" "$(status)" 400
like "which is told so" "$ANSWER" 'K-434'
BROWSER=$TMP/jar
browse "$back"
is "nor twice" "$(status)" 400
browse /islemler
is "the person stays in" "$(status)" 200
submit /cikis
is "leaves" "$(status) $LOCATION" "303 /"
browse /islemler
is "and is out" "$(status)" 303

# to_code: logs in up to the way back, which is LOCATION.
to_code() {
	to_demo
	submit "/demo/idp/sifre/$ATTEMPT" "tckn=$TCKN" "sifre=$PASSWORD"
}

# refused_back DESCRIPTION STATUS CODE URL: the way back goes wrong.
refused_back() {
	browse "$4"
	is "$1: refused" "$(status)" "$2"
	like "$1: told" "$ANSWER" "$3"
	unlike "$1: nobody is logged in" "$ANSWER" '^Location: /islemler'
}

to_code
mine=$LOCATION
rm -f "$TMP/jar3"
BROWSER=$TMP/jar3
to_code
theirs=$LOCATION
BROWSER=$TMP/jar
refused_back "another browser's code and state" 400 K-434 "$theirs"
refused_back "another's code under my state" 400 K-434 \
	"$URL/giris/donus?code=$(LOCATION=$theirs parameter code)&state=$(LOCATION=$mine parameter state)&iss=$URL/demo/idp"
to_code
way=$LOCATION
refused_back "without its state" 400 K-434 "$URL/giris/donus?code=$(parameter code)&iss=$URL/demo/idp"
refused_back "with a wrong state" 400 K-434 "${way/state=/state=x}"
refused_back "with a state twice" 400 K-422 "$way&state=x"
refused_back "of another provider" 400 K-434 "${way/%idp/idq}"
refused_back "the right way behind a wrong one" 400 K-434 "$way"
to_code
refused_back "without the provider's name" 400 K-434 "${LOCATION%&iss=*}"
to_code
refused_back "with a wrong code" 400 K-434 "${LOCATION/code=/code=x}"
to_demo
page=$ANSWER
submit "/demo/idp/iptal/$ATTEMPT"
is "giving up leads back" "$(parameter error)" access_denied
way=$LOCATION
refused_back "given up" 403 K-435 "$way"
refused_back "given up, once more" 400 K-434 "$way"
ANSWER=$page
submit "/demo/idp/sifre/$ATTEMPT" "tckn=$TCKN" "sifre=$PASSWORD"
is "what was given up can't be gone on with" "$(status)" 400
to_demo
BROWSER=$TMP/jar3
browse "/demo/idp/giris/$ATTEMPT"
is "another browser can't go on with it" "$(status)" 400
BROWSER=$TMP/jar

# Nobody is sent anywhere else.
for uri in https://evil.example/ "$URL@evil.example/giris/donus" "$URL/giris/donus/../x" "//evil.example" ""; do
	browse "/demo/idp/authorize" -G --data-urlencode "redirect_uri=$uri" -d client_id=eonay-portal -d response_type=code
	is "redirect_uri $uri: refused" "$(status) $LOCATION" "400 "
done
begin_login
browse "${LOCATION/client_id=eonay/client_id=x}"
is "an unknown client is sent nowhere" "$(status) $LOCATION" "400 "
begin_login
browse "${LOCATION/S256/plain}"
is "a plain challenge" "$(parameter error)" invalid_request
begin_login
browse "${LOCATION/response_type=code/response_type=token}"
is "another response type" "$(parameter error)" unsupported_response_type
for where in //evil.example https://evil.example; do
	browse "/giris?target=$where&hedef=$where&redirect_uri=$where"
	unlike "nothing of $where gets into the page" "$ANSWER" 'evil'
done
browse /giris/basla -d x=1
is "a login can't be begun from elsewhere" "$(status)" 403

# The token endpoint, as a client that is not ours would ask.
token() {
	curl -s --noproxy '*' --max-time 20 "$@" "$URL/demo/idp/token"
}
like "no client" "$(token -d grant_type=authorization_code)" '"invalid_client"'
like "a wrong secret" "$(token -u eonay-portal:x -d grant_type=authorization_code)" '"invalid_client"'

# Guesses are counted.
rm -f "$TMP/jar4"
BROWSER=$TMP/jar4
to_demo
for _ in 1 2 3 4 5 6; do
	submit "/demo/idp/sifre/$ATTEMPT" tckn=30000000328 sifre=wrong
	limited=$LOCATION
	follow
done
like "after five wrong passwords it stops" "$ANSWER" 'Çok fazla hatalı giriş yapıldı'
submit "/demo/idp/sifre/$ATTEMPT" tckn=30000000328 sifre=deneme-328
is "for the right one too" "$(status) $LOCATION" "303 $limited"
follow
browse "/demo/idp/giris/$ATTEMPT$(sed -n 's/.*href="\([^"]*lang=en\)".*/\1/p' <<<"${ANSWER//&amp;/"&"}")"
is "a form that failed can be read in English" "$(status)" 200
like "on the page that it was on" "$ANSWER" '>e-Government Password<'
like "with what went wrong" "$ANSWER" 'too many wrong logins'
rm "$BROWSER"

# What is written down.
log=$(cat "$D/log")
unlike "no number in the log" "$log" "$TCKN|30000000328"
unlike "no password" "$log" 'deneme-'
unlike "no state and no code" "$log" "$state|$(LOCATION=$back parameter code)"
like "a refused login is" "$log" 'login refused: callback: state'
files=$(cat "$D"/demo/people.conf)
unlike "passwords are kept as hashes, but for the hint" "$(cut -d: -f5- <<<"$files")" 'deneme-'
is "the demo's files are nobody else's" "$(find "$D/demo" -perm /077)" ""
audited() {
	sqlite3 "$D/portal.db" "SELECT count(*) FROM audit WHERE action = '$1' AND $2"
}
isnt_none() { [ "$(audited "$@")" -gt 0 ]; }
ok "a login is audited" isnt_none login "actor = 'person:100******46'"
ok "a logout is" isnt_none logout "actor = 'person:100******46'"
ok "a refusal is" isnt_none login.refused "detail = 'K-435'"
ok "the audit log holds" "$PORTAL" audit verify --config "$D/portal.conf" --database "$D/portal.db"
portal_stop
portal_start "$D" || bail "the service does not start"
browse /demo/idp/jwks
is "without --demo there is no provider" "$(status)" 404
browse /giris
submit /giris/basla
is "and nobody can log in" "$(status)" 503
like "which is told" "$ANSWER" 'K-430'
like "with the way to try again" "$ANSWER" 'href="/giris">Girişi yeniden başlat'
done_testing
