#!/bin/bash
# The virtual card's manual says the same as its help.
. "$top_srcdir/tests/system/lib/tap.sh"
manual=$top_srcdir/src/vcard/eonay-vcard.1

lint() {
	# Other pages need not be installed where this is built.
	! mandoc -T lint "$1" 2>&1 | grep -v 'referenced manual not found\|outdated mandoc.db'
}
if command -v mandoc >/dev/null; then
	ok "eonay-vcard(1) is well-formed" lint "$manual"
else
	skip "eonay-vcard(1) is well-formed" "no mandoc"
fi
help=$("$top_builddir/eonay-vcard" --help)
is "help ends well" $? 0
options=$(grep -oE -- '--[a-z][a-z-]*' <<<"$help" | sort -u)
is "the manual has the same options" "$(grep -oE 'Fl Fl [a-z-]+' "$manual" | sed 's/Fl Fl /--/' | sort -u)" "$options"
for word in $(sed -n 's/^ \*\t\([a-z-]*\) .*/\1/p' "$top_srcdir/src/vcard/faults.h"); do
	ok "the manual tells of the fault $word" grep -qE "^\.It Cm $word\b" "$manual"
done
done_testing
