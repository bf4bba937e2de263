#!/bin/bash
# The screens of unblocking in a real terminal, over made-up workers: both languages, three sizes, what can go wrong; and
# those of a login.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
command -v tmux >/dev/null || skip_all "tmux is not there"

# begin SIZE PURPOSE OPTION...: the program in a fresh terminal, its next session being for PURPOSE; the code is typed.
begin() {
	local size=$1 purpose=$2

	shift 2
	terminal_stop
	rm -f "$TMP/control"
	mkfifo "$TMP/control"
	terminal_start "${size%x*}" "${size#*x}" env TERM=tmux-256color \
		"$top_builddir/walk" --control "$TMP/control" "$@"
	sees "$size $purpose $*: begins" "_____ ____ ____ ____"
	tell "purpose $purpose"
	types 01234567890123456
	press Enter
}
tell() {
	# Never waits for a program that is gone.
	timeout 5 bash -c 'echo "$1" >"$2"' - "$1" "$TMP/control"
}
# typed WORDS TEXT: the screen is there, the text is typed and Enter pressed.
typed() {
	sees "$size: $1" "$1"
	types "$2"
	press Enter
}

for size in 80x24 132x43 60x20; do
	begin $size unblock --demo
	sees "$size: the operation is named" "PIN Oluşturma / Kilit Çözme"
	sees "$size: where we are" "[2 Kart]"
	sees "$size: whose card" "100******46"
	sees "$size: the time left" "Kalan Süre: 29"
	press Enter
	sees "$size: the PUK" "PUK Kodu"
	sees "$size: tries left" "Kalan deneme: 3"
	types 1234
	sees "$size: one dot for each digit" "••••"
	unlike "$size: and not the digits" "$(screen | grep -v DENEME)" 1234
	typed "[3 PUK]" 5678
	typed "[4 Yeni PIN]" 111111
	sees "$size: one digit all over is refused" "(K-221)"
	typed "Yeni PIN" 123456
	sees "$size: so is a row" "(K-222)"
	typed "Yeni PIN" 805137
	typed "PIN'İ AYARLA" 805138
	sees "$size: two that differ" "(K-224)"
	typed "Yeni PIN" 805137
	typed "PIN'İ AYARLA" 805137
	sees "$size: done" "✓ Yeni PIN kodunuz kartınızda"
	sees "$size: at the last step" "[5 Sonuç]"
	sees "$size: the last words are whole" "Kartınızı alabilirsiniz."
	sees_not "$size: nothing to hurry for" "Kalan Süre"
	press Enter
	is "$size: the person has left" "$(terminal_ended)" 0

	begin $size unblock --en
	sees "$size, English: the card" "[2 Card]"
	sees "$size, English: the operation" "Set the PIN / Unblock the card"
	press Enter
	for tries in 2 1; do
		typed "[3 PUK]" 87654321
		typed "[4 New PIN]" 805137
		typed "SET THE PIN" 805137
		sees "$size, English: a wrong PUK, $tries left" "Tries left: $tries"
	done
	sees "$size, English: the ladder" "The next"
	typed "[3 PUK]" 87654321
	typed "[4 New PIN]" 805137
	typed "SET THE PIN" 805137
	sees "$size, English: the last try" "Last PUK try"
	press Enter
	types yes
	press Enter
	sees "$size, English: blocked" "The PUK is blocked"
	sees "$size, English: what to do" "Ask the issuer of the card for a new one"
	sees "$size, English: with its code" "(K-212)"
	sees_not "$size, English: no pad then" "Clear"

	begin $size login
	sees "$size: a login request" "[2 Giriş isteği]"
	press Enter
	sees "$size: the certificates" "Sertifika Seçiniz"
	press Enter
	typed "Temizle" 123456
	sees "$size: signed" "✓ Giriş isteğiniz imzalandı"
	sees "$size: and where it goes on" "Tarayıcınıza dönünüz"
done

# The card comes and goes; another person's is named as such.
size=80x24
begin $size unblock
tell other
sees "another person's card: greyed" "×  MEHMET DEMİR"
sees "another person's card: why" "(K-309)"
press Enter
sees "another person's card: leads nowhere" "[2 Kart]"
tell insert
sees "the right card" "AYŞE YILMAZ"
press F3
sees "its details" "PUK"
press Escape Enter
typed "[3 PUK]" 12345678
sees "the new PIN" "[4 Yeni PIN]"
types 8051
tell pull
sees "pulled" "Aynı kartı takınız"
sees "pulled: the try is kept" "PUK hakkınız eksilmedi."
tell insert
sees "put back: from the PUK on" "[3 PUK]"
sees_not "put back: nothing typed is left" "•"
press F1
sees "help for the PUK" "Kartınızla birlikte verilen PUK"
press F1

# What the card says, what the service does not hear.
tell "unblock PUK_REFUSED"
typed "[3 PUK]" 12345678
typed "[4 Yeni PIN]" 805137
typed "PIN'İ AYARLA" 805137
sees "refused: told" "Hata kodu: K-218"
sees "refused: no try lost" "PUK hakkınız eksilmedi."
press Enter
tell "unblock PUK_UNSETTLED"
typed "[3 PUK]" 12345678
typed "[4 Yeni PIN]" 805137
typed "PIN'İ AYARLA" 805137
sees "no answer: told" "Hata kodu: K-217"
sees "no answer: nothing is claimed" "PUK hakkınızın eksilip eksilmediği bilinmiyor."
press Enter
tell "puks 3"
sees "no answer: the tries are read again" "Kalan deneme: 3"
tell "done SERVICE_UNREACHABLE"
typed "[3 PUK]" 12345678
typed "[4 Yeni PIN]" 805137
typed "PIN'İ AYARLA" 805137
sees "not heard: the card is ready" "✓ Yeni PIN kodunuz kartınızda"
sees "not heard: told" "(K-401)"
press Tab Enter
sees_not "not heard: told again" "(K-401)"
sees "not heard: and heard" "Tarayıcınızdaki sayfa"

# A kiosk: left alone, it forgets; the time is up.
begin 80x24 unblock --kiosk --idle 5
sees "left alone: the card" "AYŞE YILMAZ"
press Enter
typed "[3 PUK]" 1234
sees "left alone: begins again" "_____ ____ ____ ____"
begin 80x24 consent --kiosk
sees "kiosk: a consent" "İmzalanacak Metin 1:"
tell "remaining 3"
press Escape
sees "kiosk: leaves the first session" "Evet, çık"
press Left Enter
sees "kiosk: begins" "_____ ____ ____ ____"
tell "purpose unblock"
types 01234567890123456
press Enter
press Enter
sees "time is up" "Süre doldu"
done_testing
