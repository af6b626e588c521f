"""Content Credentials: a signed C2PA manifest in an export, where the operator has given a key.

Needs the extra `c2pa`. A signature is new each time, so signed files of one picture differ in their bytes.
"""

import io
import json
import threading
from collections.abc import Callable

from stillroom.domain.errors import InternalError
from stillroom.domain.exports.presets import DigitalSource
from stillroom.domain.exports.rules import PictureFormat

Sign = Callable[[bytes, PictureFormat, DigitalSource], bytes]
"""Gives a finished file back with its manifest."""

RESERVED_BYTES = 16_000
"""What a manifest may add to a file: 3.1 KB were measured with two small certificates, others are longer."""

_TERMS = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_WITHOUT_THUMBNAIL = {"builder": {"thumbnail": {"enabled": False}}}
"""A thumbnail would add 60 KB that nobody asked for, and show the picture once more."""


class Credentials:
    """Signs with one key of the kind EC P-256 and its chain of certificates."""

    def __init__(self, certificates: bytes, key: bytes) -> None:
        """Take both in PEM, the signer's certificate first.

        Raises:
            ModuleNotFoundError: The extra is not installed.
            ValueError: They cannot be used.
        """
        import c2pa

        info = c2pa.C2paSignerInfo(c2pa.C2paSigningAlg.ES256, certificates, key, None)
        try:
            self._signer = c2pa.Signer.from_info(info)
        except c2pa.C2paError as error:
            raise ValueError("the certificates and the key cannot be used") from error
        # One signer for all threads, and nothing says that its library allows that.
        self._one_at_a_time = threading.Lock()
        self._context = c2pa.Context.from_dict(_WITHOUT_THUMBNAIL)

    def sign(self, data: bytes, form: PictureFormat, source: DigitalSource) -> bytes:
        """Put a manifest into a finished file.

        Args:
            data: The file.
            form: Its encoding.
            source: What was really done.

        Raises:
            InternalError: The file cannot be signed.
        """
        import c2pa

        action = {"action": "c2pa.created", "digitalSourceType": _TERMS + source}
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
