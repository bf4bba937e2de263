#!/bin/bash
# Who may include whom (HACKING, "The house"): every #include of src/ and tui/ against the table below, and the table
# against violations planted in a tree of our own.
. "$top_srcdir/tests/system/lib/tap.sh"

# PATTERN OF FILES : what they may include of the house (a folder or a file). The first pattern that fits counts.
house='
src/base/*          : base
src/card/*          : base card
src/sign/*          : base sign
src/service/*       : base service
src/job/*           : base card sign service job
src/portal/store/*  : base portal/store portal/session.h sign/digest.h
src/portal/*        : base sign portal
src/vcard/*         : base vcard
src/cli/*           : base sign job cli tui/app.h
tui/flow*           : base job sign/content.h tui/flow.h tui/flow_parts.h tui/pad.h
tui/app.c           : base job sign tui
tui/screen_*        : base tui
tui/*               : base job tui
'

# HEADER, of the system or the house : the only files that may include it. What is not listed is free.
foreign='
ncurses.h       : tui/[!f]* tui/f[!l]*
curses.h        : tui/[!f]* tui/f[!l]*
winscard.h      : src/card/reader*
PCSC/*          : src/card/reader*
curl/*          : src/base/http_call.* src/service/* src/portal/fetch*
base/http_call.h : src/base/http_call.c src/service/* src/portal/fetch*
gnutls/*        : src/portal/tls.*
microhttpd.h    : src/portal/*
qrencode.h      : src/portal/web/qr.c
sqlite3.h       : src/portal/store/db_sqlite*
libpq-fe.h      : src/portal/store/db_pgsql*
libconfig.h     : src/base/config.c
jansson.h       : src/base/json.* src/service/* src/portal/* src/cli/*
openssl/*       : src/* tui/app*
time.h          : src/* tui/[!fs]* tui/f[!l]* tui/s[!c]*
sys/time.h      : src/* tui/[!fs]* tui/f[!l]* tui/s[!c]*
'

# matches STRING PATTERN…: whether one of the patterns fits.
matches() {
	local string=$1 pattern
	shift
	for pattern; do
		# shellcheck disable=SC2053 # a pattern it is
		[[ $string == $pattern ]] && return 0
	done
	return 1
}

# find_entry TABLE STRING: entry is what stands behind the colon in the first line whose pattern fits. (No subshells: there
# are thousands of includes.)
find_entry() {
	local -n table=$1
	local line pattern
	for line in "${table[@]}"; do
		pattern=${line%%[[:space:]]*}
		if [[ -n $pattern ]] && matches "$2" "$pattern"; then
			entry=${line#*:}
			return 0
		fi
	done
	return 1
}
# shellcheck disable=SC2034 # known by their names
mapfile -t house_lines <<<"$house"
# shellcheck disable=SC2034
mapfile -t foreign_lines <<<"$foreign"

# house_allows FILE HEADER: whether FILE may include HEADER of the house.
house_allows() {
	local entry word
	find_entry house_lines "$1" || return 1
	set -f
	for word in $entry; do
		[[ $2 == "$word" || $2 == "$word"/* ]] && return 0
	done
	return 1
}

# foreign_allows FILE HEADER: whether FILE is one of those that may include HEADER, when they are listed.
foreign_allows() {
	local entry
	find_entry foreign_lines "$2" || return 0
	set -f
	# shellcheck disable=SC2086 # patterns, one a word
	matches "$1" $entry
}

# clock of its own: base/clock.h is the one door to it.
flow_allows() {
	! { matches "$1" 'tui/flow.[ch]' 'tui/screen_*' && [[ $2 == base/clock.h ]]; }
}

# violations DIRECTORY: one line for each forbidden include below it.
violations() {
	local file line header module
	cd "$1" || return 1
	while IFS=: read -r file line; do
		header=${line#*[<\"]}
		header=${header%%[>\"]*}
		module=${header%%/*}
		if [[ $line == *'<'* ]]; then
			foreign_allows "$file" "$header" || echo "$file includes <$header>"
		elif [[ $header == */* && -d src/$module || $module == tui && $header == */* ]]; then
			house_allows "$file" "$header" && flow_allows "$file" "$header" && foreign_allows "$file" "$header" ||
				echo "$file includes \"$header\""
		elif [[ $header == */* ]]; then
			echo "$file includes \"$header\", which is no module"
		fi
	done < <(find src tui -name '*.[ch]' -exec grep -HE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"]' {} +)
}

# plant FILE INCLUDE: a tree with one file that includes one header.
plant() {
	rm -rf "$TMP/tree"
	mkdir -p "$TMP"/tree/src/{base,card,sign,service,job,portal/store,vcard,cli} "$TMP/tree/tui"
	echo "#include $2" >"$TMP/tree/$1"
}

is "no file includes what its folder must not know" "$(violations "$top_srcdir")" ""

# guesses DIRECTORY: where numbers are drawn that can be foretold. Codes, tokens and nonces are RAND_bytes()'s.
guesses() {
	grep -rnE --include='*.[ch]' '\<(s?rand|s?random|(rand|random)_r|[a-z]{1,2}rand48)\(' "$1/src" "$1/tui"
}
is "no number is drawn that can be foretold" "$(guesses "$top_srcdir")" ""
mkdir -p "$TMP/tree/src" "$TMP/tree/tui"
echo 'int n = random();' >"$TMP/tree/src/code.c"
like "one that can be is found" "$(guesses "$TMP/tree")" 'code.c:1:'

while read -r file header; do
	plant "$file" "$header"
	like "$file must not include $header" "$(violations "$TMP/tree")" "^$file includes"
done <<'END'
src/base/text.c "card/card.h"
src/card/card.c "sign/cades.h"
src/sign/cades.c "card/card.h"
src/sign/cades.h "job/sign.h"
src/service/client.c "sign/cades.h"
src/portal/http.c "card/card.h"
src/portal/http.c "service/client.h"
src/vcard/main.c "card/apdu.h"
src/vcard/main.c "sign/cades.h"
src/cli/main.c "card/card.h"
src/cli/main.c "tui/screen_pin.h"
src/job/sign.c "tui/flow.h"
tui/app.c "card/card.h"
tui/flow.c "tui/term.h"
tui/flow.c "base/clock.h"
tui/flow.c <ncurses.h>
tui/flow.c <openssl/evp.h>
tui/flow.h <time.h>
tui/screen_pin.c "job/sign.h"
tui/screen_pin.c <openssl/evp.h>
tui/screen_pin.c <time.h>
src/cli/main.c <ncurses.h>
src/card/card.c <winscard.h>
src/card/card.c <PCSC/winscard.h>
src/job/submit.c <curl/curl.h>
src/portal/http.c <curl/curl.h>
src/portal/http.c "base/http_call.h"
src/portal/http.c <gnutls/gnutls.h>
src/portal/http.c <sqlite3.h>
src/portal/store/store.c "portal/routes.h"
src/portal/store/store.c "portal/web/page.h"
src/portal/store/store.c <sqlite3.h>
src/portal/store/store.c <libpq-fe.h>
src/cli/main.c <libconfig.h>
src/card/card.c "nowhere/x.h"
END

while read -r file header; do
	plant "$file" "$header"
	is "$file may include $header" "$(violations "$TMP/tree")" ""
done <<'END'
src/card/reader_pcsc.c <winscard.h>
src/job/sign.c "card/card.h"
src/portal/store/store.c "portal/session.h"
src/portal/store/db_sqlite.c <sqlite3.h>
src/portal/store/db_pgsql.c <libpq-fe.h>
src/portal/fetch.c "base/http_call.h"
src/portal/accept.c "sign/verify.h"
tui/flow.c "job/sign.h"
tui/form.c <ncurses.h>
tui/screen_pin.c <ncurses.h>
tui/app.c "job/worker.h"
tui/app.c <time.h>
src/cli/main.c "tui/app.h"
src/base/text.c "text.h"
END
done_testing
