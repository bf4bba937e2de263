#!/bin/bash
# Without a daemon: the virtual card connects to the program itself.

. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/card.sh"

VCARD=${VCARD:-$top_builddir/eonay-vcard}

# with_card PROFILE COMMAND...: the program listens, a card connects, the command runs.
with_card() {
	local profile=$1 card status

	shift
	rm -f "$TMP/port"
	(
		wait_for 20 test -s "$TMP/port"
		exec "$VCARD" --vpcd "127.0.0.1:$(cat "$TMP/port")" --profile "$profile" --state "$TMP/$profile" \
			>/dev/null 2>&1 </dev/null
	) &
	card=$!
	at_end stop_process "$card"
	"$@"
	status=$?
	stop_process "$card"
	return "$status"
}

for profile in akis akis1 iso; do
	ok "$profile: is listed" with_card $profile card --socket "$TMP/port" list
	ok "$profile: signs" with_card $profile card_signs_by_socket 0 rsa 256
done

# A card that says nothing at all is mute, and does not hold the program up for ever.
silent() {
	wait_for 20 test -s "$TMP/port"
	exec /usr/bin/python3 -c '
import socket, sys, time
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
time.sleep(30)' "$(cat "$TMP/port")"
}
rm -f "$TMP/port"
silent &
SILENT=$!
at_end stop_process "$SILENT"
card_fails "a silent card is mute" CARD_MUTE --socket "$TMP/port" list
stop_process "$SILENT"

done_testing
