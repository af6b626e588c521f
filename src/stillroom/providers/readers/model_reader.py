"""Reader port over a vendor's chat API: deadline, cost, and validation of the answer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from stillroom.domain.ports.readers import (
    PhotoQuestion,
    PictureQuestion,
    Question,
    ReaderAnswer,
    ReaderQuestion,
)
from stillroom.domain.providers.readers import Readers
from stillroom.providers.adapters import wire
from stillroom.providers.readers.answers import answers_in, message_for
from stillroom.providers.readers.chats import MAX_OUTPUT_TOKENS, Chat, Message
from stillroom.providers.readers.pictures import description_in, facts_in, photo_message, picture_message

T = TypeVar("T")

DEADLINE_SECONDS = 4.0
"""The whole call about an instruction; a user waits for it before a job is accepted."""

PICTURE_DEADLINE_SECONDS = 20.0
"""The whole call about a picture; no job waits for it."""

_CHARACTERS_PER_TOKEN = 2.0
"""Low estimate: English has about four, Chinese about one and a half."""

_PICTURE_TOKENS = 1300
"""Upper estimate for a picture of 768 pixels; Gemini counts 1,120 for any, GPT-6 1,229 at 1024 x 1024."""


@dataclass
class ModelReader:
    """A reader model; implements `Reader`.

    Attributes:
        _readers: Returns the catalogue's current prices and instructions.
        _deadline_seconds: For every call; None means the usual deadlines.
    """

    _chat: Chat
    _readers: Callable[[], Readers]
    _deadline_seconds: float | None = None

    def __post_init__(self) -> None:
        self.vendor = self._chat.vendor
        self.model = self._chat.model
        self.host = self._chat.host

    def expected_micro_usd(self, question: Question[T]) -> int:
        readers = self._readers()
        message = self._message(question, readers)
        tokens_in = round((len(message.system) + len(message.user)) / _CHARACTERS_PER_TOKEN)
        tokens_in += _PICTURE_TOKENS if message.picture else 0
        return readers.micro_usd(self.model, tokens_in, MAX_OUTPUT_TOKENS)

    async def ask(self, question: Question[T]) -> ReaderAnswer[T]:
        readers = self._readers()
        message = self._message(question, readers)
        usual = DEADLINE_SECONDS if isinstance(question, ReaderQuestion) else PICTURE_DEADLINE_SECONDS
        async with wire.within(self._deadline_seconds or usual):
            completion = await self._chat.complete(message)
        cost = readers.micro_usd(self.model, completion.tokens_in, completion.tokens_out)
        failed = partial(
            wire.failure, cost_micro_usd=cost, provider_request_id=completion.provider_request_id
        )
        if completion.is_refused:
            raise failed("moderation")
        if not completion.is_complete:
            raise failed("bad_reply")
        try:
            value = self._value(completion.text, question, readers)
        except ValueError as error:
            raise failed("bad_reply") from error
        return ReaderAnswer(value, cost, completion.provider_request_id)

    async def open(self) -> None:
        await self._chat.open()

    async def close(self) -> None:
        await self._chat.close()

    def _message(self, question: Question[T], readers: Readers) -> Message:
        if isinstance(question, ReaderQuestion):
            return message_for(question, readers)
        if isinstance(question, PhotoQuestion):
            return photo_message(question, readers, self.model)
        assert isinstance(question, PictureQuestion)
        return picture_message(question, readers)

    def _value(self, text: str, question: Question[Any], readers: Readers) -> Any:
        if isinstance(question, ReaderQuestion):
            return answers_in(text, question)
        if isinstance(question, PhotoQuestion):
            return facts_in(text, question, readers.box_format(self.model))
        assert isinstance(question, PictureQuestion)
        return description_in(text)
