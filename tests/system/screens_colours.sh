#!/bin/bash
# The look of the official application: blue header, orange main button, the time in other colours as it runs out, what
# cannot be chosen in grey.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
command -v tmux >/dev/null || skip_all "tmux is not there"

BLUE='48;5;25' ORANGE='48;5;(208|166)' GREY='38;5;24[0-9]' MAGENTA='35' RED='31'

# look TEXT: the attributes in force where the text stands last, as "38;5;231 48;5;25 ...".
look() {
	screen_colours | /usr/bin/python3 -c '
import re, sys
def kind(part):  # text, ground, or an attribute by itself
    return part[0] if len(part) > 1 else part + " alone"
found = ""
for line in sys.stdin.read().split("\n"):
    now, plain, looks = [], "", []
    for mark, text in re.findall("\x1b\\[([0-9;]*)m|([^\x1b])", line):
        if text:
            plain, looks = plain + text, looks + [" ".join(now)]
        else:
            for part in re.findall("[34]8;5;[0-9]+|[0-9]+", mark or "0"):
                now = [] if part == "0" else [p for p in now if kind(p) != kind(part)] + [part]
    if sys.argv[1] in plain:
        found = looks[plain.rindex(sys.argv[1])]
print(found)' "$1"
}

# faint: the texts on the screen that stand out from their ground by less than 4.5:1 (WCAG 2.2, 1.4.3), but for buttons
# that are off (1.4.3 leaves them out) and frames. Colours are those of xterm's 256 that have no other palette.
faint() {
	screen_colours | /usr/bin/python3 -c '
import re, sys
OFF = ("246", "253")
def light(n):
    n = int(n)
    rgb = [8 + 10 * (n - 232)] * 3 if n > 231 else [(0, 95, 135, 175, 215, 255)[(n - 16) // d % 6] for d in (36, 6, 1)]
    return sum(w * (c / 3294 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4) for w, c in zip((0.2126, 0.7152, 0.0722), rgb))
seen = 0
for line in sys.stdin.read().split("\n"):
    colours = {}
    for mark, text in re.findall("\x1b\\[([0-9;]*)m|([^\x1b]+)", line):
        if not text:
            for part in re.findall("[34]8;5;[0-9]+|[0-9]+", mark or "0"):
                if part == "0":
                    colours = {}
                elif part[0] in "34" and len(part) > 1:
                    colours[part[0]] = part.split(";")[-1]
            continue
        pair = colours.get("3", ""), colours.get("4", "")
        if not re.search(r"\w", text) or pair == OFF or not all(c.isdigit() and int(c) > 15 and int(c) not in (39, 49) for c in pair):
            continue
        seen += 1
        high, low = sorted(map(light, pair), reverse=True)
        if (high + 0.05) / (low + 0.05) < 4.5:
            print(text.strip(), *pair)
if seen < 8:
    print("only", seen, "texts were looked at")'
}

# begin REMAINING [TERM]: the text of a session that has so many seconds left.
begin() {
	rm -f "$TMP/control"
	mkfifo "$TMP/control"
	terminal_start 80 24 env TERM="${2:-xterm-256color}" HOME="$TMP" "$top_builddir/walk" --control "$TMP/control"
	wait_for 15 screen_has "Doğrulama Kodu"
	timeout 5 bash -c 'printf "%s\n" "$1" >"$2"' - "remaining $1" "$TMP/control"
	types 01234567890123456
	press Enter
	wait_for 15 screen_has "İmzalanacak Metin 1:"
}

begin 290
like "the header is blue" "$(look "E-İMZA UYGULAMASI")" "$BLUE"
is "all of the text is readable" "$(faint)" ""
like "the main button is orange" "$(look "İLERİ")" "$ORANGE"
unlike "plenty of time: no colour" "$(look "Kalan Süre:")" "(^| )($MAGENTA|$RED)( |\$)"
timeout 5 bash -c 'echo many >"$1"' - "$TMP/control"
press Enter
sees "certificates that cannot be used say why" "Sertifika geçerlilik süresi dolmuş."
like "and are grey" "$(look "×  ")" "$GREY"
is "and readable all the same" "$(faint)" ""
# Where bold means bright, as on the Linux console, bold black is grey: on a button it can't be read.
for term in xterm-256color linux; do
	begin 290 $term
	like "$term: the main button is in colours" "$(look "İLERİ")" '(^| )(43|48;5;[0-9]+)( |$)'
	for text in "İLERİ" "2 Sözleşme"; do
		unlike "$term: $text is not in bold black" "$(look "$text" | tr ' ' '\n' | sort | tr '\n' ' ')" '^1 (.* )?30 '
	done
done
begin 59
sees "a minute left: other words" "Süre azalıyor:"
like "and another colour" "$(look "Süre azalıyor:")" "(^| )$MAGENTA( |\$)"
begin 9
sees "seconds left: other words" "Süre doluyor:"
like "and another colour" "$(look "Süre doluyor:")" "(^| )$RED( |\$)"
terminal_stop
done_testing
