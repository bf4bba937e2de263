"""An identity provider that does what the file MODE says, with tokens by PyJWT. usage: provider.py DIRECTORY [PORT];
writes its port to DIRECTORY/port. It logs everybody in at once."""
import base64
import http.server
import json
import os
import secrets
import sys
import time
import urllib.parse

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwcrypto import jwk

DIRECTORY = sys.argv[1]
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 0
CODES = {}
ASKED = {"keys": 0, "discovery": 0, "token": 0}


def make_key():
    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption())


def load_key(name):
    path = f"{DIRECTORY}/{name}.key"
    if not os.path.exists(path):
        with open(path, "wb") as file:
            file.write(make_key())
    with open(path, "rb") as file:
        return file.read()


KEYS = {"first": load_key("first"), "second": load_key("second")}


def mode():
    with open(DIRECTORY + "/mode", encoding="ascii") as file:
        return file.read().strip()


def public(kid):
    key = json.loads(jwk.JWK.from_pem(KEYS[kid]).export_public())
    return dict(key, kid=kid, use="sig")


class Provider(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def issuer(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, status, body=b"", **headers):
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        self.send_response(status)
        for name, value in dict({"Content-Type": "application/json"}, **headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        where = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(where.query))
        if where.path == "/.well-known/openid-configuration":
            self.discovery()
        elif where.path == "/keys":
            ASKED["keys"] += 1
            kids = {"rotated": ["second"], "no-keys": []}.get(mode(), ["first"])
            self.answer(200, {"keys": [public(kid) for kid in kids]})
        elif where.path == "/asked":
            self.answer(200, ASKED)
        elif where.path == "/authorize":
            code = secrets.token_urlsafe(16)
            CODES[code] = query
            back = {"code": code, "state": query["state"]}
            self.answer(303, Location=query["redirect_uri"] + "?" + urllib.parse.urlencode(back))
        else:
            self.answer(404)

    @staticmethod
    def hang(name):
        if mode() == name:
            with open(DIRECTORY + "/hanging", "w", encoding="ascii"):
                pass
        while mode() == name:
            time.sleep(0.05)

    def discovery(self):
        ASKED["discovery"] += 1
        self.hang("hang-discovery")
        issuer = self.issuer()
        document = {"issuer": issuer, "authorization_endpoint": issuer + "/authorize", "jwks_uri": issuer + "/keys",
                    "token_endpoint": issuer + "/token", "response_types_supported": ["code"]}
        if mode() == "other-issuer":
            document["issuer"] = "http://127.0.0.1:1"
        if mode() == "down":
            self.answer(503)
        else:
            self.answer(200, document)

    def do_POST(self):
        ASKED["token"] += 1
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = dict(urllib.parse.parse_qsl(body))
        pair = base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode()
        name, _, secret = pair.partition(":")
        if (urllib.parse.unquote(name), urllib.parse.unquote(secret)) != ("müşteri 1", "s:ecret/+ x"):
            self.answer(401, {"error": "invalid_client"})
            return
        asked = CODES.pop(form["code"], None)
        if asked is None:
            self.answer(400, {"error": "invalid_grant"})
            return
        self.tokens(asked)

    def tokens(self, asked):
        self.hang("hang")
        now = int(time.time())
        kid = "second" if mode() in ("rotated", "unknown-key") else "first"
        claims = {"iss": self.issuer(), "sub": "7", "aud": asked["client_id"], "nonce": asked["nonce"], "iat": now,
                  "exp": now + 300, "tckn": "10000000146", "name": "Işıl Çağrı Yeşildağ"}
        claims.update({
            "nonce": {"nonce": "another"}, "expired": {"iat": now - 500, "exp": now - 200}, "iss": {"iss": "https://x"},
            "audience": {"aud": "somebody"}, "tckn": {"tckn": "10000000147"}, "operator": {"rol": ["a", "masa"]},
        }.get(mode(), {}))
        if mode() == "none":
            token = jwt.encode(claims, None, "none")
        elif mode() == "shared":
            token = jwt.encode(claims, "s:ecret/+ x", "HS256", {"kid": kid})
        else:
            token = jwt.encode(claims, KEYS[kid], "RS256", {"kid": kid})
        if mode() == "altered":
            head, payload, signature = token.split(".")
            changed = json.loads(base64.urlsafe_b64decode(payload + "=="))
            changed["tckn"] = "20000000282"
            payload = base64.urlsafe_b64encode(json.dumps(changed).encode()).rstrip(b"=").decode()
            token = ".".join((head, payload, signature))
        answer = {"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": token}
        if mode() == "no-token":
            del answer["id_token"]
        self.answer(500 if mode() == "token-fails" else 200, answer)


server = http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Provider)
with open(DIRECTORY + "/port.new", "w", encoding="ascii") as out:
    print(server.server_port, file=out)
os.rename(DIRECTORY + "/port.new", DIRECTORY + "/port")
server.serve_forever()
