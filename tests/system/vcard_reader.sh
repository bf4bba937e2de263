# The card in its reader: pulled and put back, daemon restarted, and each kind of fault as the host sees it.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
pcscd_enter "$0" "$@"

export OPENSC_CONF="$TMP/opensc.conf"
echo 'app default { card_drivers = default; enable_default_driver = true; }' >"$OPENSC_CONF"
select=00:A4:04:0C:07:50:4B:43:53:2D:31:35
wrong=00:20:00:81:06:39:39:39:39:39:39
tries=00:CB:3F:FF:0A:4D:08:70:06:BF:81:01:02:A0:80:00

# apdu COMMAND...: sends them one after the other, prints the answers.
apdu() {
	local -a send=()
	local each

	for each in "$@"; do
		send+=(--send-apdu "$each")
	done
	opensc-tool "${send[@]}" 2>&1
}
tries_left() {
	apdu "$select" "$tries" | sed -n 's/.*9B 01 \(..\).*/\1/p'
}
# vcard_again [OPTIONS...]: another card process on the same state.
vcard_again() {
	vcard_stop
	vcard_start --state "$TMP/card" "$@"
	wait_card
}

# The card may be there before the reader.
VPCD_PORT=$(free_ports 2)
vcard_start --state "$TMP/card" --trace "$TMP/trace"
pcscd_start
wait_card
ok "the card came into a reader that was not there" card_there

ok "pulled by SIGUSR1" vcard_pull
not_ok "no card to talk to" opensc-tool --atr
ok "put back by SIGUSR2" vcard_insert
like "it answers again" "$(opensc-tool --atr 2>&1)" '^3b:9f'

pcscd_stop
pcscd_start
wait_card
like "it comes back after a restart of the daemon" "$(opensc-tool --atr 2>&1)" '^3b:9f'
like "a reset is noted" "$(cat "$TMP/trace")" '^# power on$'

is "three tries" "$(tries_left)" 03
like "a wrong PIN costs one" "$(apdu "$select" "$wrong")" 'SW1=0x63, SW2=0xC2'
kill -KILL "$VCARD_PID"
{ wait "$VCARD_PID"; } 2>/dev/null
vcard_again
is "and the card knows it after it was killed" "$(tries_left)" 02

echo 'on 002000 remove-before' >"$TMP/faults"
vcard_again --faults "$TMP/faults"
like "pulled before VERIFY" "$(apdu "$select" "$wrong")" '[Tt]ransmit failed|removed'
ok "the reader is empty" wait_for 10 card_gone
vcard_insert
is "the try was not used up" "$(tries_left)" 02

echo 'on 002000 remove-after' >"$TMP/faults"
vcard_again --faults "$TMP/faults"
like "pulled after VERIFY" "$(apdu "$select" "$wrong")" '[Tt]ransmit failed|removed'
vcard_insert
is "the try was used up" "$(tries_left)" 01

printf '%s\n' 'each 0084 status 6F00' 'on 00CB truncate 2' 'on 00B0 garble # once' >"$TMP/faults"
vcard_again --faults "$TMP/faults"
like "a status word instead of the command" "$(apdu 00:84:00:00:08)" 'SW1=0x6F, SW2=0x00'
like "again for each" "$(apdu 00:84:00:00:08)" 'SW1=0x6F, SW2=0x00'
like "a truncated answer" "$(apdu "$select" "$tries")" 'SW1=0x70, SW2=0x13'
like "a garbled answer" "$(apdu 00:A4:00:0C:02:3F:00 00:A4:00:0C:02:2F:01 00:B0:00:00:03)" '^BC FE 3F'
like "only once" "$(apdu 00:A4:00:0C:02:3F:00 00:A4:00:0C:02:2F:01 00:B0:00:00:03)" '^43 01 C0'

echo 'on 0084 delay 700' >"$TMP/faults"
vcard_again --faults "$TMP/faults"
before=$(date +%s%N)
like "a late answer" "$(apdu 00:84:00:00:08)" 'SW1=0x90, SW2=0x00'
ok "that was late" test "$(($(date +%s%N) - before))" -ge 700000000

"$VCARD" --state "$TMP/other" --tckn 10000000078 --name 'Başka Biri' --export-ca "$TMP/ca.pem" 2>/dev/null
echo "on 0084 swap $TMP/other" >"$TMP/faults"
vcard_again --faults "$TMP/faults"
apdu 00:84:00:00:08 >/dev/null
ok "the card was pulled" wait_for 10 card_gone
wait_card
like "another card is in the reader" "$(pkcs15-tool --read-certificate 01 2>/dev/null |
	openssl x509 -noout -subject)" 'serialNumber = 10000000078'

vcard_stop
vcard_start --state "$TMP/card" --mute
wait_card
not_ok "a mute card is there but cannot be powered" opensc-tool --send-apdu 00:84:00:00:08

echo 'at 1 vanish' >"$TMP/faults"
like "a wrong line in the script is named" "$("$VCARD" --faults "$TMP/faults" 2>&1)" "$TMP/faults:1: at 1 vanish"
not_ok "nobody listens: the card says so and ends" "$VCARD" --state "$TMP/card" --vpcd 127.0.0.1:1
done_testing
