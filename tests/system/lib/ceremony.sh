# Everything a ceremony needs, for real: pcscd with the virtual card, the service over TLS, the program in a terminal.
# Source tap.sh, pcscd.sh, portal.sh and terminal.sh first.
#
#	ceremony_card --profile akis		# daemon, card, its CA
#	ceremony_service			# the service, trusting that CA, over TLS
#	ceremony_screen 80 24 [OPTION...]	# eonay in a terminal; ceremony_conf has written its configuration
#	ceremony_to_pin "$(portal_code "$D")"	# types the code and walks to the PIN screen

D=$TMP/portal
CONF=$TMP/eonay.conf
EONAY=$top_builddir/eonay
LANGUAGE_WANTED=tr

# says TURKISH: the same words in the language that the story runs in.
says() {
	if [ "$LANGUAGE_WANTED" = tr ]; then
		printf '%s\n' "$1"
	else
		LC_ALL=C.UTF-8 LANGUAGE=$LANGUAGE_WANTED TEXTDOMAINDIR=$top_builddir/tui/po gettext -d eonay "$1"
	fi
}

# sees_words TURKISH [SECONDS]: the words come onto the screen, in the language of the story.
sees_words() {
	sees "$1" "$(says "$1")" "${2:-15}"
}

# ceremony_pki: the CAs of the service. Takes a while; once for a story.
ceremony_pki() {
	portal_pki "$TMP/pki" || bail "no certificates for the service"
}

# ceremony_card OPTION...: the daemon and a card. Keys are made once for a story and kept in $TMP/card.
ceremony_card() {
	[ -n "$PCSCD_PID" ] || pcscd_start
	vcard_start --state "$TMP/card" --trace "$TMP/trace" "$@"
	wait_card
}

# ceremony_service OPTION...: the service over TLS; it accepts what the virtual card's CA has issued.
ceremony_service() {
	"$VCARD" --state "$TMP/card" --export-ca "$TMP/card-ca.pem" || bail "the card exports no CA"
	mkdir -p "$D"
	cat >"$D/portal.conf" <<-CONF
		listen: { certificate = "$PKI/server.pem"; private_key = "$PKI/server.key"; };
	CONF
	portal_start "$D" --trust "$TMP/card-ca.pem" "$@" || bail "the service does not start"
	at_end portal_stop
	URL=https://127.0.0.1:$PORT
	SERVICE_CA=$PKI/ca.pem
}

# ceremony_conf [SCREEN-SETTINGS [CARD-SETTINGS]]: the kiosk's configuration.
ceremony_conf() {
	cat >"$CONF" <<-CONF
		screen: { language = "$LANGUAGE_WANTED"; idle_seconds = 0; save_directory = "$TMP"; ${1:-} };
		service: { url = "$URL"; ca = "$PKI/ca.pem"; kiosk_name = "deneme"; connect_seconds = 3; request_seconds = 5; };
		card: { ${2:-} };
		log: { target = "$TMP/eonay.log"; level = "debug"; };
	CONF
}

# ceremony_screen COLUMNS ROWS OPTION...
ceremony_screen() {
	local columns=$1 rows=$2

	shift 2
	terminal_start "$columns" "$rows" "$EONAY" --config "$CONF" "$@"
	sees_words "Doğrulama Kodu"
}

# ceremony_to_contract CODE, ceremony_to_certificate CODE, ceremony_to_pin CODE: types the code and walks on.
ceremony_to_contract() {
	types "$1"
	press Enter
	sees_words "İmzalanacak Metin 1:"
}
ceremony_to_certificate() {
	ceremony_to_contract "$1"
	press Enter
	sees "the holder's certificates are listed" "Işıl Çağrı Yeşildağ"
}
ceremony_to_pin() {
	ceremony_to_certificate "$1"
	press Down Enter
	sees_words "İMZALA"
}

# ceremony_pin PIN: types it and presses İMZALA.
ceremony_pin() {
	types "$1"
	press Enter
}

# verifies_sent: how many VERIFY commands with a PIN the card has seen.
verifies_sent() {
	grep -cE '^> 002000..[0-9A-F]{2}\*' "$TMP/trace"
}

# last_state: the service's word on the newest session (it lists that one first).
last_state() {
	"$PORTAL" list --config "$D/portal.conf" --database "$D/portal.db" | awk 'NF { print $2; exit }'
}
