#!/bin/bash
# kill -9 in the middle of the work, thirty times: what was acknowledged is there, whole and once, and a kiosk whose answer
# was lost gets its receipt by asking again.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"

ROUNDS=${ROUNDS:-30}
D=$TMP/portal
mkdir -p "$D"
cat >"$D/portal.conf" <<'END'
session: { lifetime_s = 600; };
revocation: { mode = "off"; };
END
ok "certificates made" portal_pki "$TMP/pki"
printf %s 'Bundan sonraki e-İmza başvurularında e-Onaylı başvuruyu kullanabilmek için onay veriyorum.' >"$TMP/content"
portal_sign "$TMP/content" "$TMP/cms"

cat >"$TMP/load.py" <<'PY'
import http.client, json, os, random, signal, sqlite3, subprocess, sys, threading, time

portal, folder, trust, cms_file, tckn, rounds = sys.argv[1:6] + [int(sys.argv[6])]
cms = open(cms_file, "rb").read()
database = folder + "/portal.db"
common = ["--config", folder + "/portal.conf", "--database", database]
random.seed(1)
SESSIONS = 6


def start():
    ours, theirs = os.pipe()
    server = subprocess.Popen(
        [portal, "serve", *common, "--trust", trust, "--listen", "127.0.0.1:0", "--log", "none", "--ready-fd", str(theirs)],
        pass_fds=[theirs])
    os.close(theirs)
    with os.fdopen(ours) as ready:
        return server, int(ready.readline())


def new_codes(n):
    makers = [subprocess.Popen([portal, "code", *common, "--tckn", tckn], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL) for _ in range(n)]
    return [m.communicate()[0].decode().strip() for m in makers]


def ask(port, method, path, body, headers):
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        link.request(method, path, body, headers)
        answer = link.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        link.close()


def open_session(port, code, nonce):
    return ask(port, "POST", "/v1/sessions/open", json.dumps({"code": code, "nonce": nonce, "kiosk": "k"}),
               {"Content-Type": "application/json"})


def submit(port, session):
    return ask(port, "PUT", "/v1/sessions/%s/signature" % session["id"], cms,
               {"Content-Type": "application/cms", "Authorization": "Bearer " + session["token"]})


def kiosk(port, code, nonce, acknowledged):
    try:
        status, session = open_session(port, code, nonce)
        if status == 200:
            status, receipt = submit(port, session)
            if status in (200, 201):
                acknowledged.append((code, session["id"], receipt["receipt"]))
    except (OSError, http.client.HTTPException, ValueError):
        pass


all_acknowledged, all_codes, spoiled = {}, {}, 0
span = 0.3
for number in range(rounds):
    codes = new_codes(SESSIONS)
    server, port = start()
    acknowledged = []
    threads = [threading.Thread(target=kiosk, args=(port, c, "nonce-%012d" % number, acknowledged)) for c in codes]
    begin = time.time()
    for t in threads:
        t.start()
    time.sleep(random.uniform(0, span))
    server.send_signal(signal.SIGKILL)
    server.wait()
    for t in threads:
        t.join()
    # Kills before the first answer and behind the last one prove little: the time is fitted to this machine.
    span *= 1.5 if not acknowledged else 0.8 if len(acknowledged) == SESSIONS else 1
    for code in codes:
        all_codes[code] = "nonce-%012d" % number
    for code, session, receipt in acknowledged:
        all_acknowledged[code] = (session, receipt)
    db = sqlite3.connect(database)
    if db.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        spoiled += 1
    kept = dict(db.execute("SELECT session, receipt FROM signature"))
    spoiled += sum(kept.get(s) != r for s, r in all_acknowledged.values())
    db.close()

server, port = start()
lost = doubled = 0
for code, nonce in all_codes.items():
    status, session = open_session(port, code, nonce)
    if status == 409:  # signed; the store has it, as was seen above
        continue
    status, receipt = submit(port, session)
    lost += status != 201
    status, again = submit(port, session)
    doubled += again != receipt
server.terminate()
server.wait()
db = sqlite3.connect(database)
total, different = db.execute("SELECT count(*), count(DISTINCT session) FROM signature").fetchone()
whole = db.execute("SELECT count(*) FROM signature WHERE cms = ?", (cms,)).fetchone()[0]
print("spoiled", spoiled)
print("lost", lost)
print("doubled", doubled)
print("exit", server.returncode)
print("total", total, different, whole, len(all_codes))
print("acknowledged", len(all_acknowledged), "of", len(all_codes))
PY
result=$(/usr/bin/python3 "$TMP/load.py" "$PORTAL" "$D" "$PKI/ca.pem" "$TMP/cms" "$TCKN" "$ROUNDS" 2>"$TMP/stderr")
diag "$(field acknowledged "$result") acknowledged before a kill"
is "nothing acknowledged was lost and the database is whole after each kill" "$(field spoiled "$result")" 0
is "whoever asks again is served" "$(field lost "$result")" 0
is "and has one receipt" "$(field doubled "$result")" 0
n=$((ROUNDS * 6))
is "each session has one signature, as it came in" "$(field total "$result")" "$n $n $n $n"
is "the last one ended in order" "$(field exit "$result")" 0 || diag_file "$TMP/stderr"
acknowledged=$(field acknowledged "$result")
ok "kills hit before and after acknowledgements" test "${acknowledged%% *}" -gt 0 -a "${acknowledged%% *}" -lt "$n"
done_testing
