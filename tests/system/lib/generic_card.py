#!/usr/bin/python3
"""A card of another issuer, as the standards have it and no more: a PKCS#15 directory (ISO 7816-15), short commands with
chaining and GET RESPONSE (ISO 7816-4), MSE SET DST and PSO (ISO 7816-8). The private key operation is openssl's.

generic_card.py PORT STYLE KEY...: connects to a listener on 127.0.0.1 that speaks vpcd's protocol; KEY are PEM files with
a certificate KEY.crt beside each. STYLE: plain, MSE names the key and the card pads a DigestInfo or signs a hash value
(ECDSA in DER); raw, the same with ECDSA as r and s side by side; bare, algorithm 00 is the RSA operation on a whole block.
"""
import socket
import struct
import subprocess
import sys

ATR = bytes.fromhex("3B021450")
AID = bytes.fromhex("A000000063504B43532D3135")
PIN = b"123456"


def der(tag, *parts):
    body = b"".join(parts)
    n = len(body)
    size = bytes([n]) if n < 128 else bytes([0x81, n]) if n < 256 else struct.pack(">BH", 0x82, n)
    return bytes([tag]) + size + body


def number(n, tag=0x02):
    return der(tag, n.to_bytes(n.bit_length() // 8 + 1, "big"))


def path(*ids):
    return der(0x30, der(0x04, b"".join(ids)))


def label(text, flags=b"\x06\xc0", auth=b""):
    return der(0x30, der(0x0C, text.encode()), der(0x03, flags), auth)


def ident(i):
    return der(0x04, bytes([i]))


def openssl(*arguments, given=b""):
    return subprocess.run(["openssl", *arguments], input=given, check=True, capture_output=True).stdout


class Key:
    def __init__(self, i, pem):
        self.id, self.pem = i, pem
        self.certificate = openssl("x509", "-in", pem + ".crt", "-outform", "DER")
        text = openssl("pkey", "-in", pem, "-noout", "-text").decode()
        self.bits = int(text.split("(")[1].split()[0])
        self.rsa = "modulus" in text

    def private_object(self):
        common = der(0x30, ident(self.id), der(0x03, b"\x06\x20\x40"), der(0x03, b"\x03\xb8"), number(0x80 + self.id))
        kind = [label(self.pem[-20:], b"\x07\x80", ident(1)), common,
                der(0xA1, der(0x30, path(b"\x3F\x00", b"\x50\x15"), number(self.bits)))]
        return der(0x30 if self.rsa else 0xA0, *kind)

    def certificate_object(self):
        return der(0x30, label(self.pem[-20:]), der(0x30, ident(self.id)),
                   der(0xA1, der(0x30, path(b"\x3F\x00", b"\x50\x15", self.file()))))

    def file(self):
        return bytes([0x45, self.id])

    def sign(self, style, block):
        if self.rsa:
            if style != "bare":
                block = b"\0\1" + b"\xff" * (self.bits // 8 - len(block) - 3) + b"\0" + block
            return openssl("pkeyutl", "-decrypt", "-inkey", self.pem, "-pkeyopt", "rsa_padding_mode:none", given=block)
        signature = openssl("pkeyutl", "-sign", "-inkey", self.pem, given=block)
        if style != "raw":
            return signature
        field, at, out = (self.bits + 7) // 8, 3 if signature[1] == 0x81 else 2, b""
        for _ in range(2):
            n = signature[at + 1]
            out += signature[at + 2:at + 2 + n].lstrip(b"\0").rjust(field, b"\0")
            at += 2 + n
        return out


class Card:
    def __init__(self, style, pems):
        self.style = style
        self.keys = {0x80 + i: Key(i, pem) for i, pem in enumerate(pems, 1)}
        place = lambda low: path(b"\x3F\x00", b"\x50\x15", bytes([0x44, low]))
        pin = der(0x30, label("PIN"), der(0x30, ident(1)), der(0xA1, der(
            0x30, der(0x03, b"\x04\xc8\x10"), number(1, 0x0A), number(4), number(8), number(8), number(0x81, 0x80))))
        self.files = {
            b"\x50\x31": der(0xA0, place(1)) + der(0xA4, place(2)) + der(0xA8, place(3)),
            b"\x50\x32": der(0x30, number(0), der(0x04, b"\x01\x02\x03"), der(0x80, b"generic"), der(0x03, b"\x04\x50")),
            b"\x44\x01": b"".join(k.private_object() for k in self.keys.values()),
            b"\x44\x02": b"".join(k.certificate_object() for k in self.keys.values()),
            b"\x44\x03": pin,
        }
        self.files.update((k.file(), k.certificate) for k in self.keys.values())
        self.reset()

    def reset(self):
        self.selected, self.verified, self.key, self.chain, self.rest = b"", False, None, b"", b""

    def command(self, apdu):
        cla, ins, p1, p2 = apdu[:4]
        body = apdu[4:]
        nc = body[0] if len(body) > 1 else 0
        data, le = body[1:1 + nc], body[1 + nc:] if nc else body
        ne = (le[0] or 256) if le else 0
        if nc and len(body) not in (1 + nc, 2 + nc):
            return b"\x67\x00"
        if ins == 0xC0:
            return self.piece(ne)
        self.chain += data
        if cla & 0x10:
            return b"\x90\x00"
        data, self.chain, self.rest = self.chain, b"", b""
        answer = self.carry_out(ins, p1, p2, data, ne)
        if len(answer) <= 2:
            return answer
        self.rest = answer
        return self.piece(ne)

    def piece(self, ne):
        now, self.rest = self.rest[:ne], self.rest[ne:]
        return now + (struct.pack("BB", 0x61, min(len(self.rest), 256) & 0xFF) if self.rest else b"\x90\x00")

    def carry_out(self, ins, p1, p2, data, ne):
        """Data of the answer, or a status word."""
        if ins == 0xA4:
            known = data == AID if p1 == 4 else data[-2:] in (*self.files, b"\x3F\x00", b"\x50\x15")
            self.selected = data[-2:] if known else self.selected
            return b"\x90\x00" if known else b"\x6A\x82"
        if ins == 0xB0:
            at = p1 << 8 | p2
            return self.files.get(self.selected, b"")[at:at + ne] or b"\x6B\x00"
        if ins == 0x20:
            self.verified = p2 == 0x81 and data == PIN
            return b"\x90\x00" if self.verified else b"\x63\xC2"
        if ins == 0x22:
            return self.environment(data)
        if ins == 0x2A and self.key:
            return self.key.sign(self.style, data) if self.verified else b"\x69\x82"
        return b"\x6D\x00"

    def environment(self, data):
        key = self.keys.get(data[2]) if data[:2] == b"\x84\x01" else None
        bare = data[3:] == b"\x80\x01\x00"
        if not key or (key.rsa and bare != (self.style == "bare")) or (not key.rsa and data[3:]):
            return b"\x6A\x80"
        self.key = key
        return b"\x90\x00"


def exactly(connection, n):
    got = b""
    while len(got) < n:
        piece = connection.recv(n - len(got))
        if not piece:
            sys.exit(0)
        got += piece
    return got


def main():
    card = Card(sys.argv[2], sys.argv[3:])
    connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    while True:
        message = exactly(connection, struct.unpack(">H", exactly(connection, 2))[0])
        if len(message) == 1 and message != b"\4":
            card.reset()
            continue
        answer = ATR if len(message) == 1 else card.command(message)
        connection.sendall(struct.pack(">H", len(answer)) + answer)


main()
