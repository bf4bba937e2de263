#!/bin/bash
# The portal in a real browser, together with the kiosk: run.sh BUILD-DIRECTORY NODE-DIRECTORY ARTEFACTS. The second has
# node_modules as package-lock.json says; pictures of all pages are put into the third.
top_builddir=$(realpath "$1") top_srcdir=$(realpath "$(dirname "$0")/../..")
EONAY_NODE=$(realpath "$2") EONAY_ARTEFACTS=$(realpath "$3")
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
. "$top_srcdir/tests/system/lib/ceremony.sh"
pcscd_enter "$0" "$@"

EONAY_CHROMIUM=$(command -v chromium) || skip_all "chromium is not installed"
command -v node >/dev/null || skip_all "nodejs is not installed"

# The demo's own provider and authority, over plain HTTP: a browser trusts 127.0.0.1 as it does TLS. First the service, which
# makes the CA, then the card that has its certificates from it.
DEMO=$TMP/demo PKI=$TMP/demo
mkdir -p "$D"
echo 'revocation: { timeout_s = 20; }; timestamp: { timeout_s = 20; };' >"$D/portal.conf"
portal_start "$D" --demo "$DEMO" --trust "$DEMO/trust.pem" || bail "the service does not start"
at_end portal_stop
"$VCARD" --state "$TMP/card" --issuer "$DEMO/issuer.pem" --export-certificates "$TMP/holder.pem" &&
	"$PORTAL" certificate add "$TMP/holder.pem" --config "$D/portal.conf" --database "$D/portal.db" >/dev/null ||
	bail "the card's certificates are not registered"
"$PORTAL" application add checked "Belgeleriniz şubeye ulaştı." --tckn - --config "$D/portal.conf" --database "$D/portal.db" \
	>/dev/null <<<"$TCKN" || bail "no application is registered"
ceremony_card --profile akis

# A second one on the same store, whose codes live ten seconds.
mkdir "$TMP/short"
printf 'session: { lifetime_s = 10; };\n' >"$TMP/short/portal.conf"
(
	PORTAL_PID=
	portal_start "$TMP/short" --trust "$DEMO/trust.pem" --database "$D/portal.db" && echo "$PORTAL_PID $URL" >"$TMP/short/where"
) || bail "no second service"
read -r SHORT_PID SHORT_URL <"$TMP/short/where"
at_end kill "$SHORT_PID"
ceremony_conf
sed -i 's|ca = "[^"]*"|ca = ""|' "$CONF"
terminal_start 80 24 "$EONAY" --config "$CONF" --kiosk

export EONAY_NODE EONAY_ARTEFACTS EONAY_CHROMIUM
EONAY_URL=$URL EONAY_SHORT_URL=$SHORT_URL EONAY_CA=$DEMO/trust.pem EONAY_TMUX=$TMP/tmux.$TERMINAL_COUNT HOME=$TMP node "$top_srcdir/tests/browser/story.mjs" "$TMP"
status=$?
((status == 0)) || { diag_file "$TMP/terminal.err"; diag_file "$D/log"; diag_file "$D/stderr"; }
exit "$status"
