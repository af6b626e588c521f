"""Metadata of exports: XMP with the IPTC digital source type, the AIGC label and the description."""

import json
import re
from dataclasses import dataclass
from xml.sax.saxutils import escape, unescape

from stillroom.domain.descriptions import NOTHING, Description
from stillroom.domain.exports.presets import DigitalSource

_NAME = "DigitalSourceType"
_TERM = re.compile(
    rf"{_NAME}(?:(?:(?!{_NAME})[^<>])*(?:>|\srdf:resource\s*=\s*[\"'])|\s*=\s*[\"'])\s*"
    r"https?://cv\.iptc\.org/newscodes/digitalsourcetype/(\w+)\s*[<\"']"
)
"""Matches an element, an attribute or a resource, which are equivalent in RDF.

A match ends before the next name. Otherwise the time would grow with the square of the number of names.
"""

_BLOCK = re.compile(
    r"<TC260:AIGC>(?P<element>[^<]*)</TC260:AIGC>|\sTC260:AIGC\s*=\s*(?P<quote>[\"'])(?P<attribute>.*?)(?P=quote)",
    re.DOTALL,
)

IPTC_TERMS = "http://cv.iptc.org/newscodes/digitalsourcetype/"

_MADE = frozenset(
    {
        DigitalSource.COMPOSITE_SYNTHETIC,
        DigitalSource.COMPOSITE_WITH_TRAINED_MODEL,
        DigitalSource.TRAINED_MODEL,
    }
)
"""Sources that GB 45438-2025 regards as generated or composed; a retouched photo is not."""

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
    xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/"{namespaces}>
   <xmp:CreatorTool>Stillroom</xmp:CreatorTool>
   <Iptc4xmpExt:DigitalSourceType>{source}</Iptc4xmpExt:DigitalSourceType>{aigc}{words}
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


_WORD_NAMESPACES = """
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/\""""

_QUOTES = {'"': "&quot;", "'": "&apos;"}
"""Escaped as well, so that no text looks like an attribute to `read`."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Provenance metadata found in a file.

    Attributes:
        source: IPTC digital source type; None if missing or unknown.
        label: The `Label` of the AIGC block, `1` for generated; None if there is no block.
    """

    source: DigitalSource | None
    label: str | None


def packet(source: DigitalSource, picture_id: str, description: Description = NOTHING) -> bytes:
    """Build the XMP packet of an export; deterministic for the same picture and words.

    Args:
        picture_id: Identifies the picture, not the file; a digest of the master.
        description: Written as title, description and alternative text, where it has words.

    Source:
        IPTC Photo Metadata Standard 2023.2, "Digital Source Type" and "Alt Text (Accessibility)";
        TC260-PG-20258A for the namespace of the AIGC block, GB 45438-2025 for its fields.
    """
    block = ""
    if source in _MADE:
        fields = {
            "Label": "1",
            "ContentProducer": "Stillroom",
            "ProduceID": picture_id,
            "ReservedCode1": "",
            "ContentPropagator": "",
            "PropagateID": "",
            "ReservedCode2": "",
        }
        text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        block = f"\n   <TC260:AIGC>{escape(text)}</TC260:AIGC>"
    title, alt_text = description.title, description.alt_text
    words = "".join(
        (
            _alternatives("dc:title", title.zh, title.en),
            _alternatives("dc:description", alt_text.zh, alt_text.en),
            _alternatives("Iptc4xmpCore:AltTextAccessibility", alt_text.zh, alt_text.en),
        )
    )
    namespaces = _WORD_NAMESPACES if words else ""
    return _PACKET.format(source=IPTC_TERMS + source, aigc=block, words=words, namespaces=namespaces).encode()


def _alternatives(name: str, zh: str, en: str) -> str:
    """Return a language alternative, whose first item is the default; nothing without words."""
    items = "".join(
        f'<rdf:li xml:lang="{language}">{escape(text, _QUOTES)}</rdf:li>'
        for language, text in (("x-default", en or zh), ("zh", zh), ("en", en))
        if text
    )
    return f"\n   <{name}><rdf:Alt>{items}</rdf:Alt></{name}>" if items else ""


def with_new_ground(source: DigitalSource) -> DigitalSource:
    """Return the source of a picture of such a source whose product was put on a new background."""
    return source if source in _MADE else DigitalSource.COMPOSITE_SYNTHETIC


def read(xmp: bytes) -> Provenance:
    """Extract provenance from an XMP packet by regular expressions; untrusted XML is not parsed."""
    text = xmp.decode("utf-8", "replace")
    term = _TERM.search(text)
    known = {str(source): source for source in DigitalSource}
    block = _BLOCK.search(text)
    label = None
    if block:
        try:
            written = block["element"] or block["attribute"] or ""
            fields = json.loads(unescape(written, {"&quot;": '"', "&apos;": "'"}))
            label = str(fields["Label"])
        except (ValueError, KeyError, TypeError, RecursionError):
            label = None
    return Provenance(known.get(term[1]) if term else None, label)
