#!/bin/bash
# The card goes away, comes back, is another one; the daemon is not there, goes, comes back. In both languages and sizes.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
. "$top_srcdir/tests/system/lib/ceremony.sh"
pcscd_enter "$0" "$@"

# No daemon, then a daemon without a card, then a card: the list follows by itself.
no_daemon() {
	ceremony_card --profile akis
	pcscd_stop
	ceremony_screen
	ceremony_to_contract "$(portal_code "$D")"
	press Enter
	sees_words "Kart hizmeti (pcscd) çalışmıyor."
	kill -USR1 "$VCARD_PID"
	pcscd_start
	sees_words "Okuyucuda kart yok."
	kill -USR2 "$VCARD_PID"
	sees "the certificates come by themselves" "Işıl Çağrı Yeşildağ"
}

# Pulled on the list, and on the PIN screen.
pulled() {
	vcard_pull
	sees_not "certificates go with their card" "Işıl Çağrı Yeşildağ"
	vcard_insert
	sees "and come back with it" "Işıl Çağrı Yeşildağ"
	press Down Enter
	sees_pad
	types 12
	vcard_pull
	sees_words "Aynı kartı takınız"
	vcard_insert
	sees_pad
	sees_not "digits typed before are gone" '•'
}

# Another card in its place is named as another.
exchanged() {
	vcard_pull
	vcard_stop
	vcard_start --profile akis --state "$TMP/other" --trace "$TMP/trace.other" --tckn 10000000078 --name "Başka Biri"
	wait_card
	sees_words "Takılan kart, seçilen sertifikanın kartı değil."
	vcard_stop
	ceremony_card --profile akis
	sees_pad
	is "nothing was sent to the other card" "$(grep -cE '^> 0020' "$TMP/trace.other")" 0
}

# The daemon is restarted under the PIN screen.
daemon_restarted() {
	pcscd_stop
	sees_words "Aynı kartı takınız"
	pcscd_start
	wait_card
	sees_pad
	ceremony_pin 123456
	sees_words "Tarayıcınıza giderek işleminize devam ediniz."
	is "the service has the signature" "$(last_state)" signed
	terminal_stop
	vcard_stop
}

# Pulled during the signature: before VERIFY, after it, before and after the signature is computed. FAULT is the virtual
# card's; WORDS are what the person reads; KEY (or none) leads on once the card is back.
during() {
	local what=$1 fault=$2 words=$3 key=${4:-}

	printf '%s\n' "$fault" >"$TMP/faults"
	: >"$TMP/trace"
	ceremony_card --profile akis --faults "$TMP/faults"
	ceremony_screen
	ceremony_to_pin "$(portal_code "$D")"
	ceremony_pin 123456
	sees_words "$words"
	ok "$what: at most one VERIFY" test "$(verifies_sent)" -le 1
	vcard_stop
	ceremony_card --profile akis
	[ -z "$key" ] || press "$key"
	sees_pad "$what: with the card back the PIN is asked for again"
	sees "$what: no try is lost" "$(says "Kalan deneme: %d" 3)"
	ceremony_pin 123456
	sees_words "Tarayıcınıza giderek işleminize devam ediniz."
	is "$what: the service has the signature" "$(last_state)" signed
	terminal_stop
	vcard_stop
}

ceremony_pki
ceremony_card --profile akis
ceremony_service
vcard_stop
for language in tr en; do
	ceremony_in "$language"
	ceremony_conf
	no_daemon
	pulled
	exchanged
	daemon_restarted
	during "pulled before VERIFY" "on 002000 remove-before" "PIN gönderildi ama karttan yanıt alınamadı." Enter
	during "pulled after VERIFY" "on 002000 remove-after" "PIN gönderildi ama karttan yanıt alınamadı." Enter
	during "pulled before the signature" "on 002A9E remove-before" "Aynı kartı takınız"
	during "pulled after the signature" "on 002A9E remove-after" "Aynı kartı takınız"
done
done_testing
