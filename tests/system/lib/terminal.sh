# A real terminal (tmux, a server of the test's own) in which a person types and reads. Source tap.sh first.
#
#	terminal_start 80 24 ./eonay --config "$TMP/eonay.conf"
#	sees "Doğrulama Kodu"; types 12345; press Enter

# The socket is in the test's own directory (in a user namespace /tmp/tmux-0 is somebody else's), and another one for each
# terminal: a server that is just ending would take the next session with it.
TERMINAL_COUNT=0
terminal_tmux() {
	tmux -S "$TMP/tmux.$TERMINAL_COUNT" -f /dev/null "$@"
}

# terminal_start COLUMNS ROWS COMMAND...: runs the command in a fresh terminal. Its standard error is
# $TMP/terminal.err and its exit status comes into $TMP/terminal.status.
terminal_start() {
	local columns=$1 rows=$2

	shift 2
	terminal_stop # one at a time
	TERMINAL_COUNT=$((TERMINAL_COUNT + 1))
	rm -f "$TMP/terminal.status"
	cat >"$TMP/terminal.run" <<-RUN
		$(printf '%q ' "$@") 2>>$(printf %q "$TMP/terminal.err")
		echo \$? >$(printf %q "$TMP/terminal.status")
		exec sleep 1000
	RUN
	terminal_tmux new-session -d -s t -x "$columns" -y "$rows" "bash $(printf %q "$TMP/terminal.run")" ||
		bail "tmux does not start"
	at_end terminal_stop
}

# terminal_program: its process id, nothing when it has ended. It is the child of the terminal's shell.
terminal_program() {
	local shell

	shell=$(terminal_tmux list-panes -t t -F '#{pane_pid}' 2>/dev/null) || return 0
	[ -s "$TMP/terminal.status" ] || pgrep -P "$shell" | head -n 1
}

# The program is asked to end before its terminal goes: the SIGCONT that comes with a hang-up can make a leak check at
# the program's end wait for ever.
terminal_stop() {
	local pid

	pid=$(terminal_program)
	if [ -n "$pid" ] && kill "$pid" 2>/dev/null; then
		wait_for 10 process_gone "$pid" || kill -KILL "$pid" 2>/dev/null
	fi
	terminal_tmux kill-server 2>/dev/null
	return 0
}

# The screen now, as text; screen_colours with its attributes.
screen() {
	terminal_tmux capture-pane -p -t t 2>/dev/null
}
screen_colours() {
	terminal_tmux capture-pane -e -p -t t
}

# sees DESCRIPTION TEXT [SECONDS]: passes when the text comes onto the screen in time; the screen is shown when not.
sees() {
	shows "$1" "$2" "${3:-30}" screen_has "$2"
}
# sees_not DESCRIPTION TEXT [SECONDS]: passes when the text is (or soon is) nowhere on the screen.
sees_not() {
	shows "$1" "none of: $2" "${3:-15}" screen_lacks "$2"
}
# reads DESCRIPTION TEXT [SECONDS]: as sees, wherever the lines of the text are broken.
reads() {
	shows "$1" "$2" "${3:-30}" screen_reads "$2"
}
# shows DESCRIPTION WANTED SECONDS COMMAND...: passes when the command comes to succeed.
shows() {
	local what=$1 wanted=$2 seconds=$3

	shift 3
	if wait_for "$seconds" "$@"; then
		ok "$what" true
	else
		ok "$what" false
		diag "wanted on the screen: $wanted"
		screen | sed 's/^/# | /'
		diag_file "$TMP/terminal.err"
		return 1
	fi
}
screen_has() {
	screen | grep -qF -- "$1"
}
screen_lacks() {
	! screen_has "$1"
}
screen_reads() {
	screen | tr -s ' \n' ' ' | grep -qF -- "$1"
}

# answers STORY: in a Turkish story, help comes when its key is pressed and goes again, within KEY_MS. The best of five
# counts: a busy machine is late now and then, a screen that waits for something else always.
answers() {
	local began took best=5000 n

	for n in 1 2 3 4 5; do
		began=$(date +%s%N)
		press F1
		until screen_has Kapat || [ $((($(date +%s%N) - began) / 1000000)) -ge 5000 ]; do
			:
		done
		took=$((($(date +%s%N) - began) / 1000000))
		[ "$took" -ge "$best" ] || best=$took
		press F1
		wait_for 3 screen_lacks Kapat || press F1 # a result had closed it just before
		[ "$best" -ge "$KEY_MS" ] || break
	done
	ok "$1: a key is answered in $best ms" test "$best" -lt "$KEY_MS"
	sees_not "$1: and once more" Kapat
}
KEY_MS=200

# types TEXT: as typed quickly; press KEY...: tmux's names (Enter, Escape, Down, BSpace, C-l ...).
types() {
	terminal_tmux send-keys -t t -l -- "$1"
}
press() {
	terminal_tmux send-keys -t t "$@"
}

# terminal_ended SECONDS: waits for the program's end; prints its exit status.
terminal_ended() {
	wait_for "${1:-10}" test -s "$TMP/terminal.status" || return 1
	cat "$TMP/terminal.status"
}
