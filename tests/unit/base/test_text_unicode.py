"""The allowlist of base/text.c against Python's Unicode database and the C library's wcwidth()."""

import ctypes
import locale
import os
import subprocess
import unicodedata

locale.setlocale(locale.LC_ALL, "C.UTF-8")
libc = ctypes.CDLL(None)
dump = subprocess.run([os.path.join(os.environ["top_builddir"], "dump_text")], stdout=subprocess.PIPE, check=False)
safe = []
for line in dump.stdout.decode().splitlines():
    first, last = (int(word, 16) for word in line.split())
    safe += range(first, last + 1)
shown = [chr(c) for c in safe if c != 10]


def unlike(holds):
    """The characters for which holds() is false, as U+XXXX."""
    return [f"U+{ord(c):04X}" for c in shown if not holds(c)]


def composes(c):
    """Whether NFC may change a text because of c behind another allowed character."""
    return any(unicodedata.normalize("NFC", base + c) != base + c for base in "aAeioOuUzαωЕи=<")


TURKISH = "ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZabcçdefgğhıijklmnoöprsştuüvyzÂâÎîÛû₺“”‘’–—…•«»°€§'\"0123456789 "
FORBIDDEN = [*range(0, 10), *range(11, 32), *range(0x7F, 0xA0), 0xAD, 0x61C, *range(0x200B, 0x2010),
             *range(0x2028, 0x202F), *range(0x2060, 0x2070), 0x34F, 0x115F, 0x180E, 0xFEFF, *range(0xE000, 0xF900),
             *range(0xFE00, 0xFE10), *range(0xFFF0, 0x10000), *range(0xE0000, 0xE0200), 0x10FFFF]
checks = [
    ("each piece agrees with itself", dump.returncode == 0, ""),
    ("line feed is safe", 10 in safe, ""),
    ("all letters and signs of Turkish text are safe", set(TURKISH) <= set(shown), set(TURKISH) - set(shown)),
    ("controls, bidi, zero-width, private use, non-characters are unsafe", not set(FORBIDDEN) & set(safe),
     [hex(c) for c in set(FORBIDDEN) & set(safe)]),
]
for name, holds in [
        ("no control, format, private, unassigned, combining, separator",
         lambda c: unicodedata.category(c)[0] not in "CM" and unicodedata.category(c) not in ("Zl", "Zp")),
        ("blanks are SPACE, NO-BREAK SPACE and its narrow form",
         lambda c: unicodedata.category(c) != "Zs" or c in "\u0020\u00a0\u202f"),
        ("NFC keeps each", lambda c: unicodedata.normalize("NFC", c) == c),
        ("NFC composes none with the one before", lambda c: not composes(c)),
        ("none is wide", lambda c: unicodedata.east_asian_width(c) not in "WF"),
        ("none is written from right to left", lambda c: unicodedata.bidirectional(c) not in ("R", "AL", "AN")),
        ("the C library gives each one column", lambda c: libc.wcwidth(ord(c)) == 1)]:
    wrong = unlike(holds)
    checks.append((name, not wrong and bool(shown), wrong[:20]))

print(f"1..{len(checks)}")
for number, (name, good, found) in enumerate(checks, 1):
    print(f"{'ok' if good else 'not ok'} {number} - {name}")
    if not good:
        print(f"# {found}")
