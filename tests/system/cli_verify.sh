#!/bin/bash
# eonay verify on signatures that OpenSSL has made: good ones, and each thing that can be wrong with one.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/cms_stamp.sh"
eonay=$top_builddir/eonay
cd "$TMP" || bail "no work directory"

printf 'log: { target = "none"; };\n' >eonay.conf

# verify ARGUMENTS...: STATUS, OUT and ERR are what came of it.
verify() {
	OUT=$("$eonay" --config eonay.conf verify "$@" 2>err </dev/null)
	STATUS=$?
	ERR=$(<err)
}
json() {
	jq -r "$1" <<<"$OUT"
}

# A CA and certificates with the profile of a NES, and one each that lacks something.
cat >ca.cnf <<'C'
[req]
distinguished_name = dn
prompt = no
[dn]
CN = Deneme Kök
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
[nes]
basicConstraints = critical, CA:FALSE
keyUsage = critical, nonRepudiation, digitalSignature
certificatePolicies = 2.16.792.1.2.1.1.5.7.1.4.1
qcStatements = ASN1:SEQUENCE:statements
[statements]
etsi = SEQUENCE:etsi
btk = SEQUENCE:btk
[etsi]
id = OID:0.4.0.1862.1.1
[btk]
id = OID:2.16.792.1.61.0.1.5070.1.1
[plain]
basicConstraints = critical, CA:FALSE
keyUsage = critical, nonRepudiation, digitalSignature
[seal]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
certificatePolicies = 2.16.792.1.2.1.1.5.7.1.4.1
qcStatements = ASN1:SEQUENCE:statements
C
export OPENSSL_CONF=/dev/null
quiet() {
	"$@" >log 2>&1 || { diag_file log; bail "$1 $2 failed"; }
}
quiet openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -config ca.cnf -extensions ca -days 30 \
	-keyout ca.key -out ca.pem -subj '/CN=Deneme Kok'
quiet openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -config ca.cnf -extensions ca -days 30 \
	-keyout other.key -out other.pem -subj '/CN=Baska Kok'
# certificate NAME EXTENSIONS [X509 OPTIONS...]
certificate() {
	quiet openssl req -newkey rsa:2048 -nodes -config ca.cnf -keyout "$1.key" -out "$1.csr" -utf8 \
		-subj '/C=TR/CN=AYŞE DENEME/serialNumber=10000000146'
	quiet openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -extfile ca.cnf -extensions "$2" -out "$1.pem" \
		-set_serial 0x1234 "${@:3}"
}
certificate nes nes -days 7
certificate plain plain -days 7
certificate seal seal -days 7

# sign NAME OUT [OPTIONS...]
sign() {
	quiet openssl cms -sign -binary -cades -md sha256 -nosmimecap -outform DER -in text -signer "$1.pem" -inkey "$1.key" \
		-out "$2" "${@:3}"
}
printf 'Onay veriyorum.\n' >text
sign nes attached.p7s -nodetach
sign nes detached.p7s

verify --ca ca.pem attached.p7s
is "a good signature" "$STATUS $ERR" "0 "
like "is called valid" "$OUT" '^Sonuç +GEÇERLİ$'
like "its signer is named" "$OUT" '^İmzalayan +AYŞE DENEME$'
like "with the number masked" "$OUT" '^T.C. kimlik no +100\*+46$'
unlike "the whole number is nowhere" "$OUT" 10000000146
like "revocation is said to be not checked" "$OUT" '^İptal durumu +denetlenmedi$'
verify --offline --ca ca.pem attached.p7s
is "offline as well" "$STATUS" 0
verify --ca ca.pem --json attached.p7s
is "as JSON" "$STATUS $(json '.valid, .error, .detached' | tr '\n' ' ')" "0 true null false "
is "JSON: each check" "$(json '.checks | to_entries | map(.key + "=" + .value) | join(" ")')" \
	"format=good algorithm=good attributes=good content=good binding=good signature=good certificate=good issuer=good revocation=not-checked time-stamp=not-checked"
is "JSON: the signer" "$(json '.signer | "\(.holder) \(.tckn) \(.qualified)"')" "AYŞE DENEME 100******46 true"
like "JSON: the time" "$(json .signing_time)" '^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-9:]{8}Z$'

verify --ca ca.pem --content text detached.p7s
is "a detached signature with its content" "$STATUS" 0
verify --ca ca.pem detached.p7s
is "without the content" "$STATUS $(grep -o 'K-[0-9]*' <<<"$ERR")" "65 K-316"
printf 'Onay vermiyorum.\n' >forged
verify --ca ca.pem --content forged detached.p7s
is "with another content" "$STATUS $(grep -o 'K-[0-9]*' <<<"$ERR")" "65 K-312"
verify --ca ca.pem --content text attached.p7s
is "attached, and equal to the content" "$STATUS" 0
verify --ca ca.pem --content forged attached.p7s
is "attached, and another than the content" "$STATUS $(grep -o 'K-[0-9]*' <<<"$ERR")" "65 K-316"

verify attached.p7s
is "without a CA nothing is called valid" "$STATUS $(grep -o 'K-[0-9]*' <<<"$ERR")" "65 K-306"
like "but the signature itself is told to hold" "$OUT" '^İmza +doğru$'
verify --ca other.pem attached.p7s
is "a CA that did not issue it" "$STATUS $(grep -o 'K-[0-9]*' <<<"$ERR")" "65 K-306"
printf 'card: { trust = "%s/ca.pem"; };\nlog: { target = "none"; };\n' "$TMP" >eonay.conf
verify attached.p7s
is "the CA of the configuration" "$STATUS" 0

sign plain plain.p7s -nodetach
verify --json plain.p7s
is "a certificate that is not qualified" "$STATUS $(json '.error.code, .checks.signature, .checks.certificate' | tr '\n' ' ')" "65 K-305 good bad "
sign seal seal.p7s -nodetach
verify --json seal.p7s
is "a certificate without nonRepudiation" "$STATUS $(json .error.code)" "65 K-304"

# What OpenSSL itself lets through.
quiet openssl cms -sign -binary -noattr -md sha256 -nodetach -outform DER -in text -signer nes.pem -inkey nes.key -out noattr.p7s
verify --json noattr.p7s
is "no signed attributes" "$STATUS $(json .error.code)" "65 K-311"
quiet openssl cms -sign -binary -md sha256 -nosmimecap -nodetach -outform DER -in text -signer nes.pem -inkey nes.key -out bes.p7s
verify --json bes.p7s
is "no signing-certificate-v2" "$STATUS $(json .error.code)" "65 K-311"
quiet openssl cms -sign -binary -cades -md sha1 -nosmimecap -nodetach -outform DER -in text -signer nes.pem -inkey nes.key -out sha1.p7s
verify --json sha1.p7s
is "SHA-1" "$STATUS $(json .error.code)" "65 K-314"
cp attached.p7s trailing.p7s && printf x >>trailing.p7s
verify --json trailing.p7s
is "a byte behind" "$STATUS $(json '.error.code, .checks.format' | tr '\n' ' ')" "65 K-310 bad "
head -c 100 attached.p7s >cut.p7s
verify --json cut.p7s
is "cut short" "$STATUS $(json .error.code)" "65 K-310"
: >empty.p7s
verify --json empty.p7s
is "an empty file" "$STATUS $(json .error.code)" "65 K-310"

# Time stamps inside (CAdES-B-T), by openssl's authority, put in by asn1crypto.
stamp_config
cat tsa.cnf >>ca.cnf
quiet openssl req -newkey rsa:2048 -nodes -config ca.cnf -keyout tsa.key -out tsa.csr -subj '/C=TR/CN=Deneme ZDS'
quiet openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -extfile ca.cnf -extensions stamp -out tsa.pem -set_serial 0x5678 \
	-days 7
sign nes other.p7s -nodetach
for digest in sha256 sha512; do
	stamp attached.p7s token "$digest"
	ok "$digest: a stamp is put in" stamp_tool add attached.p7s stamped.p7s token
	verify --ca ca.pem --stamp-ca ca.pem stamped.p7s
	is "$digest: it is good" "$STATUS $ERR" "0 "
	like "$digest: which is told" "$OUT" '^Zaman damgası +doğru$'
	like "$digest: its time is told" "$OUT" '^Damgalama Tarihi +[0-9]'
	like "$digest: its authority is named" "$OUT" '^Damgalayan kurum +Deneme ZDS$'
done
verify --ca ca.pem --stamp-ca ca.pem --json stamped.p7s
is "JSON: the stamp" "$STATUS $(json '"\(.checks."time-stamp") \(.time_stamp.authority) \(.time_stamp.issuer) \(.time_stamp.trusted)"')" \
	"0 good Deneme ZDS Deneme Kok true"
like "JSON: its time" "$(json .time_stamp.time)" '^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-9:]{8}Z$'
verify --ca ca.pem stamped.p7s
is "without trust in authorities the signature is good" "$STATUS $ERR" "0 "
like "and the stamp is said to be not checked" "$OUT" '^Zaman damgası +denetlenmedi$'
verify --ca ca.pem --stamp-ca other.pem stamped.p7s
is "an authority that is not trusted" "$STATUS $(grep -o 'K-[0-9]*' <<<"$ERR")" "65 K-334"
like "is told at the stamp" "$OUT" '^Zaman damgası +HATALI$'
like "and the signature itself to hold" "$OUT" '^İmza +doğru$'
verify --ca ca.pem --stamp-ca ca.pem attached.p7s
is "a signature without one" "$STATUS $ERR" "0 "
unlike "of which none is told" "$OUT" 'damgası|Damga'

# wrong NAME TOKEN...: refused with K-334, whether authorities are trusted or not.
wrong() {
	stamp_tool add attached.p7s bad.p7s "${@:2}"
	for trust in --stamp-ca=ca.pem --offline; do
		verify --ca ca.pem --json "$trust" bad.p7s
		is "$1 $trust" "$STATUS $(json '"\(.error.code) \(.checks."time-stamp") \(.time_stamp)"')" "65 K-334 bad null"
	done
}
stamp other.p7s foreign
wrong "the stamp of another signature" foreign
wrong "two stamps" token foreign
stamp_tool value attached.p7s >value
ok "an imprint is altered" /usr/bin/python3 -c '
import hashlib, pathlib
imprint, token = hashlib.sha512(pathlib.Path("value").read_bytes()).digest(), pathlib.Path("token").read_bytes()
assert token.count(imprint) == 1
pathlib.Path("altered").write_bytes(token.replace(imprint, imprint[:-1] + bytes([imprint[-1] ^ 1])))'
wrong "an altered imprint" altered

# Files that are none.
for file in none "$TMP" /dev/null; do
	verify "$file"
	is "cannot be read: $file" "$STATUS" 66
	like "is named: $file" "$ERR" "K-010 .*$file"
done
mkfifo pipe
verify pipe
is "a pipe is refused at once" "$STATUS" 66
verify --ca none attached.p7s
is "a CA file that is not there" "$STATUS" 66
verify --ca text attached.p7s
is "a CA file that holds none" "$STATUS" 66
like "is named" "$ERR" '^eonay: K-511 .*text: certificate 1'
is "and nothing is said of a signature that was not judged" "$OUT" ""
verify --ca ca.pem --stamp-ca text attached.p7s
is "likewise one for time stamps" "$STATUS $OUT" "66 "
verify
is "no file is a usage error" "$STATUS" 64
verify a b
is "two files are a usage error" "$STATUS" 64

# 64 MiB of detached content pass without being read into memory.
head -c 67108864 /dev/zero >text
sign nes large.p7s
verify --json --content text large.p7s
is "a large content" "$STATUS $(json .valid)" "0 true"
done_testing
