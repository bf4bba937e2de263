#!/bin/bash
# eonay --demo: the ceremony with nothing but this machine, and nothing left of it.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
. "$top_srcdir/tests/system/lib/demo.sh"
eonay=$top_builddir/eonay

# start NAME [OPTION...]: demo_start, and a look at what is shown.
start() {
	demo_start "$1" 80 24 "${@:2}"
	sees "$1: a code and the PIN are shown" "PIN: 123456"
	ADDRESS=$(screen | sed -n 's|.* · \(http://127\.0\.0\.1:[0-9]*\).*|\1|p')
	like "$1: at the address beside them is the portal" "$(curl -s --noproxy '*' --max-time 20 "$ADDRESS/")" 'DENEME.*geçersizdir'
	is "$1: its directory is private" "$(stat -c %a "$DIRECTORY")" 700
}
all_gone() {
	local pid

	for pid in "$PID" "${PIDS[@]}"; do
		process_gone "$pid" || return 1
	done
	[ ! -e "$DIRECTORY" ]
}

# ceremony NAME: from the first screen to the last.
ceremony() {
	demo_sign "$1"
	sees "$1: signed" "işleminize devam ediniz" 30
	press Enter
}

start "to the end"
ok "service, card and workers run" test "${#PIDS[@]}" -ge 4
ceremony "to the end"
is "the program ends well" "$(terminal_ended 15)" 0
ok "nothing is left of it" wait_for 10 all_gone
terminal_stop

start "kiosk" --kiosk
ceremony "kiosk"
sees "kiosk: the first screen comes back" "Doğrulama Kodu"
ok "kiosk: with a new code" wait_for 10 demo_code_is_new
ceremony "kiosk, the second"
kill -TERM "$PID"
ok "kiosk: nothing is left of it" wait_for 15 all_gone
terminal_stop

for signal in HUP KILL; do
	start "$signal"
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
