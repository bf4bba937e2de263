#!/bin/bash
# What must hold of the store, on both databases: storing for good costs no more than the verification before it, however
# much is stored already, and memory does not grow with it. Ratios within one run, since machines differ; the best of three.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/postgres.sh"

BENCH=$top_builddir/store_bench
SIGNATURES=${SIGNATURES:-500}
PROCESSORS=$(nproc)
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

# accept_story NAME DATABASE: the best of three, of the signatures accepted as a part of those that a loop on one processor
# could verify, in LOOP, and of the processor time of verifying as a part of that of accepting, in CPU.
accept_story() {
	local result loop cpu

	LOOP=0 CPU=0
	for _ in 1 2 3; do
		result=$("$BENCH" accept "$2" "$PKI/ca.pem" "$TMP/cms" "$TMP/content" "$TCKN" 16 "$SIGNATURES")
		loop=$(ratio $(($(field accepted "$result") * PROCESSORS)) "$(field bare "$result")")
		cpu=$(ratio "$(field bare_cpu_us "$result")" "$(field accepted_cpu_us "$result")")
		diag "$1: of a loop $loop, of its processor time $cpu;" "$(xargs <<<"$result")"
		at_least "$LOOP" "$loop" || LOOP=$loop
		at_least "$CPU" "$cpu" || CPU=$cpu
	done
	# The goal is 2; what arithmetic costs beside the rest differs between processors.
	ok "$1: accepting takes at most 2.5 times the service's processor time of verifying ($CPU)" at_least "$CPU" 0.4
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

accept_story SQLite "$TMP/accept.db"
ok "SQLite: at least half as many signatures are accepted as a loop could verify ($LOOP)" at_least "$LOOP" 0.5
growth_story SQLite "$TMP/growth.db"
if [ -n "$PG_BIN" ] && postgres_start; then
	# The server shares our processors here, and in service has its own: what counts is the time on ours.
	accept_story PostgreSQL "postgresql:$PG"
	growth_story PostgreSQL "postgresql:$PG"
else
	skip "the same on PostgreSQL" "no server"
fi
done_testing
