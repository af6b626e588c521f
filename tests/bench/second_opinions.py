"""Every preset with five golden photos, each file re-measured by another reader.

Run with `python -m tests.bench.second_opinions`; it ends at the first verdict that is not confirmed.
"""

from rich.console import Console

from tests.integration.imaging.test_exports_remeasured import PHOTOS, PRESETS, confirmed_verdicts


def main() -> None:
    """Check all of them and count."""
    confirmed = sum(confirmed_verdicts(name, photo) for photo in PHOTOS for name in PRESETS)
    Console().print(
        f"{len(PRESETS)} presets, {len(PHOTOS)} photos: {confirmed} verdicts confirmed, none denied"
    )


if __name__ == "__main__":
    main()
