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
number=0
failed=0

# check NAME COMMAND...: one test; the end of what the command printed when it fails.
check() {
	local name=$1 log=$work/log

	shift
	number=$((number + 1))
	if (cd "$work" && "$@") >"$log" 2>&1 </dev/null; then
		echo "ok $number - $name"
	else
		failed=1
		echo "not ok $number - $name"
		tail -n 40 "$log" | tr -cd '\n -~' | sed 's/^/# /'
	fi
}

# fuzz TARGET SEEDS: new inputs go to the work directory, not to the seeds.
fuzz() {
	mkdir -p corpus
	"$build/$1" "${limits[@]}" -max_total_time="$seconds" -print_final_stats=1 corpus "$2"
}

for source in "$here"/fuzz_*.c; do
	target=$(basename "$source" .c)
	seeds=$here/seeds/${target#fuzz_}
	work=$build/fuzz/$target
	mkdir -p "$work"
	check "$target: seeds" "$build/$target" "${limits[@]}" "$seeds"/*
	check "$target: $seconds s" fuzz "$target" "$seeds"
done
echo "1..$number"
exit "$failed"
