#!/usr/bin/python3
"""Where in the memory of processes a PIN stands: memory_scan.py PIN-FILE PID... prints a line for each copy, and ends with
0 when there is none, with 1 when there are, with 2 when a memory could not be read. Digits are looked for as text, as wide
characters and key codes of 2 and 4 bytes, as numbers of 1, 2 and 4 bytes, and packed two to a byte, which are what the
commands of a card hold too; also without the first or the last two, which a use of the memory for something else may
have taken. An address in words (sanitizers keep /proc/PID/maps) is none, though its digits be those of a part."""
import os
import re
import struct
import sys

LARGE = 1 << 34  # bytes; only a sanitizer's shadow is larger, and holds no data
ADDRESS = re.compile(rb"(?<![0-9a-f])(7f|5[56])[0-9a-f]{10}(?![0-9a-f])")
PAGE = os.sysconf("SC_PAGE_SIZE")


def forms(pin):
    digits = [int(c) for c in pin]
    yield "text", pin.encode()
    yield "backwards", pin.encode()[::-1]
    yield "numbers", bytes(digits)
    for size in (2, 4):
        yield f"characters of {size}", b"".join(ord(c).to_bytes(size, "little") for c in pin)
        yield f"numbers of {size}", b"".join(d.to_bytes(size, "little") for d in digits)


def wanted(pin):
    found = {form: f"part as {name}" for part in (pin[2:], pin[:-2]) for name, form in forms(part)}
    found.update({form: name for name, form in forms(pin)})
    found[bytes.fromhex(pin)] = "packed"
    return found


def maps(pid):
    for line in open(f"/proc/{pid}/maps"):
        span, rights, *_ = fields = line.split()
        first, last = (int(end, 16) for end in span.split("-"))
        name = fields[5] if len(fields) > 5 else ""
        if rights[0] == "r" and last - first < LARGE and name not in ("[vvar]", "[vsyscall]", "[vvar_vclock]"):
            yield first, last, name or "anonymous"


def runs(pagemap, first, last):
    """Addresses of pages that are in memory or in swap, as few spans as there are."""
    pages = (last - first) // PAGE
    pagemap.seek(first // PAGE * 8)
    entries = struct.unpack(f"{pages}Q", pagemap.read(pages * 8))
    begin = None
    for i, entry in enumerate((*entries, 0)):
        present = entry >> 62 != 0
        if present and begin is None:
            begin = i
        elif not present and begin is not None:
            yield first + begin * PAGE, first + i * PAGE
            begin = None


def in_address(data, at, end):
    begin = max(at - 12, 0)
    return any(begin + a.start() <= at and end <= begin + a.end() for a in ADDRESS.finditer(data[begin:end + 12]))


def first_copy(data, form, what):
    """Where it stands; below 0: nowhere."""
    at = data.find(form)
    while at >= 0 and what.startswith("part") and in_address(data, at, at + len(form)):
        at = data.find(form, at + 1)
    return at


def copies(pid, looked_for):
    with open(f"/proc/{pid}/mem", "rb", 0) as memory, open(f"/proc/{pid}/pagemap", "rb", 0) as pagemap:
        for low, high, name in maps(pid):
            for first, last in runs(pagemap, low, high):
                memory.seek(first)
                data = memory.read(last - first)
                for form, what in looked_for.items():
                    at = first_copy(data, form, what)
                    if at >= 0:
                        yield f"{pid} {name} {first + at:x}: {what}, {data[max(at - 16, 0):at].hex()} before"


def main():
    looked_for = wanted(open(sys.argv[1]).read().strip())
    found = 0
    for pid in sys.argv[2:]:
        try:
            for line in copies(pid, looked_for):
                found += 1
                print(line)
        except OSError as e:
            print(f"{pid}: {e}")
            sys.exit(2)
    sys.exit(found > 0)


main()
