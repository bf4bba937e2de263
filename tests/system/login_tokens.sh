#!/bin/bash
# ID tokens of libraries that are not ours, good ones and bad ones, before the check that a login makes.
. "$top_srcdir/tests/system/lib/tap.sh"

/usr/bin/python3 -c 'import jwt, jose, jwcrypto' 2>/dev/null ||
	skip_all "no python3-jwt, python3-jose or python3-jwcrypto"

is "each token is judged as it should" \
	"$(/usr/bin/python3 "$top_srcdir/tests/system/lib/tokens.py" "$top_builddir/token_tool" "$TMP" 2>&1)" ""
done_testing
