# shellcheck shell=bash
# The ceremony of eonay --demo, in a terminal. Source tap.sh and terminal.sh first.

# demo_start NAME COLUMNS ROWS [OPTION...]: up to the first screen. PID is the program, PIDS are those that it has started,
# DIRECTORY is the demonstration's.
demo_start() {
	printf 'log: { target = "none"; };\n' >"$TMP/eonay.conf"
	terminal_start "$2" "$3" "$top_builddir/eonay" --config "$TMP/eonay.conf" --demo "${@:4}"
	sees "$1: first screen" "Doğrulama Kodu" 60 || bail "no first screen"
	PID=$(terminal_program)
	mapfile -t PIDS < <(pgrep -P "$PID")
	# shellcheck disable=SC2034 # for the tests
	DIRECTORY=$(for pid in "${PIDS[@]}"; do tr '\0' '\n' <"/proc/$pid/cmdline"; done |
		sed -n 's|^\(/tmp/eonay-demo-[^/]*\)/portal.conf$|\1|p')
}

# demo_code: the code that is shown. demo_code_is_new: whether it is another than the one last signed with.
demo_code() {
	screen | sed -n 's/.*Kod: \([0-9 ]*\) ·.*/\1/p' | tr -d ' '
}
demo_code_is_new() {
	local code

	code=$(demo_code)
	[ "${#code}" = 17 ] && [ "$code" != "$CODE" ]
}

# demo_sign NAME: from the first screen to the card's signature, with the code that is shown and the RSA key.
demo_sign() {
	CODE=$(demo_code)
	types "$CODE"
	press Enter
	sees "$1: the text" "İmzalanacak Metin 1:"
	press End Enter
	sees "$1: the certificates of the virtual card" "RSA 2048" 30
	press Down Enter
	sees "$1: the PIN pad" "İMZALA"
	types 123456
	press Enter
}
