#!/bin/bash
# kill -9 in the middle of the work, two hundred times, on both databases; on PostgreSQL sometimes of one of the server's
# processes, so that it recovers as after a crash. What was acknowledged is there, whole and once; a kiosk whose answer was
# lost gets its receipt by asking again; and the audit log tells of each signature, once, in an unbroken chain.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/postgres.sh"

ok "certificates made" portal_pki "$TMP/pki"
printf %s 'Bundan sonraki e-İmza başvurularında e-Onaylı başvuruyu kullanabilmek için onay veriyorum.' >"$TMP/content"
portal_sign "$TMP/content" "$TMP/cms"

cat >"$TMP/load.py" <<'PY'
import hashlib, http.client, itertools, json, os, queue, random, signal, subprocess, sys, threading, time

portal, folder, database, trust, cms_file, rounds, psql = sys.argv[1:6] + [int(sys.argv[6]), sys.argv[7:]]
cms = open(cms_file, "rb").read()
codes, giving = queue.Queue(), threading.Lock()
common = ["--config", folder + "/portal.conf", "--database", database]
random.seed(1)
KIOSKS = 6
port, over = None, False
acknowledged, cuts, wrong = {}, [0], []
# The port of a service that was killed may go to one of another test: an address of our own, by the process id.
ADDRESS = "127.%d.%d.%d" % (1 + (os.getpid() >> 16), os.getpid() >> 8 & 255, os.getpid() & 255)


def start():
    ours, theirs = os.pipe()
    server = subprocess.Popen([portal, "serve", *common, "--trust", trust, "--listen", ADDRESS + ":0", "--log", "none",
                               "--ready-fd", str(theirs)], pass_fds=[theirs], stderr=open(folder + "/stderr", "ab"))
    os.close(theirs)
    with os.fdopen(ours) as ready:
        return server, int(ready.readline() or 0)


def ask(method, path, body, headers):
    link = http.client.HTTPConnection(ADDRESS, port, timeout=20)
    try:
        link.request(method, path, body, headers)
        answer = link.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        link.close()


def sign(code, nonce, known):
    """One attempt from the code to the receipt; None: something was in the way."""
    try:
        if "id" not in known:
            status, session = ask("POST", "/v1/sessions/open", json.dumps({"code": code, "nonce": nonce, "kiosk": "k"}),
                                  {"Content-Type": "application/json"})
            if status != 200:
                return None if status >= 500 else wrong.append((code, status, session))
            known.update(session)
        status, receipt = ask("PUT", "/v1/sessions/%s/signature" % known["id"], cms,
                              {"Content-Type": "application/cms", "Authorization": "Bearer " + known["token"]})
        if status in (200, 201):
            return receipt["receipt"]
        if status < 500:
            wrong.append((code, status, receipt))
    except (OSError, http.client.HTTPException, ValueError):
        cuts[0] += 1
        time.sleep(0.005)
    return None


def next_code():
    """There is work to the last kill: when there are no codes more are given out, by a program that no kill is for."""
    with giving:
        while codes.empty() and not over:
            given = subprocess.run([os.environ["STORE_BENCH"], "codes", database, *os.environ["CODES"].split(), "300"],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            for line in given.stdout.decode().splitlines() if given.returncode == 0 else []:
                if line[:17].isdigit():
                    codes.put(line.strip())
        return None if codes.empty() else codes.get()


def kiosk(number):
    while not over:
        code = next_code()
        if code is None:
            return
        time.sleep(random.uniform(0, 0.1))
        known, nonce, receipt = {}, "nonce-%012d" % number, None
        while receipt is None and not wrong:
            receipt = sign(code, nonce, known)
        if receipt:
            acknowledged[known["id"]] = receipt
            again = None
            while again is None and not wrong:
                again = sign(code, nonce, known)
            if again != receipt:
                wrong.append((code, receipt, again))


def recovered():
    """PostgreSQL takes connections again after one of its processes was killed."""
    deadline = time.time() + 60
    while psql and time.time() < deadline:
        if subprocess.run(psql + ["-X", "-q", "-c", ""], stderr=subprocess.DEVNULL).returncode == 0:
            return
        time.sleep(0.05)


def rows(sql):
    if psql:
        recovered()
        text = subprocess.run(psql + ["-X", "-A", "-t", "-q", "-c", sql], stdout=subprocess.PIPE, check=True).stdout
    else:
        text = subprocess.run(["sqlite3", "-cmd", ".timeout 5000", database, sql], stdout=subprocess.PIPE, check=True).stdout
    return [line.split("|") for line in text.decode().split()]


def kill_server_process():
    """One of PostgreSQL's: its master ends all and recovers."""
    pids = rows("SELECT pid FROM pg_stat_activity WHERE application_name = 'eonay-portal'")
    if pids:
        try:
            os.kill(int(random.choice(pids)[0]), signal.SIGKILL)
        except ProcessLookupError:
            pass


def audit_broken():
    recovered()
    return subprocess.run([portal, "audit", "verify", *common], stdout=subprocess.DEVNULL).returncode != 0


spoiled = kills = 0
server, port = start()
threads = [threading.Thread(target=kiosk, args=(n,)) for n in range(KIOSKS)]
for t in threads:
    t.start()
for number in range(rounds):
    time.sleep(random.uniform(0.01, 0.15))
    kills += 1
    if psql and number % 6 == 5:
        kill_server_process()
        continue
    server.send_signal(signal.SIGKILL)
    server.wait()
    deadline = time.time() + 60
    while True:  # PostgreSQL may be recovering
        server, port = start()
        if port or time.time() > deadline:
            break
        server.wait()
    if number % 20 == 19:
        spoiled += audit_broken()
over = True
for t in threads:
    t.join()
server.terminate()
server.wait()
spoiled += audit_broken()
kept = rows("SELECT session, receipt, %s FROM signature" % ("encode(sha256(cms), 'hex')" if psql else "hex(sha256)"))
told = rows("SELECT subject, detail FROM audit WHERE action = 'session.sign'")
digest = hashlib.sha256(cms).hexdigest()
print("kills", kills)
print("broken", spoiled)
print("wrong", len(wrong), wrong[:3])
print("lost", sum({k[0]: k[1] for k in kept}.get(s) != r for s, r in acknowledged.items()))
print("doubled", len(kept) - len({k[0] for k in kept}))
print("half", sum(k[2].lower() != digest for k in kept))
print("told", sorted(told) == sorted(k[:2] for k in kept))
print("exit", server.returncode)
print("acknowledged", len(acknowledged), "cut", cuts[0])
if not psql:
    print("integrity", rows("PRAGMA integrity_check")[0][0])
PY

# kill_story NAME DATABASE ROUNDS [PSQL...]
kill_story() {
	local name=$1 database=$2 rounds=$3 folder=$TMP/$1 key=$TMP/portal.db.key result
	shift 3
	mkdir -p "$folder"
	cat >"$folder/portal.conf" <<-END
		session: { lifetime_s = 600; };
		signature: { clock_tolerance_s = 3600; };
		store: { server_key = "$key"; };
		revocation: { mode = "off"; };
	END
	result=$(STORE_BENCH=$top_builddir/store_bench CODES="$key $TMP/content $TCKN" \
		/usr/bin/python3 "$TMP/load.py" "$PORTAL" "$folder" "$database" "$PKI/ca.pem" "$TMP/cms" "$rounds" "$@" \
		2>"$folder/python")
	diag "$name: $(field acknowledged "$result")"
	is "$name: killed so often" "$(field kills "$result")" "$rounds" || diag_file "$folder/python"
	is "$name: nothing acknowledged was lost" "$(field lost "$result")" 0
	is "$name: no session has two signatures" "$(field doubled "$result")" 0
	is "$name: none is half there" "$(field half "$result")" 0
	is "$name: whoever asks again gets his receipt" "$(field wrong "$result")" "0 []"
	is "$name: the audit log was never broken" "$(field broken "$result")" 0 || diag_file "$folder/stderr"
	is "$name: it tells of each signature, once" "$(field told "$result")" True
	is "$name: the service ends in order at last" "$(field exit "$result")" 0 || diag_file "$folder/stderr"
	like "$name: kills hit the work" "$(field acknowledged "$result")" '^[1-9][0-9]* cut [1-9]'
	(($#)) || is "$name: the database is whole" "$(field integrity "$result")" ok
}
kill_story sqlite "$TMP/portal.db" "${SQLITE_KILLS:-140}"
if [ -n "$PG_BIN" ] && postgres_start; then
	kill_story postgresql "postgresql:$PG" "${POSTGRES_KILLS:-60}" "$PG_BIN/psql" "$PG"
else
	skip "kills on PostgreSQL" "no server"
fi
done_testing
