# shellcheck shell=bash
# The card module through card_tool, over a real pcscd (source tap.sh and pcscd.sh before).

CARD_TOOL=$top_builddir/card_tool
PIN_FILE=$TMP/pin
printf 123456 >"$PIN_FILE"
CARD_OPTIONS=()
printf 111111 >"$TMP/pin.wrong"
printf 12345678 >"$TMP/puk"
printf 87654321 >"$TMP/puk.wrong"
printf 805137 >"$TMP/pin.new"

# card ARGUMENTS...: card_tool with the right PIN; stdout in $TMP/out, stderr in $TMP/err, never longer than a minute.
card() {
	timeout 60 "$CARD_TOOL" --pin "${PIN:-$PIN_FILE}" --trace "$TMP/apdus" --out "$TMP" "$@" \
		<"${IN:-/dev/null}" >"$TMP/out" 2>"$TMP/err"
}
card_error() {
	sed -n 's/^error \([A-Z_]*\) .*/\1/p' "$TMP/err"
}

# card_fails DESCRIPTION SYMBOL ARGUMENTS...: it fails, with this error.
card_fails() {
	local what=$1 wanted=$2

	shift 2
	card "$@"
	is "$what" "$(card_error)" "$wanted"
}

# card_signs CERTIFICATE SCHEME DIGEST: signs, and OpenSSL finds the signature right. The certificates were listed before.
card_signs() {
	local -a pss=()

	head -c 1000 /dev/urandom >"$TMP/text"
	openssl dgst "-sha$3" -binary "$TMP/text" >"$TMP/digest"
	IN=$TMP/digest card "${CARD_OPTIONS[@]}" --confirmed sign "$@" || return
	cp "$TMP/out" "$TMP/signature"
	openssl x509 -inform DER -in "$TMP/$1.der" -pubkey -noout >"$TMP/key" || return
	[ "$2" = pss ] && pss=(-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest)
	openssl dgst "-sha$3" -verify "$TMP/key" "${pss[@]}" -signature "$TMP/signature" "$TMP/text"
}
card_signs_by_socket() {
	local -a CARD_OPTIONS=(--socket "$TMP/port")

	card_signs "$@"
}
# Commands that the last signature took.
card_apdus() {
	sed -n 's/^apdus //p' "$TMP/err"
}
# A signature is tried with this PIN file: card_pin FILE [--confirmed].
card_pin() {
	local pin=$1

	shift
	head -c 32 /dev/zero >"$TMP/digest"
	PIN=$pin IN=$TMP/digest card "$@" sign 0 rsa 256
}

# The PIN becomes the one in a file by the PUK in another: card_unblock PUK-FILE PIN-FILE [--confirmed].
card_unblock() {
	local puk=$1 pin=$2

	shift 2
	PIN=$pin card --puk "$puk" "$@" unblock 0
}

# Commands that have gone to the virtual card so far.
vcard_apdus() {
	grep -c '^>' "$TMP/vcard.trace"
}
