#!/bin/bash
# Identity providers that are not ours: one that lies in every way, comes and goes and changes its keys.
# shellcheck disable=SC2119 # begin_login's arguments are for others
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/browser.sh"

/usr/bin/python3 -c 'import jwt, jwcrypto' 2>/dev/null || skip_all "no python3-jwt or python3-jwcrypto"
D=$TMP/portal
P=$TMP/provider
mkdir -p "$D" "$P"
ok "certificates made" portal_pki "$TMP/pki"

mode() {
	echo "$1" >"$P/mode"
}
# provider_start [PORT]
provider_start() {
	rm -f "$P/port"
	/usr/bin/python3 "$top_srcdir/tests/system/lib/provider.py" "$P" "$@" >"$P/log" 2>&1 &
	PROVIDER_PID=$!
	at_end stop_process "$PROVIDER_PID"
	wait_for 30 test -s "$P/port" || { diag_file "$P/log"; return 1; }
	ISSUER=http://127.0.0.1:$(cat "$P/port")
}
provider_stop() {
	stop_process "$PROVIDER_PID"
}
asked() {
	curl -s --noproxy '*' "$ISSUER/asked" | jq ".$1"
}

# The service knows its own address beforehand here: a port that was free a moment ago.
PORT=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
settings() {
	cat >"$D/portal.conf" <<-CONF
		listen: { threads = 2; };
		limits: { logins_per_minute = 0; };
		login: {
			issuer = "$ISSUER";
			client_id = "müşteri 1";
			client_secret_file = "$D/secret";
			redirect_uri = "http://127.0.0.1:$PORT/giris/donus";
			role_claim = "rol";
			operator_role = "masa";
			operators = "${1:-}";
		};
		revocation: { mode = "off"; };
	CONF
}
# reload WHAT: SIGHUP, after which the log has a line more with WHAT in it.
reload() {
	local before
	before=$(grep -c "$1" "$D/log")
	kill -HUP "$PORTAL_PID"
	more() { (($(grep -c "$1" "$D/log") > before)); }
	wait_for 20 more "$1"
}
taken_over() {
	reload 'settings and certificates were read anew'
}

# log_in: the whole way; ANSWER is the last answer.
log_in() {
	begin_login
	[ "$(status)" = 200 ] || return 0
	follow
	follow
}
# said DESCRIPTION STATUS CODE
said() {
	is "$1: refused" "$(status)" "$2"
	like "$1: told" "$ANSWER" "$3"
	unlike "$1: nobody is in" "$ANSWER" '^Location: /islemler'
}
# after_pause WHAT…: what could not be had is asked for again after some seconds.
after_pause() {
	wait_for 30 "$@"
}
is_in() {
	log_in
	[ "$LOCATION" = /islemler ]
}

mode good
provider_start || bail "the provider does not start"
echo 's:ecret/+ x' >"$D/secret"
settings
portal_start "$D" --listen "127.0.0.1:$PORT" || bail "the service does not start"
at_end portal_stop

# Before it ever answered.
mode down
log_in
said "down" 503 K-430
like "down: when to try again" "$ANSWER" '^Retry-After: '
mode other-issuer
answers_wrongly() {
	begin_login
	grep -q K-431 <<<"$ANSWER"
}
ok "one that says that it is another: no login" after_pause answers_wrongly
mode good
ok "when it is back, people can log in without a restart" after_pause is_in
browse /islemler
like "with their names" "$ANSWER" 'Işıl Çağrı Yeşildağ'
unlike "not as operators" "$ANSWER" 'href="/gorevli"'
submit /cikis

# What it may say of a person.
while read -r each status code; do
	mode "$each"
	log_in
	said "$each" "$status" "$code"
done <<'END'
nonce 502 K-432
expired 502 K-432
iss 502 K-432
audience 502 K-432
none 502 K-432
shared 502 K-432
altered 502 K-432
no-token 502 K-431
token-fails 503 K-430
tckn 403 K-436
END
mode operator
log_in
browse /islemler
like "who has the role is an operator" "$ANSWER" 'href="/gorevli"'
submit /cikis

# It takes its time: that holds half of the threads at most, and who comes meanwhile can come again.
mode good
begin_login
follow
first=$LOCATION
BROWSER=$TMP/other
begin_login
follow
second=$LOCATION
mode hang
curl -s --noproxy '*' --max-time 60 -o /dev/null -b "$TMP/jar" "$first" &
held=$!
ok "a code is being redeemed" wait_for 30 test -e "$P/hanging"
browse "$second"
said "one more" 503 K-430
like "one more: when to try again" "$ANSWER" '^Retry-After: '
browse /
is "pages are there" "$(status)" 200
mode good
wait "$held"
browse "$second"
is "the second person is in after all" "$LOCATION" /islemler
submit /cikis
BROWSER=$TMP/jar

# So does what it tells of itself, asked for when a login begins; after a reload nothing of it is known.
settings
ok "settings read anew" taken_over
mode hang-discovery
rm -f "$P/hanging"
(BROWSER=$TMP/third && begin_login) &
held=$!
ok "it is asked what it is" wait_for 30 test -e "$P/hanging"
(BROWSER=$TMP/fourth && begin_login && status >"$TMP/fourth.status") &
late=$!
sleep 1
browse / --max-time 3
is "pages are there then, too" "$(status)" 200
mode good
wait "$held" "$late"
is "who came meanwhile can come again" "$(cat "$TMP/fourth.status")" 503
ok "and is in" after_pause is_in
submit /cikis

# Its keys.
mode unknown-key
log_in
said "a key that it does not tell" 502 K-433
before=$(asked keys)
for _ in 1 2 3; do
	log_in
done
is "does not make us ask for the keys each time" "$(asked keys)" "$before"

# Its settings change while the service runs; a login under way goes on.
mode good
begin_login
follow
settings 10000000146
ok "another list of operators" taken_over
follow
is "who was on the way is in" "$LOCATION" /islemler
submit /cikis
ok "logged in" is_in
browse /islemler
like "who is listed is an operator" "$ANSWER" 'href="/gorevli"'
submit /cikis
mode rotated
ok "a key that it has taken up since is asked for" is_in
submit /cikis

# Gone, and back on the same port.
begin_login
follow
provider_stop
follow
said "gone meanwhile" 503 K-430
begin_login
is "what it told is kept while it is away" "$(status)" 200
browse /
is "all else goes on" "$(status)" 200
mode good
provider_start "${ISSUER##*:}" || bail "the provider does not come back"
ok "and people log in when it is back" after_pause is_in
submit /cikis

# Another provider, which never hears of a login that was begun with the one before.
begin_login
follow
first=$ISSUER P=$TMP/another
mkdir -p "$P"
mode good
provider_start || bail "the other provider does not start"
settings
ok "another provider" taken_over
follow
said "a login begun with the one before" 400 K-434
is "the other does not hear of it" "$(asked token)" 0
browse /giris
begin_login
like "the other is led to" "$LOCATION" "^$ISSUER"
unlike "and no longer the first" "$ANSWER" "$first"
ok "people log in with it" is_in
browse /islemler
unlike "nobody is listed any more" "$ANSWER" 'href="/gorevli"'
submit /cikis
sed -i "s|client_id = .*|client_id = \"\";|" "$D/portal.conf"
ok "settings that are not in order" reload 'reload: K-505 .*login.client_id'
ok "change nothing" is_in
submit /cikis
begin_login
follow
ISSUER=
settings
ok "no provider" taken_over
follow
said "a login without a provider" 503 K-430
begin_login
is "and none is begun" "$(status)" 503
unlike "no secret and no number in the log" "$(cat "$D/log")" 's:ecret|10000000146'
done_testing
