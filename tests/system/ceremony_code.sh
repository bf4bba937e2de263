#!/bin/bash
# Codes that are not accepted, each with its own words; a service that is not there does not cost the typed code.
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/pcscd.sh"
. "$top_srcdir/tests/system/lib/portal.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
. "$top_srcdir/tests/system/lib/ceremony.sh"
pcscd_enter "$0" "$@"

ceremony_pki
ceremony_card --profile akis
ceremony_service
ceremony_conf
ceremony_screen 80 24

types 12x
sees "a letter is refused visibly" 'Yalnızca rakam girilebilir; "x" kabul edilmedi.'
press Delete
types 11111111111111111
press Enter
sees_words "Doğrulama kodu hatalı."
sees "with its stable code" K-410

press Delete
types "$(portal_code "$D" --lifetime 1)"
sleep 1.2 # the code's own life
press Enter
sees_words "Doğrulama kodunun süresi dolmuş."

code=$(portal_code "$D")
ok "the code is opened elsewhere" portal_open "$code"
press Delete
types "$code"
press Enter
sees_words "Bu doğrulama kodu daha önce kullanılmış."

# The service goes away with the code typed, and comes back.
code=$(portal_code "$D")
address=127.0.0.1:$PORT
portal_stop
press Delete
types "${code:0:5}-${code:5:4} ${code:9:4} ${code:13}"
press Enter
sees_words "Hizmete ulaşılamıyor." 20
sees "the code stays typed, dashes and blanks dropped" "${code:0:5} ${code:5:4} ${code:9:4} ${code:13:4}"
portal_start "$D" --trust "$TMP/card-ca.pem" --listen "$address" || bail "the service does not come back"
press Enter
sees_words "İmzalanacak Metin 1:"
press Escape
sees_words "İşlemden çıkılsın mı?"
terminal_stop

# A scanner types fast and ends with Enter; a paste comes in brackets.
ceremony_screen 80 24
terminal_tmux set-buffer "$(portal_code "$D")"
terminal_tmux paste-buffer -p -t t
press Enter
sees_words "İmzalanacak Metin 1:"
terminal_stop

# Many wrong codes: the service slows this terminal down, and says so.
ceremony_screen 80 24
for n in 1 2 3 4 5 6; do
	press Delete
	types "2222222222222222$n"
	press Enter
	wait_for 5 screen_has K-41
done
sees_words "Çok fazla hatalı kod girildi."
terminal_stop
done_testing
