#!/bin/bash
# `make bench-portal`: the service under load at length, as a table. It judges nothing (portal_gates.sh does).
#
# LOAD_FILLS: numbers of consents that are stored before; LOAD_COUNT: sessions of each run; LOAD_CLIENTS.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/postgres.sh"
. "$top_srcdir/tests/bench/lib/load.sh"

FILLS=${LOAD_FILLS:-1000 10000 100000 1000000} COUNT=${LOAD_COUNT:-2000} CLIENTS=${LOAD_CLIENTS:-1 16 64}

line() {
	printf '%-11s %8s %7s %-8s %9s %8s %8s %7s %10s %8s %8s\n' "$@"
}

# table ENGINE INSTANCES STORED CLIENTS COUNT: runs, and prints a line for each stage. Of the bare verification: the
# signatures accepted in a second as a part of those that all processors could verify, though they serve the clients and the
# database, too; and those that the service's own CPU time stands for.
table() {
	local run bare stage rate p50 p99 cpu client part cpu_part

	bare=$(load_bare)
	run=$(load_run "$4" "$5") || bail "a run has failed"
	while read -r stage rate p50 p99 cpu client; do
		part='' cpu_part=''
		if [ "$stage" = accepted ]; then
			part=$(quotient "$rate" "$(load_figure 2 bare "$bare")")
			cpu_part=$(quotient "$(load_figure 3 bare "$bare")" "$cpu")
		fi
		line "$1 x$2" "$3" "$4" "$stage" "$rate" "$p50" "$p99" "$cpu" "$client" "$part" "$cpu_part"
	done <<<"$run"
}

# fill_sql SERIES ID MAC TCKN CMS: what these expressions over the numbers n of the series make, as signed consents.
fill_sql() {
	cat <<-END
		INSERT INTO session (id, state, person, tckn, created, expires, code_mac, nonce_mac, token_mac)
			SELECT $2, 2, 'DENEME', $4, 1700000000 + n, 1700000300 + n, $3, $3, $3 FROM $1;
		INSERT INTO session_text (session, position, content) SELECT $2, 0, $5 FROM $1;
		INSERT INTO signature (session, receipt, accepted_at, sha256, cms) SELECT $2, $2, 1700000100 + n, $3, $5 FROM $1;
	END
}

# fill_sqlite FROM TO, fill_postgres FROM TO
fill_sqlite() {
	sqlite3 -cmd ".timeout 60000" "$TMP/portal.db" "BEGIN; $(fill_sql \
		"(WITH RECURSIVE s (n) AS (SELECT $1 UNION ALL SELECT n + 1 FROM s WHERE n < $2) SELECT n FROM s)" \
		"printf('%032X', n)" "CAST(printf('%032d', n) AS BLOB)" "CAST(20000000000 + n / 10 AS TEXT)" \
		"randomblob(1500)") COMMIT;"
}
fill_postgres() {
	postgres_sql "BEGIN; $(fill_sql "generate_series($1, $2) AS s (n)" "upper(lpad(to_hex(n), 32, '0'))" \
		"decode(lpad(to_hex(n), 64, '0'), 'hex')" "(20000000000 + n / 10)::text" \
		"decode(repeat(md5(n::text), 94), 'hex')") COMMIT; ANALYZE;"
}

# engine NAME DATABASE INSTANCE_COUNT...: one engine with each number of instances, then with ever more consents.
engine() {
	local name=$1 database=$2 n clients stored=0 fill

	shift 2
	for n; do
		load_start "$name.$n" "$n" "$database" || bail "the service does not start"
		for clients in $CLIENTS; do
			table "$name" "$n" 0 "$clients" "$COUNT"
		done
		load_stop
	done
	load_start "$name.filled" 1 "$database" || bail "the service does not start"
	for fill in $FILLS; do
		"fill_$name" $((stored + 1)) "$fill" >/dev/null || bail "the consents cannot be stored"
		stored=$fill
		table "$name" 1 "$stored" 16 "$COUNT"
	done
	load_stop
}

load_prepare || bail "no signature"
load_bare | sed 's/^bare \([0-9]*\) /bare verification, threads \1: signatures a second, CPU ms: /'
line engine stored clients stage a_second p50_ms p99_ms cpu_ms client_cpu of_bare cpu_part
engine sqlite "$TMP/portal.db" 1
if [ -n "$PG_BIN" ] && postgres_start; then
	engine postgres "postgresql:$PG" 1 2 4
fi
load_start memory 1 "$TMP/memory.db" || bail "the service does not start"
echo "memory in KiB with 1000 sessions, 10000, and 1000 streams of events beside them:"
load_hold 16 10000 1000 | awk '$1 ~ /^(warm|sessions|streams)$/'
load_stop
