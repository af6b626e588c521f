"""Delay before the next attempt of a job."""

BASE_SECONDS = 1.0
"""Upper bound of the first delay; doubles with every attempt."""

CAP_SECONDS = 60.0
"""Maximum delay."""


def backoff_seconds(attempt: int, random: float) -> float:
    """Exponential backoff with full jitter.

    Args:
        random: Uniform in [0, 1).

    Returns:
        Seconds, from 0 up to `min(CAP_SECONDS, BASE_SECONDS * 2 ** (attempt - 1))`.

    Source:
        M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015, "full jitter".
    """
    return random * min(CAP_SECONDS, BASE_SECONDS * 2.0 ** (attempt - 1))
