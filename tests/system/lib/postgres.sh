# shellcheck shell=bash
# A PostgreSQL server of the test's own, Debian's: on a socket in a folder of its own, without TCP. Source tap.sh first.
#
# postgres_start [SETTING=VALUE...] sets PG (a conninfo for libpq, as "host=… dbname=eonay user=eonay") and PG_PID; the
# server ends with the test. PostgreSQL refuses to run as root: it then runs as the user that its package made.

PG_BIN=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)

# postgres_run COMMAND...: as the user that the server runs as.
postgres_run() {
	if ((EUID == 0)); then
		exec setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"
	else
		exec "$@"
	fi
}

postgres_initialise() {
	(cd "$PG_FOLDER" && postgres_run "$PG_BIN/initdb" -D "$PG_FOLDER/data" -U eonay -A trust -E UTF8 --locale=C.UTF-8 \
		--no-sync) >"$TMP/initdb.log" 2>&1 </dev/null || { diag_file "$TMP/initdb.log"; return 1; }
}

# postgres_launch: starts the server over the folder that is there; also after postgres_kill.
postgres_launch() {
	(cd "$PG_FOLDER" && postgres_run "$PG_BIN/postgres" -D "$PG_FOLDER/data" -k "$PG_FOLDER" \
		-c listen_addresses= -c max_connections=200 -c shared_buffers=32MB -c unix_socket_permissions=0777 \
		"${PG_SETTINGS[@]}") >>"$TMP/postgres.log" 2>&1 </dev/null &
	PG_PID=$!
	wait_for 60 "$PG_BIN/pg_isready" -q -h "$PG_FOLDER" -U eonay -d postgres || {
		diag_file "$TMP/postgres.log"
		return 1
	}
}

# postgres_start [SETTING=VALUE...]
postgres_start() {
	local setting

	PG_FOLDER=$(mktemp -d /tmp/eonay-postgres.XXXXXX) || return 1
	at_end rm -rf "$PG_FOLDER"
	at_end postgres_stop
	((EUID != 0)) || chown postgres "$PG_FOLDER"
	chmod 755 "$PG_FOLDER"
	PG_SETTINGS=()
	for setting; do
		PG_SETTINGS+=(-c "$setting")
	done
	postgres_initialise && postgres_launch || return 1
	PG="host=$PG_FOLDER user=eonay dbname=eonay"
	"$PG_BIN/createdb" -h "$PG_FOLDER" -U eonay eonay
}

# postgres_stop: ends the server in order, whoever is connected.
postgres_stop() {
	[ -n "${PG_PID:-}" ] && kill -INT "$PG_PID" 2>/dev/null || return 0
	wait_for 30 process_gone "$PG_PID" || kill -KILL "$PG_PID"
	wait "$PG_PID" 2>/dev/null
	PG_PID=
}

# postgres_sql SQL: its rows, columns parted by "|".
postgres_sql() {
	"$PG_BIN/psql" -X -A -t -q -v ON_ERROR_STOP=1 "$PG" -c "$1"
}
