#!/bin/bash
# Every text that a person is shown has its English words, and none that is no longer said is kept.
. "$top_srcdir/tests/system/lib/tap.sh"
command -v xgettext >/dev/null && command -v msgcmp >/dev/null || skip_all "gettext's tools are not there"

po=$top_srcdir/tui/po/en.po
"$top_srcdir/tui/po/extract" "$top_srcdir" "$TMP/eonay.pot" 2>"$TMP/extract.err" || bail "extract: $(<"$TMP/extract.err")"

# What the program says (one text a line), to be compared with what is translated.
texts() {
	msgattrib --no-obsolete --no-wrap "$@" | sed -n '/^msgid/,/^msgstr/p' | grep -v '^msgstr' | sed 's/^msgid //' | sort
}

ok "the catalogue is well formed" msgfmt -c -o /dev/null "$po"
ok "every text is translated" msgcmp --no-fuzzy-matching "$po" "$TMP/eonay.pot"
is "none is translated by guess" "$(msgattrib --only-fuzzy --no-obsolete "$po")" ""
is "none is kept that nobody says" "$(comm -13 <(texts "$TMP/eonay.pot") <(texts "$po"))" ""

# The errors are words from a table, so a keyword alone would not find a wrong column.
is "messages of errors are among them" "$(grep -c 'msgid "Kart hizmeti (pcscd) çalışmıyor."' "$TMP/eonay.pot")" 1
is "remedies of errors are among them" "$(grep -c 'msgid "Kartınızı okuyucuya takınız."' "$TMP/eonay.pot")" 1
done_testing
