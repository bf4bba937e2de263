#!/bin/bash
# The card goes away, comes back, is another one; the daemon is not there, goes, comes back.
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

# No daemon, then a daemon without a card, then a card: the list follows by itself.
pcscd_stop
ceremony_screen 80 24
ceremony_to_contract "$(portal_code "$D")"
press Enter
sees_words "Kart hizmeti (pcscd) çalışmıyor."
kill -USR1 "$VCARD_PID"
pcscd_start
sees_words "Okuyucuda kart yok."
kill -USR2 "$VCARD_PID"
sees "the certificates come by themselves" "Işıl Çağrı Yeşildağ" 30

# Pulled on the list, and on the PIN screen.
vcard_pull
sees_not "certificates go with their card" "Işıl Çağrı Yeşildağ"
vcard_insert
sees "and come back with it" "Işıl Çağrı Yeşildağ" 30
press Down Enter
sees_words "İMZALA"
types 12
vcard_pull
sees_words "Aynı kartı takınız"
vcard_insert
sees_words "İMZALA"
unlike "digits typed before are gone" "$(screen)" '•'

# Another card in its place is named as another.
vcard_pull
vcard_stop
vcard_start --profile akis --state "$TMP/other" --trace "$TMP/trace.other" --tckn 10000000078 --name "Başka Biri"
wait_card
sees_words "Takılan kart, seçilen sertifikanın kartı değil." 20
vcard_stop
vcard_start --profile akis --state "$TMP/card" --trace "$TMP/trace"
wait_card
sees_words "İMZALA"
is "nothing was sent to the other card" "$(grep -cE '^> 0020' "$TMP/trace.other")" 0

# The daemon is restarted under the PIN screen.
pcscd_stop
sees_words "Aynı kartı takınız"
pcscd_start
wait_card
sees_words "İMZALA" 30
ceremony_pin 123456
sees_words "Tarayıcınıza giderek işleminize devam ediniz." 30
is "the service has the signature" "$(last_state)" signed
terminal_stop
vcard_stop

# Pulled during the signature: before VERIFY, after it, before and after the signature is computed. FAULT is the virtual
# card's; WORDS are what the person reads; KEY (or none) leads on once the card is back.
during() {
	local what=$1 fault=$2 words=$3 key=${4:-}

	printf '%s\n' "$fault" >"$TMP/faults"
	: >"$TMP/trace"
	vcard_start --profile akis --state "$TMP/card" --trace "$TMP/trace" --faults "$TMP/faults"
	wait_card
	ceremony_screen 80 24
	ceremony_to_pin "$(portal_code "$D")"
	ceremony_pin 123456
	sees "$what: $words" "$words" 20
	ok "$what: at most one VERIFY" test "$(verifies_sent)" -le 1
	vcard_stop
	vcard_start --profile akis --state "$TMP/card" --trace "$TMP/trace"
	wait_card
	[ -z "$key" ] || press "$key"
	sees "$what: with the card back the PIN is asked for again" "İMZALA" 20
	sees "$what: no try is lost" "Kalan deneme: 3"
	ceremony_pin 123456
	sees_words "Tarayıcınıza giderek işleminize devam ediniz." 30
	is "$what: the service has the signature" "$(last_state)" signed
	terminal_stop
	vcard_stop
}
during "pulled before VERIFY" "on 002000 remove-before" "PIN gönderildi ama karttan yanıt alınamadı." Enter
during "pulled after VERIFY" "on 002000 remove-after" "PIN gönderildi ama karttan yanıt alınamadı." Enter
during "pulled before the signature" "on 002A9E remove-before" "Aynı kartı takınız"
during "pulled after the signature" "on 002A9E remove-after" "Aynı kartı takınız"
done_testing
