#!/bin/bash
# What must hold of the figures of measure.sh, on the build that is shipped (no sanitizers).
. "$top_srcdir/tests/system/lib/tap.sh"

figures=$TMP/figures.json
bash "$top_srcdir/tests/bench/measure.sh" "$figures" >"$TMP/table" 2>&1
sed 's/^/# /' "$TMP/table"
[ -s "$figures" ] || bail "nothing was measured"

# figure EXPRESSION: a Python expression over the figures f.
figure() {
	/usr/bin/python3 -c 'import json, sys; f = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$figures" "$1"
}
# holds DESCRIPTION EXPRESSION
holds() {
	is "$1 ($2)" "$(figure "$2")" True
}

holds "listing certificates takes at most half of OpenSC's APDUs" \
	'f["list"]["eonay"]["apdus"] * 2 <= f["list"]["opensc"]["apdus"]'
holds "PIN to signature: VERIFY, security environment, signature and at most one status read" \
	'len(f["ceremony"]["pin_to_signature"]) <= 4'
holds "exactly one VERIFY with a PIN" \
	'sum(c.startswith("0020") and len(c) > 8 for c in f["ceremony"]["pin_to_signature"]) == 1'
holds "the first screen costs at most 20 ms of CPU" 'f["first_screen"]["cpu_s"] <= 0.020'
holds "the screen process stays under 12 MiB" 'f["ceremony"]["peak_kib"] < 12 * 1024'
holds "a countdown tick writes at most 40 bytes" 'f["ceremony"]["tick_bytes"] <= 40'
holds "nothing is written while nothing changes" 'f["ceremony"]["quiet_bytes"] == 0'
done_testing
