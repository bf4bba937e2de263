#!/bin/bash
# The registry of certificates by command: added, listed, suspended, released, revoked, each with its record in the audit log.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"

D=$TMP/portal
mkdir -p "$D"
ok "certificates made" portal_pki "$TMP/pki"
portal_signer second "$TCKN" || bail "no certificate"
portal_signer other 10000000078 || bail "no certificate"
: >"$D/portal.conf"
# certificate ACTION...: the command; its output and status.
certificate() {
	"$PORTAL" certificate "$@" --config "$D/portal.conf" --database "$D/portal.db" 2>&1
}
serial() {
	openssl x509 -in "$PKI/$1.pem" -noout -serial | sed 's/serial=//'
}
status() {
	certificate status "$(serial "$1")" | awk 'NR == 1 { print $2 }'
}

# fails STATUS DESCRIPTION ARGUMENT...
fails() {
	local status=$1 what=$2

	shift 2
	certificate "$@" >"$TMP/out"
	is "$what" $? "$status"
}

fails 74 "nothing is listed of a database that is not there" list --tckn "$TCKN"
fails 65 "whose number is judged before it" list --tckn 10000000147
fails 64 "as is what is missing" list
fails 64 "and a status that is none" status 01 gone
fails 64 "no file" add
not_ok "none of which makes a database" test -e "$D/portal.db"
cat "$PKI/signer.pem" "$PKI/second.pem" >"$TMP/both.pem"
openssl x509 -in "$PKI/other.pem" -outform DER -out "$TMP/other.der"
is "two in one file and one in DER are added" "$(certificate add "$TMP/both.pem" "$TMP/other.der")" \
	"$(printf '%s eklendi\n' "$(serial signer)" "$(serial second)" "$(serial other)")"
for broken in 's/^MII/M!!/' '/^-----END/d'; do
	{ cat "$PKI/signer.pem" && sed "$broken" "$PKI/server.pem"; } >"$TMP/broken.pem"
	like "one that can't be read behind a good one is told: $broken" "$(certificate add "$TMP/broken.pem"; echo "$?")" \
		"K-301: $TMP/broken.pem: certificate 2"
done
is "once" "$(certificate add "$PKI/signer.pem")" "$(serial signer) zaten kayıtlı"
is "a person's are listed" "$(certificate list --tckn "$TCKN" | awk '{ print $1, $2 }' | sort)" \
	"$(printf '%s valid\n' "$(serial signer)" "$(serial second)" | sort)"
is "the number may come by the standard input" "$(certificate list --tckn - <<<10000000078 | awk '{ print $1 }')" "$(serial other)"
unlike "nowhere the whole number" "$(certificate status "$(serial signer)")" "$TCKN"

is "suspended" "$(certificate status "$(serial signer)" suspended && status signer)" suspended
is "suspended again changes nothing" \
	"$(certificate status "$(serial signer)" suspended && sqlite3 "$D/portal.db" "SELECT count(*) FROM audit WHERE action = 'certificate.suspend'")" 1
is "released" "$(certificate status "$(serial signer)" valid && status signer)" valid
is "revoked" "$(certificate status "$(serial signer)" revoked && status signer)" revoked
like "for good" "$(certificate status "$(serial signer)" valid)" 'K-[0-9]+'
is "and is still" "$(status signer)" revoked
is "the other one is none the worse" "$(status second)" valid
is "each change has its record" "$(/usr/bin/python3 -c '
import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute("SELECT action FROM audit WHERE subject = ? ORDER BY at, action", (sys.argv[2],)):
    print(row[0])' "$D/portal.db" "$(serial signer)" | sort)" \
	"$(printf 'certificate.%s\n' add release revoke suspend)"
is "by the command, not by the person" "$(sqlite3 "$D/portal.db" "SELECT DISTINCT actor FROM audit WHERE subject = '$(serial signer)'")" \
	command

fails 64 "no action" && fails 64 "an action that is none" drop "$(serial second)"
fails 64 "a status that is none" status "$(serial second)" gone
fails 64 "a list of nobody's" list
fails 65 "a number that is none" list --tckn 10000000147
fails 66 "a file that is not there" add "$TMP/nothing"
fails 65 "a file that is no certificate" add "$TMP/pki/signer.key"
fails 65 "a certificate that is nobody's" add "$PKI/ca.pem"
not_ok "a certificate that is not there" certificate status 01

# What a CA has written into a certificate is no command for a terminal, and no line of ours.
portal_certificate odd ca "/C=TR/serialNumber=$TCKN/CN=A"$'\e'"[2JB"$'\n'"Durum tarihi: 1" "$NES_EXTENSIONS" || bail "no certificate"
certificate add "$PKI/odd.pem" >/dev/null
told=$(certificate status "$(serial odd)")
like "unsafe characters of a name are shown visibly" "$told" '^Kişi: 100\*{6}46 A\\u\{1B\}\[2JB Durum tarihi: 1$'
is "on one line" "$(wc -l <<<"$told")" 3
done_testing
