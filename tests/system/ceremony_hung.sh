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
ceremony_conf "" "deadline_seconds = 4;"
PIN=91537264 # stands nowhere by chance
printf %s "$PIN" >"$TMP/pin"
opensc-tool --send-apdu 00A4040007504B43532D3135 \
	--send-apdu "00240081 0E $(printf %s "123456$PIN" | od -An -tx1)" >"$TMP/change" 2>&1
is "the card has a PIN of our own" "$(grep -c 'SW1=0x90' "$TMP/change")" 2

# While it is being listed.
insert "on 00B0 delay 100000"
ceremony_screen
ceremony_to_contract "$(portal_code "$D")"
press Enter
sees_words "Sertifika Seçiniz"
answers "listing hangs"
sees_words "Kart yanıt vermiyor." 20
answers "a card is given up"
insert
sees "listing: the card put in again is read" "Işıl Çağrı Yeşildağ"

# While it computes: VERIFY has been sent.
insert "on 002A9E delay 100000"
sees_not "the card is taken out" "Kart yanıt vermiyor."
sees "the card is read" "Işıl Çağrı Yeşildağ"
: >"$TMP/trace"
press Down Enter
sees_pad
ceremony_pin "$PIN"
wait_for 10 grep -q '^> 002A9E' "$TMP/trace"
answers "signing hangs"
sees_words "İşlem süresinde tamamlanamadı." 20
is "signing hangs: one VERIFY" "$(verifies_sent)" 1
screen >"$TMP/failure"
like "signing hangs: nothing is claimed about the PIN" "$(cat "$TMP/failure")" "$(says "PIN hakkınızın eksilip eksilmediği bilinmiyor")"

# Tried again without the card: it is waited for, and then the PIN is asked for.
vcard_stop
press Enter
sees_words "Aynı kartı takınız"
like "without the card: nothing is claimed about the PIN" "$(screen)" "$(says "PIN hakkınızın eksilip eksilmediği bilinmiyor")"
insert "on 002A9E delay 3000"
sees_pad
gone "signing hung" "$TMP/pin"

# A worker that is killed behind VERIFY: that was the second time without a verdict.
: >"$TMP/trace"
pid=$(worker card)
ceremony_pin "$PIN"
wait_for 10 grep -q '^> 002A9E' "$TMP/trace"
kill -KILL "$pid"
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
