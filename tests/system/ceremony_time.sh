#!/bin/bash
# The session's time runs out on each screen, in both languages and sizes: everything is wiped and a new code is asked for.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
. "$top_srcdir/tests/system/lib/ceremony.sh"
pcscd_enter "$0" "$@"

ceremony_pki
ceremony_card --profile akis
ceremony_service

pin_typed() {
	ceremony_to_pin "$1"
	types 1234
}
card_pulled() {
	ceremony_to_pin "$1"
	vcard_pull
	sees_words "Aynı kartı takınız"
}
leaving() {
	ceremony_to_certificate "$1"
	press C-c
	sees_words "Uygulamadan çıkılsın mı?"
}

# runs_out SCREEN WALK: WALK leads to the screen within the code's life.
runs_out() {
	ceremony_screen
	"$2" "$(portal_code "$D" --lifetime "$LIFE")"
	sees_words "Süre doluyor:"
	sees_words "Süre doldu" $((LIFE + 30))
	sees_words "Tarayıcınızda \"Tekrar Kod Al\" ile yeni bir kod alınız."
	sees_not "$LANGUAGE_WANTED, $1: nothing of the session is left on the screen" "Işıl Çağrı Yeşildağ"
	press Enter
	sees_words "Doğrulama Kodu"
	terminal_stop
}

# The last minute looks different before the last seconds do. It also tells how long this machine takes to the PIN, and so
# how long codes must live here to get there.
ceremony_in tr
ceremony_conf
ceremony_screen
began=$(date +%s)
ceremony_to_pin "$(portal_code "$D" --lifetime 55)"
sees_words "Süre azalıyor:"
LIFE=$((4 + 3 * ($(date +%s) - began)))
terminal_stop

for language in tr en; do
	ceremony_in "$language"
	ceremony_conf
	runs_out "text" ceremony_to_contract
	runs_out "certificates" ceremony_to_certificate
	runs_out "PIN half typed" pin_typed
done
runs_out "asked to leave" leaving
is "no VERIFY was sent" "$(verifies_sent)" 0

# Nobody there: the first screen comes back by itself.
ceremony_conf "idle_seconds = $LIFE;"
sed -i 's/idle_seconds = 0; //' "$CONF"
ceremony_screen
ceremony_to_pin "$(portal_code "$D")"
sees_words "Doğrulama Kodu" $((LIFE + 30))
sees_not "idle: with the person gone from it" "Işıl Çağrı Yeşildağ"
session_abandoned() {
	[ "$(last_state)" = abandoned ]
}
ok "idle: the service knows" wait_for 20 session_abandoned
terminal_stop

ceremony_in tr
ceremony_conf
runs_out "card pulled" card_pulled
done_testing
