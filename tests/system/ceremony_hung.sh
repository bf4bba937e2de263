#!/bin/bash
# A card that hangs, and a worker that is killed: the screen stays alive, says what is the matter and goes on without a
# restart; one press of İMZALA is one VERIFY, and no verified card is left behind.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
. "$top_srcdir/tests/system/lib/ceremony.sh"
. "$top_srcdir/tests/system/lib/memory.sh"
pcscd_enter "$0" "$@"

# insert [FAULT]: the card, hanging as the fault says.
insert() {
	printf '%s\n' "${1:-}" >"$TMP/faults"
	vcard_stop
	vcard_start --profile akis --state "$TMP/card" --trace "$TMP/trace" --faults "$TMP/faults"
	wait_card
}

# alive STORY: help comes when its key is pressed and goes again, each at once.
alive() {
	local began took

	began=$(date +%s%N)
	press F1
	until screen_has "$(says "Kapat")"; do
		[ $((($(date +%s%N) - began) / 1000000)) -lt 3000 ] || break
	done
	took=$((($(date +%s%N) - began) / 1000000))
	press F1
	ok "$1: a key is answered in $took ms" test "$took" -lt "$KEY_MS"
	sees_not "$1: and once more" "$(says "Kapat")"
}
KEY_MS=200

# worker card|network: its process.
worker() {
	local each

	for each in $(family); do
		tr '\0' ' ' <"/proc/$each/cmdline" | grep -qE "worker $1 " && echo "$each"
	done
}

ceremony_pki
ceremony_card --profile akis
ceremony_service
ceremony_conf "" "deadline_seconds = 2;"
PIN=91537264 # stands nowhere by chance
printf %s "$PIN" >"$TMP/pin"
opensc-tool --send-apdu 00A4040007504B43532D3135 \
	--send-apdu "00240081 0E $(printf %s "123456$PIN" | od -An -tx1)" >"$TMP/change" 2>&1
is "the card has a PIN of our own" "$(grep -c 'SW1=0x90' "$TMP/change")" 2

# While it is being listed.
insert "on 00B0 delay 100000"
ceremony_screen 80 24
ceremony_to_contract "$(portal_code "$D")"
press Enter
sees_words "Sertifika Seçiniz"
alive "listing hangs"
sees_words "Kart yanıt vermiyor." 10
alive "a card is given up"
insert
sees "listing: the card put in again is read" "Işıl Çağrı Yeşildağ"

# While it computes: VERIFY has been sent.
insert "on 002A9E delay 100000"
sees_not "the card is taken out" "Kart yanıt vermiyor."
sees "the card is read" "Işıl Çağrı Yeşildağ"
: >"$TMP/trace"
press Down Enter
sees_words "İMZALA"
ceremony_pin "$PIN"
wait_for 5 grep -q '^> 002A9E' "$TMP/trace"
alive "signing hangs"
sees_words "İşlem süresinde tamamlanamadı." 10
is "signing hangs: one VERIFY" "$(verifies_sent)" 1
screen >"$TMP/failure"
like "signing hangs: nothing is claimed about the PIN" "$(cat "$TMP/failure")" "$(says "PIN hakkınızın eksilip eksilmediği bilinmiyor")"

# The card again, then a worker that is killed behind VERIFY: that was the second time without a verdict.
insert "on 002A9E delay 3000"
press Enter
sees "with the card back it goes on" "İMZALA" 20
gone "signing hung" "$TMP/pin"
: >"$TMP/trace"
ceremony_pin "$PIN"
wait_for 5 grep -q '^> 002A9E' "$TMP/trace"
kill -KILL "$(worker card)"
sees_words "Kart veya ağ işlemini yapan yardımcı süreç beklenmedik biçimde sona erdi."
is "killed: one VERIFY" "$(verifies_sent)" 1
sees "two signatures without a verdict end the session" "$(says "Yeni Kod")"
sees_not "with no third try" "$(says "Tekrar Dene")"
mapfile -t commands < <(sed -n 's/^.*> \(\(0022\|002A\)[^ ]*\)$/\1/p' "$TMP/trace")
echo | timeout 30 "$top_builddir/card_tool" probe 00A4040007504B43532D3135 "${commands[@]}" >"$TMP/probe" 2>&1
like "killed: the card wants its PIN from whoever comes next" "$(cat "$TMP/probe")" ' 9000 9000 6982$'
press Enter
sees_words "Doğrulama Kodu"

# Nothing was restarted by hand: the same program signs.
insert
ceremony_to_pin "$(portal_code "$D")"
ceremony_pin "$PIN"
sees_words "Tarayıcınıza giderek işleminize devam ediniz." 30
is "the service has the signature" "$(last_state)" signed
terminal_stop
done_testing
