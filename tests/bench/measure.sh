#!/bin/bash
# measure.sh OUT.json: sets up a real pcscd, the virtual card and the service, lets measure.py measure eonay beside OpenSC on
# the same card in the same run, and writes the figures. `make bench` shows them; gates.sh holds them to their bounds.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
pcscd_enter "$0" "$@"

PKI=$TMP
TRACE=$TMP/trace
pcscd_start
vcard_start --profile iso --state "$TMP/card" --trace "$TRACE"
wait_card
"$VCARD" --state "$TMP/card" --export-ca "$TMP/ca.pem" || bail "no CA"
portal_start "$TMP/portal" || bail "the service does not start"
at_end portal_stop
cat >"$TMP/eonay.conf" <<-CONF
	service: { url = "$URL"; };
	screen: { idle_seconds = 0; };
	log: { target = "none"; };
CONF
printf '%s' 'Bundan sonraki e-İmza başvurularında e-Onaylı başvuruyu kullanabilmek için onay veriyorum.' >"$TMP/text"
PORTAL_CODE=$(declare -f portal_code)
export PORTAL TCKN PORTAL_CODE
/usr/bin/python3 "$top_srcdir/tests/bench/measure.py" --build "$top_builddir" --trace "$TRACE" \
	--config "$TMP/eonay.conf" --portal "$TMP/portal" --text "$TMP/text" --work "$TMP" --out "$1"
