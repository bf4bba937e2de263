#!/bin/bash
# Two instances on one PostgreSQL behind HAProxy with the configuration that we ship: one service for kiosks and browsers,
# whichever instance they meet, and also when one of them goes.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/postgres.sh"

[ -n "$PG_BIN" ] || skip_all "no PostgreSQL server; on Debian: apt-get install postgresql"
command -v haproxy >/dev/null || PATH=$PATH:/usr/sbin
command -v haproxy >/dev/null || skip_all "no haproxy; on Debian: apt-get install haproxy"
postgres_start fsync=off || bail "the server does not start"
PORTAL_DATABASE="postgresql:$PG" PORTAL_KEY=$TMP/key
ok "certificates made" portal_pki "$TMP/pki"
cat "$PKI/server.pem" "$PKI/server.key" >"$TMP/haproxy.pem"

# instance NAME: starts one; sets PORT and PORTAL_PID.
instance() {
	mkdir -p "$TMP/$1"
	cat >"$TMP/$1/portal.conf" <<-END
		listen: { proxies = "127.0.0.1"; };
		store: { server_key = "$PORTAL_KEY"; };
		limits: { per_minute = 2; };
	END
	portal_start "$TMP/$1" || bail "the service does not start"
	at_end stop_process "$PORTAL_PID"
}
instance one
first=$PORT first_pid=$PORTAL_PID
instance two
second=$PORT

proxy_port=$(free_ports 2)
sed -e "s|bind :80\$|bind 127.0.0.1:$((proxy_port + 1))|" -e "s|bind :443 ssl crt /etc/haproxy/eonay.pem|bind 127.0.0.1:$proxy_port ssl crt $TMP/haproxy.pem|" \
	-e "s|server one 127.0.0.1:8081|server one 127.0.0.1:$first|" -e "s|server two 127.0.0.1:8082|server two 127.0.0.1:$second|" \
	"$top_srcdir/conf/haproxy-eonay.cfg" >"$TMP/haproxy.cfg"
ok "HAProxy takes the configuration" haproxy -c -f "$TMP/haproxy.cfg"
unlike "without a warning" "$(haproxy -c -f "$TMP/haproxy.cfg" 2>&1)" WARNING
haproxy -db -f "$TMP/haproxy.cfg" >"$TMP/haproxy.log" 2>&1 </dev/null &
haproxy_pid=$!
at_end stop_process "$haproxy_pid"
SERVICE_CA=$PKI/ca.pem
URL=https://127.0.0.1:$proxy_port
# get PATH [CURL-OPTION...]: status line, headers and body, through the proxy.
get() {
	local path=$1
	shift
	curl -si --noproxy '*' --http1.1 --max-time 20 --cacert "$PKI/ca.pem" "$@" "$URL$path" | tr -d '\r'
}
up() { get /healthz | grep -q '200 OK'; }
ok "the service is reached" wait_for 20 up
like "plain HTTP leads to TLS" "$(curl -si --noproxy '*' "http://127.0.0.1:$((proxy_port + 1))/giris" | tr -d '\r')" \
	"^location: https://127.0.0.1:$((proxy_port + 1))/giris\$"
like "cookies are bound to TLS, though it ends at the proxy" "$(get /)" '^[Ss]et-[Cc]ookie: __Host-eonay=.*Secure'
like "figures are not shown through it" "$(get /metrics)" '^HTTP/1.1 404'
like "whatever a client says of itself" "$(get /metrics -H 'X-Forwarded-For: 127.0.0.1')" '^HTTP/1.1 404'
get /nothing --interface 127.0.0.9 -H 'X-Forwarded-For: 192.0.2.1' >/dev/null
like "the log has the client's address" "$(cat "$TMP"/one/log "$TMP"/two/log)" ' 127\.0\.0\.9 GET '
unlike "and not what it says" "$(cat "$TMP"/one/log "$TMP"/two/log)" '192\.0\.2\.1'
for _ in 1 2 3 4 5 6; do
	served=$(cat "$TMP/one/log" | grep -c ' 127.0.0.1 GET /healthz')
	get /healthz >/dev/null
done
ok "both serve" [ "$served" -gt 0 ]
ok "also the other" grep -q 'GET' "$TMP/two/log"

# A person with two windows, at one instance each; the kiosk somewhere.
cookie=$(portal_login "$TMP/one")
code=$(portal_code "$TMP/one")
id=$("$PORTAL" list --config "$TMP/one/portal.conf" --database "$PORTAL_DATABASE" | grep -oE '[0-9A-F]{32}' | head -n 1)
stream() {
	curl -sN --noproxy '*' -b "$3" ${4:+--cacert "$4"} "$2/e-onay/$id/olaylar" >"$TMP/stream.$1" 2>/dev/null &
	at_end stop_process "$!"
}
stream one "http://127.0.0.1:$first" "$cookie"
stream two "http://127.0.0.1:$second" "$cookie"
stream proxy "$URL" "__Host-$cookie" "$PKI/ca.pem"
all_told() {
	local name

	for name in one two proxy; do
		grep -q "^data: .*\"state\":\"$1\"" "$TMP/stream.$name" || return 1
	done
}
ok "three browsers wait for the code" wait_for 20 all_told issued
session=$(portal_open "$code")
like "the kiosk opens it through the proxy" "$session" '^id '
ok "each browser is told, wherever it waits" wait_for 20 all_told open
printf %s "$(field text "$session")" >"$TMP/content"
portal_sign "$TMP/content" "$TMP/cms"
like "the signature is accepted" "$(portal_submit "$id" "$(field token "$session")" "$TMP/cms")" '^receipt '
ok "each browser is told" wait_for 20 all_told signed

# One goes, in the middle of the work.
code=$(portal_code "$TMP/one")
kill -KILL "$first_pid"
wait "$first_pid" 2>/dev/null
opened() { portal_open "$code" | grep -q '^id '; }
ok "one instance is killed: its code opens all the same" wait_for 30 opened
only_second() { get /healthz | grep -q '200 OK'; }
alive=0
for _ in 1 2 3 4 5 6 7 8 9 10; do
	only_second && alive=$((alive + 1))
done
is "and the service is there" "$alive" 10
done_testing
