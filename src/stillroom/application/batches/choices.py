"""Checks of a recipe's choices and of items' instructions against the catalogue and the language rules."""

from collections.abc import Callable, Iterable, Mapping

import anyio.to_thread

from stillroom.application.exports.ordering import presets_of
from stillroom.application.instructions.reading import by_rules
from stillroom.application.instructions.starts import start_of
from stillroom.application.jobs.orders import check_names, check_platform, template_among, usable_prompt
from stillroom.domain.batches.recipes import Choices
from stillroom.domain.errors import PromptInvalid
from stillroom.domain.ports import Catalogue
from stillroom.domain.prompts import PromptTemplate
from stillroom.domain.providers.requests import Operation

HasCloud = Callable[[Operation, str | None], bool]
"""Whether a cloud can do an operation with the requested provider; it may understand more than the rules."""


class ChoiceChecks:
    """Checks choices and instructions before anything is stored."""

    def __init__(self, catalogue: Catalogue, has_cloud: HasCloud) -> None:
        self._catalogue = catalogue
        self._has_cloud = has_cloud

    async def check(self, choices: Choices) -> None:
        """Check the choices of a recipe.

        Raises:
            ValidationFailed: A template, provider, platform or preset does not exist.
            PromptInvalid: The instruction is unusable, or no part of it is understood.
        """
        check_names(self._catalogue, choices.template, Operation(choices.operation), choices.provider)
        check_platform(self._catalogue, choices.platform)
        presets_of(self._catalogue, choices.presets)
        refused = await self.prompts(choices, [choices.prompt] if choices.prompt else [])
        for error in refused.values():
            raise error

    async def prompts(self, choices: Choices, texts: Iterable[str]) -> Mapping[str, PromptInvalid]:
        """Return the errors of the instructions that cannot be carried out, by their texts."""
        operation = Operation(choices.operation)
        template = template_among(self._catalogue, choices.template, operation)
        rules_alone = not self._has_cloud(operation, choices.provider)
        wanted = dict.fromkeys(texts)
        return await anyio.to_thread.run_sync(
            lambda: {
                text: error for text in wanted if (error := _refusal(choices, text, template, rules_alone))
            }
        )


def _refusal(
    choices: Choices, text: str, template: PromptTemplate | None, rules_alone: bool
) -> PromptInvalid | None:
    try:
        prompt = usable_prompt(text, required=False)
    except PromptInvalid as error:
        return error
    if not rules_alone or choices.changes:
        return None
    if not prompt or (template is not None and template.wish is not None):
        return None
    operation = Operation(choices.operation)
    reading = by_rules(prompt, start_of(operation, None), operation)
    # A prompt that only rejects the old background is carried out by the new one.
    is_answered = any(told.reason == "ambiguous" for told in reading.told_back)
    if reading.is_carried_out or is_answered or not reading.told_back:
        return None
    return PromptInvalid.of(reading.told_back)
