# shellcheck shell=bash
# An issuer's OCSP responder, CRL and time stamp authority for system tests, all of them openssl's. Source portal.sh first and
# call portal_pki before.
#
#	authority_start				# sets AUTHORITY, its address; the CA is $PKI/ca.pem
#	authority_says signer V			# or: R,certificateHold  R,keyCompromise  nothing
#	authority_fault ocsp error		# see authority.py; without arguments all is well again

authority_serial() {
	openssl x509 -in "$PKI/$1.pem" -noout -serial | sed 's/serial=//'
}

# authority_says NAME STATUS [NAME STATUS]...: what the index says of these certificates, and of no other.
authority_says() {
	local when

	: >"$PKI/index.new"
	while [ $# -gt 0 ]; do
		case $2 in
		R,*) when=$(date -u -d '1 hour ago' +%y%m%d%H%M%SZ),${2#R,} ;;
		*) when= ;;
		esac
		[ "$2" = nothing ] || printf '%s\t491231235959Z\t%s\t%s\tunknown\t/CN=%s\n' "${2%%,*}" "$when" \
			"$(authority_serial "$1")" "$1" >>"$PKI/index.new"
		shift 2
	done
	mv "$PKI/index.new" "$PKI/index.txt"
}

authority_fault() {
	: >"$PKI/faults.new"
	while [ $# -gt 0 ]; do
		echo "$1 $2" >>"$PKI/faults.new"
		shift 2
	done
	mv "$PKI/faults.new" "$PKI/faults"
}

authority_start() {
	portal_certificate responder ca "/CN=OCSP" $'keyUsage=critical,digitalSignature\nextendedKeyUsage=OCSPSigning\nnoCheck=yes' &&
		portal_certificate tsa ca "/CN=ZDS" $'keyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping' ||
		return 1
	cat >"$PKI/authority.cnf" <<-END
		[ca]
		default_ca = ca_x
		[ca_x]
		database = index.txt
		certificate = ca.pem
		private_key = ca.key
		default_md = sha256
		default_crl_days = 1
		crl_extensions = crl_x
		[crl_x]
		authorityKeyIdentifier = keyid
		[tsa]
		default_tsa = tsa_x
		[tsa_x]
		serial = tsa_serial
		default_policy = 1.2.3.4
		digests = sha256
		signer_digest = sha256
	END
	authority_says signer V
	/usr/bin/python3 "$top_srcdir/tests/system/lib/authority.py" "$PKI" &
	AUTHORITY_PID=$!
	at_end stop_process "$AUTHORITY_PID"
	wait_for 20 test -s "$PKI/port" || return 1
	# shellcheck disable=SC2034 # for the story
	AUTHORITY=http://127.0.0.1:$(cat "$PKI/port")
}
