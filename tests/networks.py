"""Networks of the packaged catalogue, for tests that name one."""

from stillroom.imaging.cutout.networks import NetworkSpec, packaged_networks, spec_of


def _packaged(name: str) -> NetworkSpec:
    spec = spec_of(next(card for card in packaged_networks() if card.id == name))
    assert spec is not None  # without a limit of memory every side fits
    return spec


ISNET = _packaged("isnet-1024")
U2NETP = _packaged("u2netp")
