"""Changes of the backdrop in a plan."""

from collections.abc import Callable
from functools import partial

from stillroom.domain.language.acts import Do
from stillroom.domain.language.wishes import paint
from stillroom.domain.plans.plan import Backdrop, Plan, changed, roomier_for_scene, shaded

VIGNETTE = "backdrop.vignette"
"""Key of edges of the backdrop that are darker than its middle."""
_DARKEST = -0.8  # step from white to the backdrop of "much darker", which is not black


def backed(plan: Plan, **fields: object) -> Plan:
    """Return the plan with another backdrop; what only scenes have is reset unless it is a scene."""
    if fields.get("kind", "scene") != "scene":
        fields = {"scene": None, "mirrored": None, "exposure_ev": 0.0, **fields}
    return changed(plan, "backdrop", **fields)


def paints(color: str) -> Do:
    kind = "white" if color == "#ffffff" else "color"
    return lambda plan: backed(plan, kind=kind, color=color, edge_color=color)


def keeps_paint(color: str) -> Do:
    """Keep a backdrop of about a colour; paint another one."""
    is_near = repaints(color, lambda plan: plan)
    return lambda plan: is_near(plan) or paints(color)(plan)


def unless_scene(do: Do) -> Do:
    """Act only on a picture without a scene, whose table and wall keep their colour."""
    return lambda plan: None if plan.backdrop.kind == "scene" else do(plan)


def repaints(old: str, do: Do) -> Do:
    """Paint only a backdrop of a colour: "change the white to grey" may else be said of the product."""

    def painted(plan: Plan) -> Plan | None:
        there = paint.channels(plan.backdrop.color) if plan.backdrop.kind in ("white", "color") else ()
        pairs = zip(there, paint.channels(old), strict=True) if there else ()
        near = there and max(abs(one - other) for one, other in pairs) < 40
        is_hue = not paint.is_grey(old) and paint.is_of_hue(plan.backdrop.color, old)
        return do(plan) if near or (there and is_hue) else None

    return painted


def paints_gradient(inner: str, outer: str | None = None) -> Do:
    """Paint a gradient between two colours, or one that is seen as one colour."""
    if outer is not None:
        return lambda plan: backed(plan, kind="gradient", color=inner, edge_color=outer, shape="sweep")
    shape = "spot" if paint.is_dark(inner) else "sweep"
    color, edge_color = paint.gradient_of(paint.PLAIN if inner == "#ffffff" else inner)
    return lambda plan: backed(plan, kind="gradient", color=color, edge_color=edge_color, shape=shape)


def fades(color: str, *, is_top: bool) -> Do:
    """Let a painted backdrop fade into a colour at its top or bottom; another one fades from white."""

    def do(plan: Plan) -> Plan:
        old = plan.backdrop
        rest = old.color if old.kind in ("white", *_PAINTED) else "#ffffff"
        rest = paint.PLAIN if rest == color else rest
        inner, outer = (rest, color) if is_top else (color, rest)
        return backed(plan, kind="gradient", color=inner, edge_color=outer, shape="sweep")

    return do


def paints_pool(color: str) -> Do:
    """Paint a pool of light: bright in the middle and darker around."""
    inner, outer = paint.gradient_of(color)
    outer = outer if paint.is_dark(color) else shaded(color, -0.35)
    return lambda plan: backed(plan, kind="gradient", color=inner, edge_color=outer, shape="spot")


def pools(plan: Plan) -> Plan:
    """Put a pool of light on a backdrop: in its own colour if it has one."""
    old = plan.backdrop
    return paints_pool(old.color if old.kind in _PAINTED else paint.PLAIN)(plan) or plan


def vignettes(plan: Plan) -> Plan | None:
    """Let a painted backdrop darken towards its edges; the middle keeps its colour."""
    old = plan.backdrop
    if old.kind not in ("white", *_PAINTED):
        return None
    return backed(plan, kind="gradient", color=old.color, edge_color=shaded(old.color, -0.3), shape="spot")


def grades(plan: Plan) -> Plan:
    """Turn the backdrop into a gradient of its colour."""
    old = plan.backdrop
    if old.kind == "gradient":
        return plan
    return paints_gradient(old.color if old.kind in ("white", "color") else paint.PLAIN)(plan) or plan


def flattens(plan: Plan) -> Plan:
    """Replace a gradient by one colour."""
    old = plan.backdrop
    if old.kind != "gradient":
        return plan
    return backed(plan, kind="color", color=old.color, edge_color=old.color)


def cleans(plan: Plan) -> Plan:
    """Make the backdrop of one colour: its own if it is painted, else white."""
    if plan.backdrop.kind in ("keep", "scene"):
        return backed(plan, kind="white", color="#ffffff", edge_color="#ffffff", blur=0.0)
    return flattens(plan)


def cuts_out(plan: Plan) -> Plan:
    return backed(plan, kind="transparent")


def keeps(*, is_photos: bool) -> Do:
    """Keep the backdrop of the picture; before there is a picture, or by name, the photo's own."""

    def do(plan: Plan) -> Plan:
        is_there = plan.is_of_picture or plan.backdrop != Backdrop()
        return plan if is_there and not is_photos else backed(plan, kind="keep")

    return do


def on(ground: str, do: Do) -> Do:
    """Act only on a scene or on paint of about the hue of a colour; make a gradient where there is none."""

    def act(plan: Plan) -> Plan | None:
        if ground == "gradient":
            return do(grades(plan))
        old = plan.backdrop
        is_colour = ground.startswith("#") and old.kind in _PAINTED and paint.is_of_hue(old.color, ground)
        return do(plan) if is_colour or old.scene == ground else None

    return act


def stages(scene: str | None) -> Do:
    """Stand the product in a scene, smaller than on plain white unless its size is settled."""

    def do(plan: Plan) -> Plan:
        same = plan.backdrop.kind == "scene" and plan.backdrop.scene == scene
        mirrored = plan.backdrop.mirrored if same else None
        return roomier_for_scene(backed(plan, kind="scene", scene=scene, mirrored=mirrored))

    return do


def is_lit_by_sun(plan: Plan) -> Plan | None:
    """Show the product by a window; a scene that is there stays, and only its light comes from the side."""
    if plan.backdrop.kind != "scene" or plan.backdrop.scene in (None, _BY_WINDOW):
        return stages(_BY_WINDOW)(plan)
    azimuth, elevation = plan.light.azimuth_deg, plan.light.elevation_deg
    is_high = elevation > 50.0  # "sunlight from above"
    return changed(
        plan,
        "light",
        azimuth_deg=-50.0 if azimuth is None else azimuth,
        elevation_deg=elevation if is_high else 30.0,
    )


_BY_WINDOW = "natural_light"


def looks_from_above(plan: Plan) -> Plan | None:
    """Show a scene from above; only scenes have a camera of their own."""
    return changed(plan, "backdrop", view="above") if plan.backdrop.kind == "scene" else None


def stands_on_paper(color: str | None) -> Do:
    """Background paper of a colour; of warm grey if none is named."""

    def do(plan: Plan) -> Plan | None:
        if color is None:
            return stages("paper_grey")(plan)
        staged = stages("paper_tint")(plan)
        return staged and changed(staged, "backdrop", color=color, edge_color=color)

    return do


def shades(sign: int, share: float | None, steps: float, *, is_named: bool) -> Do:
    """Make the backdrop brighter (sign 1) or darker; only a scene if it was called by what it is made of."""
    step = sign * ((0.35 if sign > 0 else 0.25) * steps if share is None else min(1.0, share))
    repaint = partial(shaded, step=step)
    if sign < 0 and share is None:
        repaint = partial(paint.deepened, share=min(1.6, 0.45 * steps))
    return _lightens(1.6 * step, repaint, is_named=is_named, is_exact=share is not None)


def exposes(stops: float, *, is_named: bool) -> Do:
    """Expose the backdrop by stops; a painted one gets the colour that it has under so much light."""
    return _lightens(stops, partial(paint.exposed, stops=stops), is_named=is_named, is_exact=True)


def _lightens(stops: float, repaint: Callable[[str], str], *, is_named: bool, is_exact: bool) -> Do:
    """Expose a scene by stops, and change the colours of a painted backdrop by `repaint`."""

    def do(plan: Plan) -> Plan | None:
        old = plan.backdrop
        if old.kind == "scene":
            return changed(plan, "backdrop", exposure_ev=old.exposure_ev + stops)
        if is_named or old.kind in ("keep", "transparent"):
            return None
        if old.kind == "white" and stops > 0:
            return plan
        if old == Backdrop() and not plan.is_of_picture and not is_exact:
            return paints(shaded(old.color, max(_DARKEST, 1.5 * stops)))(plan)  # off white is hardly darker
        kind = "color" if old.kind == "white" else old.kind
        color, edge_color = repaint(old.color), repaint(old.edge_color)
        return changed(plan, "backdrop", kind=kind, color=color, edge_color=edge_color)

    return do


def _repaints(plan: Plan, change: Callable[[str], str]) -> Plan | None:
    """Change both colours of a painted backdrop; None if it is not painted."""
    old = plan.backdrop
    if old.kind not in _PAINTED:
        return None
    return changed(plan, "backdrop", color=change(old.color), edge_color=change(old.edge_color))


def saturates(sign: int, *, steps: float) -> Do:
    """Make the colour of a painted backdrop more or less vivid; None if it has none."""

    def do(plan: Plan) -> Plan | None:
        if paint.is_grey(plan.backdrop.color):
            return None
        return _repaints(plan, lambda color: paint.greyed(color, -0.4 * sign * steps))

    return do


def leans(towards: str, steps: float) -> Do:
    """Mix a colour into a painted backdrop; a white one gets that colour."""

    def do(plan: Plan) -> Plan | None:
        if plan.backdrop.kind == "white":
            return paints(paint.toned(towards, "light" if steps < 1 or paint.is_grey(towards) else ""))(plan)
        return _repaints(plan, lambda color: paint.mixed(color, towards, min(0.9, 0.5 * steps)))

    return do


_PAINTED = ("color", "gradient")


def tints(steps: float) -> Do:
    """Make a painted backdrop warmer or cooler; white stays white, a scene has the light of the product."""
    return lambda plan: _repaints(plan, lambda color: paint.warmed(color, steps))


def blurs(sign: int, steps: float = 1.0, *, is_left: bool = False) -> Do:
    """Blur the backdrop of a photo or a scene; painted backdrops are out of focus already."""
    first = 0.35 + 0.25 * steps

    def do(plan: Plan) -> Plan | None:
        old = plan.backdrop
        if sign < 0:
            return changed(plan, "backdrop", blur=0.0 if is_left else old.blur * 0.5**steps)
        if old.kind in ("scene", "keep"):
            return changed(plan, "backdrop", blur=max(first, old.blur + 0.2 * steps))
        if old == Backdrop() and not plan.is_of_picture:
            return backed(plan, kind="keep", blur=first)
        return None

    return do


def spotlights(plan: Plan) -> Plan:
    """Put a pool of light on a painted backdrop, and the key light high."""
    old = plan.backdrop
    if old.kind in _PAINTED:
        inner, outer = paint.lit(old.color, 1.3), shaded(old.edge_color, -0.45)
        plan = backed(plan, kind="gradient", color=inner, edge_color=outer, shape="spot")
    return changed(plan, "light", elevation_deg=62.0)
