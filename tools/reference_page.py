"""Makes docs/reference.md, the tables of what the code and its catalogue define."""

from collections.abc import Iterable, Sequence
from importlib.resources import files

from stillroom.domain.errors import CATALOGUE
from stillroom.domain.exports.presets import Canvas, ExportPreset, ExportsConfig
from stillroom.domain.networks import NetworkCard
from stillroom.imaging.cutout.networks import packaged_networks
from stillroom.web.problems import STATUS


def page() -> str:
    """The whole page, as Markdown."""
    config = ExportsConfig.model_validate_json(
        (files("stillroom") / "catalog" / "exports.config.json").read_bytes()
    )
    return "\n".join(
        [
            "# Reference",
            "",
            "Written by `make generate` from the code and the catalogue; changes here would be lost.",
            "",
            "## Errors",
            "",
            "Every error is `application/problem+json`. Programs switch on `code`; the words are for people.",
            "",
            *table(
                ["code", "status", "worth trying again", "said in English", "said in Chinese"],
                (
                    [
                        f"`{error.code}`",
                        str(STATUS[error.kind]),
                        yes(error.retryable),
                        error.title().en,
                        error.title().zh,
                    ]
                    for error in CATALOGUE
                ),
            ),
            "",
            "Where HTTP has a more exact status, that one is sent: `E_VALIDATION` with 400 for what cannot "
            "be read, 408 for a body that comes too slowly and 414 for an address that is too long, "
            "`E_UNAUTHORIZED` with 403 for a request that a foreign page makes a browser send, `E_CONFLICT` "
            "with 405 for a method that an address does not take.",
            "",
            "## Export presets",
            "",
            "From `catalog/exports.config.json`; a file of that name in the data directory's `config` folder "
            "adds presets, and replaces those whose id it names.",
            "",
            *table(
                ["preset", "name", "size", "ground", "product", "formats", "bytes"],
                (row(preset) for preset in config.presets),
            ),
            "",
            "## Networks",
            "",
            "From `catalog/networks`; how to choose and install one is in [models.md](models.md). Memory is "
            "that of the smallest and the largest input; where we have not run the files, it is an estimate.",
            "",
            *table(
                ["network", "family", "use", "size", "memory", "licence", "by", "run by us"],
                (network(card) for card in packaged_networks() if card.commercial_use),
            ),
            "",
        ]
    )


def row(preset: ExportPreset) -> list[str]:
    """Facts of a preset that a seller asks for first."""
    subject = preset.subject
    return [
        f"`{preset.id}`",
        f"{preset.name.en} / {preset.name.zh}",
        size(preset.canvas),
        preset.ground.value.replace("_", " "),
        f"{subject.min:.0%} to {subject.max:.0%}" if subject else "as it is",
        ", ".join(preset.formats),
        bytes_between(preset.bytes.min, preset.bytes.max),
    ]


USES = {
    "first": "cuts out",
    "scout": "looks first; cuts out if the first is missing",
    "precise": "looks again in doubt",
    "prompt": "answers points; looks again in doubt",
    "lettering": "finds lettering",
    "on_request": "after `models use`",
    "none": "not run by this release",
}


def network(card: NetworkCard) -> list[str]:
    """Facts of a network that an operator needs before a download."""
    needs = sorted(size.memory_mb / 1000 for size in card.input.sizes)
    return [
        f"[`{card.id}`]({card.homepage})",
        card.family,
        USES[card.default_use],
        f"{card.bytes / 1e6:,.1f} MB" if card.bytes else "not stated",
        " to ".join(f"{need:.1f}" for need in needs) + " GB",
        card.licence,
        card.attribution,
        yes(card.was_run),
    ]


def size(canvas: Canvas) -> str:
    """Return the size of a canvas, in pixels."""
    if canvas.long_side:
        return f"longer side {canvas.long_side}"
    if canvas.height:
        return f"{canvas.width} x {canvas.height}"
    return f"{canvas.width} wide, up to {canvas.max_height} high"


def bytes_between(least: int, most: int | None) -> str:
    """A window in kilobytes of 1000, as shops count them."""
    if not least and most is None:
        return "any"
    upper = f"up to {most / 1000:,.0f} kB" if most is not None else ""
    return f"from {least / 1000:,.0f} kB {upper}".rstrip() if least else upper


def yes(fact: bool) -> str:
    """Said as people say it."""
    return "yes" if fact else "no"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a Markdown table."""
    return [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]
