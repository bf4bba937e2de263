#!/bin/bash
# The session's time runs out on each screen: everything is wiped and a new code is asked for.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
. "$top_srcdir/tests/system/lib/ceremony.sh"
pcscd_enter "$0" "$@"

ceremony_pki
ceremony_card --profile akis
ceremony_service
ceremony_conf

# runs_out SCREEN WALK: WALK leads to the screen within the code's life of 6 s.
runs_out() {
	ceremony_screen 80 24
	"$2" "$(portal_code "$D" --lifetime 6)"
	sees "$1: the last seconds are worded" "$(says "Süre doluyor:")"
	sees "$1: time is up" "$(says "Süre doldu")" 10
	sees "$1: a new code is what helps" "Tekrar Kod Al"
	sees_not "$1: nothing of the session is left on the screen" "Işıl Çağrı Yeşildağ"
	press Enter
	sees_words "Doğrulama Kodu"
	terminal_stop
}

pin_typed() {
	ceremony_to_pin "$1"
	types 1234
}
runs_out "text" ceremony_to_contract
runs_out "certificates" ceremony_to_certificate
runs_out "PIN" ceremony_to_pin
runs_out "PIN half typed" pin_typed
is "no VERIFY was sent" "$(verifies_sent)" 0

# The last minute looks different before the last seconds do.
ceremony_screen 80 24
ceremony_to_contract "$(portal_code "$D" --lifetime 30)"
sees_words "Süre azalıyor:"
terminal_stop

# Nobody there: the first screen comes back by itself.
ceremony_conf "idle_seconds = 3;"
sed -i 's/idle_seconds = 0; //' "$CONF"
ceremony_screen 80 24
ceremony_to_pin "$(portal_code "$D")"
sees "idle: back to the first screen" "$(says "Doğrulama Kodu")" 10
sees_not "idle: with the person gone from it" "Işıl Çağrı Yeşildağ"
session_abandoned() {
	[ "$(last_state)" = abandoned ]
}
ok "idle: the service knows" wait_for 5 session_abandoned
terminal_stop
done_testing
