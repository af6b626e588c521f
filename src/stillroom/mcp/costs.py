"""Cost confirmation: a call that spends money first reports its cost, and runs within the caller's limit."""

from stillroom.application.jobs.orders import Order, usable_prompt
from stillroom.domain.providers.capabilities import LOCAL
from stillroom.domain.providers.requests import Operation
from stillroom.mcp.answers import Cost
from stillroom.mcp.calls import Call

_UNPRICED = (
    "The price of a picture with {provider} is not known, so no max_cost_usd can be kept. Name another "
    "provider, such as local, which costs nothing, or ask the operator to add the price to the model's card."
)
_ADVICE = "Ask the user, then call again with max_cost_usd={total:.4g} or more, or "


def cost_of(call: Call, operation: Operation, provider: str | None, pictures: int) -> Cost:
    """Return what pictures cost at the list price of the provider that would make them."""
    name, micro_usd = call.studio.price(operation, provider)
    return cost(name, micro_usd, pictures)


async def cost_with_reading(call: Call, order: Order) -> Cost:
    """Return what pictures cost, with the reader model that reads words which the rules do not understand.

    Raises:
        PromptInvalid: The prompt is unusable.
        NotFound: The picture does not exist.
    """
    # Figures alone are carried out locally, whichever clouds there are.
    name, micro_usd = call.studio.price(order.operation, LOCAL if order.is_exact else order.provider)
    text = usable_prompt(order.prompt, required=False)
    instructions, base = call.studio.instructions, order.variant_id
    reading = await instructions.reader_price(text, order.operation, call.owner_id, base) if text else 0
    return cost(name, micro_usd, order.candidates, reading)


def cost(provider: str, micro_usd: int | None, pictures: int, reading_micro_usd: int = 0) -> Cost:
    """Return the cost of pictures; `micro_usd` is the price of one in millionths of a US dollar, if known."""
    if micro_usd is None:
        advice = _UNPRICED.format(provider=provider)
        return Cost(
            provider=provider, pictures=pictures, usd_per_picture=None, estimate_usd=None, advice=advice
        )
    total = (micro_usd * pictures + reading_micro_usd) / 1e6
    advice = ""
    if micro_usd * pictures > 0:
        advice = f"This would spend about {total:.4g} USD with {provider}. " + _ADVICE.format(total=total)
        advice += "with provider=local, which costs nothing."
    elif total > 0:
        advice = f"Reading these words by a model would spend up to {total:.4g} USD. "
        advice += _ADVICE.format(total=total) + "use words like the phrases of list_looks."
    return Cost(
        provider=provider,
        pictures=pictures,
        usd_per_picture=micro_usd / 1e6,
        estimate_usd=total,
        advice=advice,
    )


def confirmed(cost: Cost) -> Cost:
    """Return the cost of a call that is carried out, without the advice to ask the user and call again."""
    return cost.model_copy(update={"advice": ""})


def is_confirmed(cost: Cost, max_cost_usd: float | None) -> bool:
    """Return whether a call may spend its cost.

    What is free needs no confirmation, and no limit can be kept by a model of unknown price.
    """
    if cost.estimate_usd is None:
        return False
    return cost.estimate_usd == 0 or (max_cost_usd is not None and max_cost_usd >= cost.estimate_usd)
