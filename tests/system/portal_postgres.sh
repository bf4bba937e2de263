#!/bin/bash
# The store's tests once more, on PostgreSQL.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/postgres.sh"

[ -n "$PG_BIN" ] || skip_all "no PostgreSQL server; on Debian: apt-get install postgresql"
postgres_start fsync=off || bail "the server does not start"

unset CMOCKA_MESSAGE_OUTPUT
for test in test_db test_migration test_store test_store_audit test_store_guess test_store_pages test_store_watch; do
	ok "$test" env "EONAY_TEST_POSTGRES=$PG" "$top_builddir/$test"
done
is "nothing is left behind" "$(postgres_sql "SELECT nspname FROM pg_namespace WHERE nspname LIKE 't_%'")" ""

# Statistics of a day on which every session was signed: one that is open is still found by its id, not among all open ones.
"$top_builddir/store_bench" fill "postgresql:$PG" 0 300 >/dev/null || bail "nothing is stored"
postgres_sql ANALYZE
ok "sessions are opened and signed" "$top_builddir/store_bench" latency "postgresql:$PG" 300 20
is "none is looked for among those that are not signed" "$(postgres_sql "SELECT sum(idx_scan) FROM pg_stat_user_indexes
	JOIN pg_indexes ON indexrelname = indexname WHERE indexdef LIKE '%(expires) WHERE%'")" 0
done_testing
