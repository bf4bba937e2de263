# Everything a ceremony needs, for real: pcscd with the virtual card, the service over TLS, the program in a terminal.
# Source tap.sh, pcscd.sh, portal.sh and terminal.sh first.
#
#	ceremony_card --profile akis		# daemon, card, its CA
#	ceremony_service			# the service, trusting that CA, over TLS
#	ceremony_in en; ceremony_conf		# the language and its terminal, the configuration
#	ceremony_screen				# eonay in a terminal
#	ceremony_to_pin "$(portal_code "$D")"	# types the code and walks to the PIN screen

D=$TMP/portal
CONF=$TMP/eonay.conf
EONAY=$top_builddir/eonay

# ceremony_in tr|en: what follows is told in this language, in Turkish at 80x24 and in English at 132x43.
ceremony_in() {
	LANGUAGE_WANTED=$1
	case $1 in
	tr) SIZE=(80 24) ;;
	en) SIZE=(132 43) ;;
	esac
}
ceremony_in tr

# says TURKISH [ARGUMENT...]: the same words in the language of the story; with arguments they are printf's format.
says() {
	local words=$1

	shift
	[ "$LANGUAGE_WANTED" = tr ] || words=$(LC_ALL=C.UTF-8 LANGUAGE=$LANGUAGE_WANTED \
		TEXTDOMAINDIR=$top_builddir/tui/po gettext -d eonay "$words")
	if [ $# = 0 ]; then
		printf '%s\n' "$words"
	else
		# shellcheck disable=SC2059 # a format of the catalogue
		printf "$words\n" "$@"
	fi
}

# sees_words TURKISH [SECONDS]: the words come onto the screen, in the language of the story. sees_words_not: they go.
sees_words() {
	reads "$LANGUAGE_WANTED: $1" "$(says "$1")" "${2:-30}"
}
sees_words_not() {
	sees_not "$LANGUAGE_WANTED: $1" "$(says "$1")"
}

# sees_pad [DESCRIPTION]: a PIN can be entered. (The header of the English screens has the word of the button too.)
sees_pad() {
	sees "$LANGUAGE_WANTED: ${1:-the PIN is asked for}" "Enter $(says "İMZALA")"
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

ceremony_screen() {
	terminal_start "${SIZE[@]}" "$EONAY" --config "$CONF"
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
	sees_pad
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
