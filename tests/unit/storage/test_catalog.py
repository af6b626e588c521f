"""The packaged data, and the operator's over it."""

import json
import os
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from stillroom.domain.exports.rules import Grade, ManualRule
from stillroom.domain.ports import Catalogue
from stillroom.domain.prompts import ALWAYS_GIVEN
from stillroom.domain.providers.requests import Operation
from stillroom.storage.catalog import RECHECK_SECONDS, SCHEMAS, FileCatalogue, write_schemas

PACKAGED = Path(str(files("stillroom").joinpath("catalog")))
TABLE = {
    "amazon-main": (2000, 2000),
    "taobao-main": (800, 800),
    "taobao-white": (800, 800),
    "taobao-3x4": (1125, 1500),
    "jd-main": (800, 800),
    "pdd-main": (800, 800),
    "douyin-main": (800, 800),
    "shopify-square": (2048, 2048),
    "ebay-main": (1600, 1600),
    "etsy-main": (2400, 2400),
    "walmart-main": (2200, 2200),
    "google-merchant": (1500, 1500),
    "tiktok-shop": (1340, 1340),
    "shopee-cover": (1024, 1024),
    "lazada-main": (1200, 1200),
    "aliexpress-main": (1000, 1000),
    "temu-main": (1350, 1800),
    "mercadolibre-main": (1200, 1200),
}


class Clock:
    """Manual clock in seconds."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def pass_a_while(self) -> None:
        self.now += RECHECK_SECONDS + 0.1


class CatalogueFolder:
    """The operator's folder and a catalogue that reads it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock()
        self.catalogue = FileCatalogue(folder, self.clock)
        self._written = 0

    def write(self, name: str, content: str | dict[str, Any]) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        self._written += 1
        os.utime(path, (self._written, self._written))
        self.clock.pass_a_while()

    def template_text(self, template_id: str) -> str | None:
        return next((t.text for t in self.catalogue.templates() if t.id == template_id), None)


@pytest.fixture
def folder(tmp_path: Path) -> CatalogueFolder:
    return CatalogueFolder(tmp_path / "config")


def packaged(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((PACKAGED / name).read_text("utf-8"))
    return content


def template(text: str) -> dict[str, Any]:
    return {
        "id": "optimize.standard",
        "version": 2,
        "operation": "optimize",
        "name": {"zh": "一键优化", "en": "Optimise"},
        "text": text,
    }


def test_packaged_catalogue_is_valid() -> None:
    catalogue: Catalogue = FileCatalogue()
    assert catalogue.errors() == {}
    assert [p.id for p in catalogue.platforms()][:5] == ["taobao", "tmall", "jd", "pinduoduo", "douyin"]
    assert {p.id for p in catalogue.providers()} == {"gemini", "sora", "chatgpt", "seedream", "qwen", "local"}
    assert {t.operation for t in catalogue.templates()} == set(Operation)
    assert {"白底软阴影", "浅灰渐变", "透明背景", "柔和自然光", "暖一点"} <= {
        c.text.zh for c in catalogue.chips()
    }


def test_the_presets_have_the_sizes_that_marketplaces_ask_for() -> None:
    config = FileCatalogue().exports()
    found = {p.id: (p.canvas.width, p.canvas.height) for p in config.presets}
    assert TABLE.items() <= found.items()
    assert {"web-1080", "web-1500", "png-transparent", "taobao-detail", "tmall-detail"} <= set(found)


def test_every_platform_offers_presets_that_exist() -> None:
    catalogue = FileCatalogue()
    config = catalogue.exports()
    offered = {preset for platform in catalogue.platforms() for preset in platform.presets}
    assert offered == {preset.id for preset in config.presets}
    assert {preset.platform for preset in config.presets} <= {
        platform.id for platform in catalogue.platforms()
    }


def test_byte_limits_match_their_rule() -> None:
    for preset in FileCatalogue().exports().presets:
        for rule in preset.rules:
            if rule.rule == "bytes":
                assert (preset.bytes.min, preset.bytes.max) == (rule.min or 0, rule.max), preset.id


def test_added_graphics_never_pass_without_a_warning() -> None:
    config = FileCatalogue().exports()
    manual = [r for preset in config.presets for r in preset.rules if isinstance(r, ManualRule)]
    assert manual
    assert all(rule.note.zh != rule.note.en for rule in manual)
    assert all(rule.grade in Grade for preset in config.presets for rule in preset.rules if rule.grade)


def test_every_template_uses_only_values_of_its_operation() -> None:
    for template in FileCatalogue().templates():
        values = {name: f"<{name}>" for name in ALWAYS_GIVEN[template.operation]}
        filled = template.fill(values)
        assert "<instruction>" in filled, template.id
        assert "<constraints>" in filled, template.id
        assert "$" not in filled, template.id


def test_catalogue_schemas_are_up_to_date(tmp_path: Path) -> None:
    write_schemas(tmp_path)
    for name in SCHEMAS:
        assert (PACKAGED / name).read_text("utf-8") == (tmp_path / name).read_text("utf-8"), name


def test_every_packaged_file_names_its_schema() -> None:
    for path in PACKAGED.rglob("*.json"):
        # Operators change neither of these; the code checks texts and sizes when it reads them.
        is_fixed = "texts" in path.parts or path.name == "product_sizes.json"
        if path.name in SCHEMAS or "plates" in path.parts or is_fixed:
            continue
        named = json.loads(path.read_text("utf-8"))["$schema"]
        assert (path.parent / named).resolve().name in SCHEMAS, path.name


def test_operator_file_overrides_the_packaged_one_while_it_exists(folder: CatalogueFolder) -> None:
    ours = folder.template_text("optimize.standard")
    folder.write("prompt_templates/optimize.standard.json", template("Shorter."))
    assert folder.template_text("optimize.standard") == "Shorter."
    (folder.folder / "prompt_templates/optimize.standard.json").unlink()
    folder.clock.pass_a_while()
    assert folder.template_text("optimize.standard") == ours


def test_new_preset_is_added_without_a_restart(folder: CatalogueFolder) -> None:
    [first, *_] = packaged("exports.config.json")["presets"]
    folder.write("exports.config.json", {"presets": [{**first, "id": "my-shop"}]})
    config = folder.catalogue.exports()
    assert config.preset("my-shop") is not None
    assert config.preset("amazon-main") is not None


def test_broken_file_is_reported_and_its_last_valid_version_stays(folder: CatalogueFolder) -> None:
    name = "prompt_templates/optimize.standard.json"
    folder.write(name, template("Good."))
    assert folder.template_text("optimize.standard") == "Good."
    folder.write(name, '{"id": "optimize.standard",')
    assert folder.template_text("optimize.standard") == "Good."
    assert folder.catalogue.errors() == {
        name: "line 1, column 28: Expecting property name enclosed in double quotes"
    }
    folder.write(name, template("Better."))
    assert folder.template_text("optimize.standard") == "Better."
    assert folder.catalogue.errors() == {}


def test_file_that_was_never_valid_leaves_the_packaged_one(folder: CatalogueFolder) -> None:
    ours = folder.template_text("optimize.standard")
    folder.write("prompt_templates/optimize.standard.json", template("On $nothing."))
    assert folder.template_text("optimize.standard") == ours
    [fault] = folder.catalogue.errors().values()
    assert "no default for $nothing" in fault


def test_catalogue_error_states_its_location(folder: CatalogueFolder) -> None:
    [first, *_] = packaged("exports.config.json")["presets"]
    folder.write("exports.config.json", {"presets": [{**first, "formats": ["bmp"]}]})
    [(name, fault)] = folder.catalogue.errors().items()
    assert name == "exports.config.json"
    assert fault.startswith("presets.0.formats.0: ")
    assert folder.catalogue.exports().preset("amazon-main") is not None


@pytest.mark.parametrize(
    "content",
    ["[]", "null", "7", '"text"', "\ufeff{}", "{" + " " * 1_000_001 + "}", "[" * 100_000, "7" * 5000],
)
def test_no_file_content_breaks_the_catalogue(folder: CatalogueFolder, content: str) -> None:
    folder.write("models/gemini.json", content)
    assert "gemini" in {provider.id for provider in folder.catalogue.providers()}
    assert list(folder.catalogue.errors()) == ["models/gemini.json"]


def test_file_name_must_match_its_id(folder: CatalogueFolder) -> None:
    folder.write("prompt_templates/optimize.other.json", template("Misnamed."))
    [fault] = folder.catalogue.errors().values()
    assert "optimize.standard" in fault


def test_files_are_checked_no_more_often_than_configured(folder: CatalogueFolder) -> None:
    ours = folder.template_text("optimize.standard")
    folder.write("prompt_templates/optimize.standard.json", template("Soon."))
    folder.clock.now -= RECHECK_SECONDS
    assert folder.template_text("optimize.standard") == ours
