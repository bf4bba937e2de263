#!/bin/bash
# A service that lies, floods, trickles or says nothing, behind the real screen: keys are answered, what is the matter is
# said, the typed code stays, and nothing of what the service has sent is taken by the terminal for an order.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"

cat >"$TMP/server.py" <<'PY'
# Answers each request as the file "mode" beside it says. Prints its port.
import json, os, socket, sys, threading, time

DIRECTORY = sys.argv[1]
EVIL = "\x1b]0;evil\x07\x1b[2J\u009b31m\u202e\u200b"


def answer(s, status, text, kind="application/json"):
    body = text if isinstance(text, bytes) else text.encode()
    s.sendall(b"HTTP/1.1 %d X\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (status, kind.encode(), len(body)) + body)


def session(**more):
    now = int(time.time())
    return json.dumps({"id": "0" * 32, "token": "A" * 64, "person": "AYŞE", "tckn": "10000000146", "texts": ["metin"],
                       "created": now, "expires": now + 300, "service_time": now, **more}, ensure_ascii=False)


def silent(s):
    time.sleep(30)


def trickle(s):
    for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100:
        s.sendall(bytes([byte]))
        time.sleep(0.3)


def flood(s):
    s.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    while True:
        s.sendall(b"[" * 65536)


def bad(s):
    answer(s, 200, "{\"id\":")


def surrogate(s):
    answer(s, 200, session().encode().replace(b"metin", b"\\ud800"))


def problem(s):
    answer(s, 500, json.dumps({"code": "K-202", "title": EVIL, "detail": EVIL}), "application/problem+json")


def names(s):
    answer(s, 200, session(person=EVIL, id=EVIL))


def text(s):
    answer(s, 200, session(texts=["metin\n" + EVIL]))


def long(s):
    answer(s, 200, session(texts=["a" * 1000000]))


def serve(s):
    try:
        request = b""
        while b"\r\n\r\n" not in request:
            request += s.recv(4096)
        globals()[open(DIRECTORY + "/mode").read().strip()](s)
    except OSError:
        pass
    finally:
        s.close()


listener = socket.create_server(("127.0.0.1", 0))
with open(DIRECTORY + "/port.tmp", "w") as f:
    f.write(str(listener.getsockname()[1]))
os.rename(DIRECTORY + "/port.tmp", DIRECTORY + "/port")
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
PY
/usr/bin/python3 "$TMP/server.py" "$TMP" 2>"$TMP/stderr" &
at_end stop_process $!
wait_for 10 test -s "$TMP/port" || bail "the hostile server does not start"
cat >"$TMP/eonay.conf" <<-CONF
	screen: { idle_seconds = 0; };
	service: { url = "http://127.0.0.1:$(cat "$TMP/port")"; connect_seconds = 1; request_seconds = 2; };
	log: { target = "$TMP/log"; level = "debug"; };
CONF

terminal_start 80 24 "$top_builddir/eonay" --config "$TMP/eonay.conf"
terminal_tmux pipe-pane -t t "cat >$(printf %q "$TMP/bytes")"
sees "the first screen" "Doğrulama Kodu"

# asked MODE WORDS: what comes of the code.
asked() {
	echo "$1" >"$TMP/mode"
	press Delete
	wait_for 10 screen_lacks K-40
	types 01234567890123456
	press Enter
	[ "$1" = "silent" ] && answers "$1"
	sees "$1: $2" "$2"
	answers "$1"
}
for mode in silent trickle; do
	asked "$mode" K-401
	sees "$mode: the code is still there" "01234"
done
for mode in flood bad surrogate problem names; do
	asked "$mode" K-40
done
asked text "u{202E}"
press Enter
sees "an unsafe text leads nowhere but out" "İşlemden çıkılsın mı?"
press Left Enter
sees "the first screen again" "Doğrulama Kodu"
asked long "İmzalanacak Metin 1:"
press End
sees "the largest text is shown to its end" "-13889 / 13889"
answers "at its end"

not_ok "no order of the service reached the terminal" grep -qaP \
	'\x1b\]|\x07|\xc2[\x80-\x9f]|\xe2\x80[\x8b\xae]' "$TMP/bytes"
ok "what did reach it was looked at" grep -qa 'u{202E}' "$TMP/bytes"
unlike "nor the log" "$(cat "$TMP/log")" $'[\x1b\x07]'
not_ok "which has no code" grep -q 01234567890123456 "$TMP/log"
done_testing
