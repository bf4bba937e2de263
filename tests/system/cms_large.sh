#!/bin/bash
# A content of 256 MiB passes through in constant memory, and the signature over it holds.
. "$top_srcdir/tests/system/lib/tap.sh"

tool=$top_builddir/cms_tool
cd "$TMP" || exit 99
"$tool" pki . || bail "no test certificates"

# peak MIB: the tool's peak of memory in KiB while signing that much.
peak() {
	"$tool" big . p256 "$1" cms | sed -n 's/ KiB$//p'
}
cat ca.pem sub.pem >both.pem
small=$(peak 1)
ok "the small one holds" "$tool" verify cms
ok "openssl says so too" openssl cms -verify -cades -binary -inform DER \
	-in cms -CAfile both.pem -purpose any -out /dev/null
large=$(peak 256)
ok "the large one holds" "$tool" verify cms
ok "it is as large as its content" test "$(stat -c %s cms)" -gt $((256 << 20))
rm -f cms
diag "peak: $small KiB for 1 MiB, $large KiB for 256 MiB"
ok "memory does not grow with the content" test "$large" -lt $((small + 1024))
if grep -q __asan_init "$tool"; then
	skip "peak below 16 MiB" "the address sanitizer takes more"
else
	ok "peak below 16 MiB" test "$large" -lt 16384
fi
done_testing
