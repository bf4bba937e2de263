#!/bin/bash
# Signatures that openssl makes, under our eyes: those that are CAdES in DER are accepted, all others are refused with
# their reason.
. "$top_srcdir/tests/system/lib/tap.sh"

tool=$top_builddir/cms_tool
cd "$TMP" || exit 99
printf 'first\nsecond\n' >text
"$tool" pki . || bail "no test certificates"
cat ca.pem sub.pem >both.pem

# sign KEY OPTIONS...: into the file cms.
sign() {
	local key=$1

	shift
	openssl cms -sign -binary -outform DER -in text -signer "$key.pem" -out cms "$@" 2>err || bail "openssl: $(cat err)"
}
# says: the symbol of what verify found, and nothing of its place.
says() {
	"$tool" verify "$@" cms | cut -d' ' -f1
}

for key in rsa2048 rsa3072 p256; do
	sign $key -cades -nodetach -md sha256
	is "$key, attached" "$(says --trust both.pem)" OK
	sign $key -cades -md sha256
	is "$key, detached" "$(says --trust both.pem --content text)" OK
	is "$key, detached, another content" "$(says --trust both.pem --content both.pem)" CMS_DIGEST
	is "$key, detached, content not given" "$(says --trust both.pem)" CMS_CONTENT
done
sign p384 -cades -nodetach -md sha384
is "P-384 with SHA-384" "$(says --trust both.pem)" OK
sign p521 -cades -nodetach -md sha512
is "P-521 with SHA-512" "$(says --trust both.pem)" OK
sign rsa2048 -cades -nodetach -md sha512 -nosmimecap
is "without S/MIME capabilities" "$(says --trust both.pem)" OK
sign rsa2048 -cades -nodetach -md sha256 -keyid
is "signer by key identifier" "$(says --trust both.pem)" OK
sign rsa2048 -cades -nodetach -md sha256 -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:digest
is "PSS" "$(says --trust both.pem)" OK
sign rsa2048 -cades -nodetach -md sha256 -certfile both.pem
is "with the chain inside, checked" "$(says --trust both.pem)" OK
is "with the chain inside, unchecked" "$(says)" CMS_CERTIFICATE
sign rsa2048 -cades -nodetach -md sha256 -certfile p256.pem
is "with a stranger's certificate inside" "$(says --trust both.pem)" CMS_CERTIFICATE

sign rsa2048 -cades -nodetach -md sha256 -keyopt rsa_padding_mode:pss
is "PSS with the longest salt" "$(says)" CMS_ALGORITHM
for md in md5 sha1 sha224; do
	sign rsa2048 -cades -nodetach -md $md
	is "$md" "$(says)" CMS_ALGORITHM
done
sign rsa2048 -nodetach -md sha256
is "no CAdES" "$(says)" CMS_ATTRIBUTES
sign rsa2048 -nodetach -md sha256 -noattr
is "no attributes" "$(says)" CMS_ATTRIBUTES
sign rsa2048 -md sha256 -noattr
is "no attributes, detached" "$(says --content text)" CMS_ATTRIBUTES
sign rsa2048 -cades -nodetach -md sha256 -stream
is "BER" "$(says)" CMS_FORMAT
sign rsa2048 -cades -nodetach -md sha256 -nocerts
is "no certificate inside" "$(says)" CMS_CERTIFICATE
sign rsa2048 -cades -nodetach -md sha256 -signer p256.pem
is "two signers" "$(says)" CMS_FORMAT
sign rsa2048 -cades -nodetach -md sha256 -econtent_type 1.2.840.113549.1.9.16.1.4
is "another type of content" "$(says)" CMS_CONTENT
sign rsa2048 -cades -nodetach -md sha256 -outform PEM
is "PEM" "$(says)" CMS_FORMAT
sign rsa2048 -cades -nodetach -md sha256
printf x >>cms
is "a byte behind" "$(says)" CMS_FORMAT
openssl cms -encrypt -outform DER -in text -out cms rsa2048.pem
is "an encrypted message" "$(says)" CMS_FORMAT
openssl cms -data_create -outform DER -in text -out cms
is "plain data" "$(says)" CMS_FORMAT
openssl cms -digest_create -outform DER -in text -out cms
is "digested data" "$(says)" CMS_FORMAT
openssl cms -sign -outform DER -in text -signer rsa2048.pem -cades -md sha256 -out cms
is "line ends turned for mail" "$(says --content text)" CMS_DIGEST

sign rsa2048 -cades -nodetach -md sha256
is "unknown root" "$(says --trust rsa2048.pem)" CERTIFICATE_ISSUER
is "issuer not there" "$(says --trust ca.pem)" CERTIFICATE_ISSUER
is "after its end" "$(says --at 2600000000)" CERTIFICATE_EXPIRED
is "before its beginning" "$(says --at 1500000000)" CERTIFICATE_FUTURE

# Nothing of the environment's configuration is read: with this one, openssl itself can't start.
printf 'openssl_conf = x\nconfig_diagnostics = 1\n[x]\nproviders = y\n[y]\nevil = z\n[z]\nmodule = /nonexistent.so\nactivate = 1\n' >evil.cnf
not_ok "a configuration that breaks openssl" env OPENSSL_CONF=evil.cnf openssl x509 -in ca.pem -noout -text
is "is not read" "$(OPENSSL_CONF=evil.cnf says --trust both.pem)" OK
done_testing
