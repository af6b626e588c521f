"""Labels of plan changes."""

from typing import Any

import pytest

from stillroom.domain.plans.changes import changes_between
from stillroom.domain.plans.labels import label_of
from stillroom.domain.plans.plan import PLAN_PARTS, Plan, PlanPart, changed
from stillroom.domain.words import Words

NAMES = {"wood_oak": Words(zh="暖木桌面", en="Warm oak table"), "paper_tint": Words(zh="背景纸", en="Paper")}

OTHER_VALUES: dict[str, tuple[Any, ...]] = {
    "backdrop.kind": ("keep", "color", "gradient", "transparent", "scene"),
    "backdrop.color": ("#d21f3c",),
    "backdrop.edge_color": ("#d21f3c",),
    "backdrop.shape": ("spot",),
    "backdrop.scene": ("wood_oak", "unknown"),
    "backdrop.mirrored": (True, False),
    "backdrop.view": ("table", "above"),
    "backdrop.image_id": ("ast_1",),
    "backdrop.fit": ("contain",),
    "backdrop.shows_through": (True, False),
    "shadow.kind": ("hard", "none"),
    "light.azimuth_deg": (-50.0, 0.0, 50.0),
    "tone.auto_exposure": (False,),
    "framing.aspect": ("photo", "3:4", "4:5", "2:3", "16:9", "9:16", "4:3"),
    "framing.rotation_deg": (-10.0, 12.5),
    "framing.canvas": ((1600, 1200),),
    "detail.straighten": (False,),
}
FIELDS = [(part, field) for part in PLAN_PARTS for field, _ in getattr(Plan(), part)]


@pytest.mark.parametrize(("part", "field"), FIELDS)
def test_every_field_has_a_label_in_both_directions(part: PlanPart, field: str) -> None:
    before = Plan()
    for value in OTHER_VALUES.get(f"{part}.{field}", (0.3, 0.6)):
        after = changed(before, part, **{field: value})
        for old, new in ((before, after), (after, before)):
            for change in changes_between(old, new):
                label = label_of(change, new, NAMES)
                assert "None" not in label.zh + label.en
                assert ":" in label.en or "：" in label.zh


@pytest.mark.parametrize(
    ("part", "fields", "zh", "en"),
    [
        ("backdrop", {"kind": "scene", "scene": "wood_oak"}, "背景：暖木桌面", "Backdrop: Warm oak table"),
        (
            "backdrop",
            {"kind": "scene", "scene": "paper_tint", "color": "#f3c9cf"},
            "背景：背景纸 #f3c9cf",
            "Backdrop: Paper #f3c9cf",
        ),
        ("shadow", {"strength": 0.6}, "影子：更淡（60 %）", "Shadow: lighter (60 %)"),
        ("light", {"azimuth_deg": -50.0}, "光线：从左边来", "Light: from the left"),
        ("tone", {"exposure_ev": 0.35}, "亮度：更亮（+0.35 EV）", "Brightness: brighter (+0.35 EV)"),
        ("framing", {"fill": 0.8}, "产品大小：更大（80 %）", "Product: larger (80 %)"),
    ],
)
def test_labels_describe_the_change(part: PlanPart, fields: dict[str, Any], zh: str, en: str) -> None:
    plan = changed(Plan(), part, **fields)
    labels = {label_of(change, plan, NAMES) for change in changes_between(Plan(), plan)}
    assert labels == {Words(zh=zh, en=en)}
