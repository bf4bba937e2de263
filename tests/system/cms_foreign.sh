#!/bin/bash
# Our signatures under the eyes of four programs that are not ours, with every kind of key, attached and detached.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/cms_stamp.sh"

tool=$top_builddir/cms_tool
cd "$TMP" || exit 99
printf 'S\303\266zle\305\237me metni\nikinci sat\304\261r\n' >text
"$tool" pki . || bail "no test certificates"
cat ca.pem sub.pem >both.pem

# NAME:KEY:OPTIONS of each signature that is looked at.
kinds='
rsa2048:rsa2048:
rsa3072:rsa3072:--digest SHA-384
rsa4096:rsa4096:--digest SHA-512 --further
pss:rsa2048:--pss
pss512:rsa3072:--pss --digest SHA-512
psskey:rsapss:
p256:p256:--further
p384:p384:
p521:p521:
p256-512:p256:--digest SHA-512
'
names=
while IFS=: read -r name key options; do
	[ -n "$name" ] || continue
	names="$names $name"
	# shellcheck disable=SC2086
	ok "$name: made" "$tool" sign . "$key" $options text "$name.der"
	# shellcheck disable=SC2086
	ok "$name: made, detached" "$tool" sign . "$key" $options --detached text "$name.p7s"
	ok "$name: our own eyes" "$tool" verify --trust both.pem "$name.der"
	ok "$name: our own eyes, detached" "$tool" verify --trust both.pem --content text "$name.p7s"
done <<<"$kinds"

openssl_verifies() { # NAME [OPTIONS]
	local file=$1

	shift
	openssl cms -verify -cades -binary -inform DER -in "$file" -CAfile both.pem -purpose any -out out "$@" && cmp out text
}
for name in $names; do
	ok "$name: openssl" openssl_verifies "$name.der"
	ok "$name: openssl, detached" openssl_verifies "$name.p7s" -content text
done
not_ok "openssl sees another content" openssl_verifies rsa2048.p7s -content both.pem

mkdir -m 700 gnupg
export GNUPGHOME=$TMP/gnupg
at_end gpgconf --kill all
echo "$(openssl x509 -in ca.pem -noout -fingerprint -sha1 | sed 's/.*=//') S relax" >gnupg/trustlist.txt
ok "gpgsm knows the CAs" gpgsm --batch --import ca.pem sub.pem
gpgsm_verifies() { # CMS [CONTENT]
	gpgsm --batch --yes --disable-crl-checks --disable-policy-checks --verify "$@"
}
for name in $names; do
	if [ "$name" = p521 ]; then
		skip "p521: gpgsm" "it takes no hash with a curve of 521 bits"
		continue
	fi
	ok "$name: gpgsm" gpgsm_verifies "$name.der"
	ok "$name: gpgsm, detached" gpgsm_verifies "$name.p7s" text
done
not_ok "gpgsm sees another content" gpgsm_verifies rsa2048.p7s both.pem

# Each once more with a time stamp inside, openssl's authority's.
stamp_config
printf '[req]\ndistinguished_name = dn\n[dn]\n' >>tsa.cnf
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config tsa.cnf -days 7 -keyout tsa-ca.key -out tsa-ca.pem \
	-subj /CN=ZDS-Kok -addext keyUsage=critical,keyCertSign -addext basicConstraints=critical,CA:TRUE 2>/dev/null
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config tsa.cnf -days 7 -keyout tsa.key -out tsa.pem \
	-subj /CN=ZDS -CA tsa-ca.pem -CAkey tsa-ca.key -extensions stamp 2>/dev/null || bail "no time stamp authority"
cat both.pem tsa-ca.pem >all.pem
for name in $names; do
	stamp "$name.der" token
	mkdir -p stamped
	ok "$name: stamped" "$tool" stamp "$name.der" token "stamped/$name.der"
	ok "$name: our own eyes, stamped" "$tool" verify --trust all.pem --stamps "stamped/$name.der"
	not_ok "$name: refused where none is asked for" "$tool" verify --trust all.pem "stamped/$name.der"
	ok "$name: openssl, stamped" openssl_verifies "stamped/$name.der"
	stamp_tool token "stamped/$name.der" >inside
	ok "$name: the stamp comes out again" cmp token inside
	ok "$name: openssl verifies it over the signature" openssl ts -verify -token_in -in inside -data value -CAfile tsa-ca.pem
	stamp_tool bare "stamped/$name.der" >bare
	ok "$name: without it the signature is as before" cmp bare "$name.der"
done

java=/usr/share/java
every=
for name in $names; do
	every="$every $name.der $name.p7s=text stamped/$name.der"
done
if ! command -v java >/dev/null || [ ! -e $java/bcpkix.jar ]; then
	skip "Bouncy Castle" "default-jdk-headless and libbcpkix-java are not installed"
else
	# shellcheck disable=SC2086
	said=$(java -cp $java/bcprov.jar:$java/bcpkix.jar:$java/bcutil.jar \
		"$top_srcdir/tests/system/lib/CmsVerify.java" sub.pem $every rsa2048.p7s=both.pem 2>&1)
	for each in $every; do
		like "$each: Bouncy Castle" "$said" "^ok $each\$"
	done
	like "Bouncy Castle sees another content" "$said" '^not ok rsa2048.p7s=both.pem'
fi

# shellcheck disable=SC2086
said=$(/usr/bin/python3 "$top_srcdir/tests/system/lib/cms_attributes.py" *.der *.p7s 2>&1)
for name in $names; do
	like "$name: asn1crypto" "$said" "^ok $name.der\$"
	like "$name: asn1crypto, detached" "$said" "^ok $name.p7s\$"
done
done_testing
