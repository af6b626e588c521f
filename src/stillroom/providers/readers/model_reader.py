"""Reader port over a vendor's chat API: deadline, cost, and validation of the answer."""

from collections.abc import Callable
from functools import partial

from stillroom.domain.errors import ContentRefused, ProviderUnavailable
from stillroom.domain.ports.readers import ReaderAnswer, ReaderQuestion
from stillroom.domain.readers import Readers
from stillroom.providers.adapters import wire
from stillroom.providers.readers.answers import answers_in, message_for
from stillroom.providers.readers.chats import MAX_OUTPUT_TOKENS, Chat

DEADLINE_SECONDS = 4.0
"""The whole call; a user waits for it before a job is accepted."""

_CHARACTERS_PER_TOKEN = 2.0
"""Low estimate: English has about four, Chinese about one and a half."""


class ModelReader:
    """A reader model; implements `Reader`."""

    def __init__(
        self, chat: Chat, readers: Callable[[], Readers], deadline_seconds: float = DEADLINE_SECONDS
    ) -> None:
        """`readers` returns the catalogue's current prices and instruction."""
        self.vendor = chat.vendor
        self.model = chat.model
        self.host = chat.host
        self._chat = chat
        self._readers = readers
        self._deadline_seconds = deadline_seconds

    def expected_micro_usd(self, question: ReaderQuestion) -> int:
        readers = self._readers()
        message = message_for(question, readers)
        tokens_in = round((len(message.system) + len(message.user)) / _CHARACTERS_PER_TOKEN)
        return readers.micro_usd(self.model, tokens_in, MAX_OUTPUT_TOKENS)

    async def read(self, question: ReaderQuestion) -> ReaderAnswer:
        readers = self._readers()
        token = wire.customers_words.set(question.text)
        try:
            async with wire.within(self._deadline_seconds):
                completion = await self._chat.complete(message_for(question, readers))
        finally:
            wire.customers_words.reset(token)
        cost = readers.micro_usd(self.model, completion.tokens_in, completion.tokens_out)
        failed = partial(
            wire.failure, cost_micro_usd=cost, provider_request_id=completion.provider_request_id
        )
        if completion.is_refused:
            raise failed(ContentRefused, "moderation")
        if not completion.is_complete:
            raise failed(ProviderUnavailable, "bad_reply")
        try:
            clauses = answers_in(completion.text, len(question.clauses))
        except ValueError as error:
            raise failed(ProviderUnavailable, "bad_reply") from error
        return ReaderAnswer(clauses, cost, completion.provider_request_id)

    async def open(self) -> None:
        await self._chat.open()

    async def close(self) -> None:
        await self._chat.close()
