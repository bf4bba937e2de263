#!/bin/bash
# The service's manual says the same as its help and its settings.
. "$top_srcdir/tests/system/lib/tap.sh"
portal=$top_builddir/eonay-portal
manual=$top_builddir/src/portal/man/eonay-portal.8
conf=$top_builddir/src/portal/man/portal.conf.5

lint() {
	# Other pages need not be installed where this is built.
	! mandoc -T lint "$1" 2>&1 | grep -v 'referenced manual not found\|outdated mandoc.db'
}
for page in "$manual" "$conf"; do
	if command -v mandoc >/dev/null; then
		ok "$(basename "$page") is well-formed" lint "$page"
	else
		skip "$(basename "$page") is well-formed" "no mandoc"
	fi
done
ok "no mark is left to be filled in" test -z "$(grep -h '@[a-z]*@' "$manual" "$conf")"
is "each setting is in portal.conf(5)" "$(sed -n 's/^\.It Va \([a-z_]*\) Pq.*/\1/p' "$conf" | sort)" \
	"$(sed -n 's/^\t\(# \)\?\([a-z_]*\) = .*/\2/p' "$top_srcdir/conf/portal.conf" | sort)"

help=$("$portal" --help)
is "help ends well" $? 0
for command in serve code list show certificate application audit forget; do
	is "$command --help is the same" "$("$portal" $command --help 2>&1)" "$help"
done
for option in $(grep -o -- '--[a-z-]*' <<<"$help" | sort -u); do
	ok "eonay-portal(8) has $option" grep -q -- "Fl -${option#--}\b" "$manual"
done
is "help has every option of the manual" "$(grep -o -- '--[a-z-]*' <<<"$help" | sort -u)" \
	"$(grep -o -- 'Fl -[a-z-]*' "$manual" | sed 's/Fl /-/' | sort -u)"
like "the version is told" "$("$portal" --version)" '^eonay-portal [0-9]'
done_testing
