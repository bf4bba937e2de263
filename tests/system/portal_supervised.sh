#!/bin/bash
# The service under a supervisor (systemd, played by a script): a socket that is handed over, signs of life, new certificates
# and settings without an end, an environment that means it ill, and a stop in order.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"

D=$TMP/portal
mkdir -p "$D"
ok "certificates made" portal_pki "$TMP/pki"
for certificate in second third fourth; do
	portal_certificate "$certificate" ca "/CN=$certificate" "subjectAltName=IP:127.0.0.1"
done
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$PKI/rsa.key" -out "$PKI/rsa.pem" -days 20 -subj /CN=rsa 2>/dev/null
cp "$PKI/server.pem" "$D/tls.pem" && cp "$PKI/server.key" "$D/tls.key" && cp "$PKI/ca.pem" "$D/trust.pem"
settings() {
	cat >"$D/portal.conf" <<-END
		listen: { certificate = "$D/tls.pem"; private_key = "$D/tls.key"; request_s = 3; };
		signature: { trust = "$D/trust.pem"; };
		${1:-}
	END
}
settings

# supervise: plays systemd; each datagram of the service becomes a line of $TMP/notes.
cat >"$TMP/supervise.py" <<'PY'
import os, socket, sys
folder, portal = sys.argv[1:3]
notes = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notes.bind(folder + "/notify")
listening = socket.create_server(("127.0.0.1", 0))
with open(folder + "/port", "w") as f:
    f.write(str(listening.getsockname()[1]))
pid = os.fork()
if pid == 0:
    os.dup2(listening.fileno(), 3, inheritable=True)
    env = {"NOTIFY_SOCKET": folder + "/notify", "LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1",
           "WATCHDOG_USEC": "4000000", "WATCHDOG_PID": str(os.getpid()),
           # What must have no effect:
           "SSLKEYLOGFILE": folder + "/keys", "OPENSSL_CONF": folder + "/nothing.cnf", "PGHOST": "192.0.2.1",
           "LD_LIBRARY_PATH": folder, "https_proxy": "http://192.0.2.1:1", "GNUTLS_SYSTEM_PRIORITY_FILE": folder + "/none"}
    err = os.open(folder + "/stderr", os.O_WRONLY | os.O_CREAT)
    os.dup2(err, 2)
    os.execve(portal, [portal, "serve", "--config", folder + "/portal.conf", "--database", folder + "/portal.db",
                       "--log", folder + "/log", "--trust", folder + "/trust.pem"], env)
listening.close()
with open(folder + "/pid.new", "w") as f:
    f.write(str(pid))
os.rename(folder + "/pid.new", folder + "/pid")
notes.settimeout(0.2)
with open(folder + "/notes", "w", buffering=1) as f:
    while True:
        try:
            f.write(notes.recv(4096).decode().replace("\n", " ") + "\n")
        except TimeoutError:
            pass
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            f.write("exit %d\n" % os.waitstatus_to_exitcode(status))
            break
PY
/usr/bin/python3 "$TMP/supervise.py" "$D" "$PORTAL" &
supervisor_pid=$!
at_end stop_process "$supervisor_pid"
noted() { grep -qE "$1" "$D/notes"; }
ok "it tells that it is ready" wait_for 20 noted '^READY=1'
PORT=$(cat "$D/port") PORTAL_PID=$(cat "$D/pid")
URL=https://127.0.0.1:$PORT
health() { curl -s --noproxy '*' --max-time 10 --cacert "$PKI/ca.pem" "$URL/healthz"; }
like "it answers on the socket that it was given" "$(health)" '"status":"ok"'
is "its environment is clean" "$(tr '\0' '\n' <"/proc/$PORTAL_PID/environ" | cut -d= -f1 | sort | xargs)" \
	"LISTEN_FDS LISTEN_PID NOTIFY_SOCKET PATH WATCHDOG_PID WATCHDOG_USEC"
ok "and no secret of TLS was written down" [ ! -e "$D/keys" ]
ok "it gives signs of life" wait_for 20 noted '^WATCHDOG=1'

# subject: of the certificate that new connections get.
subject() { openssl s_client -connect "127.0.0.1:$PORT" </dev/null 2>/dev/null | openssl x509 -noout -subject; }
reload() {
	: >"$D/notes"
	kill -HUP "$PORTAL_PID"
	wait_for 20 noted '^READY=1'
}
like "the certificate" "$(subject)" 'CN = portal'
# A connection that is there before keeps its certificate and goes on.
coproc HELD { openssl s_client -quiet -connect "127.0.0.1:$PORT" 2>/dev/null; }
ask_held() { printf 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n' >&"${HELD[1]}"; read -r -t 20 line <&"${HELD[0]}"; echo "$line"; }
like "a connection is open" "$(ask_held)" '200 OK'
cp "$PKI/second.pem" "$D/tls.pem" && cp "$PKI/second.key" "$D/tls.key"
ok "SIGHUP" reload
ok "it tells that it reads anew" noted '^RELOADING=1 MONOTONIC_USEC='
like "the new certificate" "$(subject)" 'CN = second'
like "it is well" "$(health)" '"status":"ok"'

# Streams of events live long: each change finds one open on every certificate before, and all of them go on.
cookie=__Host-$(portal_login "$D")
code=$(portal_code "$D")
ID=$("$PORTAL" list --config "$D/portal.conf" --database "$D/portal.db" | grep -oE '[0-9A-F]{32}' | head -n 1)
streams=0
told() { grep -q "^data: .*\"state\":\"$2\"" "$TMP/stream.$1"; }
open_stream() {
	streams=$((streams + 1))
	curl -sNk --noproxy '*' -b "$cookie" "$URL/e-onay/$ID/olaylar" >"$TMP/stream.$streams" &
	at_end stop_process "$!"
	wait_for 20 told "$streams" issued
}
for certificate in third rsa fourth second; do
	ok "a stream of events" open_stream
	cp "$PKI/$certificate.pem" "$D/tls.pem" && cp "$PKI/$certificate.key" "$D/tls.key"
	ok "SIGHUP while $streams are open" reload
	like "the certificate of new connections is $certificate" "$(subject)" "CN = $certificate"
done
not_ok "no change was refused" grep -q 'reload: ' "$D/log"
SERVICE_CA=$PKI/ca.pem
like "a kiosk opens the session" "$(portal_open "$code")" '^id '
for ((i = 1; i <= streams; i++)); do
	ok "stream $i tells it" wait_for 20 told "$i" open
done

descriptors() { ls "/proc/$PORTAL_PID/fd" | wc -l; }
held_gone() { [ -z "${HELD_PID:-}" ] || process_gone "$HELD_PID"; }
wait_for 20 held_gone
before=$(descriptors)
cp "$PKI/server.pem" "$D/tls.pem"
for _ in 1 2 3; do
	ok "SIGHUP with a certificate of another key" reload
done
like "which it tells" "$(cat "$D/log")" 'reload: K-421'
like "and keeps the one it has" "$(subject)" 'CN = second'
few() { [ "$(descriptors)" -le "$before" ]; }
ok "nothing is left of the attempts" wait_for 10 few
cp "$PKI/server.key" "$D/tls.key"
echo 'listen: { nonsense' >"$D/portal.conf"
ok "SIGHUP with settings that are none" reload
like "which it tells, too" "$(cat "$D/log")" 'reload: K-502'
like "and is well" "$(health)" '"status":"ok"'
settings 'limits: { per_minute = 1; };'
ok "SIGHUP with other limits" reload
like "the certificate of the file" "$(subject)" 'CN = portal'
wrong() {
	curl -s --noproxy '*' --max-time 10 --cacert "$PKI/ca.pem" -H 'Content-Type: application/json' \
		-d '{"code":"00000000000000001","nonce":"nonce-0123456789abcdef","kiosk":""}' "$URL/v1/sessions/open"
}
like "one wrong code" "$(wrong)" 'K-410'
like "is now all that is borne" "$(wrong)" 'K-413'
mv "$D/log" "$D/log.1"
ok "SIGHUP after the log was moved away" reload
ok "begins a new one" wait_for 10 test -s "$D/log"
mv "$D/log" "$D/log.2" && mkdir "$D/log"
settings 'limits: { per_minute = 5; };'
ok "SIGHUP with a log that cannot be opened" reload
like "which is told in the one that there is" "$(cat "$D/log.2")" 'reload: K-'
like "and changes nothing" "$(wrong)" 'K-413'
rmdir "$D/log"
ok "SIGHUP when it can" reload
ok "begins a new one" wait_for 10 test -s "$D/log"
like "and brings the other limits" "$(wrong)" 'K-410'

: >"$D/notes"
kill "$PORTAL_PID"
ok "it tells that it stops" wait_for 20 noted '^STOPPING=1'
ok "and stops" wait_for 20 noted '^exit 0'

# A socket beyond this machine wants TLS.
/usr/bin/python3 - "$PORTAL" "$D" >"$TMP/open" 2>&1 <<'PY'
import os, socket, sys
portal, folder = sys.argv[1:3]
s = socket.create_server(("0.0.0.0", 0))
os.dup2(s.fileno(), 3, inheritable=True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(portal, [portal, "serve", "--config", "/dev/null", "--database", folder + "/x.db", "--log", "none", "--trust",
                  folder + "/trust.pem"])
PY
is "without TLS a socket for all addresses is not served: EX_UNAVAILABLE" $? 69
like "which it says" "$(cat "$TMP/open")" 'K-421'
done_testing
