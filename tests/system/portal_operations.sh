#!/bin/bash
# For whoever runs the service: figures that Prometheus reads, whether it can work, entries of the journal with fields, and
# proxies that are believed or not.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"

D=$TMP/portal
mkdir -p "$D"
settings() {
	printf '%s\n' "listen: { $1 };" 'limits: { per_minute = 1; };' >"$D/portal.conf"
}
settings ''
ok "certificates made" portal_pki "$TMP/pki"
portal_start "$D" || bail "the service does not start"
at_end portal_stop

# get PATH [CURL-OPTION...]: status line, headers and body.
get() {
	local path=$1
	shift
	curl -si --noproxy '*' --max-time 20 "$@" "$URL$path" | tr -d '\r'
}
# figure NAME-WITH-LABELS: its value.
figure() {
	get /metrics | awk -v name="$1" '{ value = $NF; sub(/ [^ ]*$/, "") } $0 == name { print value }'
}

like "it is there" "$(get /healthz)" '"status":"ok"'
like "and ready" "$(get /readyz)" '"status":"ready"'

session=$(portal_open "$(portal_code "$D")")
printf %s "$(field text "$session")" >"$TMP/content"
head -c 500 /dev/zero >"$TMP/bad"
portal_submit "$(field id "$session")" "$(field token "$session")" "$TMP/bad" >/dev/null
portal_sign "$TMP/content" "$TMP/cms"
like "a signature is accepted" "$(portal_submit "$(field id "$session")" "$(field token "$session")" "$TMP/cms")" '^receipt '
portal_code "$D" >"$TMP/code"
get /nothing >/dev/null
get /nothing -H 'Accept: text/html' >/dev/null

is "accepted signatures" "$(figure 'eonay_signatures_total{code="K-000"}')" 1
is "refused signatures by code" "$(figure 'eonay_signatures_total{code="K-310"}')" 1
is "requests by route and status" \
	"$(figure 'eonay_http_requests_total{method="PUT",route="/v1/sessions/*/signature",status="201"}')" 1
is "unknown addresses are one route" "$(figure 'eonay_http_requests_total{method="",route="",status="404"}')" 2
unlike "in the log, too" "$(cat "$D/log")" '/nothing'
is "time" "$(figure 'eonay_http_request_duration_seconds_count{method="PUT",route="/v1/sessions/*/signature"}')" 2
is "and its buckets" \
	"$(figure 'eonay_http_request_duration_seconds_bucket{method="PUT",route="/v1/sessions/*/signature",le="+Inf"}')" 2
is "sessions by state" "$(figure 'eonay_sessions{state="signed"}') $(figure 'eonay_sessions{state="issued"}')" "1 1"
is "streams" "$(figure eonay_event_streams)" 0
is "the version" "$(figure "eonay_build_info{version=\"$("$PORTAL" --version | cut -d' ' -f2)\"}")" 1
unlike "nothing of a person" "$(get /metrics)" "$TCKN|$(field id "$session")"
like "as text" "$(get /metrics)" '^Content-Type: text/plain; version=0.0.4; charset=utf-8$'
# Each line is one of the format's.
is "and nothing but the format" "$(curl -s --noproxy '*' "$URL/metrics" |
	grep -vE '^# (HELP|TYPE) [a-z_]+ .+$|^[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+$')" ""

# Forwarded by nobody that we know
like "a stranger's word on his address is not taken" "$(get /healthz -H 'X-Forwarded-For: 192.0.2.77')" '200 OK'
unlike "in the log neither" "$(cat "$D/log")" '192\.0\.2\.77'
unlike "nor that he came over TLS" "$(get / -H 'X-Forwarded-Proto: https')" '__Host-|Strict-Transport'
portal_stop

settings 'proxies = "127.0.0.1"; metrics = "192.0.2.8";'
portal_start "$D" || bail "the service does not start"
wrong() {
	get /v1/sessions/open -H 'Content-Type: application/json' -H "X-Forwarded-For: $1" \
		-d '{"code":"00000000000000001","nonce":"nonce-0123456789abcdef","kiosk":""}'
}
like "a proxy's word is: one wrong code of a client" "$(wrong 192.0.2.1)" 'K-410'
like "is all that is borne of it" "$(wrong 192.0.2.1)" 'K-413'
like "whatever it says itself" "$(wrong '198.51.100.1, 192.0.2.1')" 'K-413'
like "in whatever line" "$(get /v1/sessions/open -H 'Content-Type: application/json' -H 'X-Forwarded-For: 198.51.100.2' \
	-H 'X-Forwarded-For: 192.0.2.1' -d '{"code":"00000000000000001","nonce":"nonce-0123456789abcdef","kiosk":""}')" 'K-413'
like "another client is another one" "$(wrong 192.0.2.2)" 'K-410'
like "the log has the client" "$(cat "$D/log")" ' 192\.0\.2\.2 POST '
page=$(get / -H 'X-Forwarded-Proto: https')
like "TLS ended at the proxy: the cookie is bound to it" "$page" '^Set-Cookie: __Host-eonay=.*Secure'
like "and HSTS is told" "$page" '^Strict-Transport-Security'
like "the figures are for who is listed" "$(get /metrics -H 'X-Forwarded-For: 192.0.2.8')" '200 OK'
like "others find nothing" "$(get /metrics -H 'X-Forwarded-For: 192.0.2.9')" '^HTTP/1.1 404 '
portal_stop

# The journal, played by a script in a mount namespace of our own.
cat >"$TMP/journal.py" <<'PY'
import os, socket, sys
folder = sys.argv[1]
os.makedirs("/run/systemd/journal", exist_ok=True)
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("/run/systemd/journal/socket")
open(folder + "/journal.ready", "w").close()
s.settimeout(60)
with open(folder + "/journal", "wb", buffering=0) as f:
    while True:
        f.write(s.recv(65536) + b"\n---\n")
PY
if unshare -rm true 2>/dev/null; then
	printf '%s\n' 'log: { target = "journal"; };' >"$D/portal.conf"
	rm -f "$D/ready"
	unshare -rm bash -c '
		mount -t tmpfs none /run || exit 1
		/usr/bin/python3 "$1/journal.py" "$2" & journal=$!
		for i in $(seq 200); do [ -e "$2/journal.ready" ] && break; sleep 0.05; done
		"$3" serve --config "$2/portal.conf" --database "$2/portal.db" --trust "$4" --listen 127.0.0.1:0 --ready-fd 5 \
			5>"$2/ready" 2>"$2/stderr" & portal=$!
		trap "kill $portal; wait $portal; kill $journal; exit" TERM
		wait $portal; kill $journal' bash "$TMP" "$D" "$PORTAL" "$PKI/ca.pem" &
	namespace_pid=$!
	at_end stop_process "$namespace_pid"
	wait_for 20 test -s "$D/ready" || bail "the service does not start"
	URL=http://127.0.0.1:$(cat "$D/ready")
	get /nothing >/dev/null
	logged() { grep -qaE "$1" "$D/journal"; }
	ok "an entry for a request" wait_for 20 logged '^MESSAGE=127.0.0.1 GET \?: 404 K-424$'
	ok "has who we are" logged '^SYSLOG_IDENTIFIER=eonay-portal$'
	ok "who asks" logged '^EONAY_CLIENT=127.0.0.1$'
	ok "the status" logged '^EONAY_STATUS=404$'
	ok "the code of the failure" logged '^EONAY_CODE=K-424$'
	ok "the time it took" logged '^EONAY_DURATION_US=[0-9]+$'
	stop_process "$namespace_pid"
else
	skip "entries of the journal" "no mount namespace of our own"
fi
done_testing
