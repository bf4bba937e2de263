#!/bin/bash
# Applications by command: added, listed, brought forward.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"

D=$TMP/portal
mkdir -p "$D"
: >"$D/portal.conf"
# application ACTION...: the command; its output and status.
application() {
	"$PORTAL" application "$@" --config "$D/portal.conf" --database "$D/portal.db" 2>&1
}
listed() {
	application list --tckn "$TCKN" | awk '{ print $1, $2 }'
}

for wrong in "list" "add lost --tckn $TCKN" "status x issued" "status $(printf '0%.0s' {1..32}) lost"; do
	# shellcheck disable=SC2086 # several words
	application $wrong >/dev/null
	is "$wrong is refused before a database is looked for" "$?" 64
done
not_ok "and none is made" test -e "$D/portal.db"
not_ok "nothing is listed of a database that is not there" application list --tckn "$TCKN"
number=$(application add --tckn "$TCKN")
like "one is added, and its number told" "$number" '^[0-9A-F]{32}$'
is "it was received" "$(listed)" "$number received"
ok "its papers are in order" application status "$number" checked
is "it says so" "$(listed)" "$number checked"
ok "it is handed over, with a note" application status "$number" delivered "Kart şubede teslim edildi."
like "the note is listed" "$(application list --tckn "$TCKN")" "^$number delivered .* Kart şubede teslim edildi\.\$"
other=$(application add issued --tckn - <<<10000000078)
is "the number may come by the standard input" "$(application list --tckn 10000000078 | awk '{ print $1, $2 }')" "$other issued"
is "everybody has their own" "$(listed)" "$number delivered"
like "an unknown number" "$(application status "$(printf '0%.0s' {1..32})" issued)" 'K-[0-9]+'
for wrong in "status $number lost" "status $number" "status x issued" "add received note more --tckn $TCKN" "add" "nothing"; do
	# shellcheck disable=SC2086 # several words
	application $wrong >/dev/null
	is "$wrong is refused" "$?" 64
done
like "a note that cannot be shown is refused" "$(application status "$number" refused $'a\eb')" 'K-501'
is "and has changed nothing" "$(listed)" "$number delivered"
for command in "application list --tckn $TCKN" "audit heads" "audit verify"; do
	# shellcheck disable=SC2086 # several words
	"$PORTAL" $command --config "$D/portal.conf" --database "$D/portal.db" >/dev/full 2>/dev/null
	is "$command: output that cannot be written is an error" "$?" 73
done
done_testing
