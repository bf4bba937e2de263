#!/bin/bash
# The source archive has every file of the tree, so that what is built and tested from it is what is built here.
. "$top_srcdir/tests/system/lib/tap.sh"

tracked() {
	git -C "$top_srcdir" ls-files 2>/dev/null | grep -vx .gitignore | sort
}

archived() {
	make -s -C "$top_builddir" distdir distdir="$TMP/eonay" >"$TMP/make.log" 2>&1 || diag_file "$TMP/make.log"
	(cd "$TMP/eonay" && find . -type f -o -type l) | sed 's|^\./||' | sort
	rm -rf "$TMP/eonay" # the words of a sanitizer's report stand in our own sources
}

if [ -e "$top_srcdir/.git" ] && command -v git >/dev/null; then
	is "no file is left out" "$(comm -23 <(tracked) <(archived))" ""
else
	skip "no file is left out" "no git tree"
fi
done_testing
