"""The virtual card at a listener that is not vpcd: messages in pieces and several in one, reset and power, a second
connection after the first has gone, an end by signal."""

import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile

VCARD = os.path.join(os.environ.get("top_builddir", "."), "eonay-vcard")
OFF, ON, RESET, ATR = b"\0", b"\1", b"\2", b"\4"
SELECT = bytes.fromhex("00A4040C07504B43532D3135")
VERIFY = bytes.fromhex("0020008106313233343536")
MSE = bytes.fromhex("002241B606840183800104")
SIGN = bytes.fromhex("002A9E9A20" + "11" * 32 + "00")
DEADLINE = 30

count = 0
failed = False


def ok(condition, what):
    global count, failed
    count += 1
    failed |= not condition
    print(("" if condition else "not ") + f"ok {count} - {what}", flush=True)


def message(payload):
    return struct.pack(">H", len(payload)) + payload


def receive(connection):
    def exactly(n):
        got = b""
        while len(got) < n:
            piece = connection.recv(n - len(got))
            if not piece:
                raise EOFError
            got += piece
        return got

    return exactly(struct.unpack(">H", exactly(2))[0])


def ask(connection, payload):
    connection.sendall(message(payload))
    return receive(connection)


def insert(listener):
    connection, _ = listener.accept()
    connection.settimeout(DEADLINE)
    return connection


def story(folder, listener):
    port = listener.getsockname()[1]
    trace = os.path.join(folder, "trace")
    card = subprocess.Popen(
        [VCARD, "--vpcd", f"127.0.0.1:{port}", "--connect-retry", "--trace", trace,
         "--state", os.path.join(folder, "card")], stderr=subprocess.PIPE)
    try:
        c = insert(listener)
        ok(ask(c, ATR).hex().upper() == "3B9F978131FE4580655443D2210831C073F6218081055B", "ATR")
        c.sendall(message(ON))
        for byte in message(SELECT):
            c.sendall(bytes([byte]))
        ok(receive(c) == b"\x90\x00", "a message byte by byte")
        c.sendall(message(VERIFY) + message(MSE) + message(SIGN))
        answers = [receive(c) for _ in range(3)]
        ok([a[-2:] for a in answers] == [b"\x90\x00"] * 3, "three in one")
        ok(len(answers[2]) == 98, "r and s of P-384")
        for control, name in ((RESET, "reset"), (OFF, "power off"), (ON, "power on")):
            c.sendall(message(SELECT) + message(VERIFY))
            receive(c), receive(c)
            c.sendall(message(control))
            ask(c, SELECT), ask(c, MSE)
            ok(ask(c, SIGN) == b"\x69\x82", f"{name} forgets the PIN")
        c.sendall(message(b"") + message(b"\x99"))
        ok(ask(c, SELECT) == b"\x90\x00", "an empty message and an unknown control are passed over")
        ask(c, VERIFY), ask(c, MSE)
        c.close()
        c = insert(listener)
        ask(c, SELECT), ask(c, MSE)
        ok(ask(c, SIGN) == b"\x69\x82", "so does a new connection")
        card.send_signal(signal.SIGUSR1)
        try:
            receive(c)
            ok(False, "pulled")
        except EOFError:
            ok(True, "pulled")
        c.close()
        card.send_signal(signal.SIGUSR2)
        c = insert(listener)
        ok(ask(c, SELECT) == b"\x90\x00", "put back")
        big = message(b"\x00\xA4\x04\x0C" + b"\x00\xFF\xF7" + b"A" * 0xFFF7)
        c.sendall(big)
        ok(receive(c) == b"\x6A\x82", "the longest message there is")
        card.send_signal(signal.SIGTERM)
        ok(card.wait(DEADLINE) == 0, "ends when told to")
        said = card.stderr.read()
        ok(b"Sanitizer" not in said and b"runtime error" not in said, "nothing to report")
        with open(trace) as lines:
            text = lines.read()
        ok("# reset\n" in text and "# power off\n" in text and "# removed\n" in text, "transcript tells of power")
        ok("> 0020008106************\n" in text and "313233343536" not in text, "and hides the PIN")
    finally:
        card.kill()
        card.wait()


def main():
    folder = tempfile.mkdtemp(prefix="eonay-test.")
    try:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(DEADLINE)
            story(folder, listener)
    finally:
        shutil.rmtree(folder)
    print(f"1..{count}")
    return failed


sys.exit(main())
