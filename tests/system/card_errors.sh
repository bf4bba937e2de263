#!/bin/bash
# What stands between a program and a card: each has its own name, and a PIN left behind is none of them.

. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
pcscd_enter "$0" "$@"
. "$top_srcdir/tests/system/lib/card.sh"

mkdir -p /run/pcscd

# The watcher's last list; told LINE: it comes to end so.
last_list() {
	awk '/^--$/ { last = this; this = ""; next } { this = this $0 "\n" } END { printf "%s", last }' "$TMP/watch"
}
told() {
	last_list | grep -q -- "$1"
}
told_error() {
	tail -n 1 "$TMP/watch.err" 2>/dev/null | grep -q "^error $1 "
}

card_fails "no daemon" NO_DAEMON readers

# One program from here to the end of the test: it survives all of it.
"$CARD_TOOL" watch >"$TMP/watch" 2>"$TMP/watch.err" </dev/null &
WATCH=$!
at_end stop_process "$WATCH"

pcscd_start
ok "a daemon that comes is found" wait_for 10 told 'NO_CARD'
card_fails "no card" NO_CARD list
card_fails "no such reader" NO_READER --reader "Virtual PCD 00 07" list

vcard_start --state "$TMP/state" --trace "$TMP/vcard.trace" --profile iso
wait_card
ok "a card that comes is told" wait_for 10 told 'PCD 00 00: OK 3B8D'
ok "and can be used" card list

# A second client that was connected all the while: MSE and PSO without a PIN of its own.
mkfifo "$TMP/ask"
"$CARD_TOOL" probe 00A404000CF276A288BCFBA69D34F31001 002241B606800111840101 002A9E9A0401020304 \
	<"$TMP/ask" >"$TMP/probe" 2>&1 &
PROBE=$!
at_end stop_process "$PROBE"
exec 5>"$TMP/ask"
wait_for 10 grep -q ready "$TMP/probe" || bail "no second client"
asked() {
	[ "$(wc -l <"$TMP/probe")" -ge "$1" ]
}
for ((i = 1; i <= 100; i++)); do
	card_pin "$PIN_FILE" || break
	echo >&5
	wait_for 10 asked $((i + 1)) || break
done
is "a hundred signatures, each followed by a reset and a card that wants its PIN" \
	"$(grep -c '^reset=1 9000 6982 6985$' "$TMP/probe")" 100

# Another program in the middle of a transaction is waited for, not hurt.
mkfifo "$TMP/release"
"$CARD_TOOL" hold <"$TMP/release" >"$TMP/held" 2>&1 5>&- &
HOLD=$!
at_end stop_process "$HOLD"
exec 6>"$TMP/release"
wait_for 10 grep -q held "$TMP/held"
card list 5>&- 6>&- &
LIST=$!
sleep 0.3 # nothing to be waited for: that it has not ended is what is tested
not_ok "another program's transaction is respected" process_gone "$LIST"
exec 6>&-
wait "$LIST"
like "and outlived" "$(cat "$TMP/out")" '^driver isoapplet'
exec 5>&-
wait "$PROBE" "$HOLD"

# A card held for itself alone by another program.
/usr/bin/python3 "$top_srcdir/tests/system/lib/exclusive.py" >"$TMP/exclusive" 2>&1 <"$TMP/ask" &
EXCLUSIVE=$!
at_end stop_process "$EXCLUSIVE"
exec 5>"$TMP/ask"
wait_for 10 grep -q exclusive "$TMP/exclusive" || diag_file "$TMP/exclusive"
card_fails "another program holds the card" CARD_HELD list
card readers
like "which the list says too" "$(cat "$TMP/out")" 'CARD_HELD'
exec 5>&-
wait "$EXCLUSIVE"

vcard_pull
ok "a card that goes is told" wait_for 10 told 'PCD 00 00: NO_CARD'
vcard_stop

echo "each 00A4 status 6A82" >"$TMP/faults"
vcard_start --state "$TMP/state" --atr 3B021450 --faults "$TMP/faults"
wait_card
ok "the list shows a card that is none of ours" wait_for 10 told 'OK 3B021450'
card_fails "which is not known" CARD_UNKNOWN list
vcard_stop

# Killed behind VERIFY, while the card computes: it is left without the PIN.
cat >"$TMP/faults" <<-FAULTS
	on 002A delay 2000
FAULTS
: >"$TMP/vcard.trace"
vcard_start --state "$TMP/state" --trace "$TMP/vcard.trace" --profile iso --faults "$TMP/faults"
wait_card
head -c 32 /dev/zero >"$TMP/digest"
"$CARD_TOOL" --pin "$PIN_FILE" sign 0 rsa 256 <"$TMP/digest" >/dev/null 2>&1 &
SIGN=$!
wait_for 20 grep -q '^> 002A' "$TMP/vcard.trace"
kill -KILL "$SIGN"
wait "$SIGN" 2>/dev/null
echo >"$TMP/once"
IN=$TMP/once card probe 00A404000CF276A288BCFBA69D34F31001 002241B606800111840101 002A9E9A0401020304
like "killed between VERIFY and the end: the card wants its PIN" "$(cat "$TMP/out")" '9000 6982 6985$'
vcard_stop

# Pulled at VERIFY: it had left, and what became of the try is not claimed.
for when in remove-before remove-after; do
	echo "on 00200081 $when" >"$TMP/faults"
	vcard_start --state "$TMP/state" --profile akis --faults "$TMP/faults"
	wait_card
	card_pin "$PIN_FILE"
	like "pulled at VERIFY ($when)" "$(cat "$TMP/err")" '^error PIN_UNSETTLED K-207 tries=-1 pin_sent=1'
	vcard_stop
done

# The daemon is started anew under a watching program.
pcscd_stop
ok "a daemon that goes is told" wait_for 10 told_error '\(NO_DAEMON\|DAEMON_RESTARTED\)'
pcscd_start
vcard_start --state "$TMP/state" --profile akis
wait_card
ok "and found again by the same program" wait_for 20 told 'PCD 00 00: OK'
not_ok "which is still there" process_gone "$WATCH"
ok "and the card signs" card_pin "$PIN_FILE"

done_testing
