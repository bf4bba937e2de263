#!/bin/bash
# valgrind.sh PROGRAM...: each unit test in the current directory under valgrind, as many at once as there are processors.
# TAP: the tests of each program, and one for what valgrind says of it. The check_PROGRAMS that are no tests (no test_
# before their name) are left out. Tests that try every bit of something take one in EONAY_TEST_STRIDE here, since
# valgrind is slow; they try all elsewhere. The power fails less often, too. Likewise the tests with a virtual card share one
# that was made without.
# Possible losses are none here: a child that ends with an open store still has it, by pointers into SQLite's blocks.
set -u
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export work CMOCKA_MESSAGE_OUTPUT=TAP EONAY_TEST_STRIDE=211 EONAY_TEST_POWER_FAILURES=5 EONAY_TEST_CARD=$work/card

# run PROGRAM: its TAP goes to $work/PROGRAM.
run() {
	local start=$SECONDS name=${1//\//_}

	{
		if "$top_srcdir/tests/unit/run" valgrind --quiet --error-exitcode=99 --leak-check=full \
			--errors-for-leak-kinds=definite,indirect --log-file="$work/$name.log" "./$1" </dev/null; then
			echo "ok - $1: nothing found by valgrind ($((SECONDS - start)) s)"
		else
			echo "not ok - $1: valgrind, or a test of it"
			head -n 60 "$work/$name.log" | sed 's/^/# /'
		fi
	} >"$work/$name.part" 2>&1
	mv "$work/$name.part" "$work/$name.tap"
}
export -f run

for program; do
	[[ ${program##*/} == test_* ]] && echo "$program"
done >"$work/programs"
[[ ! -x test_vcard_akis ]] || ./test_vcard_akis >/dev/null 2>&1
xargs -r -P "$(nproc)" -I '{}' bash -c 'run {}' <"$work/programs"
while read -r program; do
	cat "$work/${program//\//_}.tap" || echo "not ok - $program: no result"
done <"$work/programs" | tee "$work/all"
! grep -q '^not ok' "$work/all"
