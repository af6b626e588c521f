"""Strategies that generate plans and their parts."""

from hypothesis import strategies as st

from stillroom.domain.plans.plan import Backdrop, Detail, Framing, Light, Plan, Shadow, Tone

SHARE = st.floats(0, 1)
COLOR = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")
BACKDROP = st.builds(
    Backdrop,
    kind=st.sampled_from(["keep", "white", "color", "gradient", "transparent"]),
    color=COLOR,
    edge_color=COLOR,
    shape=st.sampled_from(["sweep", "spot"]),
    blur=SHARE,
)
SHADOW = st.builds(
    Shadow,
    kind=st.sampled_from(["soft", "hard", "none"]),
    strength=st.floats(0, 2),
    softness=st.floats(0.25, 4),
)
LIGHT = st.builds(
    Light,
    azimuth_deg=st.none() | st.floats(-90, 90),
    elevation_deg=st.floats(5, 85),
    strength=st.floats(0, 0.9),
    fill=SHARE,
    rim=SHARE,
)
TONE = st.builds(
    Tone,
    white_balance=SHARE,
    auto_exposure=st.booleans(),
    mired=st.floats(-150, 150),
    exposure_ev=st.floats(-2, 2),
    contrast=st.floats(-1, 1),
    saturation=st.floats(0, 2),
)
FRAMING = st.builds(
    Framing,
    fill=st.floats(0.01, 0.95),
    x=st.floats(0.1, 0.9),
    y=st.none() | st.floats(0.1, 0.9),
    aspect=st.sampled_from(["1:1", "3:4", "16:9", "photo"]),
    rotation_deg=st.floats(-45, 45),
)
DETAIL = st.builds(Detail, denoise=st.none() | SHARE, sharpen=SHARE, clarity=SHARE, straighten=st.booleans())
PLAN = st.builds(
    Plan, backdrop=BACKDROP, shadow=SHADOW, light=LIGHT, tone=TONE, framing=FRAMING, detail=DETAIL
)
