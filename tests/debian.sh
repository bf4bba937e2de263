#!/bin/bash
# debian.sh WORK_DIR: builds the Debian packages from a copy of the tree in WORK_DIR and looks at what they hold. TAP.
# The suite is not run again in there (build profile nocheck).
set -u
cd "$(dirname "$0")/.." || exit 1
work=${1:?usage: debian.sh WORK_DIR}
number=0
failed=0

# check NAME COMMAND...: one test; what the command printed when it fails.
check() {
	local name=$1

	shift
	number=$((number + 1))
	if "$@" >"$work/log" 2>&1 </dev/null; then
		echo "ok $number - $name"
	else
		failed=1
		echo "not ok $number - $name"
		tail -n 60 "$work/log" | sed 's/^/# /'
	fi
}

copy_tree() {
	mkdir "$work/eonay" && tar -c --exclude=./_build --exclude=./.git --exclude=./autom4te.cache --exclude=./configure \
		--exclude=./Makefile.in --exclude=./build-aux . | tar -x -C "$work/eonay"
}

build_packages() {
	(cd "$work/eonay" && DEB_BUILD_OPTIONS="nocheck parallel=$(nproc)" DEB_BUILD_PROFILES=nocheck \
		dpkg-buildpackage -us -uc -b)
}

# holds PACKAGE PATH...: the package has these files.
holds() {
	local list path

	list=$(dpkg-deb --contents "$work/$1"_*.deb) || return 1
	shift
	for path; do
		grep -qF " .$path" <<<"$list" || { echo "no $path in:"; echo "$list"; return 1; }
	done
}

# installable: apt finds everything that the packages need.
installable() {
	apt-get install --simulate --no-install-recommends "$work"/eonay*_[0-9]*.deb
}

# The packages are made of these; while one of them does not exist there is nothing whole to build.
for part in 'eonay_worker_SOURCES src/job' 'eonay_vcard_SOURCES src/vcard' 'eonay_portal_SOURCES src/portal' \
	'conf/portal.conf conf' 'eonay\.1 .' 'portal\.conf\.5 .'; do
	if ! grep -rqsE --include='*.am' -- "${part% *}" "${part#* }"; then
		echo "1..0 # SKIP the tree has no ${part% *} yet"
		exit 0
	fi
done

rm -rf "$work"
mkdir -p "$work" && work=$(cd "$work" && pwd) || exit 1
check "the tree is copied" copy_tree
check "dpkg-buildpackage" build_packages
check "lintian finds no error" lintian --fail-on error --allow-root "$work"/*.changes
check "eonay: programs, settings, rule, unit" holds eonay /usr/bin/eonay /usr/libexec/eonay/eonay-worker \
	/etc/eonay/eonay.conf /usr/share/polkit-1/rules.d/50-eonay.rules /lib/systemd/system/eonay-kiosk@.service \
	/usr/lib/sysusers.d/eonay.conf /usr/share/locale/en/LC_MESSAGES/eonay.mo /usr/share/man/man1/eonay.1.gz
check "eonay-portal: service, settings, unit" holds eonay-portal /usr/sbin/eonay-portal /etc/eonay/portal.conf \
	/lib/systemd/system/eonay-portal.service /usr/lib/sysusers.d/eonay-portal.conf
check "eonay-vcard: program" holds eonay-vcard /usr/bin/eonay-vcard
check "apt would install them" installable
echo "1..$number"
exit "$failed"
