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
done_testing
