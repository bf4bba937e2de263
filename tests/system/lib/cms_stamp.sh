# shellcheck shell=bash
# Time stamps for signatures by an authority of openssl's, in the folder that is current. The test makes its certificate,
# tsa.pem with tsa.key, with the extensions "stamp".

# stamp_config: tsa.cnf, the authority's settings.
stamp_config() {
	cat >tsa.cnf <<'C'
[tsa]
default_tsa = x
[x]
serial = serial
default_policy = 1.2.3.4
digests = sha256, sha512
signer_digest = sha256
[stamp]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
C
}

# stamp_tool COMMAND...: cms_stamp.py.
stamp_tool() {
	/usr/bin/python3 "$top_srcdir/tests/system/lib/cms_stamp.py" "$@"
}

# stamp CMS TOKEN [DIGEST]: the authority's token on this signature; leaves what was stamped in value.
stamp() {
	stamp_tool value "$1" >value || bail "no signature value"
	openssl ts -query -data value "-${3:-sha256}" -cert -out query 2>/dev/null &&
		openssl ts -reply -config tsa.cnf -queryfile query -signer tsa.pem -inkey tsa.key -token_out -out "$2" 2>/dev/null ||
		bail "no time stamp"
}
