#!/bin/bash
# What must hold of the store, on both databases: storing for good costs no more than the verification before it, however
# much is stored already, and memory does not grow with it. Ratios within one run, since machines differ; the best of three.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/postgres.sh"

BENCH=$top_builddir/store_bench
SIGNATURES=${SIGNATURES:-500}
STORED=${STORED:-1000 10000} # consents, from the fewest to the most; 1000000 is what is asked for, and takes minutes

PKI=$TMP/pki
mkdir -p "$PKI"
portal_ca ca || bail "no CA"
printf '%s\n' "$NES_EXTENSIONS" >"$PKI/signer.ext"
{
	openssl req -new -newkey rsa:2048 -nodes -keyout "$PKI/signer.key" -out "$PKI/signer.csr" -subj "/C=TR/serialNumber=$TCKN/CN=DENEME" &&
		openssl x509 -req -in "$PKI/signer.csr" -CA "$PKI/ca.pem" -CAkey "$PKI/ca.key" -CAcreateserial -sha256 -days 20 \
			-extfile "$PKI/signer.ext" -out "$PKI/signer.pem"
} 2>/dev/null || bail "no signer"
printf %s 'Bundan sonraki e-İmza başvurularında e-Onaylı başvuruyu kullanabilmek için onay veriyorum.' >"$TMP/content"
portal_sign "$TMP/content" "$TMP/cms" || bail "no signature"

# ratio A B: A / B with two digits.
ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", b ? a / b : 0 }'
}
# at_least A B: whether A >= B.
at_least() {
	awk -v a="$1" -v b="$2" 'BEGIN { exit !(a >= b) }'
}

# accept_story NAME DATABASE ACCEPTED BARE WHAT: the best of three ratios of these two figures is 0.5 at least.
accept_story() {
	local best=0 result r
	for _ in 1 2 3; do
		result=$("$BENCH" accept "$2" "$PKI/ca.pem" "$TMP/cms" "$TMP/content" "$TCKN" 16 "$SIGNATURES")
		r=$(ratio "$(field "$3" "$result")" "$(field "$4" "$result")")
		diag "$1: ratio $r;" "$(xargs <<<"$result")"
		at_least "$best" "$r" || best=$r
	done
	ok "$1: $5 ($best)" at_least "$best" 0.5
}

# growth_story NAME DATABASE: latencies among few and among many.
growth_story() {
	local stored=0 n first="" result
	for n in $STORED; do
		"$BENCH" fill "$2" "$stored" $((n - stored)) >/dev/null || bail "not filled"
		stored=$n
		result=$("$BENCH" latency "$2" "$n" 300)
		diag "$1, $n stored: $(xargs <<<"$result")"
		first=${first:-$result}
	done
	for what in find_us open_us sign_us day_us; do
		ok "$1: $what does not grow with what is stored" \
			at_least $(($(field $what "$first") * 4 + 1000)) "$(field $what "$result")"
	done
	ok "$1: memory does not grow either" at_least $(($(field rss_kib "$first") + 8192)) "$(field rss_kib "$result")"
}

accept_story SQLite "$TMP/accept.db" accepted bare "at least half as many signatures are accepted as could be verified"
growth_story SQLite "$TMP/growth.db"
if [ -n "$PG_BIN" ] && postgres_start; then
	# The server shares our processors here, and in service has its own: what counts is the time on ours.
	accept_story PostgreSQL "postgresql:$PG" bare_cpu_us accepted_cpu_us \
		"accepting takes at most twice the service's processor time of verifying"
	growth_story PostgreSQL "postgresql:$PG"
else
	skip "the same on PostgreSQL" "no server"
fi
done_testing
