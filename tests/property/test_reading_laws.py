"""Laws of reading: whatever somebody types is read in little time, and the same way on every plan."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stillroom.domain.jobs.job import MAX_PROMPT_CHARACTERS
from stillroom.domain.language.reader import read_once, understand
from stillroom.domain.language.readings import Reading
from stillroom.domain.language.vocabulary import COURTESY, FILLER, RULES
from stillroom.domain.plans.plan import Plan, starting_plan
from tests.unit.domain.sentences import on_marble

MOST_SECONDS = 0.15
"""Five times what an idle core takes for the slowest text that was found."""

WORDS = sorted({cue for rule in RULES for cue in rule.cues if cue.strip()})
GLUE = ["", " ", "，", ", ", "不要", "没有", "no ", "and ", "make the ", "背景", "太", "too ", "的"]
said = st.lists(st.sampled_from(WORDS + GLUE) | st.text(max_size=3), min_size=1, max_size=12)


@pytest.fixture(scope="module", autouse=True)
def _patterns() -> None:
    """Compiled once, by whatever text has words of all kinds."""
    for rule in RULES:
        _ = rule.pattern


def seconds_to_read(text: str) -> float:
    """CPU time of this thread: what else the machine does meanwhile does not count."""
    read_once.cache_clear()
    started = time.thread_time()
    understand(text, Plan())
    return time.thread_time() - started


@settings(max_examples=150, deadline=None)
@given(said, st.sampled_from(GLUE))
@example(["sand"], " ")
@example(["森林绿"], "")
@example(["greenery"], "")
@example(["white balance"], "")
@example(["白底转透明"], " ")
@example(["桌布"], "")
@example(["保留"], "")
@example(["1"], " ")
@example([" "], "")
@example(["。"], "a")
def test_any_text_up_to_the_limit_is_read_in_little_time(words: list[str], between: str) -> None:
    text = (between.join(words) + between or "a") * MAX_PROMPT_CHARACTERS
    # Short ones first, so that a text that would take minutes fails soon.
    for length in (MAX_PROMPT_CHARACTERS // 4, MAX_PROMPT_CHARACTERS):
        # The best of three: a slow pattern is slow every time, a busy machine is not.
        taken = min(seconds_to_read(text[:length]) for _ in range(3))
        assert taken <= MOST_SECONDS, f"{taken:.3f} s for {length} characters of {text[:60]!r}"


@settings(max_examples=150, deadline=None)
@given(said)
def test_a_text_that_was_read_before_means_on_another_plan_what_it_would_have_meant_there(
    words: list[str],
) -> None:
    text = "".join(words)
    for base in (on_marble(), starting_plan("refine")):
        fresh = Reading(text, base)
        for rule in RULES:
            fresh.apply(rule)
        fresh.settle()
        understood = understand(text, base)
        assert understood.plan.model_copy(update={"asked": ()}) == fresh.plan
        assert set(understood.asked) == fresh.asked
        assert understood.is_heard == fresh.is_heard
        assert understood.told_back == fresh.leftovers(FILLER, COURTESY)
