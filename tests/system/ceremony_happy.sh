#!/bin/bash
# The whole ceremony on real parts, from the code to a signature that the service has verified and stored: in Turkish at
# 80x24 and in English at 132x43, with an RSA and an EC key.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
. "$top_srcdir/tests/system/lib/ceremony.sh"
pcscd_enter "$0" "$@"

official='Bundan sonraki e-İmza başvurularında e-Onaylı başvuruyu kullanabilmek için onay veriyorum.'

# stored NAME: what the service has stored for the newest session, verified by openssl, is the official text.
stored() {
	local id

	id=$("$PORTAL" list --config "$D/portal.conf" --database "$D/portal.db" |
		awk '$2 == "signed" { print $1; exit }')
	ok "$1: the service gives the signature out" "$PORTAL" show "$id" --config "$D/portal.conf" \
		--database "$D/portal.db" -o "$TMP/$1.p7s"
	ok "$1: openssl verifies it" openssl cms -verify -cades -binary -inform DER -in "$TMP/$1.p7s" \
		-CAfile "$TMP/card-ca.pem" -purpose any -out "$TMP/$1.txt"
	is "$1: it signs the text that was shown" "$(cat "$TMP/$1.txt")" "$official"
}

# story LANGUAGE KEY...: the keys choose the certificate.
story() {
	ceremony_in "$1"
	ceremony_conf
	: >"$TMP/trace"
	ceremony_screen
	ceremony_to_certificate "$(portal_code "$D" --name "IŞIL ÇAĞRI YEŞİLDAĞ")"
	press "${@:2}" Enter
	sees_pad
	sees "$1: the tries left are shown before the PIN is asked for" "$(says 'Kalan deneme: %d' 3)"
	sees "$1: the time left is shown" "$(says 'Kalan Süre:')"
	ceremony_pin 123456
	sees_words "Tarayıcınıza giderek işleminize devam ediniz." 30
	is "$1: one VERIFY was sent" "$(verifies_sent)" 1
	stored "$1"
	press Tab Enter
	sees_words "Dosyanın kaydedileceği yer:"
	press Enter
	sees "$1: the signed content is saved" "$(says 'Kaydedildi: %s' | sed 's/%s.*//')"
	press Escape
	sees_words "Uygulamayı Kapat"
	screen >"$TMP/last"
	press Enter
	is "$1: the program ends well" "$(terminal_ended)" 0
	sees_not "$1: nothing of it stays on the screen" "$(says 'E-İMZA UYGULAMASI')"
	terminal_stop
}

ceremony_pki
ceremony_card --profile akis
ceremony_service
story tr Down
story en Down Down
saved=$(find "$TMP" -maxdepth 1 -name '*.p7s' -newer "$CONF" -perm 600 | head -n 1)
ok "a saved file is whole" test -s "$saved"

# Nobody says where to: the account's own directory, which nothing of the environment names.
sed -i 's/save_directory = "[^"]*";//' "$CONF"
HOME=$TMP ceremony_screen
ceremony_to_pin "$(portal_code "$D")"
ceremony_pin 123456
sees_words "Tarayıcınıza giderek işleminize devam ediniz." 30
press Tab Enter
sees "the account's directory is proposed" "│ $(getent passwd "$(id -u)" | cut -d: -f6)/e-onay-"
terminal_stop
ok "no PIN, no number of the person in the log" tap_fails grep -qE '123456|10000000146|[0-9]{17}' "$TMP/eonay.log"
ok "nothing on standard error" tap_fails test -s "$TMP/terminal.err"
done_testing
