# shellcheck shell=bash
# A browser made of curl for system tests, one cookie jar each. Source tap.sh and portal.sh first.
#
# BROWSER is the jar in use. After each call ANSWER has the status line, the headers and the body; LOCATION where a
# redirect leads, or a page that leads on.
BROWSER=$TMP/jar

# browse PATH-OR-URL [CURL-OPTION...]
browse() {
	local where=$1
	shift
	[[ $where == http* ]] || where=$URL$where
	ANSWER=$(curl -si --noproxy '*' --max-time 30 -b "$BROWSER" -c "$BROWSER" "$@" "$where" | tr -d '\r')
	LOCATION=$(sed -n 's/^Location: //p; s/^<meta http-equiv="refresh" content="0;url=\(.*\)">$/\1/p' <<<"$ANSWER" | head -n 1)
	LOCATION=${LOCATION//&amp;/"&"}
}

# follow: to where the last answer led.
follow() {
	browse "$LOCATION"
}

# csrf: the token of the last page's forms.
csrf() {
	sed -n 's/.*name="csrf" value="\([0-9A-F]*\)".*/\1/p' <<<"$ANSWER" | head -n 1
}

# submit PATH [NAME=VALUE...]: a form of the last page.
submit() {
	local path=$1 fields=() field
	shift
	for field in "csrf=$(csrf)" "$@"; do
		fields+=(--data-urlencode "$field")
	done
	browse "$path" "${fields[@]}"
}

# status: of the last answer.
status() {
	head -n 1 <<<"$ANSWER" | cut -d ' ' -f 2
}

# parameter NAME: of the query of LOCATION, decoded.
parameter() {
	/usr/bin/python3 -c '
import sys, urllib.parse
print(dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(sys.argv[1]).query)).get(sys.argv[2], ""))' "$LOCATION" "$1"
}

# begin_login [NAME=VALUE]: from the page of methods to the provider; LOCATION is the authorization request.
begin_login() {
	browse /giris
	submit /giris/basla "$@"
}

# to_demo [NAME=VALUE]: up to the demo provider's login page; ATTEMPT is its id.
to_demo() {
	begin_login "$@"
	follow
	# shellcheck disable=SC2034 # for the tests
	ATTEMPT=$(sed -n 's|.*/demo/idp/giris/\([A-Za-z0-9_-]*\).*|\1|p' <<<"$LOCATION")
	follow
}
