#!/bin/bash
# The disk below the database fills up: what can't be stored is refused with a clear word and nothing of it is there, what
# was acknowledged stays, and once there is room again the same service takes the same signature.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"

# A disk of our own, in a mount namespace.
if [ -z "${EONAY_TEST_DISK:-}" ]; then
	unshare=(unshare --mount --propagation private)
	[ "$(id -u)" = 0 ] || unshare+=(--map-root-user)
	"${unshare[@]}" true 2>/dev/null || skip_all "mount namespaces are not allowed here"
	rm -rf "$TMP"
	trap - EXIT
	EONAY_TEST_DISK=1 exec "${unshare[@]}" bash "$0" "$@"
fi
mkdir "$TMP/disk"
mount -t tmpfs -o size=4m tmpfs "$TMP/disk" || bail "no disk"
at_end umount --lazy "$TMP/disk"
PORTAL_DATABASE=$TMP/disk/portal.db
D=$TMP/portal

ok "certificates made" portal_pki "$TMP/pki"
printf %s 'Bundan sonraki e-İmza başvurularında e-Onaylı başvuruyu kullanabilmek için onay veriyorum.' >"$TMP/content"
ok "the service starts" portal_start "$D"
at_end portal_stop

# opened: a new session and a signature for it: sets id, token and $TMP/cms.
opened() {
	local session

	session=$(portal_open "$(portal_code "$D")")
	id=$(field id "$session") token=$(field token "$session")
	portal_sign "$TMP/content" "$TMP/cms"
}
# put: the HTTP status of handing the signature in.
put() {
	curl -s -o "$TMP/answer" -w '%{http_code}' -X PUT -H "Content-Type: application/cms" \
		-H "Authorization: Bearer $token" --data-binary "@$TMP/cms" "$URL/v1/sessions/$id/signature"
}
# fill: not a byte is left.
fill() {
	dd if=/dev/zero of="$TMP/disk/other" bs=64k 2>/dev/null
	dd if=/dev/zero of="$TMP/disk/more" bs=512 2>/dev/null
}
kept() {
	"$PORTAL" list --config "$D/portal.conf" --database "$PORTAL_DATABASE" | grep -c signed
}

opened
is "with room a signature is taken" "$(put)" 201
opened
fill
ok "the disk is full" tap_fails dd if=/dev/zero of="$TMP/disk/none" bs=4k count=1
is "without room it is refused for now" "$(put)" 503
is "with a code of its own" "$(jq -r .code "$TMP/answer")" K-420
is "the service lives" "$(curl -s -o /dev/null -w '%{http_code}' "$URL/healthz")" 200
ok "no code is given out that is not stored" tap_fails portal_code "$D"
like "the operator is told why" "$(cat "$D/stderr")" 'K-420.*full'
is "what was acknowledged is there, no more" "$(kept)" 1
rm "$TMP/disk/other" "$TMP/disk/more"
is "with room again the same signature is taken" "$(put)" 201
is "and kept" "$(kept)" 2
ok "the audit log is whole" "$PORTAL" audit verify --config "$D/portal.conf" --database "$PORTAL_DATABASE"
is "the database is whole" "$(sqlite3 "$PORTAL_DATABASE" 'PRAGMA integrity_check')" ok
done_testing
