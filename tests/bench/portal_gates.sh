#!/bin/bash
# What must hold of the service's cost, told as processor time in units of what the bare verification of a signature costs on
# this machine at this moment: a busy machine makes all of them slower, not one of them dearer.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/postgres.sh"
. "$top_srcdir/tests/bench/lib/load.sh"

# holds DESCRIPTION EXPRESSION: one of awk's.
holds() {
	ok "$1 ($2)" awk "BEGIN { exit !($2) }"
}

# rounds NAME: several, with the bare verification before each; sets cpu_issued, cpu_shown, cpu_accepted and cpu_bare, the
# least of each, and ratio, that of the last two.
rounds() {
	local i bare run

	cpu_issued=9999 cpu_shown=9999 cpu_accepted=9999 cpu_bare=9999
	for i in 1 2 3; do
		bare=$(load_bare) || bail "nothing was verified"
		run=$(load_run 16 400) || bail "nothing was measured"
		diag "$1, round $i: bare verification: threads, signatures a second, CPU ms; stage, a second, p50, p99, CPU ms"
		diag "$bare"
		diag "$run"
		cpu_issued=$(lesser "$cpu_issued" "$(load_figure 4 issued "$run")")
		cpu_shown=$(lesser "$cpu_shown" "$(load_figure 4 shown "$run")")
		cpu_accepted=$(lesser "$cpu_accepted" "$(load_figure 4 accepted "$run")")
		cpu_bare=$(lesser "$cpu_bare" "$(load_figure 3 bare "$bare")")
	done
	ratio=$(quotient "$cpu_accepted" "$cpu_bare")
	diag "$1: signatures accepted per verification that could be done bare with the same CPU: $(quotient 1 "$ratio")"
}
lesser() {
	awk "BEGIN { print $1 < $2 ? $1 : $2 }"
}

# judge NAME BOUND: of what accepting a signature costs, in units of its bare verification. The goal is 2; processors differ
# in what arithmetic costs beside the rest, so that more is borne.
judge() {
	rounds "$1"
	holds "$1: giving out a code costs at most 2 ms of CPU" "$cpu_issued <= 2"
	holds "$1: showing its page does, too" "$cpu_shown <= 2"
	holds "$1: accepting a signature costs at most $2 times what its bare verification does" "$ratio <= $2"
	load_stop
}

# judge_memory: what the sessions leave in memory, and what a stream holds there.
judge_memory() {
	local hold warm sessions streams

	hold=$(load_hold 16 3000 300) || bail "no streams"
	warm=$(load_figure 1 warm "$hold") sessions=$(load_figure 1 sessions "$hold") streams=$(load_figure 1 streams "$hold")
	diag "KiB with 300 sessions, 3000, and 300 streams beside them: $warm $sessions $streams"
	holds "2700 further sessions take no memory that grows with them" "$sessions - $warm < 8 * 1024"
	holds "a stream takes at most 40 KiB" "($streams - $sessions) / 300 < 40"
}

load_prepare || bail "no signature"
load_start sqlite 1 "$TMP/portal.db" || bail "the service does not start"
judge SQLite 3.5
load_start memory 1 "$TMP/memory.db" || bail "the service does not start"
judge_memory
load_stop
if [ -n "$PG_BIN" ]; then
	postgres_start || bail "PostgreSQL does not start"
	load_start postgres 1 "postgresql:$PG" || bail "the service does not start"
	judge PostgreSQL 4
fi
done_testing
