#!/bin/bash
# News of a signing session in the browser: at once, for its person alone, from whatever process changed it; many streams
# cost no thread, slow readers no memory, and a stop ends them.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"

D=$TMP/portal
mkdir -p "$D"
echo 'listen: { connections_per_address = 300; streams = 200; streams_per_address = 200; request_s = 2; };' >"$D/portal.conf"
ok "certificates made" portal_pki "$TMP/pki"
portal_start "$D" || bail "the service does not start"
at_end portal_stop
cookie=$(portal_login "$D")
other=$(portal_login "$D" FATMA 10000000078)
code=$(portal_code "$D")
ID=$("$PORTAL" list --config "$D/portal.conf" --database "$D/portal.db" | grep -oE '[0-9A-F]{32}' | head -n 1)

# status COOKIE: of the stream of the session; it is left at once.
status() {
	curl -s --noproxy '*' --max-time 1 -o /dev/null -w '%{http_code}' -b "$1" "$URL/e-onay/$ID/olaylar"
}
is "a stranger has no stream" "$(status x=y)" 303
is "another person has none of this session" "$(status "$other")" 404

curl -sN --noproxy '*' -D "$TMP/headers" -b "$cookie" "$URL/e-onay/$ID/olaylar" >"$TMP/stream" 2>/dev/null &
stream_pid=$!
at_end stop_process "$stream_pid"
told() { grep -q "^data: .*\"state\":\"$1\"" "$TMP/stream"; }
ok "the stream begins with the state" wait_for 20 told issued
like "it is a stream" "$(tr -d '\r' <"$TMP/headers")" '^Content-Type: text/event-stream$'
like "nobody keeps it" "$(tr -d '\r' <"$TMP/headers")" '^Cache-Control: no-store$'
session=$(portal_open "$code")
ok "it tells that the code was opened" wait_for 20 told open
# The deadline of a request has passed three times by now or passes while we wait for a sign of life.
beat() { grep -q '^:' "$TMP/stream"; }
ok "a silent stream gives signs of life" wait_for 40 beat
printf %s "$(field text "$session")" >"$TMP/content"
portal_sign "$TMP/content" "$TMP/cms"
like "the kiosk hands the signature in" "$(portal_submit "$(field id "$session")" "$(field token "$session")" "$TMP/cms")" \
	'^receipt '
ok "it tells of the signature" wait_for 20 told signed
not_ok "it was never cut off" process_gone "$stream_pid"

# Many: 150 that read and 50 that don't, which is all that there may be.
cat >"$TMP/many.py" <<'PY'
import os, socket, sys, time
port, path, cookie, pid = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
request = ("GET %s HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n" % (path, cookie)).encode()


def status(name):
    for line in open("/proc/%s/status" % pid):
        if line.startswith(name):
            return int(line.split()[1])


def begin():
    s = socket.create_connection(("127.0.0.1", port))
    s.settimeout(20)
    s.sendall(request)
    text = s.recv(4096)
    while b"\n\ndata" not in text and b"data: " not in text and b" 200 " in text[:20]:
        text += s.recv(4096)
    return s, text


threads = status("Threads")
streams = [begin() for _ in range(199)]
print("begun", sum(b" 200 " in text[:20] for _, text in streams))
print("threads", status("Threads") - threads)
last = begin()[1]
print("refused", int(b" 429 " in last[:20]))
for s, _ in streams[:50]:
    s.close()
deadline = time.time() + 60
while time.time() < deadline:
    again = begin()
    if b" 200 " in again[1][:20]:
        break
    again[0].close()
    time.sleep(0.5)
print("again", int(b" 200 " in again[1][:20]))
os.kill(int(pid), 15)
ended = 0
for s, _ in streams[50:]:
    try:
        while s.recv(4096):
            pass
        ended += 1
    except OSError:
        pass
print("ended", ended)
PY
/usr/bin/python3 "$TMP/many.py" "$PORT" "/e-onay/$ID/olaylar" "$cookie" "$PORTAL_PID" >"$TMP/many" 2>&1
many=$(cat "$TMP/many")
is "as many streams as there may be" "$(field begun "$many")" 199
is "cost no thread" "$(field threads "$many")" 0
is "one more is refused" "$(field refused "$many")" 1
is "those that went are noticed and make room" "$(field again "$many")" 1
is "a stop ends all of them in order" "$(field ended "$many")" 149
ok "and the service is gone" wait_for 20 process_gone "$PORTAL_PID"
done_testing
