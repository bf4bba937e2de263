#!/bin/bash
# Two instances on one PostgreSQL serve one population: what one has given out the other takes in, once. And the server may
# go away and come back without their being started again.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/postgres.sh"

[ -n "$PG_BIN" ] || skip_all "no PostgreSQL server; on Debian: apt-get install postgresql"
postgres_start fsync=off || bail "the server does not start"
PORTAL_DATABASE="postgresql:$PG"
ok "certificates made" portal_pki "$TMP/pki"
printf %s 'Bundan sonraki e-İmza başvurularında e-Onaylı başvuruyu kullanabilmek için onay veriyorum.' >"$TMP/content"
for i in 0 1 2 3; do
	portal_sign "$TMP/content" "$TMP/cms.$i"
done

# instance NAME: starts one; sets PORT.
instance() {
	mkdir -p "$TMP/$1"
	cat >"$TMP/$1/portal.conf" <<-END
		listen: { connections = 300; connections_per_address = 300; };
		store: { server_key = "$TMP/key"; };
	END
	portal_start "$TMP/$1" || bail "the service does not start"
	at_end stop_process "$PORTAL_PID"
}
instance one
first=$PORT first_pid=$PORTAL_PID
instance two
second=$PORT

code=$(portal_code "$TMP/one")
URL=http://127.0.0.1:$second
opened=$(portal_open "$code")
id=$(field id "$opened") token=$(field token "$opened")
URL=http://127.0.0.1:$first
like "a code of one instance opens at the other" "$opened" "^id [0-9A-F]{32}$"
like "and only once" "$(portal_open "$code" other-nonce-0123456789)" CODE_USED

cat >"$TMP/many.py" <<'PY'
import http.client, json, sys, threading

ports, session, token, folder = [int(p) for p in sys.argv[1:3]], sys.argv[3], sys.argv[4], sys.argv[5]
signatures = [open("%s/cms.%d" % (folder, i), "rb").read() for i in range(4)]
results, gate = [None] * 60, threading.Barrier(60)


def put(i):
    gate.wait()
    link = http.client.HTTPConnection("127.0.0.1", ports[i % 2], timeout=60)
    link.request("PUT", "/v1/sessions/%s/signature" % session, signatures[i % 4],
                 {"Content-Type": "application/cms", "Authorization": "Bearer " + token})
    answer = link.getresponse()
    results[i] = answer.status, json.loads(answer.read())


threads = [threading.Thread(target=put, args=(i,)) for i in range(60)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(sum(r[0] == 201 for r in results), len({r[1]["receipt"] for r in results if r[0] in (200, 201)}),
      sum(r[0] not in (200, 201, 409) for r in results))
PY
is "of sixty signatures handed in at both one is accepted, and has one receipt" \
	"$(/usr/bin/python3 "$TMP/many.py" "$first" "$second" "$id" "$token" "$TMP" 2>"$TMP/stderr")" "1 1 0" ||
	diag_file "$TMP/stderr"
is "it is stored once" "$(postgres_sql 'SELECT count(*) FROM signature')" 1

# answers STATUS: whether the first instance is ready, told with this status.
answers() {
	[ "$(curl -s -o "$TMP/health" -w '%{http_code}' "http://127.0.0.1:$first/readyz")" = "$1" ]
}
ok "ready" answers 200
postgres_stop
ok "without the server it says so" wait_for 20 answers 503
like "in words" "$(cat "$TMP/health")" '"K-420"'
is "though it is there" "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$first/healthz")" 200
like "and why in its log" "$(cat "$TMP/one/log")" 'K-420 STORE.*postgresql: '
postgres_launch || bail "the server does not start again"
ok "with the server it works again by itself" wait_for 20 answers 200
not_ok "it was never started again" process_gone "$first_pid"
code=$(portal_code "$TMP/two")
like "a code is given out and opened" "$(portal_open "$code" third-nonce-0123456789)" "^id [0-9A-F]{32}$"
unlike "no log has the T.C. kimlik no" "$(cat "$TMP"/*/log "$TMP/postgres.log")" "$TCKN"
done_testing
