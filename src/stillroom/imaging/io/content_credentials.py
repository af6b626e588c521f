"""Content Credentials: sign exports with a C2PA manifest if the operator has configured a key.

Requires the extra `c2pa`. Each signature differs, so signed files of one picture differ in their bytes.
"""

import io
import json
import threading
from collections.abc import Callable

from stillroom.domain.errors import InternalError
from stillroom.domain.exports.presets import DigitalSource
from stillroom.domain.exports.rules import PictureFormat
from stillroom.imaging.io.provenance import IPTC_TERMS

Sign = Callable[[bytes, PictureFormat, DigitalSource], bytes]
"""Returns a finished file with its manifest."""

RESERVED_BYTES = 16_000
"""Bytes reserved for a manifest; 3.1 KB were measured with two small certificates, others are longer."""

_WITHOUT_THUMBNAIL = {"builder": {"thumbnail": {"enabled": False}}}
"""A thumbnail would add 60 KB."""


class Credentials:
    """Signs files with an EC P-256 key and its certificate chain."""

    def __init__(self, certificates: bytes, key: bytes) -> None:
        """Load certificates and key in PEM; the signer's certificate comes first.

        Raises:
            ModuleNotFoundError: The extra is not installed.
            ValueError: Certificates or key are invalid.
        """
        import c2pa

        info = c2pa.C2paSignerInfo(c2pa.C2paSigningAlg.ES256, certificates, key, None)
        try:
            self._signer = c2pa.Signer.from_info(info)
        except c2pa.C2paError as error:
            raise ValueError("the certificates and the key cannot be used") from error
        # The library does not document whether a signer is thread-safe.
        self._one_at_a_time = threading.Lock()
        self._context = c2pa.Context.from_dict(_WITHOUT_THUMBNAIL)

    def sign(self, data: bytes, form: PictureFormat, source: DigitalSource) -> bytes:
        """Add a manifest to a finished file.

        Raises:
            InternalError: The file cannot be signed.
        """
        import c2pa

        action = {"action": "c2pa.created", "digitalSourceType": IPTC_TERMS + source}
        manifest = {
            "claim_generator_info": [{"name": "Stillroom"}],
            "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [action]}}],
        }
        signed = io.BytesIO()
        try:
            with self._one_at_a_time:
                builder = c2pa.Builder(json.dumps(manifest), context=self._context)
                builder.sign(self._signer, f"image/{form}", io.BytesIO(data), signed)
        except c2pa.C2paError as error:
            raise InternalError("The export could not be signed.") from error
        return signed.getvalue()
