#!/bin/bash
# What the service does not take, and that it says why: codes, signatures made with the openssl program that lack one
# thing each, requests of another form, too many guesses, slow clients.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"

D=$TMP/portal
mkdir -p "$D"
cat >"$D/portal.conf" <<'END'
listen: { request_s = 2; connections_per_address = 8; };
session: { grace_s = 0; };
limits: { per_minute = 50; per_hour = 60; all_per_minute = 1000; consecutive = 1000; };
END
ok "certificates made" portal_pki "$TMP/pki"
portal_start "$D" || bail "the service does not start"
at_end portal_stop
NONCE=nonce-0123456789abcdef
OTHER_TCKN=10000000078

# request METHOD PATH [CURL-OPTION...]: prints the status and, behind it, the body.
request() {
	local method=$1 path=$2
	shift 2
	curl -s --noproxy '*' --max-time 10 -X "$method" -w '\n%{http_code}' "$@" "$URL$path" |
		/usr/bin/python3 -c 'import sys; body, _, status = sys.stdin.read().rpartition("\n"); print(status, body)'
}

# Codes
like "a code of 16 digits" "$(portal_open 0123456789012345)" '^K-414 CODE_FORMAT'
like "a wrong code" "$(portal_open 01234567890123456)" '^K-410 CODE_WRONG'
short=$(portal_code "$D" --lifetime 1)
code=$(portal_code "$D" --lifetime 4)
late=$(portal_open "$code")
expired() { portal_open "$short" | grep -q '^K-411 CODE_EXPIRED'; }
ok "an expired code is told from a wrong one" wait_for 20 expired
expired() { portal_open "$code" | grep -q '^K-411 CODE_EXPIRED'; }
ok "also by the kiosk that had opened it" wait_for 20 expired

# Signatures: each lacks one thing. A refused signature ends nothing: the right one is accepted in the end.
session=$(portal_open "$(portal_code "$D")")
id=$(field id "$session") token=$(field token "$session")
printf %s "$(field text "$session")" >"$TMP/content"
portal_sign "$TMP/content" "$TMP/late"
like "after the deadline none is taken" "$(portal_submit "$(field id "$late")" "$(field token "$late")" "$TMP/late")" \
	'^K-415 SESSION_EXPIRED'

# refused DESCRIPTION CODE: hands $TMP/bad in.
refused() {
	like "$1" "$(portal_submit "$id" "$token" "$TMP/bad")" "^$2 "
}
nes=$NES_EXTENSIONS
portal_signer other "$OTHER_TCKN"
portal_sign "$TMP/content" "$TMP/bad" other
refused "another person's certificate" K-309
portal_signer foreign "$TCKN" other-ca
portal_sign "$TMP/content" "$TMP/bad" foreign
refused "a certificate of an unknown CA" K-306
portal_signer plain "$TCKN" ca "keyUsage=critical,nonRepudiation"
portal_sign "$TMP/content" "$TMP/bad" plain
refused "a certificate that is not qualified" K-305
portal_signer usage "$TCKN" ca "${nes/nonRepudiation/digitalSignature}"
portal_sign "$TMP/content" "$TMP/bad" usage
refused "a certificate that is not for signatures" K-304
portal_certificate old ca "/C=TR/serialNumber=$TCKN/CN=ESKİ" "$nes" -days -1
portal_sign "$TMP/content" "$TMP/bad" old
refused "an expired certificate" K-302
printf '%s ' "$(cat "$TMP/content")" >"$TMP/changed"
portal_sign "$TMP/changed" "$TMP/bad"
refused "another text" 'K-31[26]'
openssl cms -sign -cades -binary -nosmimecap -md sha256 -outform DER -in "$TMP/content" -out "$TMP/bad" \
	-signer "$PKI/signer.pem" -inkey "$PKI/signer.key"
refused "a detached signature" K-316
openssl cms -sign -noattr -binary -nodetach -md sha256 -outform DER -in "$TMP/content" -out "$TMP/bad" \
	-signer "$PKI/signer.pem" -inkey "$PKI/signer.key"
refused "a signature without attributes" K-311
openssl cms -sign -binary -nodetach -nosmimecap -md sha256 -outform DER -in "$TMP/content" -out "$TMP/bad" \
	-signer "$PKI/signer.pem" -inkey "$PKI/signer.key"
refused "a signature without signing-certificate-v2" K-311
openssl cms -sign -cades -binary -nodetach -nosmimecap -md sha1 -outform DER -in "$TMP/content" -out "$TMP/bad" \
	-signer "$PKI/signer.pem" -inkey "$PKI/signer.key"
refused "a signature with SHA-1" K-314
{ cat "$TMP/late" && printf x; } >"$TMP/bad"
refused "a byte behind the signature" K-310
head -c 500 "$TMP/late" >"$TMP/bad"
refused "half a signature" K-310
portal_sign "$TMP/content" "$TMP/good"
like "the right one is taken" "$(portal_submit "$id" "$token" "$TMP/good")" '^receipt '

# Requests
auth=(-H "Authorization: Bearer $token")
like "an unknown path" "$(request GET /nothing)" '^404 .*"K-424"'
like "a NUL behind a path" "$(request GET /healthz%00)" '^400 .*"K-422"'
like "or within one" "$(request GET "/v1/sessions/$id%00/x" "${auth[@]}")" '^400 .*"K-422"'
like "an unknown method" "$(request DELETE "/v1/sessions/$id" "${auth[@]}")" '^405 .*"K-443"'
like "no token" "$(request GET "/v1/sessions/$id")" '^401 .*"K-416"'
like "a wrong token" "$(request GET "/v1/sessions/$id" -H "Authorization: Bearer ${token/?/x}")" '^401 .*"K-416"'
like "the token of another session" "$(request GET "/v1/sessions/$(field id "$late")" "${auth[@]}")" '^401 .*"K-416"'
like "the right token" "$(request GET "/v1/sessions/$id" "${auth[@]}")" '^200 .*"signed"'
json=(-H "Content-Type: application/json")
like "no JSON" "$(request POST /v1/sessions/open "${json[@]}" -d 'code')" '^400 .*"K-422"'
like "another type" "$(request POST /v1/sessions/open -H "Content-Type: text/plain" -d '{}')" '^400 .*"K-422"'
like "chunks of unknown size" "$(request POST /v1/sessions/open "${json[@]}" -H 'Transfer-Encoding: chunked' -d '{}')" \
	'^400 .*"K-422"'
# Where a proxy takes the other size for the body's, a further request is hidden in it.
two_sizes=$(/usr/bin/python3 - "$PORT" <<'PY'
import re, socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
s.settimeout(20)
s.sendall(b"POST /v1/sessions/open HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
          b"Content-Length: 2\r\nContent-Length: 43\r\n\r\n{}GET /healthz HTTP/1.1\r\nHost: x\r\n"
          b"Connection: close\r\n\r\n")
answer = b""
while piece := s.recv(4096):
    answer += piece
print(*re.findall(r"HTTP/1\.1 (\d+)", answer.decode()))
PY
)
is "two sizes: refused, and nothing behind them is looked at" "$two_sizes" 400
head -c 5000 /dev/zero >"$TMP/big"
like "too large" "$(request POST /v1/sessions/open "${json[@]}" --data-binary "@$TMP/big")" '^413 .*"K-423"'
like "far too large, before it is sent" "$(request PUT "/v1/sessions/$id/signature" "${auth[@]}" \
	-H "Content-Type: application/cms" -H "Content-Length: 10000000000" -T "$TMP/big")" '^413 .*"K-423"'
# A refusal comes before the body is read; the kiosk gets it all the same, whatever the size.
for size in 3000 60000 70000 1000000; do
	head -c "$size" /dev/zero >"$TMP/large"
	told=$(for i in 1 2 3 4 5 6 7 8 9 10; do portal_submit "$id" 0000 "$TMP/large"; done | grep -c '^K-416 ')
	is "ten refusals of $size bytes, none lost" "$told" 10
done
like "endless headers" "$(request GET /healthz -H "X: $(head -c 40000 /dev/zero | tr '\0' a)")" '^(431|413|400|000) '
like "the service is well all the same" "$("$TOOL" health "$URL" "")" '^version '

# Slow clients: one byte now and then, more connections than one address may have
slow=$(/usr/bin/python3 - "$PORT" <<'PY'
import socket, sys, time
begin = time.time()
socks = [socket.create_connection(("127.0.0.1", int(sys.argv[1]))) for _ in range(30)]
in_header = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 4000
in_body = b"a" * 3000
alive, at = set(socks), 0
for s in socks[1::2]:
    try:
        s.sendall(b"POST /v1/sessions/open HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                  b"Content-Length: 3000\r\n\r\n")
    except OSError:
        pass
while alive and time.time() - begin < 20:
    for s in list(alive):
        text = in_body if s in socks[1::2] else in_header
        try:
            s.send(text[at:at + 1])
            s.setblocking(False)
            if s.recv(1) == b"":
                alive.discard(s)
        except BlockingIOError:
            pass
        except OSError:
            alive.discard(s)
    at += 1
    time.sleep(0.1)
print(len(alive), int(time.time() - begin))
PY
)
like "slow clients are cut off in time" "$slow" '^0 1?[0-9]$' # their requests would take 300 s
like "and the service is well" "$("$TOOL" health "$URL" "")" '^version '

# What may not be offered for signing, and wrong command lines
"$PORTAL" code --database "$D/portal.db" --tckn 10000000147 >"$TMP/out" 2>&1
is "a number with wrong check digits: EX_DATAERR" $? 65
like "says so" "$(cat "$TMP/out")" 'K-506'
unlike "without repeating it" "$(cat "$TMP/out")" '10000000147'
code=$("$PORTAL" code --database "$D/portal.db" --tckn - <<<"$TCKN" 2>/dev/null)
like "the number may come by the standard input" "$code" '^[0-9]{17}$'
printf 'metin \e[2J' >"$TMP/escape"
like "an escape sequence is no text to be signed" "$(portal_code "$D" --text "$TMP/escape" 2>&1; cat "$D/stderr")" \
	'K-318: text 1, byte 7'
"$PORTAL" list --database "$TMP/nothing.db" 2>"$TMP/out"
is "a database that is not there: EX_IOERR" $? 74
"$PORTAL" sing 2>"$TMP/out"
is "an unknown command: EX_USAGE" $? 64
"$PORTAL" serve --config "$D/portal.conf" --database "$D/portal.db" --log none 2>"$TMP/out"
is "no CAs: EX_CONFIG" $? 78
like "names the setting" "$(cat "$TMP/out")" 'signature.trust'
portal_stop

# A signature from before the session. With no tolerance a second is enough to see it.
echo 'signature: { clock_tolerance_s = 0; };' >"$D/portal.conf"
portal_start "$D" || bail "the service does not start"
portal_sign "$TMP/content" "$TMP/bad"
signed_at=$(date +%s)
later() { [ "$(date +%s)" -gt "$signed_at" ]; }
wait_for 5 later
session=$(portal_open "$(portal_code "$D")")
id=$(field id "$session") token=$(field token "$session")
refused "a signature from before the session" K-317
portal_sign "$TMP/content" "$TMP/good"
like "one from within is taken" "$(portal_submit "$id" "$token" "$TMP/good")" '^receipt '
portal_stop

# Guesses: the limits that are the default. A new start forgets none, so each of these has a database of its own.
: >"$D/portal.conf"
rm -f "$D"/portal.db*
portal_start "$D" || bail "the service does not start"
unblock=$(portal_code "$D" --purpose unblock)
# open_older: asks for its session as a kiosk that knows nothing of unblocking.
open_older() {
	curl -s --noproxy '*' -X POST "${json[@]}" -d "{\"code\":\"$unblock\",\"nonce\":\"$NONCE\",\"kiosk\":\"\"}" \
		"$URL/v1/sessions/open"
}
is "a kiosk may ask as often as it likes for what it does not know" \
	"$(for i in 1 2 3 4 5 6; do open_older; echo; done | grep -c K-419)" 6
for i in 1 2 3 4 5; do
	portal_open "0000000000000000$i" >"$TMP/out"
done
like "the fifth wrong code is still told to be wrong" "$(cat "$TMP/out")" '^K-410 '
like "the sixth is not looked at" "$(portal_open 00000000000000006)" '^K-413 CODE_RATE'
like "nor is a right one now" "$(portal_open "$(portal_code "$D")")" '^K-413 CODE_RATE'
like "the answer tells how long to wait" "$(curl -s --noproxy '*' -i -X POST "${json[@]}" \
	-d "{\"code\":\"00000000000000000\",\"nonce\":\"$NONCE\",\"kiosk\":\"\"}" "$URL/v1/sessions/open")" \
	'^Retry-After: ([1-5]?[0-9]|60).?$'
portal_stop

rm -f "$D"/portal.db*
cat >"$D/portal.conf" <<'END'
limits: { per_minute = 64; per_hour = 64; all_per_minute = 1024; consecutive = 8; stop_s = 4; };
END
portal_start "$D" || bail "the service does not start"
code=$(portal_code "$D")
for i in 1 2 3 4 5 6 7 8; do
	portal_open "0000000000000000$i" >"$TMP/out"
done
like "wrong codes in a row stop every code" "$(portal_open "$code")" '^K-413 '
like "with an alarm" "$(cat "$D/log")" 'alarm'
opened() { portal_open "$code" | grep -q '^id '; }
ok "until the stop is over" wait_for 20 opened
unblock=$(portal_code "$D" --purpose unblock)
for i in 1 2 3 4 5 6 7 8; do
	portal_open "0000000000000000$i" >"$TMP/out"
	if [ $((i % 3)) = 0 ]; then
		portal_open "$code" nonce-of-another-kiosk >"$TMP/used"
		open_older >"$TMP/older"
	fi
done
like "a used code" "$(cat "$TMP/used")" '^K-412 '
like "or one that is not used up" "$(cat "$TMP/older")" '"K-419"'
like "between them does not begin a new count" "$(portal_open "$(portal_code "$D")")" '^K-413 '
portal_stop

# The hard stop as it is by default: a hundred kiosks behind a proxy err once each.
rm -f "$D"/portal.db*
cat >"$D/portal.conf" <<'END'
listen: { proxies = "127.0.0.1"; };
limits: { all_per_minute = 1000; };
END
: >"$D/log"
portal_start "$D" || bail "the service does not start"
/usr/bin/python3 - "$PORT" "$(portal_code "$D")" >"$TMP/out" <<'PY'
import http.client, json, sys

link = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=60)
for n in range(1, 102):
    code = sys.argv[2] if n == 101 else "%017d" % n
    link.request("POST", "/v1/sessions/open", json.dumps({"code": code, "nonce": "nonce-of-one-kiosk", "kiosk": ""}),
                 {"Content-Type": "application/json", "X-Forwarded-For": "192.0.2.%d" % n})
    print(n, json.loads(link.getresponse().read())["code"])
PY
is "a hundred wrong codes in a row are told to be wrong" "$(head -n 100 "$TMP/out" | grep -c ' K-410$')" 100
is "the hundred and first is refused, though it is right and another kiosk's" "$(tail -n 1 "$TMP/out")" "101 K-413"
is "with one alarm" "$(grep -c alarm "$D/log")" 1
done_testing
