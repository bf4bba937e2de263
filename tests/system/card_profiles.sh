#!/bin/bash
# Each kind of card: listed with few commands, signing in each scheme it has, PIN wrong, last and blocked.

. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
pcscd_enter "$0" "$@"
. "$top_srcdir/tests/system/lib/card.sh"

cat >"$TMP/opensc.conf" <<-CONF
	app default { enable_default_driver = true; }
CONF
export OPENSC_CONF=$TMP/opensc.conf

insert() {
	rm -f "$TMP/vcard.trace" "$TMP/state"
	vcard_start --state "$TMP/state" --trace "$TMP/vcard.trace" "$@"
	wait_card
}

# lists NAME DRIVER CERTIFICATES
lists() {
	local before ours theirs

	before=$(vcard_apdus)
	ok "$1: is listed" card list
	ours=$(($(vcard_apdus) - before))
	like "$1: by its driver" "$(cat "$TMP/out")" "^driver $2 "
	is "$1: certificates" "$(grep -c 'key yes' "$TMP/out")" "$3"
	before=$(vcard_apdus)
	timeout 60 pkcs15-tool --no-cache --list-certificates >"$TMP/opensc" 2>&1
	theirs=$(($(vcard_apdus) - before))
	diag "$1: $ours commands, OpenSC $theirs"
	ok "$1: with at most half of OpenSC's commands" test $((2 * ours)) -le "$theirs"
}

# signs NAME MOST CERTIFICATE SCHEME DIGEST
signs() {
	ok "$1: $4 with SHA-$5, right to OpenSSL" card_signs "$3" "$4" "$5"
	ok "$1: by at most $2 commands" test "$(card_apdus)" -le "$2"
}

# From three tries to none. Where the card tells, the last try is asked for and a blocked PIN is not sent.
pin_story() {
	local name=$1

	card pin 0
	like "$name: three tries before" "$(cat "$TMP/out")" 'tries=3 max=3 last=0 blocked=0'
	card_pin "$TMP/pin.wrong"
	like "$name: a wrong PIN leaves two" "$(cat "$TMP/err")" '^error PIN_WRONG K-201 tries=2 pin_sent=1'
	card pin 0
	like "$name: which is shown" "$(cat "$TMP/out")" 'tries=2'
	ok "$name: the right PIN" card_pin "$PIN_FILE"
	card pin 0
	like "$name: gives them back" "$(cat "$TMP/out")" 'tries=3'
	card_pin "$TMP/pin.wrong"
	card_pin "$TMP/pin.wrong"
	card pin 0
	like "$name: the last one is shown" "$(cat "$TMP/out")" 'tries=1 max=3 last=1'
	card_pin "$PIN_FILE"
	like "$name: it is not used unasked" "$(cat "$TMP/err")" '^error PIN_LAST_TRY K-205 tries=1 pin_sent=0'
	card_pin "$TMP/pin.wrong" --confirmed
	like "$name: used up when confirmed" "$(cat "$TMP/err")" '^error PIN_BLOCKED K-202 tries=0 pin_sent=1'
	card_pin "$PIN_FILE" --confirmed
	like "$name: blocked is blocked" "$(cat "$TMP/err")" '^error PIN_BLOCKED K-202 tries=0'
}

# An empty VERIFY costs a try on an AKiS: none was ever sent to one.
no_empty_verify() {
	not_ok "$1: no VERIFY without data" grep -qE '^> 002000..(00)?$' "$TMP/apdus"
	not_ok "$1: no PIN in the trace" grep -qE '^>.*(313233343536|010203040506)' "$TMP/apdus"
}

pcscd_start

insert --profile akis
lists akis akis 2
for each in "0 rsa 256" "0 rsa 384" "0 rsa 512" "0 pss 256" "0 pss 384" "0 pss 512" "1 ecdsa 256" "1 ecdsa 384"; do
	# shellcheck disable=SC2086
	signs akis 4 $each
done
pin_story akis
no_empty_verify akis
vcard_stop

insert --profile akis --no-directory --more-certificates
ok "akis without directory: is listed" card list
is "akis without directory: certificates" "$(grep -c 'key yes' "$TMP/out")" 5
signs "akis without directory" 4 0 rsa 256
signs "akis without directory" 4 1 ecdsa 384
signs "akis without directory" 4 4 rsa 256
no_empty_verify "akis without directory"
vcard_stop

insert --profile akis1
lists akis1 akis1 1
signs akis1 5 0 rsa 256
signs akis1 5 0 rsa 512
pin_story akis1
no_empty_verify akis1
vcard_stop

insert --profile akis1 --no-directory
ok "akis1 without directory: is listed" card list
is "akis1 without directory: certificates" "$(grep -c 'key yes' "$TMP/out")" 1
signs "akis1 without directory" 5 0 rsa 256
vcard_stop

rm -f "$TMP/apdus"
insert --profile iso --more-certificates
lists iso isoapplet 5
signs iso 4 0 rsa 256
signs iso 4 0 pss 512
signs iso 4 1 ecdsa 256
signs iso 4 1 ecdsa 384
pin_story iso
not_ok "iso: no PIN in the trace" grep -q '^>.*313233343536' "$TMP/apdus"
vcard_stop

# A card that no driver knows by name: PKCS#15 and ISO 7816-8 alone. It does not tell its tries.
rm -f "$TMP/apdus"
insert --profile akis --atr 3B8D018031C0730001C055656F6E617966
lists generic pkcs15 2
card_pin "$PIN_FILE"
like "generic: an unknown number of tries is not risked unasked" "$(cat "$TMP/err")" '^error PIN_LAST_TRY .* pin_sent=0'
ok "generic: rsa" card_signs 0 rsa 256
ok "generic: pss" card_signs 0 pss 256
ok "generic: ecdsa" card_signs 1 ecdsa 384
no_empty_verify generic
vcard_stop

done_testing
