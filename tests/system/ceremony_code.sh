#!/bin/bash
# Codes that are not accepted, each with its own words; a service that is not there does not cost the typed code. In both
# languages and sizes.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
. "$top_srcdir/tests/system/lib/ceremony.sh"
pcscd_enter "$0" "$@"

past() {
	[ "$(date +%s)" -gt "$1" ]
}

# retyped CODE: in place of the one before, whose words are gone then.
retyped() {
	press Delete
	wait_for 15 screen_lacks K-4
	types "$1"
	press Enter
}

refused_codes() {
	local code issued

	code=$(portal_code "$D" --lifetime 1)
	issued=$(date +%s)
	types 12x
	reads "a letter is refused visibly" "$(says 'Yalnızca rakam girilebilir; "%s" kabul edilmedi.' x)"
	press Delete
	types 11111111111111111
	press Enter
	sees_words "Doğrulama kodu hatalı."
	sees "with its stable code" K-410

	wait_for 10 past $((issued + 1)) # the code's own life
	retyped "$code"
	sees_words "Doğrulama kodunun süresi dolmuş."

	code=$(portal_code "$D")
	ok "the code is opened elsewhere" portal_open "$code"
	retyped "$code"
	sees_words "Bu doğrulama kodu daha önce kullanılmış."
}

# The service goes away with the code typed, and comes back.
service_away() {
	local code address=127.0.0.1:$PORT

	code=$(portal_code "$D")
	portal_stop
	retyped "${code:0:5}-${code:5:4} ${code:9:4} ${code:13}"
	sees_words "Hizmete ulaşılamıyor."
	sees "the code stays typed, dashes and blanks dropped" "${code:0:5} ${code:5:4} ${code:9:4} ${code:13:4}"
	portal_start "$D" --trust "$TMP/card-ca.pem" --listen "$address" || bail "the service does not come back"
	press Enter
	sees_words "İmzalanacak Metin 1:"
	press Escape
	sees_words "İşlemden çıkılsın mı?"
}

# A scanner types fast and ends with Enter; a paste comes in brackets.
pasted() {
	terminal_tmux set-buffer "$(portal_code "$D")"
	terminal_tmux paste-buffer -p -t t
	press Enter
	sees_words "İmzalanacak Metin 1:"
}

# Many wrong codes: the service slows this terminal down, and says so.
too_many() {
	for n in 1 2 3 4 5 6; do
		retyped "2222222222222222$n"
		wait_for 30 screen_has K-41
	done
	sees_words "Çok fazla hatalı kod girildi."
}

ceremony_pki
ceremony_card --profile akis

# Each language has a service of its own, which has counted nothing yet.
for language in tr en; do
	ceremony_in "$language"
	D=$TMP/portal.$language
	ceremony_service
	ceremony_conf
	for story in refused_codes service_away pasted too_many; do
		[ "$story" = service_away ] || ceremony_screen
		"$story"
	done
	terminal_stop
	portal_stop
done
done_testing
