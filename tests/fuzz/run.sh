#!/bin/bash
# run.sh BUILD_DIR [SECONDS]: each fuzz target of tests/fuzz, built in BUILD_DIR with --enable-fuzz, first with its
# seeds and then for SECONDS (10, or FUZZ_SECONDS) from them. TAP. An input that fails is kept in BUILD_DIR/fuzz/TARGET.
# What is not built counts as failed, so that no target is forgotten.
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 1
build=$(cd "${1:?usage: run.sh BUILD_DIR [SECONDS]}" && pwd) || exit 1
seconds=${2:-${FUZZ_SECONDS:-10}}
# The biggest input tried, in bytes, and the longest time one may take, in seconds.
limits=(-max_len=8192 -timeout=10 -rss_limit_mb=1024)

# check NUMBER NAME COMMAND...: one test; the end of what the command printed when it fails.
check() {
	local number=$1 name=$2 log=$work/log

	shift 2
	if (cd "$work" && "$@") >"$log" 2>&1 </dev/null; then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		tail -n 40 "$log" | tr -cd '\n -~' | sed 's/^/# /'
	fi
}

# fuzz TARGET SEEDS: new inputs go to the work directory, not to the seeds.
fuzz() {
	mkdir -p corpus
	"$build/$1" "${limits[@]}" -max_total_time="$seconds" -print_final_stats=1 corpus "$2"
}

# run_target NUMBER TARGET: the two tests of a target, numbered from NUMBER.
run_target() {
	local seeds=$here/seeds/${2#fuzz_} work=$build/fuzz/$2

	check "$1" "$2: seeds" "$build/$2" "${limits[@]}" "$seeds"/*
	check $(($1 + 1)) "$2: $seconds s" fuzz "$2" "$seeds"
}

# As many targets at a time as there are processors; what each says is shown in order.
results=()
for source in "$here"/fuzz_*.c; do
	target=$(basename "$source" .c)
	mkdir -p "$build/fuzz/$target"
	((${#results[@]} < $(nproc))) || wait -n
	run_target $((2 * ${#results[@]} + 1)) "$target" >"$build/fuzz/$target/tap" &
	results+=("$build/fuzz/$target/tap")
done
wait
cat "${results[@]}"
echo "1..$((2 * ${#results[@]}))"
! grep -q '^not ok' "${results[@]}"
