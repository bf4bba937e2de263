"""Tokens made by three libraries that know nothing of eonay (PyJWT, python-jose, jwcrypto), and what token_tool says of
them. usage: tokens.py TOKEN_TOOL DIRECTORY. Prints one line for each token that was judged otherwise than it should."""
import base64
import hashlib
import hmac
import json
import subprocess
import sys

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives import serialization
from jose import jwt as jose_jwt
from jwcrypto import jwk, jws

TOOL, DIRECTORY = sys.argv[1:]
NOW = 1700000000
GOOD = {"iss": "https://op.example", "sub": "1", "aud": "eonay", "nonce": "n", "exp": NOW + 300, "iat": NOW,
        "tckn": "10000000146", "name": "Işıl Çağrı Yeşildağ"}


def pem(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption())


def public_pem(key):
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


RSA = rsa.generate_private_key(65537, 2048)
WEAK = rsa.generate_private_key(65537, 1024)
EC = ec.generate_private_key(ec.SECP256R1())
OTHER = rsa.generate_private_key(65537, 2048)


def public_jwk(key, kid, **more):
    made = json.loads(jwk.JWK.from_pem(public_pem(key)).export_public())
    made.pop("kid", None)
    return dict(made, kid=kid, **more)


with open(DIRECTORY + "/keys.json", "w", encoding="utf-8") as out:
    json.dump({"keys": [public_jwk(RSA, "rsa", use="sig"), public_jwk(EC, "ec", use="sig", alg="ES256"),
                        public_jwk(WEAK, "weak", use="sig"), public_jwk(OTHER, "enc", use="enc"),
                        {"kty": "oct", "kid": "oct", "k": "AAAA"}]}, out)


def claims(**change):
    made = dict(GOOD, **change)
    return {name: value for name, value in made.items() if value is not None}


def with_jwcrypto(key, algorithm, payload, **header):
    token = jws.JWS(payload if isinstance(payload, bytes) else json.dumps(payload).encode())
    token.allowed_algs = ["RS256", "PS256", "ES256", "RS512"]
    token.add_signature(jwk.JWK.from_pem(pem(key)), None, json.dumps(dict(header, alg=algorithm)))
    return token.serialize(compact=True)


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def keyed(header, secret):
    """HMAC with the public key as the secret: libraries refuse to make such a token."""
    signed = b64(json.dumps(header).encode()) + "." + b64(json.dumps(GOOD).encode())
    return signed + "." + b64(hmac.new(secret, signed.encode(), hashlib.sha256).digest())


RAW_TWICE = b'{"iss":"https://op.example","iss":"https://op.example",' + json.dumps(GOOD).encode()[1:]
CASES = [
    ("OK Işıl Çağrı Yeşildağ", jwt.encode(GOOD, pem(RSA), "RS256", {"kid": "rsa"})),
    ("OK Işıl Çağrı Yeşildağ", jwt.encode(GOOD, pem(RSA), "PS256", {"kid": "rsa"})),
    ("OK Işıl Çağrı Yeşildağ", jwt.encode(GOOD, pem(EC), "ES256", {"kid": "ec"})),
    ("OK Işıl Çağrı Yeşildağ", jwt.encode(GOOD, pem(EC), "ES256")),
    ("OK Işıl Çağrı Yeşildağ", jose_jwt.encode(GOOD, pem(RSA).decode(), "RS256", {"kid": "rsa"})),
    ("OK Işıl Çağrı Yeşildağ", jose_jwt.encode(GOOD, pem(EC).decode(), "ES256", {"kid": "ec"})),
    ("OK Işıl Çağrı Yeşildağ", with_jwcrypto(RSA, "PS256", GOOD, kid="rsa", typ="JWT")),
    ("OK Işıl Çağrı Yeşildağ operator", jwt.encode(claims(roles=["x", "gorevli"]), pem(RSA), "RS256", {"kid": "rsa"})),
    ("LOGIN_KEY", jwt.encode(GOOD, pem(RSA), "RS256", {"kid": "new"})),
    ("LOGIN_KEY", jwt.encode(GOOD, pem(WEAK), "RS256", {"kid": "weak"})),
    ("LOGIN_KEY", jwt.encode(GOOD, pem(OTHER), "RS256", {"kid": "enc"})),
    ("LOGIN_KEY", jwt.encode(GOOD, pem(RSA), "RS256", {"kid": "ec"})),
    ("LOGIN_TOKEN token: signature", jwt.encode(GOOD, pem(OTHER), "RS256", {"kid": "rsa"})),
    ("LOGIN_TOKEN token: signature", jwt.encode(GOOD, pem(WEAK), "RS256", {"kid": "rsa"})),
    ("LOGIN_TOKEN token: alg", jwt.encode(GOOD, pem(RSA), "RS512", {"kid": "rsa"})),
    ("LOGIN_TOKEN token: not three parts", jwt.encode(GOOD, None, "none")),
    ("LOGIN_TOKEN token: alg", jwt.encode(GOOD, None, "none") + "AAAA"),
    ("LOGIN_TOKEN token: alg", jwt.encode(GOOD, "secret", "HS256", {"kid": "oct"})),
    ("LOGIN_TOKEN token: alg", keyed({"alg": "HS256", "kid": "rsa"}, public_pem(RSA))),
    ("LOGIN_TOKEN token: signature", keyed({"alg": "RS256", "kid": "rsa"}, public_pem(RSA))),
    ("LOGIN_TOKEN token: typ", jwt.encode(GOOD, pem(RSA), "RS256", {"kid": "rsa", "typ": "logout+jwt"})),
    ("LOGIN_TOKEN token: crit", jwt.encode(GOOD, pem(RSA), "RS256", {"kid": "rsa", "crit": ["b64"], "b64": True})),
    ("LOGIN_TOKEN JSON", with_jwcrypto(RSA, "RS256", RAW_TWICE, kid="rsa")),
    ("LOGIN_TOKEN JSON", with_jwcrypto(RSA, "RS256", b"[1]", kid="rsa")),
    ("LOGIN_TOKEN ID token: iss", jwt.encode(claims(iss="https://evil.example"), pem(RSA), "RS256", {"kid": "rsa"})),
    ("LOGIN_TOKEN ID token: aud", jwt.encode(claims(aud="other"), pem(RSA), "RS256", {"kid": "rsa"})),
    ("LOGIN_TOKEN ID token: nonce", jwt.encode(claims(nonce="m"), pem(RSA), "RS256", {"kid": "rsa"})),
    ("LOGIN_TOKEN ID token: exp", jwt.encode(claims(exp=NOW - 31), pem(RSA), "RS256", {"kid": "rsa"})),
    ("LOGIN_TOKEN ID token: iat", jwt.encode(claims(iat=NOW + 31), pem(RSA), "RS256", {"kid": "rsa"})),
    ("LOGIN_PERSON", jwt.encode(claims(tckn=None), pem(RSA), "RS256", {"kid": "rsa"})),
]

tokens = [token for _, token in CASES]
result = subprocess.run([TOOL, DIRECTORY + "/keys.json", GOOD["iss"], "eonay", "n", str(NOW)],
                        input="\n".join(tokens) + "\n", capture_output=True, encoding="utf-8", timeout=120, check=True)
said = result.stdout.splitlines()
if len(said) != len(CASES):
    print(f"{len(said)} answers to {len(CASES)} tokens")
for number, ((wanted, _), got) in enumerate(zip(CASES, said)):
    if got != wanted if wanted.startswith("OK") else not got.startswith(wanted):
        print(f"{number}: {got!r} instead of {wanted!r}")
