#!/bin/bash
# A certificate that is suspended while its holder stands at the kiosk: the signature is refused with the words of it and no
# word against the PIN, and goes through without a PIN once the suspension is lifted; a revoked one is refused for good. All of
# it on the parts of the demonstration: service, authority, registry and card.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
. "$top_srcdir/tests/system/lib/demo.sh"
portal=$top_builddir/eonay-portal

demo_start "kiosk" 100 30 --kiosk

certificate() {
	"$portal" certificate "$@" --config "$DIRECTORY/portal.conf" --database "$DIRECTORY/portal.db" 2>&1
}
# kept: what is kept with the newest signature of where the certificate's status came from, and how many there are.
kept() {
	/usr/bin/python3 -c '
import sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute("SELECT status_source, time_stamp IS NOT NULL FROM signature ORDER BY accepted_at").fetchall()
print(len(rows), *(rows[-1] if rows else ()))' "$DIRECTORY/portal.db"
}

is "both certificates are in the registry" "$(certificate list --tckn 10000000146 | awk '{ print $2 }' | xargs)" "valid valid"
serial=$(certificate list --tckn 10000000146 | awk '{ print $1 }' | while read -r one; do
	/usr/bin/python3 -c '
import sqlite3, sys
print(sys.argv[2], len(sqlite3.connect(sys.argv[1]).execute("SELECT der FROM certificate WHERE serial = ?", (sys.argv[2],)).fetchone()[0]))' \
		"$DIRECTORY/portal.db" "$one"
done | sort -k 2n | awk 'END { print $1 }') # the RSA key makes the longer certificate
ok "suspended" certificate status "$serial" suspended
demo_sign "suspended"
sees "the kiosk says that it is suspended" "Sertifika askıya alınmış." 30
sees "and who can lift it" "Askıdan İndirme"
sees "its code" "K-330"
sees "the signature is not lost" "İmzanız duruyor; kabul edilmedi."
unlike "and nothing is said against the PIN" "$(screen)" "PIN.*hakk|Hatalı PIN"
is "nothing is kept" "$(kept)" "0"
ok "lifted" certificate status "$serial" valid
press Enter
sees "the same signature is accepted, without a PIN" "işleminize devam ediniz" 30
is "with the responder's word and a time stamp" "$(kept)" "1 1 1"

press Enter
sees "the first screen again" "Doğrulama Kodu" 30
ok "with a new code" wait_for 10 demo_code_is_new
ok "revoked" certificate status "$serial" revoked
demo_sign "revoked"
sees "the kiosk says that it is revoked" "Sertifika iptal edilmiş." 30
sees "its code" "K-308"
sees "and offers a new code, not another try" "Yeni Kod"
unlike "nothing is said against the PIN" "$(screen)" "PIN.*hakk|Hatalı PIN"
is "nothing more is kept" "$(kept)" "1 1 1"
terminal_stop
done_testing
