#!/bin/bash
# Each kind of card: a blocked PIN becomes another one by the PUK; a wrong PUK, its last try, a blocked one. OpenSC sees what
# we have set, and we what OpenSC has.

. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
pcscd_enter "$0" "$@"
. "$top_srcdir/tests/system/lib/card.sh"

insert() {
	rm -f "$TMP/vcard.trace" "$TMP/state" "$TMP/apdus"
	vcard_start --state "$TMP/state" --trace "$TMP/vcard.trace" "$@"
	wait_card
}
block_pin() {
	for _ in 1 2 3; do
		card_pin "$TMP/pin.wrong" --confirmed
	done
	is "$1: three wrong PINs block it" "$(card_error)" PIN_BLOCKED
}
puks_sent() {
	grep -cE '^> 00(2000(82|02)|2C00)' "$TMP/apdus"
}

# unblock_story NAME TELLS: TELLS is 1 where the card lets the PUK's tries be known.
unblock_story() {
	local name=$1 two=-1 before

	[ "$2" = 0 ] || two=2
	block_pin "$name"
	card_unblock "$TMP/puk.wrong" "$TMP/pin.new" --confirmed
	like "$name: a wrong PUK costs one try" "$(cat "$TMP/err")" '^error PUK_WRONG K-211 tries=2 pin_sent=1'
	card puk 0
	like "$name: which is told where it can be" "$(cat "$TMP/out")" "^puk tries=$two "
	before=$(puks_sent)
	card_unblock "$TMP/puk" "$PIN_FILE" --confirmed
	like "$name: a PIN that everyone tries is refused" "$(cat "$TMP/err")" '^error PIN_ROW K-222 .* pin_sent=0'
	is "$name: before anything is sent" "$(puks_sent)" "$before"
	ok "$name: the PUK gives a new PIN" card_unblock "$TMP/puk" "$TMP/pin.new" --confirmed
	is "$name: by one command with it" "$(puks_sent)" $((before + 1))
	ok "$name: the new PIN signs" card_pin "$TMP/pin.new" --confirmed
	card_pin "$PIN_FILE" --confirmed
	like "$name: the old one does not" "$(cat "$TMP/err")" '^error PIN_WRONG K-201 tries=2'
	card_unblock "$TMP/puk.wrong" "$TMP/pin.new" --confirmed
	card_unblock "$TMP/puk.wrong" "$TMP/pin.new" --confirmed
	like "$name: one PUK try is left" "$(cat "$TMP/err")" '^error PUK_WRONG K-211 tries=1'
	card_unblock "$TMP/puk" "$TMP/pin.new"
	like "$name: which is not used unasked" "$(cat "$TMP/err")" '^error PUK_LAST_TRY K-215 .* pin_sent=0'
	card_unblock "$TMP/puk.wrong" "$TMP/pin.new" --confirmed
	like "$name: used up when confirmed" "$(cat "$TMP/err")" '^error PUK_BLOCKED K-212 tries=0 pin_sent=1'
	card_unblock "$TMP/puk" "$TMP/pin.new" --confirmed
	like "$name: a blocked PUK stays so" "$(cat "$TMP/err")" '^error PUK_BLOCKED K-212 tries=0'
	not_ok "$name: neither PIN nor PUK is in a trace" \
		grep -qE '^>.*(3132333435363738|0102030405060708|383035313337|080005010307)' "$TMP/apdus" "$TMP/vcard.trace"
}

pcscd_start

insert --profile akis
unblock_story akis 1
vcard_stop

insert --profile akis --no-directory
unblock_story "akis without directory" 1
vcard_stop

insert --profile akis1
unblock_story akis1 0
vcard_stop

insert --profile iso
unblock_story iso 0
vcard_stop

# A card that no driver knows by name: both in one RESET RETRY COUNTER.
insert --profile akis --atr 3B8D018031C0730001C055656F6E617966
unblock_story generic 0
vcard_stop

# OpenSC's idea of the same command on the same card, one after the other.
insert --profile iso
block_pin "OpenSC after us"
ok "OpenSC unblocks" pkcs15-tool --unblock-pin --puk 12345678 --new-pin 246801
printf 246801 >"$TMP/pin.theirs"
ok "we sign with the PIN that it has set" card_pin "$TMP/pin.theirs"
ok "we set another" card_unblock "$TMP/puk" "$TMP/pin.new" --confirmed
ok "which OpenSC verifies" pkcs15-tool --verify-pin --pin 805137
vcard_stop

# Pulled in the middle: what became of it is not claimed.
for when in remove-before remove-after; do
	echo "on 00200082 $when" >"$TMP/faults"
	insert --profile akis --faults "$TMP/faults"
	card_unblock "$TMP/puk" "$TMP/pin.new"
	like "pulled at the PUK ($when)" "$(cat "$TMP/err")" '^error PUK_UNSETTLED K-217 tries=-1 pin_sent=1'
	vcard_stop
done

done_testing
