#!/bin/bash
# Many at once, and answers that are lost: a code opens one session, a session has one signature and one receipt, however
# often and wherever the connection is cut.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"

D=$TMP/portal
mkdir -p "$D"
cat >"$D/portal.conf" <<'END'
listen: { threads = 16; connections = 900; connections_per_address = 900; request_s = 6; };
session: { lifetime_s = 600; };
END
ok "certificates made" portal_pki "$TMP/pki"
printf %s 'Bundan sonraki e-İmza başvurularında e-Onaylı başvuruyu kullanabilmek için onay veriyorum.' >"$TMP/content"
# Ten signatures that differ, as ECDSA's do.
for i in 0 1 2 3 4 5 6 7 8 9; do
	portal_sign "$TMP/content" "$TMP/cms.$i"
done
portal_start "$D" || bail "the service does not start"
at_end portal_stop
portal_code "$D" >"$TMP/one"
portal_code "$D" >"$TMP/two"
portal_code "$D" >"$TMP/three"

cat >"$TMP/many.py" <<'PY'
import collections, glob, hashlib, hmac, http.client, json, socket, sys, threading

port, folder = int(sys.argv[1]), sys.argv[2]
JSON, CMS = "application/json", "application/cms"
signatures = [open("%s/cms.%d" % (folder, i), "rb").read() for i in range(10)]


def ask(method, path, body, headers):
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.request(method, path, body, headers)
    answer = link.getresponse()
    text = json.loads(answer.read())
    link.close()
    return answer.status, text


def open_session(code, nonce):
    return ask("POST", "/v1/sessions/open", json.dumps({"code": code, "nonce": nonce, "kiosk": ""}), {"Content-Type": JSON})


def put(session, cms):
    return ask("PUT", "/v1/sessions/%s/signature" % session["id"], cms,
               {"Content-Type": CMS, "Authorization": "Bearer " + session["token"]})


def at_once(n, what):
    """Runs what(0..n-1) at the same moment, returns the results."""
    results, gate = [None] * n, threading.Barrier(n)

    def one(i):
        gate.wait()
        results[i] = what(i)

    threads = [threading.Thread(target=one, args=(i,)) for i in range(n)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return results


def counts(results):
    return " ".join("%dx%s" % (n, s) for s, n in sorted(collections.Counter(r[0] for r in results).items()))


code = open(folder + "/one").read().strip()
opened = at_once(100, lambda i: open_session(code, "nonce-of-kiosk-%03d" % i))
print("open", counts(opened))
session = next(text for status, text in opened if status == 200)

submitted = at_once(100, lambda i: put(session, signatures[i % 10]))
print("submit", "%d accepted" % sum(r[0] == 201 for r in submitted),
      "%d receipts" % len({r[1]["receipt"] for r in submitted if r[0] in (200, 201)}),
      "%d others" % sum(r[0] not in (200, 201, 409) for r in submitted))
winner = next(signatures[i % 10] for i, r in enumerate(submitted) if r[0] == 201)
replays = [put(session, winner) for _ in range(1000)]
print("replay", counts(replays), "%d receipts" % len({r[1]["receipt"] for r in replays}))

# Cut after every byte of the request, then every answer thrown away.
code = open(folder + "/two").read().strip()
session = open_session(code, "nonce-of-kiosk-two")[1]
head = ("PUT /v1/sessions/%s/signature HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nAuthorization: Bearer %s\r\n"
        "Content-Length: %d\r\n\r\n" % (session["id"], CMS, session["token"], len(signatures[0]))).encode()
request = head + signatures[0]
for n in range(1, len(request)):
    with socket.create_connection(("127.0.0.1", port)) as s:
        s.sendall(request[:n])
state = ask("GET", "/v1/sessions/" + session["id"], None, {"Authorization": "Bearer " + session["token"]})[1]["state"]
print("cuts", state, len(request) - 1 > 1000)
for _ in range(100):
    with socket.create_connection(("127.0.0.1", port)) as s:
        s.sendall(request)
first = put(session, signatures[0])
again = put(session, signatures[0])
print("lost", first[0] in (200, 201), first[1] == again[1], again[0])

# A code that was used and one that was not: neither is on the disk, nor a hash that needs no key.
disk = b"".join(open(name, "rb").read() for name in glob.glob(folder + "/portal/portal.db*"))
key = open(folder + "/portal/portal.db.key", "rb").read()
for code in (open(folder + name, "rb").read().strip() for name in ("/two", "/three")):
    plain = [code] + [h(code).digest() for h in (hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha512)]
    plain += [h.hex().encode() for h in plain[1:]] + [h.hex().upper().encode() for h in plain[1:]]
    print("code", hmac.digest(key, b"code 17 " + code, "sha256") in disk, any(text in disk for text in plain))

# A hundred guesses of one address at the same time, all but the last byte of each sent before: as many are looked at as one
# after the other would be.
guesses = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
for i, s in enumerate(guesses):
    text = json.dumps({"code": "%017d" % i, "nonce": "nonce-of-guesser-0", "kiosk": ""})
    s.sendall(("POST /v1/sessions/open HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: %s\r\n"
               "Content-Length: %d\r\n\r\n%s" % (JSON, len(text), text[:-1])).encode())
for s in guesses:
    s.sendall(b"}")
print("guesses", counts([(s.makefile("rb").read()[9:12].decode(),) for s in guesses]))
PY
result=$(timeout 200 /usr/bin/python3 "$TMP/many.py" "$PORT" "$TMP" 2>"$TMP/stderr") || diag_file "$TMP/stderr"
is "of a hundred kiosks with one code one gets the session" "$(field open "$result")" "1x200 99x409"
is "of a hundred signatures one is accepted, and has one receipt" "$(field submit "$result")" "1 accepted 1 receipts 0 others"
is "a thousand repetitions get the same receipt" "$(field replay "$result")" "1000x200 1 receipts"
is "a request cut after any byte changes nothing" "$(field cuts "$result")" "open True"
is "lost answers lose nothing" "$(field lost "$result")" "True True 200"
is "of a code only a hash that needs the key is stored" "$(field code "$result")" $'True False\nTrue False'
is "of a hundred guesses at once five are looked at" "$(field guesses "$result")" "5x404 95x429"
kill -TERM "$PORTAL_PID"
wait "$PORTAL_PID"
is "the service ends in order" $? 0 || diag_file "$D/stderr"
is "after all this there is one record for each session" "$(sqlite3 "$D/portal.db" "SELECT count(*), count(DISTINCT session),
	count(DISTINCT receipt) FROM signature; SELECT count(*) FROM audit WHERE action = 'session.sign'")" $'2|2|2\n2'
done_testing
