#!/bin/bash
# The whole ceremony by mouse alone but for the code, also on a pad in random order; and what else the terminal does to
# a screen: it is spoilt and drawn anew.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
command -v tmux >/dev/null || skip_all "tmux is not there"

# clicks TEXT: the left button goes down and up on the last place where the text stands (SGR mouse, xterm's 1006).
clicks() {
	local place

	place=$(screen | /usr/bin/python3 -c '
import sys
word = sys.argv[1]
for row, line in reversed(list(enumerate(sys.stdin.read().split("\n"), 1))):
    if word in (line := line + " "):
        print(f"{line.rindex(word) + 1};{row}")
        break' "$1")
	types $'\e[<0;'"${place}M"$'\e[<0;'"${place}m"
}

# story OPTION...
story() {
	rm -f "$TMP/control"
	mkfifo "$TMP/control"
	terminal_start 80 24 env TERM=xterm-256color HOME="$TMP" "$top_builddir/walk" --control "$TMP/control" "$@"
	wait_for 15 screen_has "Doğrulama Kodu"
	types 01234567890123456
	clicks İLERİ
	sees "mouse${1:+, }${1:-}: the text" "İmzalanacak Metin 1:"
	clicks İLERİ
	sees "mouse${1:+, }${1:-}: the certificates" "Sertifika Seçiniz"
	clicks İLERİ
	sees "mouse${1:+, }${1:-}: the pad" "Temizle"
	clicks "  9 "
	sees "mouse${1:+, }${1:-}: a digit" "•"
	clicks ←
	sees_not "mouse${1:+, }${1:-}: taken back" "•"
	for digit in 1 2 3 4 5 6; do
		clicks "  $digit "
	done
	sees "mouse${1:+, }${1:-}: six digits" "••••••"
	clicks "İMZALA  ◀"
	sees "mouse${1:+, }${1:-}: the right PIN" "Tarayıcınıza giderek işleminize devam ediniz."
}
story
terminal_tmux send-keys -t t -R # the terminal forgets what it showed
not_ok "a screen is spoilt" screen_has "Tarayıcınıza giderek"
press C-l
sees "and drawn anew by Ctrl-L" "Tarayıcınıza giderek işleminize devam ediniz."
clicks "Uygulamayı Kapat"
is "mouse: the person has left" "$(terminal_ended)" 0
story --shuffle
terminal_stop
done_testing
