#!/bin/bash
# The audit log and the deletion of personal data, by command: the chain is what the manual says, recomputed by somebody
# else's SHA-256; what was changed is named; what is deleted is gone from the disk.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/portal.sh"

D=$TMP/portal
mkdir -p "$D"
echo 'session: { grace_s = 0; };' >"$D/portal.conf"
OTHER=20000000046
ok "certificates made" portal_pki "$TMP/pki"
printf %s 'Bundan sonraki e-İmza başvurularında e-Onaylı başvuruyu kullanabilmek için onay veriyorum.' >"$TMP/content"
portal_sign "$TMP/content" "$TMP/cms"
portal_start "$D" || bail "the service does not start"
at_end portal_stop

# portal COMMAND [OPTION...]: output and errors in $TMP/out; the status is the command's.
portal() {
	"$PORTAL" "$@" --config "$D/portal.conf" --database "$D/portal.db" >"$TMP/out" 2>&1
}
# status COMMAND...: runs it, prints its exit status.
status() {
	portal "$@"
	echo $?
}

session=$(portal_open "$(portal_code "$D" --name "AYŞE ÖZTÜRK")")
portal_submit "$(field id "$session")" "$(field token "$session")" "$TMP/cms" >"$TMP/receipt"
like "a consent is signed" "$(cat "$TMP/receipt")" "^receipt "
for _ in 1 2 3; do
	"$PORTAL" code --config "$D/portal.conf" --database "$D/portal.db" --tckn - --name "ALİ YILMAZ" --lifetime 1 <<<"$OTHER"
done >"$TMP/codes" 2>/dev/null

is "the log is whole while the service runs" "$(status audit verify)" 0
like "and says how much it is" "$(cat "$TMP/out")" '^6 '
ok "its heads are told" portal audit heads
cp "$TMP/out" "$TMP/heads"
is "sixteen of them" "$(wc -l <"$TMP/heads")" 16
is "they are still there" "$(status audit verify --heads "$TMP/heads")" 0

cat >"$TMP/chain.py" <<'PY'
import hashlib, sqlite3, sys

db = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True)
ends = {}
for strand, number, at, *texts, stored in db.execute(
        "SELECT strand, number, at, actor, action, subject, detail, hash FROM audit ORDER BY strand, number"):
    last, before = ends.get(strand, (0, bytes(32)))
    record = b"".join(n.to_bytes(8, "big", signed=True) for n in (strand, number, at))
    record += b"".join(len(t.encode()).to_bytes(4, "big") + t.encode() for t in texts)
    digest = hashlib.sha256(before + record).digest()
    print("ok" if number == last + 1 and digest == stored else "not", texts[1])
    ends[strand] = number, digest
heads = {int(s): (int(n), bytes.fromhex(h)) for s, n, h in (line.split() for line in open(sys.argv[2]))}
print("heads", all(heads[s] == e for s, e in ends.items()))
PY
chain=$(/usr/bin/python3 "$TMP/chain.py" "$D/portal.db" "$TMP/heads")
is "each record's hash is the one that the manual tells" "$(grep -c '^ok ' <<<"$chain")" 6
unlike "and none is another" "$chain" '^not '
is "and so are the heads" "$(field heads "$chain")" True
is "no record has a T.C. kimlik no" \
	"$(sqlite3 "$D/portal.db" 'SELECT * FROM audit' | grep -c "$TCKN\|$OTHER")" 0

is "neither both nor none can be asked for" "$(status forget)$(status forget --tckn - --older-than 1)" 6464
is "a number that is none is refused" "$("$PORTAL" forget --database "$D/portal.db" --tckn - <<<123 >/dev/null 2>&1; echo $?)" 65
expired() {
	! "$PORTAL" list --database "$D/portal.db" | grep -q ' issued '
}
ok "the codes run out" wait_for 20 expired
portal_stop
not_empty() {
	cat "$D"/portal.db* | grep -qa "$1"
}
ok "the person is in the database" not_empty "ALİ YILMAZ"
"$PORTAL" forget --config "$D/portal.conf" --database "$D/portal.db" --tckn - <<<"$OTHER" >"$TMP/out" 2>&1
is "the person's data are deleted" "$?" 0
like "which is told" "$(cat "$TMP/out")" '3 .* 0 .* 0 '
not_ok "the name is nowhere on the disk" not_empty "ALİ YILMAZ"
not_ok "nor is the number" not_empty "$OTHER"
ok "another's consent is kept" not_empty "AYŞE ÖZTÜRK"
is "however old everything is" "$(status forget --older-than 0)" 0
ok "until its time is over" not_empty "AYŞE ÖZTÜRK"
echo 'retention: { consent_days = 0; withdrawn_days = 0; };' >>"$D/portal.conf"
is "when it is over" "$(status forget --older-than 0)" 0
not_ok "it goes too" not_empty "AYŞE ÖZTÜRK"
is "the log stays whole" "$(status audit verify --heads "$TMP/heads")" 0

sqlite3 "$D/portal.db" "DROP TRIGGER audit_update; UPDATE audit SET actor = 'nobody' WHERE number = 3"
is "a changed record is found" "$(status audit verify)" 65
like "and named" "$(cat "$TMP/out")" 'K-442: strand 0, record 3: changed'
mv "$D/portal.db" "$D/old.db"
rm -f "$D/portal.db-wal" "$D/portal.db-shm"
portal_code "$D" >"$TMP/code"
is "a new log is whole in itself" "$(status audit verify)" 0
is "but not the one that was kept" "$(status audit verify --heads "$TMP/heads")" 65
is "a file of heads that is none is refused" "$(status audit verify --heads "$TMP/content")" 64
for lines in 0 1 15; do
	head -n "$lines" "$TMP/heads" >"$TMP/some"
	is "and one that has $lines of them" "$(status audit verify --heads "$TMP/some")" 64
done
is "an unknown deed is refused" "$(status audit)$(status audit burn)" 6464
done_testing
