"""Messages of vendors, logged without keys and without the prompt."""

import structlog

_QUOTED = 400  # characters of a vendor's message that are logged
_QUOTED_LETTERS, _QUOTED_SIGNS = 8, 3
"""Shortest match that counts as a quotation, in characters: of ASCII text, and of Chinese text."""

log = structlog.get_logger(__name__)


def log_failure(
    provider: str, model: str, said: object, secrets: tuple[str, ...], prompt: str, **facts: object
) -> None:
    """Log a vendor's message, truncated, with keys and the prompt redacted."""
    words = str(said)
    for secret in secrets:
        words = words.replace(secret, "********") if secret else words
    words = _without(words[: 4 * _QUOTED], prompt)
    log.warning("provider_said", model_name=f"{provider}/{model}", said=words[:_QUOTED], **facts)


def _without(said: str, private: str) -> str:
    """Redact every stretch that also occurs in the private text, because vendors quote the prompt."""
    quoted = {
        private[at : at + length]
        for length in (_QUOTED_LETTERS, _QUOTED_SIGNS)
        for at in range(len(private) - length + 1)
        if length == _QUOTED_LETTERS or not private[at : at + length].isascii()
    }
    blots = {
        at + offset
        for length in (_QUOTED_LETTERS, _QUOTED_SIGNS)
        for at in range(len(said) - length + 1)
        if said[at : at + length] in quoted
        for offset in range(length)
    }
    return "".join("*" if at in blots else sign for at, sign in enumerate(said))
