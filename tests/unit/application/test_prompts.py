"""Prompts for models."""

from dataclasses import replace

import pytest

from stillroom.application.instructions.phrases import scene_names
from stillroom.application.jobs.briefs import Brief
from stillroom.application.jobs.prompts import instruction_for, template_for
from stillroom.domain.jobs.job import MAX_PROMPT_CHARACTERS
from stillroom.domain.language.reader import understand
from stillroom.domain.plans.measured import ColorTone, Lighting, LogoAnchor
from stillroom.domain.plans.plan import Backdrop, Context, Light, Plan, Tone
from stillroom.domain.plans.wishes import PRODUCT_STAYS, Wish
from stillroom.domain.providers.requests import Operation
from stillroom.storage.catalog import FileCatalogue

CATALOGUE = FileCatalogue()
MEASURED = Context(
    lighting=Lighting(azimuth_deg=-48, softness=0.2),
    color_tone=ColorTone(kelvin=3412),
    logo_anchor=LogoAnchor(x=1, y=2, w=3, h=4),
)
WISHES = (PRODUCT_STAYS, Wish(id="w1", text="no shadow", turn=1), Wish(id="w2", text="底边留白", turn=2))
BRIEF = Brief(plans=(), prompt="", told_back=(), standing=WISHES, new=())


def filled(
    operation: Operation,
    prompt: str,
    plan: Plan,
    chosen: str | None = None,
    brief: Brief = BRIEF,
    measured: Context = MEASURED,
) -> str:
    template = template_for(operation, chosen, CATALOGUE.templates())
    taobao = next(platform for platform in CATALOGUE.platforms() if platform.id == "taobao")
    return instruction_for(template, measured, plan, taobao, replace(brief, prompt=prompt))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_scene_can_be_chosen_by_a_template_in_either_language(language: str) -> None:
    wishes = [template.wish for template in CATALOGUE.templates() if template.wish is not None]
    read = [understand(getattr(wish, language), Plan()) for wish in wishes]
    assert [one.told_back for one in read if one.told_back] == []
    assert set(scene_names()) <= {one.plan.backdrop.scene for one in read}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("scene", scene_names())
def test_each_template_is_understood_on_a_picture_in_any_scene(scene: str, language: str) -> None:
    shown = Plan(backdrop=Backdrop(kind="scene", scene=scene))
    wishes = [template.wish for template in CATALOGUE.templates() if template.wish is not None]
    read = [understand(getattr(wish, language), shown) for wish in wishes]
    assert [one.told_back for one in read if one.told_back] == []


def test_prompt_states_the_request_and_what_must_stay() -> None:
    text = filled(Operation.REFINE, "鞋子转亮一点", Plan())
    assert "鞋子转亮一点" in text
    assert "hard key light comes from the left" in text
    assert "warm, about 3400 K" in text
    assert "letter for letter" in text
    assert "no shadow; 底边留白" in text
    assert "position, size and angle" in text
    assert "Taobao" in text


def test_a_wish_that_the_picture_does_not_show_yet_is_asked_for_and_a_dropped_one_taken_back() -> None:
    brief = replace(BRIEF, revised=("底边留白",), dropped=("marble top",))
    text = filled(Operation.REFINE, "warmer", Plan(), brief=brief)
    assert "Change only this: 底边留白; warmer" in text
    assert "still hold, the later before the earlier: no shadow." in text
    assert "take back what is seen of them: marble top." in text


def test_requested_change_is_no_constraint() -> None:
    text = filled(Operation.REFINE, "light from the right", Plan(asked=("light", "tone", "framing")))
    assert "comes from the left" not in text
    assert "3400 K" not in text
    assert "position, size and angle" not in text


def test_light_and_tone_of_earlier_wishes_win_over_those_of_the_photo() -> None:
    text = filled(Operation.REFINE, "larger", Plan(light=Light(azimuth_deg=60), tone=Tone(mired=25)))
    assert "key light comes from the right; keep it so" in text
    assert "comes from the left" not in text
    assert "warm, about 3100 K" in text


def test_uncertain_measurement_is_no_constraint() -> None:
    guessed = Context(
        lighting=Lighting(azimuth_deg=-30, softness=0.2, confidence={"azimuth_deg": 0.49, "softness": 1}),
        color_tone=ColorTone(kelvin=3412, confidence={"kelvin": 0.1}),
    )
    for measured in (Context(lighting=Lighting(softness=0.2)), guessed):
        text = filled(Operation.REFINE, "larger", Plan(), measured=measured)
        assert "key light" not in text
        assert " K;" not in text
        assert "letter for letter" not in text


def test_the_one_click_may_recentre_the_product() -> None:
    assert "position, size and angle" not in filled(Operation.OPTIMIZE, "", Plan())


def test_the_picked_template_is_filled_in_and_the_plain_one_otherwise() -> None:
    assert "marble" in filled(Operation.BG_REPLACE, "", Plan(), "bg_replace.marble").lower()
    assert "Setting: 沙滩" in filled(Operation.BG_REPLACE, "沙滩", Plan())


def test_dollar_sign_is_literal() -> None:
    assert "$5 tag" in filled(Operation.BG_REPLACE, "keep the $5 tag", Plan())


def test_instruction_is_used_alone_without_a_template() -> None:
    assert instruction_for(None, MEASURED, Plan(), None, replace(BRIEF, prompt="as told")) == "as told"


def test_every_template_ends_by_saying_where_the_picture_is_shown() -> None:
    for template in CATALOGUE.templates():
        text = filled(template.operation, "", Plan(), template.id)
        assert text.endswith("The result is a listing photo for Taobao."), template.id
        assert "  " not in text


def test_models_that_take_short_prompts_still_get_all_words_of_the_user() -> None:
    limits = [model.limits for card in CATALOGUE.providers() for model in (*card.models, card.any_model)]
    shortest = min(one.prompt_characters for one in limits if one.prompt_characters)
    words = "木纹" * (MAX_PROMPT_CHARACTERS // 2)
    for template in CATALOGUE.templates():
        text = filled(template.operation, words, Plan(), template.id)
        assert words in text[:shortest], template.id
    assert "no shadow; 底边留白" in filled(Operation.REFINE, "再亮一点", Plan())[:shortest]
