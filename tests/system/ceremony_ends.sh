#!/bin/bash
# However the program is ended, on the PIN screen or while the card computes: screen and workers are gone in 5 s, no shell
# is left in their place, and the card has forgotten the PIN.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
. "$top_srcdir/tests/system/lib/ceremony.sh"
. "$top_srcdir/tests/system/lib/memory.sh"
pcscd_enter "$0" "$@"

ceremony_pki
ceremony_card --profile akis
ceremony_service
ceremony_conf
vcard_stop

all_gone() {
	local pid

	for pid in $FAMILY; do
		process_gone "$pid" || return 1
	done
}

# ended STORY COMMAND...: by the command, in time, also from the PIN's card.
ended() {
	local what=$1 began took

	shift
	FAMILY=$(family)
	is "$what: screen and two workers run" "$(wc -w <<<"$FAMILY")" 3
	began=$(date +%s%N)
	"$@"
	wait_for 10 all_gone
	took=$((($(date +%s%N) - began) / 1000000))
	ok "$what: all are gone after $took ms" test "$took" -lt 5000
	not_ok "$what: the PIN is nowhere on the screen" screen_has 123456
}
eonay_gets() {
	kill "-$1" "${FAMILY%% *}"
}

# on_pin NAME COMMAND...: with digits typed.
on_pin() {
	local what=$1

	shift
	ceremony_screen
	ceremony_to_pin "$(portal_code "$D")"
	types 1234
	sees "$what: digits are typed" "••••"
	ended "$what" "$@"
	terminal_stop
}

# while_signing NAME COMMAND...: behind VERIFY.
while_signing() {
	local what=$1

	shift
	: >"$TMP/trace"
	printf 'on 002A9E delay 2000\n' >"$TMP/faults"
	vcard_start --profile akis --state "$TMP/card" --trace "$TMP/trace" --faults "$TMP/faults"
	wait_card
	ceremony_screen
	ceremony_to_pin "$(portal_code "$D")"
	ceremony_pin 123456
	ok "$what: the card computes" wait_for 10 grep -q '^> 002A9E' "$TMP/trace"
	ended "$what" "$@"
	mapfile -t commands < <(sed -n 's/^.*> \(\(0022\|002A\)[^ ]*\)$/\1/p' "$TMP/trace")
	echo | timeout 30 "$top_builddir/card_tool" probe 00A4040007504B43532D3135 "${commands[@]}" >"$TMP/probe" 2>&1
	like "$what: a second client finds no PIN" "$(cat "$TMP/probe")" ' 9000 9000 6982$'
	terminal_stop
	vcard_stop
}

while_signing "SIGTERM while signing" eonay_gets TERM
while_signing "SIGKILL while signing" eonay_gets KILL
while_signing "terminal closed while signing" terminal_stop

vcard_start --profile akis --state "$TMP/card" --trace "$TMP/trace"
wait_card
for signal in TERM HUP KILL; do
	on_pin "SIG$signal" eonay_gets "$signal"
done
on_pin "terminal closed" terminal_stop
done_testing
