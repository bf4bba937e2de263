#!/bin/bash
# What an administrator installs: the polkit rule decides as it says, the units are well-formed and confined.
. "$top_srcdir/tests/system/lib/tap.sh"

# decision RULES USER GROUP ACTION [READER]: what polkit's interpreter of JavaScript makes of the rule.
decision() {
	{
		cat <<-'END'
			var rule, polkit = {
				Result: { NO: "no", YES: "yes", NOT_HANDLED: "not handled" },
				addRule: function (f) { rule = f; }
			};
		END
		cat "$1"
		cat <<-END
			print(rule(
				{ id: "$4", lookup: function (key) { return key == "reader" ? "${5:-}" : undefined; } },
				{ user: "$2", isInGroup: function (group) { return group == "$3"; } }));
		END
	} >"$TMP/rule.js"
	duk "$TMP/rule.js"
}

pcsc=org.debian.pcsc-lite
rules=$top_srcdir/conf/50-eonay.rules
bound=$TMP/bound.rules
sed 's|^\(\t*\)// "kiosk1": |\1"kiosk1": |' "$rules" >"$bound"

if command -v duk >/dev/null; then
	is "a member of eonay reaches pcscd" "$(decision "$rules" ayse eonay $pcsc.access_pcsc)" yes
	is "a member of eonay reaches a card" "$(decision "$rules" ayse eonay $pcsc.access_card Any)" yes
	is "another group does not" "$(decision "$rules" ayse users $pcsc.access_pcsc)" "not handled"
	is "another group reaches no card" "$(decision "$rules" ayse users $pcsc.access_card Any)" "not handled"
	is "nothing else is granted" "$(decision "$rules" ayse eonay org.freedesktop.login1.reboot)" "not handled"
	is "a bound account reaches pcscd" "$(decision "$bound" kiosk1 eonay $pcsc.access_pcsc)" yes
	is "a bound account reaches its reader" \
		"$(decision "$bound" kiosk1 eonay $pcsc.access_card 'ACS ACR39U ICC Reader 00 00')" yes
	is "a bound account reaches no other" "$(decision "$bound" kiosk1 eonay $pcsc.access_card Any)" no
	is "an account that is not bound is free" "$(decision "$bound" ayse eonay $pcsc.access_card Any)" yes
else
	skip "the polkit rule decides as it says" "no duk (Debian: duktape)"
fi

# exposure UNIT: systemd's figure for how much the unit leaves open, in tenths.
exposure() {
	local tenths

	tenths=$(systemd-analyze security --offline=yes --no-pager "$1" 2>/dev/null |
		sed -n 's/.*Overall exposure level.*: \([0-9]*\)\.\([0-9]\).*/\1\2/p')
	echo "exposure ${tenths:-unknown} tenths"
	[ -n "$tenths" ] && [ "$((10#$tenths))" -le 25 ]
}

# account UNIT: its user and group are accounts that a sysusers file makes.
account() {
	local name

	for name in $(sed -n 's/^\(User\|Group\)=//p' "$1" | sort -u); do
		grep -qE "^[ug] $name( |\$)" "$top_srcdir"/conf/sysusers/*.conf || return 1
	done
	[ "$(grep -cE '^(User|Group)=[a-z-]+$' "$1")" -eq 2 ]
}

# verified UNIT: no complaint but that the programs and manual pages are not installed here.
verified() {
	systemd-analyze verify "$1" 2>&1 | grep -vE "is not executable: No such file|Command 'man " |
		grep -F "$(basename "$1" | sed 's/@\..*//')" && return 1
	return 0
}

for unit in eonay-kiosk@.service eonay-portal.service; do
	if command -v systemd-analyze >/dev/null; then
		ok "$unit is well-formed" verified "$top_builddir/conf/$unit"
		ok "$unit leaves open 2.5 of 10 or less" exposure "$top_builddir/conf/$unit"
	else
		skip "$unit" "no systemd-analyze (Debian: systemd)"
	fi
	ok "$unit runs as an account that is made" account "$top_builddir/conf/$unit"
	unlike "$unit has its paths" "$(cat "$top_builddir/conf/$unit")" '@[a-z]+dir@'
done
is "the socket is where the service would listen" \
	"$(sed -n 's/^ListenStream=//p' "$top_srcdir/conf/eonay-portal.socket")" \
	"$(sed -n 's/^\taddress = "\(.*\)";/\1/p' "$top_srcdir/conf/portal.conf")"
is "the service's state is where its database is" \
	"$(sed -n 's/^StateDirectory=//p' "$top_builddir/conf/eonay-portal.service")" \
	"$(sed -n 's|^.*# database = "/var/lib/\(.*\)/.*";|\1|p' "$top_srcdir/conf/portal.conf")"
done_testing
