#!/usr/bin/python3
"""What reaches a terminal, byte by byte: a tick of the countdown is small, nothing is sent while nothing changes, no
hostile byte gets through, no PIN digit can be told from another, and the terminal is left as it was however it ends."""
import concurrent.futures
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import tempfile
import termios
import time

WALK = os.path.join(os.environ["top_builddir"], "walk")
DEADLINE = 20
TICK_BYTES = 40
WRITE = {"x86_64": "1"}.get(os.uname().machine, "64")
count = failed = 0


def ok(passed, what, *notes):
    global count, failed
    count += 1
    failed += not passed
    print(f"{'' if passed else 'not '}ok {count} - {what}")
    for note in notes if not passed else ():
        print(f"# {note!r}")
    sys.stdout.flush()


def ok_unless(sanitized, passed, what, *notes):
    """A bound of the program as it is shipped; make bench holds it on that one."""
    what += " # SKIP the sanitizers take more" if sanitized else ""
    ok(sanitized or passed, what, *notes)


class Terminal:
    """walk in a pseudo terminal of its own, with a pipe that changes what its workers say."""

    def __init__(self, term, *arguments, rows=24, columns=80):
        self.directory = tempfile.TemporaryDirectory()
        self.pipe = os.path.join(self.directory.name, "control")
        os.mkfifo(self.pipe)
        self.before = b""
        looked, look = os.pipe()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.read(looked, 1)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execve(WALK, [WALK, "--control", self.pipe, *arguments],
                      {"TERM": term, "HOME": self.directory.name, "PATH": "/usr/bin:/bin",
                       "ASAN_OPTIONS": "handle_segv=1"})
        self.modes = termios.tcgetattr(self.fd)
        os.write(look, b"!")
        os.close(looked)
        os.close(look)

    def read(self, seconds):
        """Whatever comes within seconds; b"" when nothing does."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return b""
        try:
            return os.read(self.fd, 65536)
        except OSError:
            return b""

    def until(self, text):
        """Reads until text has come; all of it."""
        got, end = b"", time.monotonic() + DEADLINE
        while text.encode() not in got:
            if time.monotonic() > end:
                raise TimeoutError(f"{text!r} does not come; got {got[-2000:]!r}")
            got += self.read(0.1)
        return got + self.quiet()

    def quiet(self):
        """Reads until nothing has come for a moment."""
        got = b""
        while piece := self.read(0.15):
            got += piece
        return got

    def types(self, text):
        os.write(self.fd, text.encode())

    def tells(self, line):
        with open(self.pipe, "w") as pipe:
            pipe.write(line + "\n")

    def to_contract(self):
        self.types("01234567890123456\r")
        return self.until("SHA-256: ")

    def to_pin(self):
        self.to_contract()
        self.types("\r")
        self.until("Sertifika Seçiniz")
        self.types("\r")
        return self.until("Temizle")

    def ends(self, seconds=5):
        """Waits for the end; exit status (negative: signal) and what was sent meanwhile."""
        got, end = b"", time.monotonic() + seconds
        while time.monotonic() < end:
            got += self.read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                return os.waitstatus_to_exitcode(status), got + self.read(0.1)
        return None, got

    def alive(self):
        return os.waitpid(self.pid, os.WNOHANG)[0] == 0

    def close(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)
        self.directory.cleanup()


def ticks(story):
    """What is sent at each tick within some seconds."""
    term, remaining, size = story
    t = Terminal(term, **size)
    t.until("Doğrulama Kodu")
    t.tells(f"remaining {remaining}")
    t.to_contract()
    sent, end = [], time.monotonic() + 3.5
    while time.monotonic() < end:
        if piece := t.read(max(0, end - time.monotonic())):
            sent.append(piece + t.quiet())
    t.close()
    return sent


def all_ticks():
    """Several terminals at a time: they do little but wait."""
    stories = [(term, remaining, {}) for term in ("xterm-256color", "tmux-256color", "screen", "linux", "vt220")
               for remaining in (301, 52, 9)]
    stories += [("xterm-256color", remaining, {"rows": 60, "columns": 240}) for remaining in (201, 42)]
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        for (term, remaining, size), sent in zip(stories, pool.map(ticks, stories)):
            what = f"{term}, {remaining} s, {size or 'usual size'}: a tick takes at most {TICK_BYTES} bytes"
            ok(3 <= len(sent) <= 4 and max(map(len, sent)) <= TICK_BYTES, what, sent)
            print(f"# ticks of {[len(s) for s in sent]} bytes")


def silence():
    t = Terminal("xterm-256color")
    t.until("Doğrulama Kodu")
    silent = t.read(2.5)
    ok(silent == b"", "nothing is sent while nothing changes", silent)
    t.close()


def hostile():
    t = Terminal("xterm-256color")
    t.until("Doğrulama Kodu")
    t.tells("evil")
    got = t.to_contract()
    ok("\\u{1B}".encode() in got and "\\u{202E}".encode() in got, "unsafe characters are shown visibly", got)
    ok(b"\x1b]" not in got and b"\x07" not in got and "\u202e".encode() not in got, "and none of them is sent", got)
    ok(not re.search(rb"\xc2[\x80-\x9f]", got), "nor any C1 control", got)
    t.types("\r\r\t\r")
    got = t.quiet()
    ok("Sertifika Seçiniz".encode() not in got, "such a text cannot be signed", got)
    t.close()


def hostile_names():
    t = Terminal("xterm-256color")
    got = t.until("Doğrulama Kodu")
    t.tells("names")
    got += t.to_contract()
    t.types("\r")
    got += t.until("Sertifika Seçiniz")
    t.types("\x1b[B\x1bOR")
    shown = t.quiet()
    ok("\\u{202E}".encode() in shown, "a certificate's unsafe names are shown visibly", shown)
    t.types("\x1b")
    got += shown + t.quiet()
    t.types("\r")
    got += t.until("Temizle")
    t.tells("sign CARD_IO")
    t.types("123456\r")
    got += t.until("K-113")
    t.tells("trouble NO_DAEMON")
    t.types("\r")
    got += t.quiet()
    raw = [text for text in (b"\x1b]", b"\x07", "\u202e".encode(), "\u200b".encode(), b"\xff", b"\xc2\x9b") if text in got]
    ok(not raw, "and none of what they are made of is sent", raw)
    t.close()


def flood():
    t = Terminal("xterm-256color")
    t.until("Doğrulama Kodu")
    t.tells("flood")
    began = time.monotonic()
    t.types("0123")
    try:
        t.until("0123")
    except TimeoutError:
        pass
    took = time.monotonic() - began
    ok(took < 1, "a worker that never stops talking keeps nobody from typing", took)
    t.close()


def resized(t, rows, columns):
    fcntl.ioctl(t.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def storm():
    t = Terminal("xterm-256color")
    t.until("Doğrulama Kodu")
    for i in range(400):
        resized(t, 1 + i * 7 % 60, 1 + i * 13 % 200)
        if i % 20 == 0:
            t.read(0)
    t.quiet()
    resized(t, 30, 100)
    t.quiet()
    t.types("0123")
    got = t.until("0123")
    ok(t.alive(), "a storm of sizes is outlived", got)
    t.close()


def writing(t):
    """Is it held in a system call of write(2)'s?"""
    return open(f"/proc/{t.pid}/syscall").read().split()[0] == WRITE


def stuck(what, hold):
    t = Terminal("xterm-256color")
    t.until("Doğrulama Kodu")
    line = os.open(f"/dev/pts/{struct.unpack('I', fcntl.ioctl(t.fd, 0x80045430, bytes(4)))[0]}", os.O_RDWR | os.O_NOCTTY)
    hold(t, line)
    end = time.monotonic() + DEADLINE
    while not writing(t) and time.monotonic() < end:
        resized(t, 40 + int(time.monotonic() * 1000) % 2, 150)
        time.sleep(0.002)
    ok(writing(t), f"{what}: it is held in writing")
    os.kill(t.pid, signal.SIGTERM)
    end = time.monotonic() + 5
    while t.alive() and time.monotonic() < end:
        time.sleep(0.02)
    gone = time.monotonic() < end
    ok(gone, f"{what}: SIGTERM ends it in 5 s all the same")
    if gone:
        t.pid = 0
        ok(termios.tcgetattr(line)[:4] == t.modes[:4], f"{what}: the line is as before", termios.tcgetattr(line)[:4])
    os.close(line)
    t.close()


def pin_digits():
    t = Terminal("xterm-256color")
    t.until("Doğrulama Kodu")
    t.to_pin()
    sent = []
    for digit in "17":
        t.read(2)  # a tick: the next one is far off
        t.quiet()
        t.types(digit)
        sent.append(t.until("•"))
        t.types("\x7f")
        t.quiet()
    places = [re.sub(rb"Kalan|\x1b\[1;\d+H[^\x1b]*", b"", s) for s in sent]
    ok(places[0] == places[1], "two digits look the same", *sent)
    ok(not re.search(rb"[17](?![0-9;]*[A-Za-z])", places[0]), "and neither is sent", places[0])
    t.close()


MODES_OFF = (b"\x1b[?2004l", b"\x1b[?1006l", b"\x1b[?1000l")


def restored(t, got, what, wanted):
    ok(all(mode in got for mode in MODES_OFF), f"{what}: mouse and paste modes are off", got[-300:])
    ok(all(w in got for w in wanted), f"{what}: the screen is given back", got[-300:])
    modes = termios.tcgetattr(t.fd)
    ok(modes[:4] == t.modes[:4], f"{what}: the line is as before", modes[:4], t.modes[:4])


def endings():
    for number, status in ((signal.SIGTERM, 128 + 15), (signal.SIGHUP, 128 + 1), (signal.SIGINT, 128 + 2)):
        t = Terminal("xterm-256color")
        t.until("Doğrulama Kodu")
        os.kill(t.pid, number)
        got, sent = t.ends()
        ok(got == status, f"{number.name} ends it", got)
        restored(t, sent, number.name, [b"\x1b[?1049l"])
        t.close()
    t = Terminal("xterm-256color")
    t.until("Doğrulama Kodu")
    os.kill(t.pid, signal.SIGSEGV)
    got, sent = t.ends(30)
    restored(t, sent, "a crash", [b"\x1b[?1049l"])
    t.close()
    t = Terminal("linux")
    t.until("Doğrulama Kodu")
    t.types("\x03")
    t.until("Uygulamadan")
    t.types("\x03")
    got, sent = t.ends()
    ok(got == 0, "a person can leave", got)
    restored(t, sent, "no alternate screen", [b"\x1b[2J", b"\x1b[3J"])
    t.close()


def kiosk():
    t = Terminal("xterm-256color", "--kiosk")
    t.until("Doğrulama Kodu")
    t.types("\x03\x1a\x1c\x1b")
    os.kill(t.pid, signal.SIGTSTP)
    os.kill(t.pid, signal.SIGQUIT)
    t.types("0123")
    t.until("0123")
    ok(t.alive(), "no key leads out of a kiosk")
    state = open(f"/proc/{t.pid}/stat").read().rpartition(")")[2].split()[0]
    ok(state in "SR", "nor stops it", state)
    os.close(t.fd)
    t.fd = os.open("/dev/null", os.O_RDONLY)
    ended, end = False, time.monotonic() + DEADLINE
    while not ended and time.monotonic() < end:
        ended = not t.alive()
        time.sleep(0.02)
    ok(ended, "it ends when the terminal goes away")
    if ended:
        t.pid = 0
    t.close()


def costs():
    t = Terminal("xterm-256color")
    first = t.until("Doğrulama Kodu")
    cpu = int(open(f"/proc/{t.pid}/schedstat").read().split()[0]) / 1e6
    sanitized = "asan" in open(f"/proc/{t.pid}/maps").read()
    t.to_pin()
    peak = int(re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{t.pid}/status").read())[1]) / 1024
    print(f"# first screen: {len(first)} bytes, {cpu:.1f} ms of CPU; peak memory {peak:.1f} MiB")
    ok_unless(sanitized, cpu < 20, "the first screen takes less than 20 ms of CPU", cpu)
    ok_unless(sanitized, peak < 12, "and the program less than 12 MiB", peak)
    t.close()


all_ticks()
silence()
hostile()
hostile_names()
flood()
storm()
stuck("output stopped", lambda t, line: termios.tcflow(line, termios.TCOOFF))
stuck("nobody reads", lambda t, line: None)
pin_digits()
endings()
kiosk()
costs()
print(f"1..{count}")
sys.exit(failed > 0)
