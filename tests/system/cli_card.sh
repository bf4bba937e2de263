#!/bin/bash
# eonay card list, sign and doctor on a card behind a real pcscd.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
pcscd_enter "$0" "$@"
eonay=$top_builddir/eonay
cd "$TMP" || bail "no work directory"
printf 'log: { target = "%s/log"; level = "debug"; };\n' "$TMP" >eonay.conf

# try ARGUMENTS...: STATUS, OUT and ERR are what came of it.
try() {
	OUT=$("$eonay" --config eonay.conf "$@" 2>err </dev/null)
	STATUS=$?
	ERR=$(<err)
}
# sign ARGUMENTS...: with the PIN $PIN through a descriptor.
sign() {
	OUT=$("$eonay" --config eonay.conf sign --pin-fd 7 "$@" 2>err </dev/null 7<<<"$PIN")
	STATUS=$?
	ERR=$(<err)
}
PIN=123456
json() {
	jq -r "$1" <<<"$OUT"
}
code() {
	grep -o 'K-[0-9]*' <<<"$ERR" | head -n1
}
# found CHECK: level and code of doctor's findings of this kind.
found() {
	jq -r --arg check "$1" '.findings[] | select(.check == $check) | "\(.level) \(.code)"' <<<"$OUT"
}
printf 'Onay veriyorum.\n' >text

# No daemon.
try card list
is "list without a daemon" "$STATUS $(code)" "69 K-101"
try doctor --json
is "doctor without a daemon: exit status" "$STATUS" 69
is "doctor without a daemon: what is wrong" "$(found daemon)" "failure K-101"
like "doctor without a daemon: what to do" "$(jq -r '.findings[] | select(.check == "daemon") | .remedy' <<<"$OUT")" pcscd
sign -o none.p7s text
is "sign without a daemon" "$STATUS $(code)" "69 K-101"

# A reader, no card.
pcscd_start
try card list --json
is "an empty reader is no failure" "$STATUS $(json '.error, .readers[0].error.code' | tr '\n' ' ')" "0 null K-104 "
try doctor --json
is "doctor: daemon, access and reader are fine" "$(found daemon) $(found access) $(found readers)" "ok null ok null ok null"
is "doctor: no card is a warning" "$STATUS $(found card)" "0 warning K-104
warning K-104"
sign -o none.p7s text
is "sign without a card" "$STATUS" 69

# The card: two certificates.
vcard_start --profile akis --state card --trace trace
wait_card
try card list --json
is "two certificates that may sign" "$STATUS $(json '[.certificates[] | select(.unusable == null)] | length')" "0 2"
is "the number is masked" "$(json '.certificates[0].tckn')" "100******46"
is "the tries are known" "$(json '.certificates[0].pin.tries')" 3
id=$(json '.certificates[0].id')
reader=$(json '.certificates[0].reader')
try card list
like "in words: the holder" "$OUT" '^ +Sahibi +Işıl Çağrı Yeşildağ$'
like "in words: the identifier" "$OUT" "^ +Sertifika +$id$"
try doctor --json
is "doctor: the card is fine" "$(found card | head -n1)" "ok null"
is "nothing so far has sent a PIN command" "$(grep -ciE '^> ?(00|0C)20' trace)" 0
"$top_builddir/eonay-vcard" --state card --export-ca ca.pem 2>/dev/null

# What is wrong before the PIN is asked for.
before=$(grep -ciE '^> ?0020' trace)
sign text
is "no output named" "$STATUS $(code)" "64 K-501"
sign -o out.p7s none
is "no such file" "$STATUS $(code)" "66 K-010"
sign -o out.p7s "$TMP"
is "a directory" "$STATUS $(code)" "66 K-010"
sign -o none/out.p7s text
is "the output's directory is not there" "$STATUS $(code)" "73 K-011"
sign -o text text
is "the output is there" "$STATUS $(code)" "73 K-012"
sign -o out.p7s text
is "several certificates" "$STATUS $(code)" "64 K-508"
sign -o out.p7s --cert FFFF text
is "no such certificate" "$STATUS $(code)" "69 K-118"
sign -o out.p7s --reader Nowhere text
is "no such reader" "$STATUS $(code)" "64 K-507"
PIN='' sign -o out.p7s --cert "$id" text
is "no PIN" "$STATUS $(code)" "66 K-509"
PIN=12ab56 sign -o out.p7s --cert "$id" text
is "a PIN that is not digits" "$STATUS $(code)" "65 K-204"
PIN=1 sign -o out.p7s --cert "$id" text
is "a PIN too short" "$STATUS $(code)" "65 K-203"
like "no try is said to be used up" "$ERR" 'PIN hakkınız eksilmedi'
is "and none of these sent a PIN" "$(grep -ciE '^> ?0020' trace)" "$before"

# Signatures.
sign -o attached.p7s --cert "$id" --reader "$reader" text
is "sign" "$STATUS $(code)" "0 "
like "who signs and the tries are told before" "$ERR" 'Kalan PIN hakkı: 3'
try verify --ca ca.pem attached.p7s
is "our verifier accepts it" "$STATUS" 0
ok "openssl accepts it" openssl cms -verify -binary -cades -inform DER -in attached.p7s -CAfile ca.pem -purpose any -out got
ok "with the content inside" cmp text got
sign --detached -o detached.p7s --cert "$id" text
is "sign detached" "$STATUS" 0
ok "openssl accepts it with the content" openssl cms -verify -binary -cades -inform DER -in detached.p7s -content text \
	-CAfile ca.pem -purpose any -out got
is "the signature is the owner's alone" "$(stat -c %a detached.p7s)" 600
is "exactly one PIN command each" "$(grep -ciE '^> ?0020' trace)" $((before + 2))
sign -o attached.p7s --cert "$id" text
is "a second time the name is taken" "$STATUS $(code)" "73 K-012"
ec=$(try card list --json && json '.certificates[1].id')
sign -o ec.p7s --cert "$ec" text
is "sign with the EC key" "$STATUS" 0
try verify --ca ca.pem ec.p7s
is "our verifier accepts it" "$STATUS" 0

# From the terminal: no echo, and the terminal is as before.
terminal_start 80 24 "$eonay" --config eonay.conf sign -o typed.p7s --cert "$id" text
sees "the PIN is asked for" "PIN Kodu:"
terminal_tmux send-keys -t t -l 123456
terminal_tmux send-keys -t t Enter
wait_for 20 test -s terminal.status
is "sign with a typed PIN" "$(cat terminal.status)" 0
is "the PIN is not on the screen" "$(screen | grep -c 123456)" 0
terminal_stop

# In a terminal of its own: a shell that tells how the terminal was left.
asked() {
	terminal_start 80 24 bash -c 'trap : INT; "$@"; echo "left: $? $(stty -a | grep -o "[-]*echo\b")"; read -r' bash \
		"$eonay" --config eonay.conf sign -o asked.p7s --cert "$id" text
	sees "$1: the PIN is asked for" "PIN Kodu:"
}
asked "Ctrl-C"
types 123
press C-c
sees "Ctrl-C: the terminal echoes again" "left: 130 echo"
terminal_stop
asked "nothing typed"
press Enter
sees "nothing typed: no PIN is no PIN" "left: 66 echo"
terminal_stop
asked "too long"
types 12345678901234567890123456789012345678901234567890123456789012345
press Enter
sees "too long: refused before the card" "left: 65 echo"
terminal_stop
is "none of these sent a PIN" "$(grep -ciE '^> ?0020' trace)" "$((before + 4))"

# Stopped at the PIN by a shell with jobs, and continued.
terminal_start 80 24 env PS1=shell: bash --norc --noprofile -i
types "'$eonay' --config eonay.conf sign -o continued.p7s --cert '$id' text; echo left: \$?"
press Enter
sees "Ctrl-Z: the PIN is asked for" "PIN Kodu:"
types 12
press C-z
sees "Ctrl-Z: stopped" "left: 148"
types "clear; fg; echo continued: \$?"
press Enter
sees "Ctrl-Z: the PIN is asked for again" "PIN Kodu:"
types 123456
press Enter
sees "Ctrl-Z: signed, and nothing else is said" "continued: 0"
ok "Ctrl-Z: the signature is there" test -s continued.p7s
terminal_stop

# doctor looks at the terminal as well.
terminal_start 80 24 "$eonay" --config eonay.conf doctor
sees "doctor in a terminal" "80x24"
is "doctor: nothing is in the way" "$(terminal_ended)" 0
terminal_stop
terminal_start 70 22 "$eonay" --config eonay.conf doctor
is "doctor in a terminal that is cramped" "$(terminal_ended)" 0
sees "says what would be better" "80 sütun, 24 satır"
sees_not "does not say that it is too small" "K-009"
terminal_stop
terminal_start 50 15 "$eonay" --config eonay.conf doctor
is "doctor in a terminal too small" "$(terminal_ended)" 69
terminal_stop
try
is "the full screen without a terminal" "$STATUS $(code)" "69 K-008"
like "in the form of every failure" "$ERR" '^eonay: K-008 .* \(tty: '

# Wrong PINs, down to the last try.
PIN=654321 sign -o wrong.p7s --cert "$id" text
is "a wrong PIN" "$STATUS $(code)" "77 K-201"
like "the tries left are told" "$ERR" 'Kalan PIN hakkı: 2'
PIN=654321 sign -o wrong.p7s --cert "$id" text
is "another" "$STATUS $(code)" "77 K-201"
like "the warning in the official words" "$ERR" 'Bir sonraki hatalı girişte PIN kilitlenecektir'
before=$(grep -ciE '^> ?0020' trace)
PIN=123456 sign -o last.p7s --cert "$id" text
is "the last try is not used by itself" "$STATUS $(code)" "77 K-205"
is "and no PIN was sent" "$(grep -ciE '^> ?0020' trace)" "$before"
terminal_start 80 24 "$eonay" --config eonay.conf sign -o last.p7s --cert "$id" text
sees "in the terminal the last try wants a word" "EVET"
types evet
press Enter
is "another word is none" "$(terminal_ended)" 77
terminal_stop
is "and sends no PIN" "$(grep -ciE '^> ?0020' trace)" "$before"
PIN=123456 sign -o last.p7s --cert "$id" --last-try text
is "confirmed, it is used" "$STATUS" 0
for _ in 1 2; do PIN=654321 sign -o wrong.p7s --cert "$id" text; done
PIN=654321 sign -o wrong.p7s --cert "$id" --last-try text
is "the last wrong one blocks" "$STATUS $(code)" "77 K-202"
before=$(grep -ciE '^> ?0020' trace)
PIN=123456 sign -o blocked.p7s --cert "$id" --last-try text
is "a blocked PIN is not asked for" "$STATUS $(code)" "77 K-202"
is "and nothing is sent" "$(grep -ciE '^> ?0020' trace)" "$before"
ok "no failure has left a file" test -z "$(compgen -G '*wrong*'; compgen -G '*blocked*'; compgen -G '.eonay-*'; compgen -G 'out*')"

# A weak key is told before the PIN is asked for, also where the certificate need not be a qualified one.
vcard_stop
openssl req -x509 -newkey rsa:1024 -nodes -keyout weak.pem -subj /CN=Weak -addext keyUsage=nonRepudiation \
	-days 30 -out weak.crt 2>/dev/null
hex() { openssl "$@" -outform DER 2>/dev/null | od -An -v -tx1 | tr -d ' \n'; }
sed "0,/^key /s/^\(key [0-9]*\) .*/\1 $(hex rsa -in weak.pem -traditional) $(hex x509 -in weak.crt)/; s/^pin 0 0/pin 0 3/" card >weak.card
printf 'card: { certificates = "any"; };\n' >>eonay.conf
vcard_start --profile akis --state weak.card --trace weak.trace
wait_card
try card list --json
is "a weak key may not sign" "$(json '.certificates[] | select(.holder == "Weak") | .unusable.code')" K-307
sign -o weak.p7s --cert "$(json '.certificates[] | select(.holder == "Weak") | .id')" text
is "and it is said before the PIN is asked for" "$STATUS $(code)" "65 K-307"
unlike "not behind it" "$ERR" 'Kalan PIN'

# A card that hangs behind VERIFY: nobody knows what became of the try.
vcard_stop
printf 'on 002A9E delay 100000\n' >faults
sed 's/^pin 0 [0-9]/pin 0 3/' card >hung.card
printf 'card: { deadline_seconds = 4; };\nlog: { target = "%s/log"; level = "debug"; };\n' "$TMP" >eonay.conf
vcard_start --profile akis --state hung.card --trace hung.trace --faults faults
wait_card
sign -o hung.p7s --cert "$id" text
is "a card that hangs" "$STATUS $(code)" "75 K-005"
is "the PIN was sent" "$(grep -ciE '^> ?0020' hung.trace)" 1
like "and nothing is claimed about it" "$ERR" 'PIN hakkınızın eksilip eksilmediği bilinmiyor'

# The PIN and the number are nowhere.
unlike "no PIN in the log" "$(cat log)" '123456|654321'
unlike "no whole number in the log" "$(cat log)" 10000000146
done_testing
