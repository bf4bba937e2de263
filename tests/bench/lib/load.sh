# shellcheck shell=bash
# A service to be measured, with settings that bound nothing, and a signature with RSA keys of 2048 bits as cards have them.
# Source tap.sh, portal.sh and postgres.sh first.

LOAD=$top_builddir/portal_load

# The settings that a system test has no need of: one address with many connections, and a signature made once for all.
load_settings() {
	cat <<-END
		listen: { threads = 16; connections = 4096; connections_per_address = 4096; streams = 2000; streams_per_address = 2000; };
		session: { lifetime_s = 600; };
		signature: { clock_tolerance_s = 3600; };
		browser: { idle_s = 28800; };
		revocation: { mode = "off"; };
		limits: { codes_per_minute = 0; };
		store: { server_key = "$PORTAL_KEY"; };
	END
}

# load_prepare: $PKI, $TMP/text and $TMP/cms.
load_prepare() {
	portal_pki "$TMP/pki" || return 1
	printf '%s\n' "$NES_EXTENSIONS" >"$PKI/card.ext"
	openssl req -new -newkey rsa:2048 -nodes -keyout "$PKI/card.key" -subj "/C=TR/serialNumber=$TCKN/CN=DENEME KİŞİ" \
		-out "$PKI/card.csr" 2>/dev/null &&
		openssl x509 -req -in "$PKI/card.csr" -CA "$PKI/ca.pem" -CAkey "$PKI/ca.key" -CAcreateserial -sha256 \
			-days 20 -extfile "$PKI/card.ext" -out "$PKI/card.pem" 2>/dev/null || return 1
	printf %s 'Bundan sonraki e-İmza başvurularında e-Onaylı başvuruyu kullanabilmek için onay veriyorum.' >"$TMP/text"
	portal_sign "$TMP/text" "$TMP/cms" card
}

# load_start NAME N DATABASE: N instances on one database; sets LOAD_INSTANCES (pid and address of each) and LOAD_COOKIE.
load_start() {
	local name=$1 n=$2 i

	export PORTAL_DATABASE=$3 PORTAL_KEY=$3.key
	[[ $3 != postgresql:* ]] || PORTAL_KEY=$TMP/key
	LOAD_INSTANCES=()
	for ((i = 0; i < n; i++)); do
		mkdir -p "$TMP/$name.$i"
		load_settings >"$TMP/$name.$i/portal.conf"
		portal_start "$TMP/$name.$i" || return 1
		at_end stop_process "$PORTAL_PID"
		LOAD_INSTANCES+=("$PORTAL_PID" "$URL")
	done
	[ "${LOAD_DATABASE:-}" = "$3" ] || LOAD_COOKIE=$(portal_login "$TMP/$name.0")
	LOAD_DATABASE=$3
}

load_stop() {
	local i

	for ((i = 0; i < ${#LOAD_INSTANCES[@]}; i += 2)); do
		stop_process "${LOAD_INSTANCES[i]}"
	done
}

# load_run CLIENTS COUNT: what `portal_load run` tells of the instances.
load_run() {
	"$LOAD" run "$1" "$2" "$TMP/cms" "${LOAD_INSTANCES[@]}" <<<"$LOAD_COOKIE"
}

# load_hold CLIENTS SESSIONS STREAMS
load_hold() {
	"$LOAD" hold "$@" "${LOAD_INSTANCES[@]}" <<<"$LOAD_COOKIE"
}

# load_bare: what `portal_load bare` tells.
load_bare() {
	"$LOAD" bare "$PKI/ca.pem" "$TMP/cms" "$TMP/text"
}

# load_figure COLUMN NAME TEXT: the column (1 the rate) of the last line that begins with the name.
load_figure() {
	awk -v column="$1" -v name="$2" '$1 == name { x = $(column + 1) } END { print x }' <<<"$3"
}

# quotient A B
quotient() {
	awk "BEGIN { printf \"%.2f\", $1 / $2 }"
}
