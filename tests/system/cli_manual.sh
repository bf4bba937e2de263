#!/bin/bash
# The manual, the help and the completion say the same as the program.
. "$top_srcdir/tests/system/lib/tap.sh"
eonay=$top_builddir/eonay
manual=$top_builddir/src/cli/man/eonay.1
conf=$top_builddir/src/cli/man/eonay.conf.5

lint() {
	# Other pages need not be installed where this is built.
	! mandoc -T lint "$1" 2>&1 | grep -v 'referenced manual not found\|outdated mandoc.db'
}
if command -v mandoc >/dev/null; then
	ok "eonay(1) is well-formed" lint "$manual"
	ok "eonay.conf(5) is well-formed" lint "$conf"
else
	skip "eonay(1) is well-formed" "no mandoc"
	skip "eonay.conf(5) is well-formed" "no mandoc"
fi

# Every failure of the catalogue once, and nothing else.
is "each code is in the error chapter" "$(sed -n 's/^\.It Sy \(K-[0-9]*\) .*/\1/p' "$manual" | sort)" \
	"$(grep -o '"K-[0-9]*"' "$top_srcdir/src/base/error.def" | tr -d '"' | sort)"
ok "no mark is left to be filled in" test -z "$(grep -h '@[a-z]*@' "$manual" "$conf")"
is "each setting is in eonay.conf(5)" "$(sed -n 's/^\.It Va \([a-z_]*\) Pq.*/\1/p' "$conf" | sort)" \
	"$(sed -n 's/^\t\([a-z_]*\) = .*/\1/p' "$top_srcdir/conf/eonay.conf" | sort)"

# options COMMAND: the long options that its help lists.
options() {
	"$eonay" ${1:+"$1"} --help | sed -n 's/^  .*\(--[a-z-]*\).*/\1/p' | sort
}
# completed WORDS...: what the completion offers for the last word.
completed() {
	bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); compopt() { :; }
		_eonay; printf "%s\n" "${COMPREPLY[@]}"' bash "$top_srcdir/src/cli/completion/eonay" "$@" | sort
}
for command in '' card sign verify doctor; do
	is "completion of '$command' offers its options" "$(completed eonay ${command:+"$command"} --)" "$(options "$command")"
	for option in $(options "$command"); do
		ok "eonay(1) has $option" grep -q -- "Fl -${option#--}\b" "$manual"
	done
done
is "commands are completed" "$(completed eonay '' | grep -v ^-)" "$(printf '%s\n' card doctor sign verify)"
is "a command behind an option is seen" "$(completed eonay --lang en verify --js)" --json
is "card list and unblock" "$(completed eonay card l) $(completed eonay card u)" "list unblock"
is "languages" "$(completed eonay --lang '')" "$(printf 'en\ntr')"
cd "$TMP" && touch contract.p7s
is "files" "$(completed eonay verify contr)" contract.p7s
is "files behind an option" "$(completed eonay verify --ca contr)" contract.p7s
done_testing
