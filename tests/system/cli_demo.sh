#!/bin/bash
# eonay --demo: the ceremony with nothing but this machine, and nothing left of it.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
eonay=$top_builddir/eonay
printf 'log: { target = "none"; };\n' >"$TMP/eonay.conf"

# demo_start NAME [OPTION...]: the first screen; DIRECTORY is the demonstration's, PIDS its processes.
demo_start() {
	terminal_start 80 24 "$eonay" --config "$TMP/eonay.conf" --demo "${@:2}"
	sees "$1: first screen" "Doğrulama Kodu" 60 || bail "no first screen"
	sees "$1: a code and the PIN are shown" "PIN: 123456"
	ADDRESS=$(screen | sed -n 's|.* · \(http://127\.0\.0\.1:[0-9]*\).*|\1|p')
	like "$1: at the address beside them is the portal" "$(curl -s --noproxy '*' --max-time 20 "$ADDRESS/")" 'DENEME.*geçersizdir'
	PID=$(terminal_program)
	mapfile -t PIDS < <(pgrep -P "$PID")
	DIRECTORY=$(for pid in "${PIDS[@]}"; do tr '\0' '\n' <"/proc/$pid/cmdline"; done |
		sed -n 's|^\(/tmp/eonay-demo-[^/]*\)/portal.conf$|\1|p')
	is "$1: its directory is private" "$(stat -c %a "$DIRECTORY")" 700
}
all_gone() {
	local pid

	for pid in "$PID" "${PIDS[@]}"; do
		process_gone "$pid" || return 1
	done
	[ ! -e "$DIRECTORY" ]
}
code_shown() {
	screen | sed -n 's/.*Kod: \([0-9 ]*\) ·.*/\1/p' | tr -d ' '
}
code_is_new() {
	local code

	code=$(code_shown)
	[ "${#code}" = 17 ] && [ "$code" != "$CODE" ]
}

# ceremony NAME: from the first screen to the last.
ceremony() {
	CODE=$(code_shown)
	types "$CODE"
	press Enter
	sees "$1: the text" "İmzalanacak Metin 1:"
	press End Enter
	sees "$1: the certificates of the virtual card" "RSA 2048" 30
	press Down Enter
	sees "$1: the PIN pad" "İMZALA"
	types 123456
	press Enter
	sees "$1: signed" "işleminize devam ediniz" 30
	press Enter
}

demo_start "to the end"
ok "service, card and workers run" test "${#PIDS[@]}" -ge 4
ceremony "to the end"
is "the program ends well" "$(terminal_ended 15)" 0
ok "nothing is left of it" wait_for 10 all_gone
terminal_stop

demo_start "kiosk" --kiosk
ceremony "kiosk"
sees "kiosk: the first screen comes back" "Doğrulama Kodu"
ok "kiosk: with a new code" wait_for 10 code_is_new
ceremony "kiosk, the second"
kill -TERM "$PID"
ok "kiosk: nothing is left of it" wait_for 15 all_gone
terminal_stop

for signal in HUP KILL; do
	demo_start "$signal"
	kill -"$signal" "$PID"
	ok "$signal: nothing is left of it" wait_for 15 all_gone
	terminal_stop
done

# Programs that are not there.
mkdir "$TMP/alone"
cp "$eonay" "$TMP/alone/eonay"
OUT=$("$TMP/alone/eonay" --config "$TMP/eonay.conf" --demo 2>&1 </dev/null)
is "without the other programs: exit status" "$?" 69
like "without the other programs: which" "$OUT" 'K-016 .*eonay-portal'
is "and no directory stays" "$(find /tmp -maxdepth 1 -name 'eonay-demo-*' -newer "$TMP/alone/eonay" -user "$(id -un)" | wc -l)" 0
done_testing
