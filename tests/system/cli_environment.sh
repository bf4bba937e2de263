#!/bin/bash
# What the caller's environment says has no effect: the program starts afresh without it, whatever it is.
# Another process's environment is root's to read when it can't be dumped; root in a namespace is root enough.
if [ "$(id -u)" != 0 ] && unshare --map-root-user true 2>/dev/null; then
	exec unshare --map-root-user bash "$0" "$@"
fi
. "$top_srcdir/tests/system/lib/tap.sh"
eonay=$top_builddir/eonay

# Waits for a configuration that nobody writes, and so can be looked at.
mkfifo "$TMP/conf"

# names_left ASSIGNMENT...: the names in the environment of an eonay started with these, once it has settled.
names_left() {
	local pid names

	env -i "$@" "$eonay" --config "$TMP/conf" >/dev/null 2>&1 </dev/null &
	pid=$!
	wait_for 20 is_settled "$pid"
	names=$(tr '\0' '\n' <"/proc/$pid/environ" | sed 's/=.*//' | tr '\n' ' ')
	stop_process "$pid"
	echo "$names"
}
# The first variable of a clean environment is our PATH, and env(1) itself is gone.
is_settled() {
	[ "$(readlink "/proc/$1/exe")" = "$(readlink -f "$eonay")" ] &&
		head -zn1 "/proc/$1/environ" | grep -qz '^PATH=/usr/local/sbin:'
}

readable=yes
env -i "$eonay" --config "$TMP/conf" >/dev/null 2>&1 </dev/null &
pid=$!
wait_for 20 is_settled "$pid" || readable=
stop_process "$pid"

for variable in LD_LIBRARY_PATH LD_DEBUG_OUTPUT LD_BIND_NOT OPENSSL_CONF OPENSSL_MODULES SSL_CERT_FILE SSLKEYLOGFILE \
	http_proxy https_proxy HTTPS_PROXY ALL_PROXY TERMINFO TERMINFO_DIRS TERMCAP NCURSES_TRACE NCURSES_NO_UTF8_ACS \
	PCSCLITE_CSOCK_NAME PCSCLITE_DEBUG LIBPCSCLITE_DELEGATE HOME LANGUAGE LC_ALL LOCPATH TZDIR TMPDIR \
	SSH_AUTH_SOCK DISPLAY GLIBC_TUNABLES; do
	if [ -z "$readable" ]; then
		skip "$variable is dropped" "another process's environment cannot be read here"
		continue
	fi
	is "$variable is dropped" "$(names_left "$variable=$TMP/hostile" TERM=xterm)" "PATH TERM "
done
if [ -n "$readable" ]; then
	is "an unknown terminal is dropped" "$(names_left TERM="$TMP/x")" "PATH "
	is "a plain zone stays" "$(names_left TZ=Europe/Istanbul)" "PATH TZ "
	is "another zone is dropped" "$(names_left TZ="$TMP/zone")" "PATH "
fi

# What the worst of them would really do.
cat >"$TMP/evil.c" <<-'C'
	#include <stdio.h>
	#include <stdlib.h>
	#include <unistd.h>
	int puts(const char *s) { (void)s; return fputs("evil\n", stdout); }
	__attribute__((constructor)) static void start(void)
	{
		if (!getenv("LD_PRELOAD"))
			write(2, "still loaded\n", 13);
	}
C
cc -shared -fPIC -o "$TMP/evil.so" "$TMP/evil.c" 2>/dev/null
version=$("$eonay" --version)
is "LD_PRELOAD reaches nothing behind the first act" \
	"$(ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD=$TMP/evil.so "$eonay" --version 2>&1)" "$version"
is "LD_AUDIT reaches nothing behind the first act" \
	"$(LD_AUDIT=$TMP/evil.so "$eonay" --version 2>/dev/null)" "$version"
cat >"$TMP/openssl.cnf" <<-CNF
	openssl_conf = start
	[start]
	engines = engines
	providers = providers
	[providers]
	evil = evil
	[evil]
	module = $TMP/evil.so
	activate = 1
	[engines]
CNF
is "OPENSSL_CONF loads nothing" "$(OPENSSL_CONF=$TMP/openssl.cnf "$eonay" --version 2>&1)" "$version"
is "LANGUAGE of the caller has no say" "$(LANGUAGE=en LC_ALL=en_US.UTF-8 "$eonay" --help | head -n1 | cut -d: -f1)" "Kullanım"

# Descriptors: none of 0 to 2 open, or more than those.
status=$("$eonay" --version <&- >&- 2>&-; echo $?)
is "all standard descriptors closed" "$status" 0
exec 9>"$TMP/nine"
env -i TERM=xterm "$eonay" --config "$TMP/conf" >/dev/null 2>&1 </dev/null &
pid=$!
exec 9>&-
at_end stop_process "$pid"
if [ -n "$readable" ]; then
	wait_for 20 is_settled "$pid"
	closed() { [ ! -e "/proc/$pid/fd/9" ] && [ -e "/proc/$pid/fd/0" ]; }
	ok "an inherited descriptor is closed" wait_for 20 closed
else
	skip "an inherited descriptor is closed" "another process's descriptors cannot be read here"
fi
done_testing
