# A real pcscd of the test's own, with the virtual reader (vpcd) and the virtual card. Source tap.sh first, then
#
#	. "$top_srcdir/tests/system/lib/pcscd.sh"
#	pcscd_enter "$0" "$@"		# the test starts over in a mount namespace of its own
#	pcscd_start; vcard_start --profile akis --state "$TMP/card"; wait_card
#
# In the namespace /run is empty, so that libpcsclite finds our daemon there and a daemon that runs on this machine is
# neither seen nor touched. No root is needed where the kernel lets users make namespaces.

PCSCD=${PCSCD:-/usr/sbin/pcscd}
VCARD=${VCARD:-${top_builddir:-.}/eonay-vcard}
PCSCD_PID=
VCARD_PID=
VPCD_PORT=

# pcscd_enter SCRIPT ARGUMENTS...: runs the script again inside a mount namespace; returns when already inside.
pcscd_enter() {
	local -a unshare=(unshare --mount --propagation private)

	[ "${EONAY_TEST_NAMESPACE:-}" = "$(readlink /proc/self/ns/mnt)" ] && return
	[ -x "$PCSCD" ] || skip_all "pcscd is not installed (Debian: pcscd)"
	[ -e "$(pcscd_driver)" ] || skip_all "the virtual reader is not installed (Debian: vsmartcard-vpcd)"
	[ "$(id -u)" = 0 ] || unshare+=(--map-root-user)
	"${unshare[@]}" true 2>/dev/null || skip_all "mount namespaces are not allowed here"
	rm -rf "$TMP"
	trap - EXIT
	exec "${unshare[@]}" bash -c '
		mount -t tmpfs -o mode=755 tmpfs /run || exit 99
		EONAY_TEST_NAMESPACE=$(readlink /proc/self/ns/mnt) exec bash "$@"' bash "$@"
}

pcscd_driver() {
	echo /usr/lib/pcsc/drivers/serial/libifdvpcd.so
}

# pcscd_start [OPTIONS...]: our daemon, in the foreground behind us; PCSCD_PID, VPCD_PORT (and the one after it, the
# second slot) are set. Its log is $TMP/pcscd.log. A port once chosen stays when the daemon is started again.
pcscd_start() {
	local -a options=(--foreground --config "$TMP/reader.conf.d")

	[ -n "$VPCD_PORT" ] || VPCD_PORT=$(free_ports 2) || bail "no free ports"
	mkdir -p /run/pcscd "$TMP/reader.conf.d"
	cat >"$TMP/reader.conf.d/vpcd" <<-CONF
		FRIENDLYNAME "Virtual PCD"
		DEVICENAME   /dev/null:$VPCD_PORT
		LIBPATH      $(pcscd_driver)
		CHANNELID    $VPCD_PORT
	CONF
	"$PCSCD" --help 2>&1 | grep -q -- --disable-polkit && options+=(--disable-polkit)
	"$PCSCD" "${options[@]}" "$@" >>"$TMP/pcscd.log" 2>&1 </dev/null &
	PCSCD_PID=$!
	at_end stop_process "$PCSCD_PID"
	wait_for 30 reader_there || { diag_file "$TMP/pcscd.log"; bail "pcscd shows no reader"; }
}

# pcscd_stop: the daemon ends, and its socket with it.
pcscd_stop() {
	stop_process "$PCSCD_PID"
	PCSCD_PID=
	rm -f /run/pcscd/pcscd.comm /run/pcscd/pcscd.pid
}

# vcard_start [OPTIONS...]: the virtual card, put into the first slot; VCARD_PID is set. It waits for the daemon as
# long as it takes and comes back after the daemon was restarted. What it says is in $TMP/vcard.log. With VCARD_SLOT=1
# before it, this and the functions below are about the second slot.
vcard_start() {
	"$VCARD" --vpcd "127.0.0.1:$((VPCD_PORT + ${VCARD_SLOT:-0}))" --connect-retry "$@" >>"$TMP/vcard.log" 2>&1 </dev/null &
	VCARD_PID=$!
	at_end stop_process "$VCARD_PID"
}

# vcard_stop: the card leaves its reader for good, and the daemon has seen it.
vcard_stop() {
	stop_process "$VCARD_PID"
	VCARD_PID=
	[ -z "$PCSCD_PID" ] || wait_for 30 removal_counted || bail "the card stays in the reader"
}

# vcard_pull, vcard_insert: take the card out of the reader and put it back; both return when the daemon has seen it.
# A card that a fault has pulled is put back by vcard_insert too.
vcard_pull() {
	kill -USR1 "$VCARD_PID" && wait_for 30 removal_counted
}
vcard_insert() {
	wait_for 30 removal_counted && kill -USR2 "$VCARD_PID" && wait_card
}

# wait_card [SECONDS]: until the daemon has the card; its log and the card's are shown when it does not come.
wait_card() {
	wait_for "${1:-30}" card_there && return
	diag_file "$TMP/pcscd.log"
	diag_file "$TMP/vcard.log"
	bail "no card in the reader"
}

reader_there() {
	opensc-tool --list-readers 2>/dev/null | grep -q '^0 '
}
card_there() {
	opensc-tool --list-readers 2>/dev/null | grep -q "^${VCARD_SLOT:-0} *Yes"
}
# The daemon's count of insertions and removals is even. Of a card that left in the middle of a command it says that there
# is none at once, but looks for another one only when it has counted that, up to 0.4 s later.
removal_counted() {
	timeout 30 "$top_builddir/card_tool" readers | grep -q "PCD 00 0${VCARD_SLOT:-0}: NO_CARD  events=[0-9]*[02468]\$"
}
card_gone() {
	opensc-tool --list-readers 2>/dev/null | grep -q "^${VCARD_SLOT:-0} *No"
}
