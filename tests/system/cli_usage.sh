#!/bin/bash
# The command line itself: help, version, usage errors, configuration errors, exit statuses (sysexits.h).
. "$top_srcdir/tests/system/lib/tap.sh"
eonay=$top_builddir/eonay

# try ARGUMENTS...: runs eonay; STATUS, OUT and ERR are what came of it.
try() {
	OUT=$("$eonay" "$@" 2>"$TMP/err" </dev/null)
	STATUS=$?
	ERR=$(<"$TMP/err")
}

version=$(sed -n 's/^AC_INIT(\[eonay\], \[\([^]]*\)\].*/\1/p' "$top_srcdir/configure.ac")
commands=$("$eonay" --help | sed -n '/^Komutlar:/,/^$/s/^  \([a-z]*\).*/\1/p')

for form in --version -V; do
	try "$form"
	is "$form says the version" "$STATUS $OUT $ERR" "0 eonay $version "
done
for command in '' $commands; do
	for form in --help -h; do
		try ${command:+"$command"} "$form"
		is "$command $form ends well" "$STATUS $ERR" "0 "
		like "$command $form shows the usage" "$OUT" "^Kullanım: eonay $command"
	done
	try ${command:+"$command"} --bad
	is "$command: an unknown option is a usage error" "$STATUS" 64
	like "$command: it is named, with a stable code" "$ERR" '^eonay: K-501 .*--bad'
	is "$command: nothing on standard output" "$OUT" ""
done
try --lang en --help
like "help in English" "$OUT" '^Usage: eonay'

try --help --bad
is "an unknown option beside --help" "$STATUS" 64
try card nonsense
is "an unknown command of card" "$STATUS" 64
like "is named as such" "$ERR" 'card nonsense: bilinmeyen komut'
for option in '--reader x' '--cert x' '--puk-fd 3' '--pin-fd 3' --last-try; do
	# shellcheck disable=SC2086 # an option and its value
	try card list $option
	is "card list does not pass over ${option% *}" "$STATUS" 64
	like "${option% *} is named" "$ERR" "\\(${option% *}: card list "
done
try card unblock --json
is "card unblock does not pass over --json" "$STATUS" 64
try nonsense
is "an unknown command" "$STATUS" 64
like "is named" "$ERR" 'nonsense'
try $'\e[31mx\u202e'
like "what was typed is shown safely" "$ERR" '\\x1B|\\u\{1B\}'
unlike "no escape sequence comes out" "$ERR" $'\e'
try --lang de
is "an unknown language" "$STATUS" 64
try --config
is "a value that is missing" "$STATUS" 64
like "is named" "$ERR" '--config'
"$eonay" --help >/dev/full 2>"$TMP/err"
is "output that cannot be written is an error" "$?" 73

# The configuration is judged before anything else is done.
config_error() {
	printf '%s\n' "$2" >"$TMP/eonay.conf"
	try --config "$TMP/eonay.conf"
	is "$1: exit status" "$STATUS" 78
	like "$1: file, line and setting" "$ERR" "$TMP/eonay.conf:$3"
}
config_error "unknown setting" $'service: {\n\turll = "x";\n};' '2: service.urll'
config_error "ill-typed setting" $'\nscreen: { kiosk = "yes"; };' '2: screen.kiosk'
config_error "value out of bounds" 'card: { deadline_seconds = 0; };' '1: card.deadline_seconds'
config_error "syntax" $'log: {\n' ''
try --config "$TMP/none.conf"
is "a named file that is not there" "$STATUS" 66
like "is named" "$ERR" "$TMP/none.conf"
printf 'nonsense = 1;\n' >"$TMP/eonay.conf"
try --config "$TMP/eonay.conf" --help
is "help comes in spite of a broken configuration" "$STATUS" 0

# Cards and network are the workers' business: the screen's process stays small.
libraries=$(ldd "$eonay" | awk '{ print $1 }')
unlike "the network library is not loaded" "$libraries" '^libcurl'
unlike "the card library is not loaded" "$libraries" '^libpcsclite'

done_testing
