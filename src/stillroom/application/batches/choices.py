"""Checks of a recipe's choices and of items' instructions against the catalogue and the language rules."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import anyio.to_thread

from stillroom.application.exports.ordering import presets_of
from stillroom.application.instructions.reading import by_rules
from stillroom.application.instructions.starting_plans import start_of
from stillroom.application.jobs.orders import (
    check_names,
    check_platform,
    checked_changes,
    template_among,
    usable_prompt,
)
from stillroom.application.photos.backdrops import check_backdrop
from stillroom.domain.batches.recipes import Choices
from stillroom.domain.errors import PromptInvalid
from stillroom.domain.ids import OwnerId
from stillroom.domain.plans.changes import with_changes
from stillroom.domain.plans.effects import check_effect
from stillroom.domain.plans.plan import starting_plan
from stillroom.domain.ports import Catalogue, UnitOfWorkFactory
from stillroom.domain.providers.requests import Operation
from stillroom.domain.told_back import ToldBack

HasCloud = Callable[[Operation, str | None], bool]
"""Whether a cloud can do an operation with the requested provider; it may understand more than the rules."""


@dataclass(frozen=True)
class ChoiceChecks:
    """Checks choices and instructions before anything is stored."""

    _unit_of_work: UnitOfWorkFactory
    _catalogue: Catalogue
    _has_cloud: HasCloud

    async def check(self, choices: Choices, owner_id: OwnerId) -> None:
        """Check the choices of a recipe.

        Raises ValidationFailed for an unknown name or unusable change, NotFound for a backdrop, PromptInvalid
        for the instruction.
        """
        operation = Operation(choices.operation)
        check_names(self._catalogue, choices.template, operation, choices.provider)
        check_platform(self._catalogue, choices.platform)
        presets_of(self._catalogue, choices.presets)
        await self._check_changes(choices, owner_id)
        if choices.prompt:
            template = template_among(self._catalogue, choices.template, operation)
            says_more = bool(choices.changes) or (template is not None and template.wish is not None)
            refused = await self.prompts(choices, [choices.prompt], must_be_read=not says_more)
            for error in refused.values():
                raise error

    async def _check_changes(self, choices: Choices, owner_id: OwnerId) -> None:
        changes = checked_changes(choices.changes)
        if changes is None:
            return
        plan = with_changes(starting_plan(choices.operation), changes)
        # An item may have an instruction of its own.
        check_effect(changes, plan, has_words=True)
        async with self._unit_of_work(read_only=True) as tx:
            await check_backdrop(tx, plan, owner_id)

    async def prompts(
        self, choices: Choices, texts: Iterable[str], *, must_be_read: bool = True
    ) -> Mapping[str, PromptInvalid]:
        """Return the errors of instructions that cannot be carried out, by their texts.

        Changes and template of the recipe do not replace an instruction that only one item has, so it must be
        read.
        """
        operation = Operation(choices.operation)
        must_be_read = must_be_read and not self._has_cloud(operation, choices.provider)
        wanted = dict.fromkeys(texts)
        return await anyio.to_thread.run_sync(
            lambda: {text: error for text in wanted if (error := _refusal(operation, text, must_be_read))}
        )

    async def told_back(self, choices: Choices, texts: Iterable[str]) -> Mapping[str, tuple[ToldBack, ...]]:
        """Return what would not be carried out of instructions, by their texts; a cloud may do all of it.

        Nothing is told back of an instruction that is refused unread, such as one that is too long.
        """
        operation = Operation(choices.operation)
        if self._has_cloud(operation, choices.provider):
            return {}
        base, wanted = start_of(operation, None), dict.fromkeys(texts)
        found = await anyio.to_thread.run_sync(
            lambda: {text: by_rules(text, base, operation).told_back for text in wanted if _is_usable(text)}
        )
        return {text: told for text, told in found.items() if told}


def _is_usable(text: str) -> bool:
    try:
        usable_prompt(text, required=False)
    except PromptInvalid:
        return False
    return True


def _refusal(operation: Operation, text: str, must_be_read: bool) -> PromptInvalid | None:
    try:
        prompt = usable_prompt(text, required=False)
    except PromptInvalid as error:
        return error
    if not (must_be_read and prompt):
        return None
    reading = by_rules(prompt, start_of(operation, None), operation)
    if reading.is_carried_out or not reading.told_back:
        return None
    return PromptInvalid.of(reading.told_back)
