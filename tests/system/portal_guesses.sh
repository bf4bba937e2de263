#!/bin/bash
# Wrong codes are counted over all instances on one database, and by whoever starts anew: neither more instances nor a
# restart buys a guess.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/postgres.sh"

ok "certificates made" portal_pki "$TMP/pki"

# guess.py "PORT..." FIRST LAST CLIENT CODE [NONCE]: tries the code (wrong: one that nobody has) for each number, in turn at
# the ports, and prints the numbers of the answers; "%d" of the client is the number. AT_ONCE: all at the same moment.
cat >"$TMP/guess.py" <<'PY'
import collections, json, os, socket, sys

ports, first, last = [int(p) for p in sys.argv[1].split()], int(sys.argv[2]), int(sys.argv[3])


def begin(n):
    s = socket.create_connection(("127.0.0.1", ports[n % len(ports)]))
    code = sys.argv[5] if sys.argv[5] != "wrong" else "%017d" % n
    text = json.dumps({"code": code, "nonce": (sys.argv[6:] or ["nonce-of-one-kiosk"])[0], "kiosk": ""})
    s.sendall(("POST /v1/sessions/open HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
               "X-Forwarded-For: %s\r\nContent-Length: %d\r\n\r\n%s"
               % (sys.argv[4].replace("%d", str(n)), len(text), text[:-1])).encode())
    return s


def end(s):
    body = s.makefile("rb").read().split(b"\r\n\r\n", 1)[1]
    s.close()
    return json.loads(body).get("code", "opened")


if "AT_ONCE" in os.environ:
    links = [begin(n) for n in range(first, last + 1)]
    for s in links:
        s.sendall(b"}")
    told = [end(s) for s in links]
else:
    told = []
    for n in range(first, last + 1):
        s = begin(n)
        s.sendall(b"}")
        told.append(end(s))
print(" ".join("%dx%s" % (n, s) for s, n in sorted(collections.Counter(told).items())))
PY

guess() {
	timeout 100 /usr/bin/python3 "$TMP/guess.py" "$@" 2>"$TMP/stderr" || diag_file "$TMP/stderr"
}

# instance NAME LIMITS: starts one; sets PORT and PORTAL_PID.
instance() {
	mkdir -p "$folder/$1"
	cat >"$folder/$1/portal.conf" <<-END
		listen: { proxies = "127.0.0.1"; };
		store: { server_key = "$folder/key"; };
		limits: { $2 };
	END
	portal_start "$folder/$1" || bail "the service does not start"
	at_end stop_process "$PORTAL_PID"
}

# both LIMITS: starts both instances, again when they run.
both() {
	[ -z "${first_pid:-}" ] || stop_process "$first_pid"
	[ -z "${second_pid:-}" ] || stop_process "$second_pid"
	instance one "$1"
	first=$PORT first_pid=$PORTAL_PID
	instance two "$1"
	second=$PORT second_pid=$PORTAL_PID
}

alarms() {
	cat "$folder"/*/log | grep -c 'alarm: '
}

# sql STATEMENT: on the database of this story.
sql() {
	if [ "$engine" = SQLite ]; then
		sqlite3 -cmd '.timeout 10000' "$PORTAL_DATABASE" "$1"
	else
		postgres_sql "$1"
	fi
}

# story: on $PORTAL_DATABASE, in $folder.
story() {
	local code

	mkdir -p "$folder"
	first_pid='' second_pid=''
	both ''
	code=$(portal_code "$folder/one")
	is "$engine: five wrong codes in turn are told to be wrong" "$(guess "$first $second" 1 5 192.0.2.1 wrong)" 5xK-410
	is "the sixth is not, at neither" "$(guess "$first $second" 1 2 192.0.2.1 wrong)" 2xK-413
	is "nor is a right one taken" "$(guess "$first $second" 1 2 192.0.2.1 "$code")" 2xK-413
	guess "$first" 1 5 192.0.2.2 wrong >"$TMP/out"
	is "nor where nothing was heard of it" "$(guess "$second" 1 1 192.0.2.2 "$code")" 1xK-413
	is "but of another client it is" "$(guess "$second" 1 1 192.0.2.3 "$code")" 1xopened
	is "then it is used" "$(guess "$first" 1 1 192.0.2.3 "$code" another-nonce-of-a-kiosk)" 1xK-412
	guess "$first" 1 5 192.0.2.9 wrong >"$TMP/out"
	is "which is not told to all" "$(guess "$second" 1 1 192.0.2.9 "$code" another-nonce-of-a-kiosk)" 1xK-413
	is "of a hundred guesses at once at both five are looked at" \
		"$(AT_ONCE=1 guess "$first $second" 1 100 192.0.2.4 wrong)" "5xK-410 95xK-413"
	is "what is stored of an address is a keyed hash" "$(sql 'SELECT DISTINCT length(who) FROM wrong_code')" 32

	both 'per_hour = 5; all_per_minute = 1000;'
	is "after a restart they are known" "$(guess "$first $second" 1 2 192.0.2.1 "$(portal_code "$folder/one")")" 2xK-413

	is "a right code" "$(guess "$second" 1 1 192.0.2.3 "$(portal_code "$folder/one")")" 1xopened
	is "ninety-nine wrong ones of many" "$(guess "$first $second" 1 99 198.51.100.%d wrong)" 99xK-410
	is "a right one at one of the two" "$(guess "$second" 1 1 192.0.2.3 "$(portal_code "$folder/one")")" 1xopened
	is "is a new row at both" "$(guess "$first $second" 1 99 198.51.100.%d wrong)" 99xK-410
	is "without an alarm" "$(alarms)" 0
	is "the hundredth wrong one in a row" "$(guess "$first" 1 1 192.0.2.5 wrong)" 1xK-410
	is "is an alarm" "$(alarms)" 1
	code=$(portal_code "$folder/one")
	is "then none is taken, though it is right" "$(guess "$first $second" 1 2 192.0.2.6 "$code")" 2xK-413
	both 'per_hour = 64; all_per_minute = 1000;'
	is "nor after a restart" "$(guess "$first $second" 1 2 192.0.2.6 "$code")" 2xK-413
	is "nor are guesses of many at once" "$(AT_ONCE=1 guess "$first $second" 1 60 203.0.113.%d wrong)" 60xK-413
	both 'all_per_minute = 1000; stop_s = 1;'
	opened() { [ "$(guess "$first" 1 1 192.0.2.6 "$code")" = 1xopened ]; }
	ok "until the stop is over" wait_for 20 opened

	sql 'ALTER TABLE wrong_code RENAME TO away'
	is "what cannot be counted is not answered" "$(guess "$first" 1 5 192.0.2.7 wrong)" 5xK-420
	is "and counts for the instance" "$(guess "$first" 1 1 192.0.2.7 wrong)" 1xK-413
	is "nor is a right one taken that cannot be judged" "$(guess "$second" 1 1 192.0.2.8 "$(portal_code "$folder/one")")" \
		1xK-420
	sql 'ALTER TABLE away RENAME TO wrong_code'
	is "also when it can be again" "$(guess "$first" 1 1 192.0.2.7 wrong)" 1xK-413
	stop_process "$first_pid"
	stop_process "$second_pid"
}

engine=SQLite folder=$TMP/sqlite PORTAL_DATABASE=$TMP/portal.db
story
if [ -n "$PG_BIN" ]; then
	postgres_start fsync=off || bail "the server does not start"
	engine=PostgreSQL folder=$TMP/postgresql PORTAL_DATABASE="postgresql:$PG"
	story
else
	skip "PostgreSQL; on Debian: apt-get install postgresql"
fi
done_testing
