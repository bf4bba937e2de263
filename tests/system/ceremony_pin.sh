#!/bin/bash
# The PIN's law on the screen, in both languages and sizes: wrong then right, down to the last try with its explicit word, a
# blocked card; each press of İMZALA sends at most one VERIFY.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
. "$top_srcdir/tests/system/lib/ceremony.sh"
pcscd_enter "$0" "$@"

ceremony_pki

# wrong_then_right PROFILE
wrong_then_right() {
	ceremony_to_pin "$(portal_code "$D")"
	ceremony_pin 654321
	sees "$1: a wrong PIN says so" "$(says "Hatalı PIN.")"
	sees "$1: and how many tries are left" "$(says "Kalan deneme: %d" 2)"
	is "$1: one VERIFY for one press" "$(verifies_sent)" 1
	ceremony_pin 123
	sees_words "PIN uzunluğu uygun değil."
	is "$1: a PIN too short is not sent" "$(verifies_sent)" 1
	press Delete
	ceremony_pin 123456
	sees_words "Tarayıcınıza giderek işleminize devam ediniz."
	is "$1: the second VERIFY for the second press" "$(verifies_sent)" 2
	is "$1: the service has it" "$(last_state)" signed
	terminal_stop
}

# down_to_blocked PROFILE
down_to_blocked() {
	ceremony_to_pin "$(portal_code "$D")"
	ceremony_pin 000000
	sees "$1: two left" "$(says "Kalan deneme: %d" 2)"
	ceremony_pin 000001
	sees "$1: a warning before the last one" "$(says "Hatalı PIN. Bir sonraki hatalı girişte PIN kilitlenecektir." |
		cut -d' ' -f-4)" # as far as it stands in one line beside the pad
	: >"$TMP/trace"
	ceremony_pin 000002
	sees_words "Son PIN hakkı"
	is "$1: nothing is sent before the explicit word" "$(verifies_sent)" 0
	types hayır
	press Enter BSpace BSpace BSpace BSpace BSpace
	sees_not "$1: it is rubbed out" "hayır"
	is "$1: another word sends nothing" "$(verifies_sent)" 0
	types "$(says "EVET")"
	press Enter
	sees_words "PIN kilitli."
	is "$1: the word sends one VERIFY" "$(verifies_sent)" 1
	sees_words_not "Tekrar Dene"
	sees_words "Online İşlemler'de \"PIN Oluşturma/Kilit Çözme\" ile kartınızın kilidini çözünüz."
	sees "$1: with its stable code" K-202
	terminal_stop
	: >"$TMP/trace"
	ceremony_screen
	ceremony_to_certificate "$(portal_code "$D")"
	press Down Enter
	if [ "$1" = akis1 ]; then # tells "last try" at most: only its answer says that there is none
		sees "$1: a fresh start knows of one try" "$(says "Kalan deneme: %d" 1)"
		ceremony_pin 123456
		sees_words "Son PIN hakkı"
	else
		sees_words "PIN kilitli."
		ceremony_pin 123456
		sees_words "Sertifika Seçiniz"
	fi
	is "$1: to a blocked card nothing is sent" "$(verifies_sent)" 0
	terminal_stop
}

# story LANGUAGE PROFILE
story() {
	local profile=$2

	ceremony_in "$1"
	rm -f "$TMP/card"
	ceremony_card --profile "$profile"
	ceremony_service
	ceremony_conf
	: >"$TMP/trace"
	ceremony_screen
	wrong_then_right "$profile"
	ceremony_screen
	down_to_blocked "$profile"
	vcard_stop
	portal_stop
}
story tr akis
story tr akis1
story en akis1
story en iso
done_testing
