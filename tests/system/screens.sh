#!/bin/bash
# The screens in a real terminal, over made-up workers: the official words, both languages, three sizes, and what can go
# wrong on the way. (The ceremony on real parts is another story.)
. "$top_srcdir/tests/system/lib/tap.sh"
. "$top_srcdir/tests/system/lib/terminal.sh"
command -v tmux >/dev/null || skip_all "tmux is not there"
CODE=01234567890123456
mkdir "$TMP/saved"

# begin SIZE OPTION...: the program in a fresh terminal of COLUMNSxROWS.
begin() {
	local size=$1

	shift
	terminal_stop
	rm -f "$TMP/control"
	mkfifo "$TMP/control"
	terminal_start "${size%x*}" "${size#*x}" env TERM=tmux-256color \
		"$top_builddir/walk" --control "$TMP/control" --save "$TMP" "$@"
}
tell() {
	# Never waits for a program that is gone.
	timeout 5 bash -c 'echo "$1" >"$2"' - "$1" "$TMP/control"
}
enter_code() {
	types $CODE
	press Enter
}

# Nothing may be wider or longer than the window: the key line is the last line, and no line is cut by the edge.
fits() {
	ok "$1: the last line names the keys" wait_for 10 last_line_has "$2"
}
last_line_has() {
	screen | tail -n 1 | grep -qF -- "$1"
}

for size in 80x24 132x43 60x20; do
	begin $size --demo
	sees "$size: the first screen" "Doğrulama Kodu"
	reads "$size: official words" \
		"Tarayıcınızda bulunan doğrulama kodunu bu kutucuğa giriniz ve ileri butonuna tıklayınız."
	sees "$size: the application's name" "E-İMZA UYGULAMASI"
	sees "$size: where we are" "[1 Kod]"
	sees "$size: code and PIN of the demonstration" "DENEME · Kod: 01234 5678 9012 3456 · PIN: 123456"
	fits "$size" Yardım
	types "01234-5678 9012"
	sees "$size: digits in groups" "01234 5678 9012 ____"
	types "x"
	sees "$size: other characters are refused" '"x" kabul edilmedi'
	types 3456
	press Enter
	sees "$size: the contract" "İmzalanacak Metin 1:"
	sees "$size: its text" "e-Onaylı"
	sees "$size: its dates" "Oluşturma Tarihi:"
	sees "$size: both" "İmzalama Tarihi:"
	sees "$size: its digest" "SHA-256: 0DB27187 881A5E35 … 4D3B762D 9A00C8A1"
	sees "$size: the time left" "Kalan Süre: 29"
	press Enter
	sees "$size: the certificates" "Sertifika Seçiniz"
	sees "$size: whose" "100******46"
	fits "$size" Ayrıntı
	press F3
	sees "$size: details" "Sertifika Ayrıntıları"
	fits "$size" "Enter Liste"
	press Enter
	sees "$size: and the list again" "Sertifika Seçimi"
	press Enter
	sees "$size: the pad" "Temizle"
	sees "$size: tries left" "Kalan deneme: 3"
	types 1234
	sees "$size: one dot for each digit" "••••"
	types 56
	press Enter
	sees "$size: the result" "Tarayıcınıza giderek işleminize devam ediniz."
	sees "$size: saving" "İmzalı İçeriği kaydet"
	sees "$size: closing" "Uygulamayı Kapat"
	press Enter
	is "$size: the person has left" "$(terminal_ended)" 0

	begin $size --en
	sees "$size, English: the first screen" "Verification Code"
	enter_code
	sees "$size, English: the contract" "Text 1 to be signed:"
	sees "$size, English: nothing is signed yet" "Time of signing:"
	press Enter
	sees "$size, English: the certificates" "Choose a certificate"
	press F2
	sees "$size: the other language" "Sertifika Seçiniz"
	press F2
	press Enter
	sees "$size, English: the PIN" "Clear"
	types 654321
	press Enter
	sees "$size, English: a wrong PIN" "Wrong PIN."
	sees "$size, English: tries left" "Tries left: 2"
	tell pull
	reads "$size, English: a card taken out costs no try" \
		"Your last attempt used up a PIN try; taking the card out uses up none."
	tell insert
	sees "$size, English: with the card back" "Tries left: 2"
	types 654321
	press Enter
	sees "$size, English: the ladder" "The next"
	types 654321
	press Enter
	sees "$size, English: the last try is asked back" "type YES and press Enter"
	press Enter
	types yes
	press Enter
	sees "$size, English: blocked" "The PIN is blocked. (K-202)"
	sees_not "$size, English: no pad then" "Clear"
done

# A long text: İLERİ opens at its end, and not by making the window larger and smaller.
begin 80x24
tell "texts 30"
sees "a long text: begins" "Doğrulama Kodu"
enter_code
sees "a long text: not yet read" "İLERİ, metnin sonu gösterilince açılır."
terminal_tmux resize-window -t t -x 100 -y 20
sees "a long text: wrapped anew" "Madde 1."
terminal_tmux resize-window -t t -x 59 -y 20
sees "a small window says so" "Pencere çok küçük."
press Enter Escape
press C-c
sees "a small window can be left" "Uygulamadan çıkılsın mı? Ctrl-C: Evet, çık"
terminal_tmux resize-window -t t -x 80 -y 24
sees "and is asked about in a large one too" "Hayır, devam et"
press Escape
terminal_tmux resize-window -t t -x 80 -y 24
sees "and nothing is lost" "İLERİ, metnin sonu gösterilince açılır."
press Tab Enter
sees "a long text: İLERİ is off" "Sözleşme"
press Escape
press End
sees "a long text: its end" "Madde 29."
sees_not "a long text: read" "İLERİ, metnin sonu"

# The card comes and goes.
press Enter
sees "cards: list" "Sertifika Seçiniz"
tell pull
sees "cards: none" "Okuyucuda kart yok."
tell "trouble ACCESS_DENIED"
sees "cards: access denied names the rule" "50-eonay.rules"
tell "trouble NO_DAEMON"
sees "cards: no daemon" "pcscd.socket"
tell insert
tell many
sees "cards: all certificates" "Sertifika geçerlilik süresi dolmuş. (K-302)"
sees "cards: of another person too" "FATMA KAYA"
press Up Up Up Up
press a
sees "cards: details" "Kart seri no"
press Escape
press Enter
sees "cards: PIN" "Temizle"
types 1234
tell pull
sees "cards: pulled" "Aynı kartı takınız"
sees "cards: the PIN try is kept" "PIN hakkınız eksilmedi."
tell other
sees "cards: another one" "Takılan kart, seçilen sertifikanın kartı değil."
tell insert
sees "cards: the same one" "Temizle"
sees_not "cards: the PIN is asked for again" "••••"

# The answer of the service gets lost; the signature does not.
tell "submit SERVICE_UNREACHABLE"
types 123456
press Enter
sees "lost: told" "Hata kodu: K-401"
sees "lost: signature kept, and nothing claimed" "İmzanız duruyor; hizmetin onu alıp almadığı bilinmiyor."
press Escape
sees "lost: leaving claims nothing either" "İmza silinecek; alınıp alınmadığını tarayıcınız gösterir."
press Escape
press Tab Enter
sees "lost: where to save" "e-onay-"
press Enter
sees "lost: saved" "Kaydedildi:"
is "lost: one file, for its owner alone" "$(find "$TMP" -maxdepth 1 -name '*.p7s' -perm 600 | wc -l)" 1
press Enter
sees "lost: found" "Tarayıcınıza giderek işleminize devam ediniz."

# The time is up while the card is at work: what it says of the PIN is told all the same.
begin 80x24
sees "late: begins" "Doğrulama Kodu"
tell "remaining 5"
enter_code
sees "late: contract" "İmzalanacak Metin 1:"
press Enter
sees "late: list" "Sertifika Seçiniz"
press Enter
sees "late: PIN" "Temizle"
tell "wait 6000"
types 654321
press Enter
sees "late: the time is up" "Süre doldu"
sees "late: the PIN was wrong" "Hatalı PIN. Kalan deneme: 2. (K-201)"
reads "late: a try is used up" "Bu denemede bir PIN hakkı kullanıldı."

press C-c
sees "late: the program can be left" "Evet, çık"
terminal_tmux resize-window -t t -x 40 -y 12
sees "late: also in a small window" "Pencere çok küçük."
press C-c
is "late: it has ended" "$(terminal_ended 10)" 0

# Given up while the service is still told of the session before: a code that nobody waits for is not opened.
begin 80x24
sees "given up: begins" "Doğrulama Kodu"
enter_code
sees "given up: contract" "İmzalanacak Metin 1:"
press Escape
sees "given up: asked" "Evet, çık"
tell "wait 2000"
press Left Enter
sees "given up: left" "_____ ____ ____ ____"
tell "open CODE_WRONG" # how the next one ends
enter_code
sees "given up: waits" "Kod doğrulanıyor"
press Escape
sees "given up: cancelled" "İşlem iptal edildi."
sleep 5 # the worker would have had time for both
press Enter
sees "given up: the first that is sent is this one" "Doğrulama kodu hatalı."

# Time runs out, on a kiosk, which begins again and has no way out.
begin 80x24 --kiosk --save "$TMP/saved"
sees "kiosk: begins" "Doğrulama Kodu"
tell "remaining 6"
enter_code
sees "kiosk: time runs out" "Süre doluyor:"
sees "kiosk: time is up" "Süre doldu"
sees "kiosk: what to do" "Tekrar Kod Al"
press Enter
sees "kiosk: begins again" "_____ ____ ____ ____"
press C-c
press C-z
press 'C-\'
types 0
sees "kiosk: goes on" "0____ ____ ____ ____"
press Escape
tell "remaining 300"
enter_code
sees "kiosk: contract" "İmzalanacak Metin 1:"
press Enter
sees "kiosk: list" "Sertifika Seçiniz"
press Enter
sees "kiosk: PIN" "Temizle"
types 123456
press Enter
sees "kiosk: result" "Uygulamayı Kapat"
press Tab Enter
sees "kiosk: name given" "Dosya şu adla kaydedilecek:"
press Enter
sees "kiosk: saved" "Kaydedildi:"
is "kiosk: in its folder" "$(find "$TMP/saved" -name '*.p7s' | wc -l)" 1
press Enter
sees "kiosk: the next person" "_____ ____ ____ ____"
done_testing
