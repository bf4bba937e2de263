#!/bin/bash
# The whole story of unblocking on real parts: a PIN that wrong entries have blocked, a code for unblocking, the PUK, a new
# PIN, a signature with it; a wrong PUK, its last try, a blocked one; a card that is pulled in the middle.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
. "$top_srcdir/tests/system/lib/ceremony.sh"
pcscd_enter "$0" "$@"

# puks_sent: commands with the PUK that the card has seen, on every profile.
puks_sent() {
	grep -cE '^> 00(200082|2C000[01])' "$TMP/trace"
}
# to_puk: the code is typed, the card chosen.
to_puk() {
	types "$(portal_code "$D" --purpose unblock)"
	press Enter
	sees_words "PIN Oluşturma / Kilit Çözme"
	sees "the holder's card is there" "Işıl Çağrı Yeşildağ"
	press Enter
	sees_words "PUK Kodu"
}
# types_all PUK PIN: the PUK, and the new PIN twice.
types_all() {
	types "$1"
	press Enter
	sees_words "[4 Yeni PIN]"
	types "$2"
	press Enter
	sees_words "PIN'İ AYARLA"
	types "$2"
	press Enter
}
# word PROFILE: the word of the last try, which cards that do not tell the PUK's tries always want.
word() {
	[ "$1" = akis ] && return
	sees_words "Kalan PUK hakkı bilinmiyor"
	types EVET
	press Enter
}
# state_now: the service's word on the session of the last code; two are easily created within one second.
state_now() {
	"$PORTAL" list --config "$D/portal.conf" --database "$D/portal.db" |
		awk -v id="$(sed -n 's/^Oturum: //p' "$D/stderr" | tail -n 1)" '$1 == id { print $2 }'
}
given_up() {
	[ "$(state_now)" = abandoned ]
}
done_words="✓ Yeni PIN kodunuz kartınızda"

# the_story PROFILE
the_story() {
	ceremony_screen 80 24
	ceremony_to_pin "$(portal_code "$D")"
	ceremony_pin 000000
	sees "$1: a wrong PIN" "Kalan deneme: 2"
	ceremony_pin 000001
	sees "$1: another" "Hatalı PIN. Bir sonraki hatalı girişte"
	ceremony_pin 000002
	sees_words "Son PIN hakkı"
	types EVET
	press Enter
	sees_words "PIN kilitli." 20
	sees "$1: what to do is said" "PIN Oluşturma/Kilit Çözme"
	terminal_stop

	: >"$TMP/trace"
	ceremony_screen 80 24
	to_puk
	types_all 87654321 805137
	word "$1"
	sees_words "Hatalı PUK."
	sees "$1: and how many tries are left" "Kalan deneme: 2"
	is "$1: one command with the PUK for one press" "$(puks_sent)" 1
	types_all 12345678 805137
	word "$1"
	sees_words "$done_words" 30
	is "$1: one more for the other" "$(puks_sent)" 2
	is "$1: the service knows" "$(state_now)" "done"
	terminal_stop
	ceremony_screen 80 24
	ceremony_to_pin "$(portal_code "$D")"
	ceremony_pin 805137
	sees_words "Tarayıcınıza giderek işleminize devam ediniz." 30
	is "$1: the new PIN signs" "$(state_now)" signed
	terminal_stop
}

# down_to_blocked PROFILE
down_to_blocked() {
	ceremony_screen 80 24
	to_puk
	types_all 87654321 246802
	word "$1"
	sees "$1: two left" "Kalan deneme: 2"
	types_all 87654321 246802
	word "$1"
	sees "$1: a warning before the last one" "Bir sonraki hatalı girişte"
	: >"$TMP/trace"
	types_all 87654321 246802
	sees "$1: the last one wants a word" "EVET"
	is "$1: nothing is sent before the explicit word" "$(puks_sent)" 0
	types EVET
	press Enter
	sees_words "PUK kilitli; bu kart artık kullanılamaz." 20
	is "$1: the word sends one" "$(puks_sent)" 1
	sees_not "$1: a blocked PUK offers no retry" "Temizle"
	sees "$1: the remedy is told" "yeni bir kart isteyiniz"
	press Enter
	sees_words "[2 Kart]"
	press Escape
	sees_words "Evet, çık"
	press Left Enter
	sees_words "_____ ____ ____ ____"
	wait_for 10 given_up
	terminal_stop
	is "$1: the session is given up" "$(state_now)" abandoned
}

ceremony_pki
for profile in akis iso; do
	rm -f "$TMP/card"
	ceremony_card --profile "$profile"
	ceremony_service
	ceremony_conf
	the_story "$profile"
	down_to_blocked "$profile"
	vcard_stop
	portal_stop
done

# Another person's card, and one that is pulled in the middle.
rm -f "$TMP/card"
ceremony_card --profile akis --tckn 10000000078 --name "Başka Biri"
ceremony_service
ceremony_conf
: >"$TMP/trace"
ceremony_screen 80 24
types "$(portal_code "$D" --purpose unblock)"
press Enter
sees "another person's card is shown" "Başka Biri"
sees "and why it is none" "(K-309)"
press Enter
sees "it leads nowhere" "[2 Kart]"
is "nothing was sent to it" "$(grep -cE '^> 00(20|2C)' "$TMP/trace")" 0
terminal_stop
vcard_stop
portal_stop

rm -f "$TMP/card"
ceremony_card --profile akis
ceremony_service
ceremony_conf
# during WHAT FAULT WORDS
during() {
	vcard_stop
	printf '%s\n' "$2" >"$TMP/faults"
	: >"$TMP/trace"
	vcard_start --profile akis --state "$TMP/card" --trace "$TMP/trace" --faults "$TMP/faults"
	wait_card
	ceremony_screen 80 24
	to_puk
	types_all 12345678 "$4"
	sees "$1: $3" "$3" 20
	ok "$1: at most one command with the PUK" test "$(puks_sent)" -le 1
	vcard_stop
	vcard_start --profile akis --state "$TMP/card" --trace "$TMP/trace"
	wait_card
	[ -z "${5:-}" ] || press "$5"
	sees "$1: with the card back the PUK is asked for again" "[3 PUK]" 20
	sees "$1: no try is lost" "Kalan deneme: 3"
	types_all 12345678 "$4"
	sees_words "$done_words" 30
	is "$1: the service knows" "$(state_now)" "done"
	terminal_stop
}
# Pulled while the new PIN is typed.
: >"$TMP/trace"
ceremony_screen 80 24
to_puk
types 12345678
press Enter
sees_words "[4 Yeni PIN]"
types 80
vcard_pull
sees_words "Aynı kartı takınız"
vcard_insert
sees "with the card back the PUK is asked for again" "[3 PUK]" 30
unlike "digits typed before are gone" "$(screen)" '•'
is "nothing was sent" "$(puks_sent)" 0
terminal_stop
during "pulled before the PUK is seen" "on 00200082 remove-before" "PUK gönderildi ama karttan yanıt alınamadı." 805137 Enter
during "pulled at the PUK" "on 00200082 remove-after" "PUK gönderildi ama karttan yanıt alınamadı." 246802 Enter
during "pulled at the new PIN" "on 002C0281 remove-before" "PUK gönderildi ama karttan yanıt alınamadı." 975310 Enter

code=$(portal_code "$D" --purpose unblock)
unlike "neither PIN, PUK, code nor number in the logs" "$(cat "$TMP/eonay.log" "$D/log")" \
	"805137|246802|975310|12345678|87654321|$code|$TCKN"
done_testing
