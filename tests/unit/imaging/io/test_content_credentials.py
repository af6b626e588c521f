"""Content Credentials: signed manifests in export files."""

import datetime
import io
import json
from functools import cache

import c2pa
import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from stillroom.domain.exports.presets import ByteWindow, DigitalSource, Quality
from stillroom.domain.exports.rules import PictureFormat
from stillroom.imaging.export import render
from stillroom.imaging.io import encoding, provenance
from stillroom.imaging.io.content_credentials import RESERVED_BYTES, Credentials
from tests import pictures
from tests.unit.imaging.presets import preset, rule

SOURCE = DigitalSource.COMPOSITE_SYNTHETIC


@cache
def credentials() -> Credentials:
    """A key of this test run, and its chain."""
    root, leaf = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    chain = (_certificate("leaf", leaf, root, is_root=False), _certificate("root", root, root, is_root=True))
    pem = serialization.Encoding.PEM
    key = leaf.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Credentials(b"".join(one.public_bytes(pem) for one in chain), key)


def _certificate(
    name: str, key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey, *, is_root: bool
) -> x509.Certificate:
    def called(common_name: str) -> x509.Name:
        return x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, common_name),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Test"),
            ]
        )

    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    usage = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(called(name))
        .issuer_name(called("root"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=not is_root, key_cert_sign=is_root, **usage), critical=True
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
    )
    if not is_root:
        made = made.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
    return made.sign(signer, hashes.SHA256())


@pytest.mark.parametrize("form", list(PictureFormat))
def test_a_signed_file_is_valid_and_looks_the_same(form: PictureFormat) -> None:
    xmp = provenance.packet(SOURCE, "5f" * 16)
    plain = encoding.encode(pictures.scene(), form, Quality(), ByteWindow(), xmp).data
    signed = credentials().sign(plain, form, SOURCE)
    with c2pa.Reader(f"image/{form}", io.BytesIO(signed)) as reader:
        assert reader.get_validation_state() == "Valid"
        told = json.loads(reader.json())
    [manifest] = told["manifests"].values()
    [actions] = [one["data"] for one in manifest["assertions"] if one["label"].startswith("c2pa.actions")]
    assert actions["actions"][0]["digitalSourceType"].endswith("/compositeSynthetic")
    assert 0 < len(signed) - len(plain) < RESERVED_BYTES
    assert np.array_equal(pictures.decoded(signed), pictures.decoded(plain))


def test_a_changed_file_is_no_longer_valid() -> None:
    plain = pictures.png(pictures.scene())
    signed = bytearray(credentials().sign(plain, PictureFormat.PNG, SOURCE))
    at = signed.index(b"IDAT") + 40
    signed[at] ^= 1
    with c2pa.Reader("image/png", io.BytesIO(bytes(signed))) as reader:
        assert reader.get_validation_state() == "Invalid"


def test_a_signed_export_keeps_its_bytes_and_its_rules() -> None:
    picture, matte = pictures.product(shadow=True)
    limit = 60_000
    wanted = preset(
        canvas={"width": 800, "height": 800},
        bytes={"max": limit},
        quality={"best": 100, "least": 60},
        rules=[rule("bytes", max=limit), rule("provenance"), rule("camera_data")],
    )
    [file] = render.export(
        encoding.png_of(picture), encoding.png_of(matte), wanted, SOURCE, sign=credentials().sign
    )
    assert [check.verdict for check in file.checks] == ["pass"] * 3
    assert len(file.data) <= limit
    assert c2pa.Reader("image/jpeg", io.BytesIO(file.data)).get_validation_state() == "Valid"


def test_invalid_signing_key_is_refused_at_startup() -> None:
    with pytest.raises(ValueError, match="cannot be used"):
        Credentials(b"no certificate", b"no key")
