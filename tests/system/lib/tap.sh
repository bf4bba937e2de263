# TAP for system tests. Source this first; it makes a work directory ($TMP) of the test's own and removes it at the
# end. A story is a list of ok/is/like/run calls and ends with done_testing.

set -u
TAP_COUNT=0
TAP_FAILED=0
TMP=$(mktemp -d "${TMPDIR:-/tmp}/eonay-test.XXXXXX") || exit 99
TAP_CLEANUP=()

# at_end COMMAND...: run at the end of the test, the last one given first; the work directory goes last.
at_end() {
	TAP_CLEANUP=("$(printf '%q ' "$@")" "${TAP_CLEANUP[@]}")
}

tap_end() {
	local status=$? each

	trap - EXIT
	for each in "${TAP_CLEANUP[@]}"; do
		eval "$each"
	done
	tap_no_reports || status=1
	tap_no_secrets "$TMP" || status=1
	rm -rf "$TMP"
	exit "$status"
}
# What a sanitizer or valgrind has to say of any process whose output lies in $TMP makes the test fail, whatever its
# stories told.
tap_no_reports() {
	local log

	log=$(grep -rlsE 'ERROR: (Address|Leak)Sanitizer|runtime error:|ERROR SUMMARY: [1-9]' "$TMP" | head -n 1)
	[ -z "$log" ] || { diag_file "$log"; return 1; }
}
# tap_no_secrets DIRECTORY: whatever the stories tell, the logs below it hold lines of ours only, no control characters and
# direction marks in them, no T.C. kimlik no and no code (which have more digits than anything else there; digits between
# letters are of a reference in hexadecimal), no PIN or PUK of a test, also as bytes, and nothing of the contract; what goes
# to stderr and the journal has none of the last three.
tap_no_secrets() {
	local line='^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z eonay[a-z-]*\[[0-9]+\] (error|warning|info|debug): '
	local pin='(^|[^[0-9A-Za-z])(123456|654321|12345678|87654321|805137|24680|91537264|84263957)([^0-9A-Za-z]|$)'
	local number='(^|[^0-9A-Za-z])[0-9]([ -]?[0-9]){10,}([^0-9A-Za-z]|$)'
	local tckn='(^|[^0-9A-Za-z])[1-9][0-9]{8}[02468][0-9]([^0-9A-Za-z]|$)'
	local text='Bundan sonraki e-İmza|e-Onaylı başvuruyu|İmzalanacak Metin' bytes='(3[0-9] ?){5}3[0-9]'
	local control='[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]'
	local logs others found

	mapfile -d '' logs < <(find "$1" \( -name log -o -name eonay.log \) -type f -print0 2>/dev/null)
	mapfile -d '' others < <(find "$1" \( -name stderr -o -name terminal.err -o -name journal \) -type f -print0 2>/dev/null)
	found=$({
		LC_ALL=C grep -avE "$line" "${logs[@]}" /dev/null
		LC_ALL=C grep -aP "$control" "${logs[@]}" /dev/null
		LC_ALL=C sed -E "s/$line/ /" "${logs[@]}" /dev/null | LC_ALL=C grep -aE "$pin|$number|$text|$bytes"
		LC_ALL=C grep -aE "$pin|$tckn|$text" "${others[@]}" /dev/null
	} | head -n 5)
	[ -z "$found" ] || { diag "a log tells what it must not:"; diag "$found"; return 1; }
}
trap tap_end EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# diag TEXT...: lines for the reader of the log.
diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

# diag_file FILE: its last 40 lines.
diag_file() {
	[ -e "$1" ] && { diag "--- $1"; tail -n 40 "$1" | sed 's/^/# /'; }
}

# ok DESCRIPTION COMMAND...: passes when the command's exit status is 0; its output is shown when it is not.
ok() {
	local what=$1

	shift
	TAP_COUNT=$((TAP_COUNT + 1))
	if "$@" >"$TMP/.ok" 2>&1 </dev/null; then
		echo "ok $TAP_COUNT - $what"
		return 0
	fi
	TAP_FAILED=1
	echo "not ok $TAP_COUNT - $what"
	diag "failed: $*"
	diag_file "$TMP/.ok"
	return 1
}

# not_ok DESCRIPTION COMMAND...: passes when the command fails.
not_ok() {
	local what=$1

	shift
	ok "$what" tap_fails "$@"
}
tap_fails() {
	! "$@"
}

# is DESCRIPTION GOT WANTED: passes when the two texts are the same.
is() {
	ok "$1" tap_same "$2" "$3"
}
tap_same() {
	[ "$1" = "$2" ] || { printf 'got:    %s\nwanted: %s\n' "$1" "$2"; return 1; }
}

# like DESCRIPTION TEXT REGEX: passes when a line of the text matches the extended regular expression.
like() {
	ok "$1" tap_matches "$2" "$3"
}
unlike() {
	ok "$1" tap_matches_not "$2" "$3"
}
tap_matches() {
	grep -qE -- "$2" <<<"$1" || { printf 'no line matches %s in:\n%s\n' "$2" "$1"; return 1; }
}
tap_matches_not() {
	! grep -E -- "$2" <<<"$1"
}

# skip DESCRIPTION REASON: one test that cannot be run here.
skip() {
	TAP_COUNT=$((TAP_COUNT + 1))
	echo "ok $TAP_COUNT - $1 # SKIP $2"
}

# skip_all REASON: the whole file cannot be run here.
skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

# bail TEXT...: nothing more makes sense.
bail() {
	echo "Bail out! $*"
	exit 99
}

# done_testing: the plan, and the end of the story.
done_testing() {
	echo "1..$TAP_COUNT"
	exit "$TAP_FAILED"
}

# wait_for SECONDS COMMAND...: polls until the command succeeds; fails when the time has passed.
wait_for() {
	local deadline=$(($(date +%s%N) + $1 * 1000000000))

	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s%N)" -lt "$deadline" ] || return 1
		sleep 0.05
	done
}

# process_gone PID: true when there is no such process, or only its remains.
process_gone() {
	! kill -0 "$1" 2>/dev/null || grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null
}

# stop_process PID: ends a process that this test started, asking first; it is gone afterwards. A number that is no
# longer our child's (or, in a subshell, that one's), and may be somebody else's by now, is left alone.
stop_process() {
	grep -qsE "^PPid:[[:space:]]*($$|$BASHPID)\$" "/proc/$1/status" || return 0
	process_gone "$1" || kill "$1" 2>/dev/null
	wait_for 5 process_gone "$1" || kill -KILL "$1" 2>/dev/null
	wait "$1" 2>/dev/null
	return 0
}

# free_ports N: prints the first of N consecutive loopback TCP ports that were free a moment ago.
free_ports() {
	/usr/bin/python3 - "$1" <<'PY'
import random, socket, sys
want = int(sys.argv[1])
for attempt in range(200):
    first = random.randint(20000, 32000)
    held = []
    try:
        for port in range(first, first + want):
            s = socket.socket()
            held.append(s)
            s.bind(("", port))
        print(first)
        break
    except OSError:
        pass
    finally:
        for s in held:
            s.close()
else:
    sys.exit(1)
PY
}
