"""Notices about how the instruction of a job was read."""

from collections.abc import Iterator, Sequence

from stillroom.application.jobs.briefs import Brief
from stillroom.domain.plans.wishes import Wish
from stillroom.domain.providers.requests import Notice
from stillroom.domain.told_back import NOTICES, ToldBack, sentence


def reading_notices(brief: Brief) -> Iterator[Notice]:
    """Yield notices of replaced and withdrawn wishes, of what a model read, and of what is told back."""
    for new, old in brief.replaced:
        yield _replaced(new, old)
    for wish in brief.withdrawn:
        words = wish.shown
        yield Notice("info", "WISH_WITHDRAWN", f"“{words.en}” was taken back.", words.model_dump())
    for text, phrase in brief.read_as.items():
        params = {"text": text, "zh": phrase.zh, "en": phrase.en}
        yield Notice("info", "READ_AS", f"“{text}” was read as: {phrase.en}.", params)
    yield from _told_back(brief.told_back)


def _replaced(new: Wish, old: Wish) -> Notice:
    after, before = new.shown, old.shown
    return Notice(
        "info",
        "WISH_REPLACED",
        f"“{after.en}” replaced “{before.en}”.",
        {"new_zh": after.zh, "new_en": after.en, "old_zh": before.zh, "old_en": before.en},
    )


def _told_back(told: Sequence[ToldBack]) -> Iterator[Notice]:
    """One notice per reason and suggestion, so that each part of an instruction comes with its own."""
    kinds = dict.fromkeys((one.reason, one.words) for one in told)
    for reason, suggestion in kinds:
        alike = [one for one in told if (one.reason, one.words) == (reason, suggestion)]
        # `suggestion`, in the language of the instruction, is for clients that know none of the others.
        params = {
            "words": [one.text for one in alike],
            "suggestion": alike[0].suggestion,
            "zh": suggestion.zh,
            "en": suggestion.en,
        }
        yield Notice("warning", NOTICES[reason], sentence([one.params for one in alike]).en, params)
