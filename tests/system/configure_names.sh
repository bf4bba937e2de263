#!/bin/bash
# A missing library stops configure with the name of its Debian package, and the name is right.
. "$top_srcdir/tests/system/lib/tap.sh"

# owner MODULE: the package whose file pkg-config reads.
owner() {
	dpkg -S "$(pkg-config --variable=pcfiledir "$1")/$1.pc" 2>/dev/null | sed 's/[:,].*//'
}

# Lines "module package" of configure.ac.
named() {
	sed -n 's/^\t*EONAY_REQUIRE(\[[A-Z]*\], \[\([a-z0-9]*\)[^]]*\], \[\(.*\)\])$/\1 \2/p' "$top_srcdir/configure.ac"
	sed -n 's/.*(\[\(cmocka\) not found.*apt-get install \(.*\)\])\])$/\1 \2/p' "$top_srcdir/configure.ac"
}

# configure_without MODULE: its output when pkg-config does not know the module.
configure_without() {
	cat >"$TMP/pkg-config" <<-END
		#!/bin/sh
		case "\$*" in *--atleast-pkgconfig-version*) ;; *$1*) exit 1 ;; esac
		exec pkg-config "\$@"
	END
	chmod +x "$TMP/pkg-config"
	mkdir -p "$TMP/build" && cd "$TMP/build" &&
		"$top_srcdir/configure" --quiet --config-cache PKG_CONFIG="$TMP/pkg-config" 2>&1
}

is "each library is looked for" "$(named | cut -d' ' -f1 | xargs)" \
	"ncursesw libcrypto libssl libpcsclite libcurl libconfig jansson gnutls libmicrohttpd libpq libqrencode libsystemd sqlite3 cmocka"
if command -v dpkg >/dev/null; then
	while read -r module package; do
		is "$module is in $package" "$(owner "$module")" "$package"
	done < <(named)
else
	skip "packages have their right names" "no dpkg"
fi
like "configure without libpcsclite" "$(configure_without libpcsclite)" \
	'error: libpcsclite not found; on Debian: apt-get install libpcsclite-dev'
not_ok "and has made nothing" [ -e "$TMP/build/Makefile" ]
done_testing
