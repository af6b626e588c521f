"""Digital source types of exports."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from stillroom.domain.exports.presets import DigitalSource
from stillroom.domain.ids import JobId, SessionId, VariantId
from stillroom.domain.measures import PAINTED, Measures
from stillroom.domain.plans.plan import Backdrop, CarriedOutPlan
from stillroom.domain.variants import Variant, VariantRole
from stillroom.imaging.io import provenance


def variant(provider: str, measures: Measures, kind: str = "white") -> Variant:
    return Variant(
        id=VariantId("var_1"),
        session_id=SessionId("ses_1"),
        job_id=JobId("job_1"),
        ordinal=1,
        role=VariantRole.CANDIDATE,
        parent_id=None,
        blob_key="variants/var_1.png",
        thumb_key="variants/var_1.thumb.webp",
        matte_key=None,
        width=1000,
        height=1000,
        bytes=1,
        provider=provider,
        model=f"{provider}/some",
        plan=CarriedOutPlan(backdrop=Backdrop.model_validate({"kind": kind})),
        measures=measures,
        created_at=datetime(2026, 11, 25, tzinfo=UTC),
    )


WITH_MODEL, BY_MODEL = DigitalSource.COMPOSITE_WITH_TRAINED_MODEL, DigitalSource.TRAINED_MODEL


@pytest.mark.parametrize(
    ("provider", "measures", "kind", "source"),
    [
        ("local", Measures(), "keep", DigitalSource.ALGORITHMICALLY_ENHANCED),
        ("local", Measures(), "white", DigitalSource.COMPOSITE_SYNTHETIC),
        ("gemini", Measures(scene=PAINTED, verified=True), "white", WITH_MODEL),
        ("gemini", Measures(scene=PAINTED, verified=False), "white", BY_MODEL),
        ("gemini", Measures(), "white", BY_MODEL),
        ("local", Measures(scene=PAINTED, verified=True), "keep", WITH_MODEL),
        ("local", Measures(scene=PAINTED, verified=True), "white", WITH_MODEL),
        ("local", Measures(scene=PAINTED, verified=False), "keep", BY_MODEL),
    ],
)
def test_source_type_reflects_the_whole_history(
    provider: str, measures: Measures, kind: str, source: DigitalSource
) -> None:
    assert variant(provider, measures, kind).digital_source is source


@pytest.mark.parametrize("kind", get_args(Backdrop.model_fields["kind"].annotation))
def test_generated_picture_carries_the_aigc_label(kind: str) -> None:
    for verified in (True, False):
        source = variant("local", Measures(scene=PAINTED, verified=verified), kind).digital_source
        assert provenance.read(provenance.packet(source, "abc")).label == "1"
