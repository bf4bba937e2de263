"""Looks at the attributes of CAdES signatures with asn1crypto: cms_attributes.py CMS...; one line "ok" or "not ok" for
each."""
import hashlib
import sys

from asn1crypto import cms, tsp  # noqa: F401 (tsp registers signing_certificate_v2)

WANTED = {"content_type", "message_digest", "signing_time", "signing_certificate_v2"}


def check(der):
    info = cms.ContentInfo.load(der, strict=True)
    assert info["content_type"].native == "signed_data"
    data = info["content"]
    assert data["version"].native == "v1"
    assert len(data["signer_infos"]) == 1
    signer = data["signer_infos"][0]
    attributes = signer["signed_attrs"]
    names = [a["type"].native for a in attributes]
    assert sorted(names) == sorted(WANTED), names
    assert all(len(a["values"]) == 1 for a in attributes)
    value = {a["type"].native: a["values"][0] for a in attributes}
    assert value["content_type"].native == "data"
    assert value["signing_time"].name == "utc_time"
    encoded = [a.dump() for a in attributes]
    assert encoded == sorted(encoded), "order"
    digest = signer["digest_algorithm"]["algorithm"].native
    assert [a["algorithm"].native for a in data["digest_algorithms"]] == [digest]
    assert digest in ("sha256", "sha384", "sha512")
    content = data["encap_content_info"]["content"].native
    if content is not None:
        assert hashlib.new(digest, content).digest() == value["message_digest"].native
    certificates = {hashlib.new(digest, c.chosen.dump()).digest(): c.chosen for c in data["certificates"]}
    ids = value["signing_certificate_v2"]["certs"]
    assert {i["cert_hash"].native for i in ids} == set(certificates), "ESSCertIDv2"
    for i in ids:
        assert i["hash_algorithm"]["algorithm"].native == digest
        certificate = certificates[i["cert_hash"].native]
        assert i["issuer_serial"]["serial_number"].native == certificate.serial_number
        assert i["issuer_serial"]["issuer"][0].chosen.untag().dump() == certificate.issuer.dump()
    first = certificates[ids[0]["cert_hash"].native]
    assert signer["sid"].chosen["serial_number"].native == first.serial_number
    assert signer["sid"].chosen["issuer"].dump() == first.issuer.dump()
    assert signer["unsigned_attrs"].native is None
    assert info.dump(force=True) == der, "DER"


status = 0
for path in sys.argv[1:]:
    try:
        with open(path, "rb") as f:
            check(f.read())
        print("ok", path)
    except Exception as e:
        print("not ok", path, repr(e))
        status = 1
sys.exit(status)
