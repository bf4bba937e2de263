#!/bin/bash
# A card of another issuer that has a PKCS#15 directory and the plain commands of ISO 7816-4 and -8, short ones only: keys
# of each size and curve, in each way that such cards sign.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/card.sh"

KEYS=()
for key in rsa2048 rsa3072 rsa4096 p256 p384 p521; do
	cp "$top_srcdir/tests/fixtures/keys/$key.pem" "$TMP/$key"
	openssl req -x509 -new -key "$TMP/$key" -subj "/CN=$key" -days 30 -out "$TMP/$key.crt" 2>/dev/null ||
		bail "no certificate for $key"
	KEYS+=("$TMP/$key")
done

# with_card STYLE COMMAND...: the program listens, such a card connects, the command runs.
with_card() {
	local style=$1 card status

	shift
	rm -f "$TMP/port"
	(
		wait_for 20 test -s "$TMP/port"
		exec /usr/bin/python3 "$top_srcdir/tests/system/lib/generic_card.py" "$(cat "$TMP/port")" "$style" \
			"${KEYS[@]}" >"$TMP/card.log" 2>&1 </dev/null
	) &
	card=$!
	at_end stop_process "$card"
	"$@"
	status=$?
	stop_process "$card"
	((status == 0)) || cat "$TMP/err" "$TMP/card.log"
	return "$status"
}

ok "is listed" with_card plain card --socket "$TMP/port" list
like "by the generic driver" "$(cat "$TMP/out")" '^driver pkcs15 '
is "with a key for each certificate" "$(grep -c 'key yes' "$TMP/out")" ${#KEYS[@]}
n=0
for key in RSA-2048 RSA-3072 RSA-4096; do
	ok "$key: the card pads" with_card plain card_signs_by_socket $n rsa 384
	ok "$key: PKCS#1 v1.5 by the bare operation" with_card bare card_signs_by_socket $n rsa 512
	ok "$key: PSS by the bare operation" with_card bare card_signs_by_socket $n pss 256
	n=$((n + 1))
done
for key in "P-256 256" "P-384 384" "P-521 512"; do
	ok "${key% *}: signature in DER" with_card plain card_signs_by_socket $n ecdsa "${key#* }"
	ok "${key% *}: r and s side by side" with_card raw card_signs_by_socket $n ecdsa "${key#* }"
	n=$((n + 1))
done
done_testing
