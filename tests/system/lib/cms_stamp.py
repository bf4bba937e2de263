"""Time stamps of CAdES signatures with asn1crypto: what openssl's programs can't put in or take out.

cms_stamp.py value CMS                  the signature's value
cms_stamp.py add CMS OUT TOKEN...       with the tokens as unsigned attributes, one each
cms_stamp.py token CMS                  the token; nothing else may be unsigned
cms_stamp.py bare CMS                   without unsigned attributes"""
import sys

from asn1crypto import cms, tsp  # noqa: F401 (tsp registers signature_time_stamp_token)

TYPE = "signature_time_stamp_token"


def load(path):
    with open(path, "rb") as f:
        info = cms.ContentInfo.load(f.read(), strict=True)
    return info, info["content"]["signer_infos"][0]


def value(signer):
    return signer["signature"].native


def add(info, signer, paths):
    tokens = [load(path)[0] for path in paths]
    signer["unsigned_attrs"] = cms.CMSAttributes([cms.CMSAttribute({"type": TYPE, "values": [t]}) for t in tokens])
    return info.dump(force=True)


def token(signer):
    attributes = signer["unsigned_attrs"]
    assert len(attributes) == 1 and attributes[0]["type"].native == TYPE, "attributes"
    assert len(attributes[0]["values"]) == 1, "values"
    return attributes[0]["values"][0].dump()


def bare(info, signer):
    del signer["unsigned_attrs"]
    return info.dump(force=True)


action, path = sys.argv[1:3]
info, signer = load(path)
if action == "add":
    with open(sys.argv[3], "wb") as f:
        f.write(add(info, signer, sys.argv[4:]))
else:
    sys.stdout.buffer.write({"value": lambda: value(signer), "token": lambda: token(signer),
                             "bare": lambda: bare(info, signer)}[action]())
