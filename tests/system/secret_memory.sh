#!/bin/bash
# However a PIN screen is left, no copy of the PIN stays in the memory of the screen or of its workers.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
. "$top_srcdir/tests/system/lib/ceremony.sh"
. "$top_srcdir/tests/system/lib/memory.sh"
pcscd_enter "$0" "$@"

# Digits that stand nowhere by chance.
PIN=91537264
WRONG=84263957
printf %s "$PIN" >"$TMP/pin.right"
printf %s "$WRONG" >"$TMP/pin.wrong"

# The scan finds what is there: while it is typed the PIN has one place.
typed_once() {
	[ "$(scan "$1" | grep -c ': text,')" = 1 ]
}

ceremony_pki
ceremony_card --profile akis
ceremony_service
ceremony_conf
# From the virtual card's PIN to ours: SELECT, CHANGE REFERENCE DATA.
opensc-tool --send-apdu 00A4040007504B43532D3135 \
	--send-apdu "00240081 0E $(printf %s "123456$PIN" | od -An -tx1)" >"$TMP/change" 2>&1
is "the card has a PIN of our own" "$(grep -c 'SW1=0x90' "$TMP/change")" 2

ceremony_screen
ceremony_to_pin "$(portal_code "$D")"
types "$PIN"
sees "all digits are typed" "••••••••"
ok "typed: in one place" typed_once "$TMP/pin.right"
press BSpace BSpace BSpace
sees_not "some are erased" "••••••"
gone "erased" "$TMP/pin.right"
types "${PIN: -3}"
sees "typed again" "••••••••"
press Delete
sees_not "cleared" "•"
gone "cleared" "$TMP/pin.right"
types "$PIN"
sees "typed again" "••••••••"
press Escape
sees_words "Sertifika Seçiniz"
gone "left by Esc" "$TMP/pin.right"
press Enter
sees_pad
types "$PIN"
sees "typed again" "••••••••"
vcard_pull
sees_words "Aynı kartı takınız"
gone "card pulled" "$TMP/pin.right"
vcard_insert
sees_pad
types "$PIN"
sees "typed again" "••••••••"
press C-c
sees_words "Uygulamadan"
gone "asked to leave" "$TMP/pin.right"
press Escape
sees_pad
ceremony_pin "$WRONG"
sees_words "Hatalı PIN."
gone "wrong" "$TMP/pin.wrong"
ceremony_pin "$PIN"
sees_words "Tarayıcınıza giderek işleminize devam ediniz." 30
gone "signed" "$TMP/pin.right"
terminal_stop

# Memory that cannot be locked (root may always lock, but not root of a namespace alone): nothing asks for a PIN.
terminal_start 80 24 unshare --map-root-user bash -c 'ulimit -l 0; exec "$@"' bash "$EONAY" --config "$CONF"
is "no locked memory: no screen" "$(terminal_ended 15)" 71
like "no locked memory: and why" "$(cat "$TMP/terminal.err")" 'K-003'
done_testing
