# shellcheck shell=bash
# The service for system tests, with certificates and signatures made by openssl. Source tap.sh first.
#
# portal_pki DIRECTORY makes, with the openssl program, ca.pem (a CA), other-ca.pem, signer.pem/.key (NES profile, T.C.
# kimlik no $TCKN) and the server's server.pem/.key for 127.0.0.1 and localhost.

PORTAL=$top_builddir/eonay-portal
TOOL=$top_builddir/service_tool
TCKN=10000000146

# portal_ca NAME: NAME.key and NAME.pem in $PKI.
portal_ca() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$PKI/$1.key" -out "$PKI/$1.pem" -days 30 -sha256 \
		-subj "/C=TR/O=Deneme/CN=$1" -addext basicConstraints=critical,CA:TRUE \
		-addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
}

# portal_certificate NAME CA SUBJECT EXTENSIONS [OPTION...]: NAME.key (EC P-256) and NAME.pem in $PKI.
portal_certificate() {
	local name=$1 ca=$2 subject=$3
	printf '%s\n' "$4" >"$PKI/$name.ext"
	shift 4
	openssl ecparam -name prime256v1 -genkey -noout -out "$PKI/$name.key" &&
		openssl req -new -key "$PKI/$name.key" -subj "$subject" -out "$PKI/$name.csr" &&
		openssl x509 -req -in "$PKI/$name.csr" -CA "$PKI/$ca.pem" -CAkey "$PKI/$ca.key" -CAcreateserial \
			-sha256 -days 20 -extfile "$PKI/$name.ext" "$@" -out "$PKI/$name.pem" 2>/dev/null
}

# The profile of Turkish qualified certificates: both QcStatements, a policy, critical nonRepudiation.
NES_EXTENSIONS='keyUsage=critical,nonRepudiation
certificatePolicies=2.16.792.1.2.1.1.5.7.1.4.1
1.3.6.1.5.5.7.1.3=ASN1:SEQUENCE:qc
[qc]
etsi=SEQUENCE:qc_etsi
btk=SEQUENCE:qc_btk
[qc_etsi]
id=OID:0.4.0.1862.1.1
[qc_btk]
id=OID:2.16.792.1.61.0.1.5070.1.1'

# portal_signer NAME TCKN [CA [EXTENSIONS]]
portal_signer() {
	portal_certificate "$1" "${3:-ca}" "/C=TR/serialNumber=$2/CN=DENEME KİŞİ" "${4:-$NES_EXTENSIONS}"
}

portal_pki() {
	PKI=$1
	mkdir -p "$PKI"
	portal_ca ca && portal_ca other-ca && portal_signer signer "$TCKN" &&
		portal_certificate server ca "/CN=portal" "subjectAltName=IP:127.0.0.1,DNS:localhost"
}

# portal_start DIRECTORY [OPTION...]: serves the database $PORTAL_DATABASE, else DIRECTORY/portal.db; sets PORTAL_PID,
# PORT and URL. A file DIRECTORY/portal.conf, when there is one, is the configuration; one that says nothing of revocation
# gets it switched off, since the certificates here have nobody who could be asked.
portal_start() {
	local directory=$1
	shift
	mkdir -p "$directory"
	grep -qs '^revocation' "$directory/portal.conf" || echo 'revocation: { mode = "off"; };' >>"$directory/portal.conf"
	rm -f "$directory/ready"
	"$PORTAL" serve --config "$directory/portal.conf" --database "${PORTAL_DATABASE:-$directory/portal.db}" --trust "$PKI/ca.pem" \
		--listen 127.0.0.1:0 --log "$directory/log" --ready-fd 5 "$@" 5>"$directory/ready" \
		2>"$directory/stderr" &
	PORTAL_PID=$!
	if ! wait_for 20 test -s "$directory/ready"; then
		diag_file "$directory/stderr"
		return 1
	fi
	PORT=$(cat "$directory/ready")
	URL=http://127.0.0.1:$PORT
}

portal_stop() {
	stop_process "$PORTAL_PID"
	# Now: a story may empty its log before the next start.
	# shellcheck disable=SC2034 # of tap.sh
	tap_no_secrets "$TMP" || TAP_FAILED=1
}

# portal_code DIRECTORY [OPTION...]: prints a new code for $TCKN.
portal_code() {
	local directory=$1
	shift
	"$PORTAL" code --config "$directory/portal.conf" --database "${PORTAL_DATABASE:-$directory/portal.db}" --tckn "$TCKN" "$@" \
		2>>"$directory/stderr"
}

# portal_open CODE [NONCE]: opens the session as a kiosk; prints "id", "token", ... lines of service_tool.
portal_open() {
	"$TOOL" open "$URL" "${SERVICE_CA:-}" "${2:-nonce-0123456789abcdef}" <<<"$1" 2>&1
}

# portal_submit ID TOKEN FILE: hands the signature in as a kiosk.
portal_submit() {
	"$TOOL" submit "$URL" "${SERVICE_CA:-}" "$1" "$3" <<<"$2" 2>&1
}

# portal_abandon ID TOKEN
portal_abandon() {
	"$TOOL" abandon "$URL" "${SERVICE_CA:-}" "$1" <<<"$2" 2>&1
}

# portal_done ID TOKEN
portal_done() {
	"$TOOL" done "$URL" "${SERVICE_CA:-}" "$1" <<<"$2" 2>&1
}

# field NAME TEXT: what stands behind "NAME " in the lines of the text.
field() {
	sed -n "s/^$1 //p" <<<"$2"
}

# portal_sign CONTENT OUT [SIGNER [OPTION...]]: an attached CAdES-BES signature by openssl.
portal_sign() {
	local content=$1 out=$2 signer=${3:-signer}
	shift $(($# > 3 ? 3 : $#))
	openssl cms -sign -cades -binary -nodetach -nosmimecap -md sha256 -outform DER -in "$content" -out "$out" \
		-signer "$PKI/$signer.pem" -inkey "$PKI/$signer.key" "$@"
}

# portal_login DIRECTORY [NAME [TCKN [operator]]]: a browser session as a login makes one; prints the cookie. PORTAL_KEY: the
# server's key where it does not lie beside the database.
portal_login() {
	local directory=$1 name=${2:-AYŞE}
	shift $(($# > 2 ? 2 : $#))
	printf 'eonay='
	"$top_builddir/browser_tool" "${PORTAL_DATABASE:-$directory/portal.db}" "${PORTAL_KEY:-$directory/portal.db.key}" \
		"${1:-$TCKN}" "$name" "${@:2}"
}
