# Is a PIN still in the memory of the program in the terminal? Source ceremony.sh before.

# The screen and its workers.
family() {
	local pane eonay

	pane=$(terminal_tmux list-panes -t t -F '#{pane_pid}')
	eonay=$(cat "/proc/$pane/task/$pane/children")
	# shellcheck disable=SC2086
	echo $eonay $(cat "/proc/${eonay// /}/task/${eonay// /}/children")
}

# scan PIN-FILE: where its digits stand.
scan() {
	# shellcheck disable=SC2046
	/usr/bin/python3 "$top_srcdir/tests/system/lib/memory_scan.py" "$1" $(family)
}

# gone STORY PIN-FILE: no copy of that PIN is left in the screen and its two workers.
gone() {
	ok "$1: three processes are looked at" test "$(family | wc -w)" = 3
	ok "$1: no copy of the PIN" scan "$2"
}
