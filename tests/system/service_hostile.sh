#!/bin/bash
# The kiosk's client before servers that lie, flood, trickle and break off: each ends in a failure of the catalogue, within
# its time and within 64 MiB of memory.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"

# AddressSanitizer keeps what was freed; that is not the client's memory.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=1
RSS_MAX=65536 # KiB

cat >"$TMP/server.py" <<'PY'
# One hostile answer for each path prefix: /NAME/healthz. Prints its port.
import os, socket, sys, threading, time

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def body_announced(s):
    s.sendall(OK + b"Content-Length: 10000000000\r\n\r\n")
    while True:
        s.sendall(b"a" * 65536)


def body_chunked(s):
    s.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        s.sendall(b"10000\r\n" + b"a" * 65536 + b"\r\n")


def body_endless(s):
    s.sendall(OK + b"Connection: close\r\n\r\n")
    while True:
        s.sendall(b"a" * 65536)


def headers_many(s):
    s.sendall(OK)
    for i in range(100000):
        s.sendall(b"X-%d: %s\r\n" % (i, b"b" * 100))
    s.sendall(b"\r\n")


def header_long(s):
    s.sendall(OK + b"X: ")
    while True:
        s.sendall(b"c" * 65536)


def continues(s):
    while True:
        s.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def trickle(s):
    for byte in OK + b"Content-Length: 100\r\n\r\n" + b"d" * 100:
        s.sendall(bytes([byte]))
        time.sleep(1)


def silent(s):
    time.sleep(60)


def closes(s):
    pass


def resets(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def cut(s):
    s.sendall(OK + b"Content-Length: 100\r\n\r\n{\"version\":")


def noise(s):
    s.sendall(os.urandom(4096))


def old(s):
    s.sendall(b"{\"version\":\"1\",\"service_time\":1}")


def nested(s):
    text = b"[" * 1000000
    s.sendall(OK + b"Content-Length: %d\r\n\r\n" % len(text) + text)


def many(s):
    text = b"{" + b",".join(b"\"%d\":0" % i for i in range(200000)) + b"}"
    s.sendall(OK + b"Content-Length: %d\r\n\r\n" % len(text) + text)


def values(s):
    text = b"{\"a\":[" + b"0," * 1500000 + b"0]}"
    s.sendall(OK + b"Content-Length: %d\r\n\r\n" % len(text) + text)


def zipped(s):
    import gzip
    text = gzip.compress(b"\0" * 50000000)
    s.sendall(OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(text) + text)


def html(s):
    s.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>")


def pin(s):
    text = b"{\"code\":\"K-202\",\"title\":\"PIN kilitli\"}"
    s.sendall(b"HTTP/1.1 403 No\r\nContent-Type: application/problem+json\r\nContent-Length: %d\r\n\r\n" % len(text) + text)


def purpose(s):
    text = (b"{\"id\":\"0AF\",\"token\":\"t\",\"purpose\":\"sell\",\"person\":\"\",\"tckn\":\"10000000146\","
            b"\"texts\":[\"a\"],\"created\":1,\"expires\":9,\"service_time\":1}")
    if b"/abandon" in seen[-1]:
        with open(sys.argv[1] + ".abandoned", "wb") as f:
            f.write(seen[-1])
    s.sendall(OK + b"Content-Length: %d\r\n\r\n" % len(text) + text)


def unknown(s):
    if b"/abandon" in seen[-1]:
        with open(sys.argv[1] + ".given-up", "wb") as f:
            f.write(seen[-1])
    text = b"{\"code\":\"K-419\",\"title\":\"\"}"
    s.sendall(b"HTTP/1.1 409 No\r\nContent-Type: application/problem+json\r\nContent-Length: %d\r\n\r\n" % len(text) + text)


seen = []


def serve(s):
    try:
        request = b""
        while b"\r\n\r\n" not in request:
            request += s.recv(4096)
        seen.append(request)
        globals()[request.split(b"/")[1].decode()](s)
    except OSError:
        pass
    finally:
        s.close()


listener = socket.create_server(("127.0.0.1", 0))
with open(sys.argv[1] + ".tmp", "w") as f:
    f.write(str(listener.getsockname()[1]))
os.rename(sys.argv[1] + ".tmp", sys.argv[1])
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
PY
/usr/bin/python3 "$TMP/server.py" "$TMP/port" 2>"$TMP/stderr" &
server=$!
at_end stop_process "$server"
wait_for 10 test -s "$TMP/port" || bail "the hostile server does not start"
PORT=$(cat "$TMP/port")

while read -r name wanted seconds; do
	began=$(date +%s)
	result=$(timeout 40 "$TOOL" health "http://127.0.0.1:$PORT/$name" "" 2>&1)
	took=$(($(date +%s) - began))
	like "$name: the failure" "$result" "^$wanted "
	ok "$name: in $took s" test "$took" -le "$seconds"
	rss=$(field rss "$result")
	ok "$name: in ${rss:-?} KiB" test "${rss:-999999}" -lt "$RSS_MAX"
done <<'END'
body_announced K-404 12
body_chunked K-404 12
body_endless K-404 12
headers_many K-404 12
header_long K-404 12
continues K-404 12
trickle K-401 20
silent K-401 20
closes K-401 12
resets K-401 12
cut K-401 12
noise K-404 12
old K-404 12
nested K-404 12
many K-404 12
values K-404 12
zipped K-404 12
html K-405 12
pin K-404 12
END

# A session for something that is not known here is refused and given up.
like "purpose: the failure" \
	"$("$TOOL" open "http://127.0.0.1:$PORT/purpose" "" nonce-0123456789 <<<01234567890123456 2>&1)" '^K-419 PURPOSE'
like "purpose: whoever waits is told" "$(cat "$TMP/port.abandoned")" '^POST /purpose/v1/sessions/0AF/abandon '
like "unknown: the failure when the service refuses it" \
	"$("$TOOL" open "http://127.0.0.1:$PORT/unknown" "" nonce-0123456789 <<<01234567890123456 2>&1)" '^K-419 PURPOSE'
not_ok "unknown: there is nothing to give up" test -e "$TMP/port.given-up"
done_testing
