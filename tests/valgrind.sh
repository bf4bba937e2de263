#!/bin/bash
# valgrind.sh PROGRAM...: each unit test in the current directory under valgrind. TAP: the tests of each program, and one
# for what valgrind says of it. The check_PROGRAMS that are no tests (no test_ before their name) are left out.
set -u
export CMOCKA_MESSAGE_OUTPUT=TAP
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
failed=0

for program; do
	[[ $program == test_* ]] || continue
	if valgrind --quiet --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect,possible \
		--track-fds=no --log-file="$log" "./$program" </dev/null; then
		echo "ok - $program: nothing found by valgrind"
	else
		failed=1
		echo "not ok - $program: valgrind, or a test of it"
		head -n 60 "$log" | sed 's/^/# /'
	fi
done
exit "$failed"
