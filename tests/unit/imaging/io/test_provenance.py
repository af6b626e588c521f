"""Provenance metadata: writing and reading of XMP packets."""

import json
import re
import time
from xml.etree import ElementTree

import pytest

from stillroom.domain.descriptions import AltText, Description, Title
from stillroom.domain.exports.presets import DigitalSource
from stillroom.imaging.io import provenance

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
IPTC_CORE = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
DC = "{http://purl.org/dc/elements/1.1/}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
TC260 = "{http://www.tc260.org.cn/ns/AIGC/1.0/}"


def described(packet: bytes) -> ElementTree.Element:
    xml = re.sub(r"<\?xpacket.*?\?>", "", packet.decode())
    found = ElementTree.fromstring(xml.strip()).find(f".//{RDF}Description")  # noqa: S314 (our own packet)
    assert found is not None
    return found


@pytest.mark.parametrize("source", list(DigitalSource))
def test_a_packet_is_xml_that_names_iptcs_term(source: DigitalSource) -> None:
    packet = provenance.packet(source, "abc")
    term = described(packet).findtext(f"{IPTC}DigitalSourceType")
    assert term == f"http://cv.iptc.org/newscodes/digitalsourcetype/{source.value}"
    assert provenance.read(packet).source is source


def test_a_composed_picture_carries_the_aigc_label_with_all_its_fields() -> None:
    packet = provenance.packet(DigitalSource.COMPOSITE_WITH_TRAINED_MODEL, "abc")
    block = json.loads(described(packet).findtext(f"{TC260}AIGC") or "")
    assert block["Label"] == "1"
    assert block["ProduceID"] == "abc"
    assert set(block) == {
        "Label",
        "ContentProducer",
        "ProduceID",
        "ReservedCode1",
        "ContentPropagator",
        "PropagateID",
        "ReservedCode2",
    }
    assert provenance.read(packet).label == "1"


@pytest.mark.parametrize("source", [DigitalSource.DIGITAL_CAPTURE, DigitalSource.ALGORITHMICALLY_ENHANCED])
def test_a_retouched_photo_is_not_labelled_as_generated(source: DigitalSource) -> None:
    assert provenance.read(provenance.packet(source, "abc")).label is None


def test_the_words_of_a_picture_are_title_description_and_alternative_text_in_both_languages() -> None:
    words = Description(
        title=Title(zh="白瓷马克杯"), alt_text=AltText(zh="木桌上的马克杯", en='Mug "No. 5" & <saucer>')
    )
    found = described(provenance.packet(DigitalSource.COMPOSITE_SYNTHETIC, "abc", words))
    texts = {
        name: {item.get(LANGUAGE): item.text for item in found.findall(f"{name}/{RDF}Alt/{RDF}li")}
        for name in (f"{DC}title", f"{DC}description", f"{IPTC_CORE}AltTextAccessibility")
    }
    alt_text = {"x-default": 'Mug "No. 5" & <saucer>', "zh": "木桌上的马克杯", "en": 'Mug "No. 5" & <saucer>'}
    assert list(texts.values()) == [{"x-default": "白瓷马克杯", "zh": "白瓷马克杯"}, alt_text, alt_text]


def test_description_that_looks_like_provenance_changes_nothing() -> None:
    forged = f'DigitalSourceType="http://{TERM}" TC260:AIGC=\'{{"Label":"1"}}\' <TC260:AIGC>'
    words = Description(title=Title(en=forged), alt_text=AltText(en=forged))
    found = provenance.read(provenance.packet(DigitalSource.ALGORITHMICALLY_ENHANCED, "abc", words))
    assert found == provenance.Provenance(DigitalSource.ALGORITHMICALLY_ENHANCED, None)


TERM = "cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


@pytest.mark.parametrize(
    "packet",
    [
        f"<Iptc4xmpExt:DigitalSourceType>http://{TERM}</Iptc4xmpExt:DigitalSourceType>",
        f"<Iptc4xmpExt:DigitalSourceType>\n  https://{TERM}\n</Iptc4xmpExt:DigitalSourceType>",
        f'<rdf:Description rdf:about="" Iptc4xmpExt:DigitalSourceType="http://{TERM}" xmp:Rating="1"/>',
        f"<rdf:Description Iptc4xmpExt:DigitalSourceType = 'https://{TERM}'/>",
        f'<Iptc4xmpExt:DigitalSourceType rdf:resource="http://{TERM}"/>',
        f"<ext:DigitalSourceType xml:lang='x' rdf:resource = 'https://{TERM}' />",
    ],
)
def test_source_type_is_read_from_every_xmp_form(packet: str) -> None:
    assert provenance.read(packet.encode()).source is DigitalSource.TRAINED_MODEL


@pytest.mark.parametrize(
    "packet",
    [
        """<rdf:Description TC260:AIGC='{"Label":"1"}'/>""",
        '<rdf:Description TC260:AIGC="{&quot;Label&quot;:&quot;1&quot;}"/>',
    ],
)
def test_the_label_is_read_from_an_attribute_too(packet: str) -> None:
    assert provenance.read(packet.encode()).label == "1"


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"\xff\xfe",
        b"<TC260:AIGC>no json</TC260:AIGC>",
        b"DigitalSourceType>elsewhere<",
        b"DigitalSourceType>elsewhere</a><b>http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture<",
        b'DigitalSourceType="http://cv.iptc.org.example/newscodes/digitalsourcetype/digitalCapture"',
        b'DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/somethingNew"',
        b"<TC260:AIGC>[]</TC260:AIGC>",
        b"<TC260:AIGC>" + b"[" * 100_000 + b"</TC260:AIGC>",
    ],
)
def test_packet_without_known_terms_is_read_as_unknown(packet: bytes) -> None:
    assert provenance.read(packet) == provenance.Provenance(None, None)


@pytest.mark.parametrize("part", ["DigitalSourceType", 'DigitalSourceType rdf:resource="', "<TC260:AIGC>"])
def test_time_to_read_a_packet_grows_with_its_length_alone(part: str) -> None:
    packet = part.encode() * (200_000 // len(part))
    started = time.monotonic()
    assert provenance.read(packet) == provenance.Provenance(None, None)
    assert time.monotonic() - started < 2.0, "it took 20 s when it grew with the square"
