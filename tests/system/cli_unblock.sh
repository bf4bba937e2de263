#!/bin/bash
# eonay card unblock on a card behind a real pcscd: from a script, and from the terminal.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
pcscd_enter "$0" "$@"
eonay=$top_builddir/eonay
cd "$TMP" || bail "no work directory"
printf 'log: { target = "%s/log"; level = "debug"; };\n' "$TMP" >eonay.conf
printf 'Onay veriyorum.\n' >text

# unblock PUK PIN [OPTIONS...]: both through one descriptor; STATUS and ERR are what came of it.
unblock() {
	local puk=$1 pin=$2

	shift 2
	"$eonay" --config eonay.conf card unblock --puk-fd 7 --pin-fd 7 "$@" >out 2>err </dev/null 7<<<"$puk"$'\n'"$pin"
	STATUS=$?
	ERR=$(<err)
}
# signs PIN: a signature with this PIN is made.
signs() {
	rm -f out.p7s
	"$eonay" --config eonay.conf sign --pin-fd 7 --cert "$id" --last-try -o out.p7s text 2>err </dev/null 7<<<"$1"
}
code() {
	grep -o 'K-[0-9]*' err | head -n1
}
puks_sent() {
	grep -c '^> 00200082' trace
}

unblock 12345678 805137
is "without a daemon" "$STATUS $(code)" "69 K-101"
pcscd_start
unblock 12345678 805137
is "without a card" "$STATUS" 69
vcard_start --profile akis --state card --trace trace
wait_card
id=$("$eonay" --config eonay.conf card list --json | jq -r '.certificates[0].id')
is "the PUK's tries are listed" "$("$eonay" --config eonay.conf card list --json | jq '.certificates[0].puk.tries')" 3

# What is wrong before anything is sent.
unblock 12345678 805137 --reader Nowhere
is "no such reader" "$STATUS $(code)" "64 K-507"
unblock 12 805137
is "a PUK too short" "$STATUS $(code)" "65 K-213"
unblock 1234567x 805137
is "a PUK that is not digits" "$STATUS $(code)" "65 K-214"
unblock 12345678 80
is "a PIN too short" "$STATUS $(code)" "65 K-203"
unblock 12345678 888888
is "a PIN of one digit" "$STATUS $(code)" "65 K-221"
unblock 12345678 123456
is "the PIN of before, a row" "$STATUS $(code)" "65 K-222"
unblock 51942837 519428
is "the PUK's beginning" "$STATUS $(code)" "65 K-223"
like "no try is said to be used up" "$ERR" 'PUK hakkınız eksilmedi'
unblock '' ''
is "no PUK" "$STATUS $(code)" "66 K-509"
is "none of these sent a PUK" "$(puks_sent)" 0

# A blocked PIN.
for _ in 1 2 3; do signs 111111; done
signs 123456
is "the PIN is blocked" "$(code)" K-202
unblock 87654321 805137
is "a wrong PUK" "$STATUS $(code)" "77 K-211"
like "the tries left are told" "$ERR" 'Kalan PUK hakkı: 2'
unblock 12345678 805137
is "the right one" "$STATUS $(code)" "0 "
like "whose card it is is told before" "$ERR" 'Işıl Çağrı Yeşildağ, 100\*\*\*\*\*\*46'
is "one command each" "$(puks_sent)" 2
ok "the new PIN signs" signs 805137

# From the terminal: no echo, typed twice.
terminal_start 80 24 "$eonay" --config eonay.conf card unblock
sees "the PUK is asked for" "PUK Kodu:"
types 12345678
press Enter
sees "then the new PIN" "Yeni PIN:"
types 246802
press Enter
sees "and once more" "Yeni PIN (tekrar):"
types 246803
press Enter
is "two that differ are none" "$(terminal_ended)" 65
like "which is said" "$(cat terminal.err)" 'K-224'
terminal_stop
terminal_start 80 24 "$eonay" --config eonay.conf card unblock
sees "once again" "PUK Kodu:"
types 12345678
press Enter
sees "the new PIN" "Yeni PIN:"
types 246802
press Enter
sees "twice" "Yeni PIN (tekrar):"
types 246802
press Enter
is "it is set" "$(terminal_ended)" 0
like "which is said" "$(cat terminal.err)" 'kilit çözüldü'
unlike "nothing that was typed is on the screen" "$(screen)" '12345678|246802'
terminal_stop
ok "this PIN signs" signs 246802

# The last try.
unblock 87654321 805137
unblock 87654321 805137
like "the warning" "$ERR" 'Bir sonraki hatalı girişte kart bir daha kullanılamaz'
before=$(puks_sent)
unblock 12345678 805137
is "the last try is not used by itself" "$STATUS $(code)" "77 K-215"
terminal_start 80 24 "$eonay" --config eonay.conf card unblock
sees "in the terminal it wants a word" "EVET"
types evet
press Enter
is "another word is none" "$(terminal_ended)" 77
terminal_stop
is "no PUK was sent" "$(puks_sent)" "$before"
unblock 87654321 805137 --last-try
is "the last wrong one blocks" "$STATUS $(code)" "77 K-212"
like "what to do is said" "$ERR" 'yeni bir kart isteyiniz'
unblock 12345678 805137 --last-try
is "a blocked PUK is not asked for" "$STATUS $(code)" "77 K-212"
is "and nothing is sent" "$(puks_sent)" $((before + 1))
like "the list says so" "$("$eonay" --config eonay.conf card list)" 'Kalan PUK hakkı +PUK kilitli'

unlike "neither PIN nor PUK in the log" "$(cat log)" '12345678|87654321|805137|24680'
unlike "no whole number in the log" "$(cat log)" 10000000146
done_testing
