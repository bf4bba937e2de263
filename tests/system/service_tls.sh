#!/bin/bash
# Servers that are not the one meant, or speak TLS as it must not be spoken: the kiosk refuses each before it has sent
# anything of a request, the code least of all.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"

here="subjectAltName=IP:127.0.0.1"
ok "certificates made" portal_pki "$TMP/pki"
portal_certificate stranger other-ca "/CN=portal" "$here"
portal_certificate elsewhere ca "/CN=127.0.0.1" "subjectAltName=DNS:other.example,IP:127.0.0.2"
portal_certificate any-name ca "/CN=127.0.0.1" "subjectAltName=DNS:*"
portal_certificate expired ca "/CN=portal" "$here" -days -1
portal_certificate client ca "/CN=portal" "$here"$'\n'"extendedKeyUsage=clientAuth"
portal_certificate sha1 ca "/CN=portal" "$here" -sha1
portal_certificate below server "/CN=portal" "$here"
cat "$PKI/server.pem" >>"$PKI/below.pem"
# These two make themselves what the CA's are.
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$PKI/self.key" -out "$PKI/self.pem" -days 20 -subj "/CN=portal" \
	-addext "$here" 2>/dev/null
openssl req -newkey rsa:1024 -nodes -keyout "$PKI/weak.key" -out "$PKI/weak.csr" -subj "/CN=portal" 2>/dev/null
openssl x509 -req -in "$PKI/weak.csr" -CA "$PKI/ca.pem" -CAkey "$PKI/ca.key" -CAcreateserial -days 20 \
	-extfile "$PKI/server.ext" -out "$PKI/weak.pem" 2>/dev/null
# Only this one of openssl's programs dates certificates ahead in all its versions.
mkdir "$TMP/ca"
: >"$TMP/ca/index"
openssl req -new -key "$PKI/server.key" -subj "/CN=portal" -out "$PKI/early.csr"
(cd "$TMP/ca" && openssl ca -batch -config <(printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index\nnew_certs_dir=.\npolicy=p\nrand_serial=yes\n[p]\ncommonName=supplied\n') \
	-in "$PKI/early.csr" -out "$PKI/early.pem" -cert "$PKI/ca.pem" -keyfile "$PKI/ca.key" -md sha256 -notext \
	-startdate 20480101000000Z -enddate 20490101000000Z -extfile "$PKI/server.ext" 2>"$TMP/early.log")
cp "$PKI/server.key" "$PKI/early.key"
for name in stranger elsewhere any-name expired early client sha1 below self weak; do
	openssl x509 -in "$PKI/$name.pem" -noout || bail "no certificate $name"
done
not_ok "one of them is not valid yet" openssl verify -CAfile "$PKI/ca.pem" "$PKI/early.pem"

# Each server listens on a port of its own and writes down what it was told: NAME PORT into ports, the bytes into seen.NAME.
cat >"$TMP/servers.py" <<'PY'
import os, socket, ssl, sys, threading

folder, pki, names = sys.argv[1], sys.argv[2], sys.argv[3:]
VERSIONS = {"tls1_0": ssl.TLSVersion.TLSv1, "tls1_1": ssl.TLSVersion.TLSv1_1}


def handshake(name, s):
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    c.set_ciphers("aNULL:@SECLEVEL=0" if name == "anonymous" else "ALL:@SECLEVEL=0")
    if name == "anonymous":
        c.maximum_version = ssl.TLSVersion.TLSv1_2
    else:
        certificate = "server" if name in VERSIONS else name
        c.load_cert_chain("%s/%s.pem" % (pki, certificate), "%s/%s.key" % (pki, certificate))
    if name in VERSIONS:
        c.minimum_version = c.maximum_version = VERSIONS[name]
    return c.wrap_socket(s, server_side=True)


def talk(name, s, seen):
    if name in ("plain", "garbage", "cut"):
        seen.write(s.recv(65536))
        s.sendall({"plain": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "garbage": os.urandom(500),
                   "cut": b"\x16\x03\x03\x00\x7a\x02\x00"}[name])
        return
    s, heard = handshake(name, s), b"nothing yet"
    while heard and not heard.endswith(b"}"):
        heard = s.recv(65536)
        seen.write(heard)


def serve(name, listener):
    while True:
        s = listener.accept()[0]
        s.settimeout(20)
        with open(folder + "/seen." + name, "wb", buffering=0) as seen:
            try:
                talk(name, s, seen)
            except OSError:  # of TLS, too
                pass
            s.close()


with open(folder + "/ports.tmp", "w") as f:
    for name in names:
        listener = socket.create_server(("127.0.0.1", 0))
        f.write("%s %d\n" % (name, listener.getsockname()[1]))
        threading.Thread(target=serve, args=(name, listener)).start()
os.rename(folder + "/ports.tmp", folder + "/ports")
PY
faults=(stranger elsewhere any-name expired early client sha1 below self weak tls1_0 tls1_1 anonymous plain garbage cut)
/usr/bin/python3 -W ignore "$TMP/servers.py" "$TMP" "$PKI" server "${faults[@]}" 2>"$TMP/stderr" &
at_end stop_process $!
wait_for 20 test -s "$TMP/ports" || bail "the servers do not start"

# tells NAME: the code is told to that server, were it the right one.
tells() {
	"$TOOL" open "https://127.0.0.1:$(field "$1" "$(cat "$TMP/ports")")" "$PKI/ca.pem" nonce-0123456789 <<<31415926535897932 2>&1
}
seen() {
	grep -qas "$1" "$TMP/seen.$2"
}
tells server >"$TMP/out"
ok "the right server is told the code" wait_for 20 seen 31415926535897932 server
for fault in "${faults[@]}"; do
	like "$fault: refused" "$(tells "$fault")" '^K-402 SERVICE_TLS'
	not_ok "$fault: nothing of the request was sent" seen 'POST\|3141592653' "$fault"
done

# The right server by its CA, with a pin beside it
PIN=sha256//$(openssl pkey -in "$PKI/server.key" -pubout -outform DER | openssl dgst -sha256 -binary | base64)
OTHER=sha256//$(openssl pkey -in "$PKI/signer.key" -pubout -outform DER | openssl dgst -sha256 -binary | base64)
# pinned PIN: likewise, with that pin.
pinned() {
	rm -f "$TMP/seen.server"
	"$TOOL" --pin "$1" open "https://127.0.0.1:$(field server "$(cat "$TMP/ports")")" "$PKI/ca.pem" nonce-0123456789 \
		<<<31415926535897932 2>&1
}
for pin in "$PIN" "$OTHER;$PIN"; do
	pinned "$pin" >"$TMP/out"
	ok "the right key: the code is told" wait_for 20 seen 31415926535897932 server
done
for pin in "$OTHER" "$OTHER;$OTHER" "sha256//" "sha256//AAAA" "$TMP/nothing" "x"; do
	like "another key than $pin: refused" "$(pinned "$pin")" '^K-402 SERVICE_TLS'
	not_ok "and nothing was sent" seen 'POST\|3141592653' server
done
like "nor does the pin make a stranger the right one" "$("$TOOL" --pin "$(openssl pkey -in "$PKI/stranger.key" -pubout -outform DER |
	openssl dgst -sha256 -binary | base64 | sed 's|^|sha256//|')" open \
	"https://127.0.0.1:$(field stranger "$(cat "$TMP/ports")")" "$PKI/ca.pem" nonce-0123456789 <<<31415926535897932 2>&1)" \
	'^K-402 SERVICE_TLS'
done_testing
