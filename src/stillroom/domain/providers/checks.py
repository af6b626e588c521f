"""Result of checking a provider's key, address and model, in words that say what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

from stillroom.domain.errors import (
    ProviderRateLimited,
    ProviderRejectedRequest,
    ProviderTimeout,
    StillroomError,
)
from stillroom.domain.providers.reasons import FailureFacts
from stillroom.domain.words import Words

Verdict = Literal["ok", "warn", "fail"]

_PREFIXES = MappingProxyType(
    {
        "gemini": ("GEMINI", "GEMINI_MODEL"),
        "sora": ("SORA", "SORA_MODEL"),
        "chatgpt": ("OPENAI", "OPENAI_IMAGE_MODEL"),
        "seedream": ("ARK", "ARK_IMAGE_MODEL"),
        "qwen": ("DASHSCOPE", "DASHSCOPE_IMAGE_MODEL"),
    }
)
"""Prefix of a provider's settings, and the setting of its model."""

_TEXTS: Mapping[str, tuple[Verdict, str, str]] = MappingProxyType(
    {
        "ok": ("ok", "密钥、地址和模型都可用。", "Key, address and model work."),
        "leaving": (
            "warn",
            "密钥、地址和模型都可用，但 {model} 将于 {day} 停止服务，请提前更换 {model_setting}。",
            "Key, address and model work, but {model} will be shut down on {day}. Change {model_setting} "
            "in time.",
        ),
        "unlisted": (
            "warn",
            "密钥和地址可用。服务商的模型列表里没有 {model}，但列表可能不全，请生成一张图片确认。",
            "Key and address work. The vendor's list does not name {model}, but it may be incomplete; "
            "make one picture to be sure.",
        ),
        "no_list": (
            "warn",
            "地址有响应，但没有模型列表可查，无法免费确认密钥和模型，请生成一张图片确认。",
            "The address answers but has no list of models, so key and model cannot be checked for free; "
            "make one picture to be sure.",
        ),
        "model": (
            "fail",
            "密钥和地址可用，但没有模型 {model}。请核对 {model_setting}，或先在服务商控制台开通该模型。",
            "Key and address work, but there is no model {model}. Check {model_setting}, or activate the "
            "model in the vendor's console.",
        ),
        "retired": (
            "fail",
            "{model} 已于 {day} 停止服务，请更换 {model_setting}。",
            "{model} has been retired since {day}. Choose another model in {model_setting}.",
        ),
        "key": (
            "fail",
            "密钥无效。请核对 {prefix}_API_KEY，并确认密钥与 {prefix}_BASE_URL 属于同一家服务商和同一地域。",
            "The key is not accepted. Check {prefix}_API_KEY, and that it belongs to the vendor and region "
            "of {prefix}_BASE_URL.",
        ),
        "permission": (
            "fail",
            "密钥有效，但没有使用权限。请在服务商控制台为它授权。",
            "The key is known but not allowed to do this. Grant it access in the vendor's console.",
        ),
        "quota": (
            "fail",
            "账户欠费或额度已用完，请充值或提高额度。",
            "The account is in arrears or its quota is used up. Top it up or raise the limit.",
        ),
        "rate_limited": (
            "warn",
            "服务商正在限流，请一分钟后再检查。",
            "The vendor is limiting requests right now. Check again in a minute.",
        ),
        "region": (
            "fail",
            "服务商不在本服务器所在的地域提供服务，或者账户尚未开通。"
            "请更换 {prefix}_BASE_URL、设置 {prefix}_PROXY，或开通服务。",
            "The vendor does not serve this server's region, or the service is not activated. Set another "
            "{prefix}_BASE_URL or a {prefix}_PROXY, or activate the service.",
        ),
        "unreachable": (
            "fail",
            "连接不上。请检查网络、{prefix}_BASE_URL 和 {prefix}_PROXY。",
            "The address cannot be reached. Check the network, {prefix}_BASE_URL and {prefix}_PROXY.",
        ),
        "timeout": (
            "warn",
            "服务商没有及时响应。请稍后再检查；如果总是这样，请检查网络和 {prefix}_PROXY。",
            "The vendor did not answer in time. Check again later; if it stays like this, check the network "
            "and {prefix}_PROXY.",
        ),
        "vendor": (
            "warn",
            "服务商内部出错，与设置无关，请稍后再检查。",
            "The vendor has a fault of its own; the settings are not the cause. Check again later.",
        ),
        "address": (
            "fail",
            "这个地址上的服务不是预期的接口。请核对 {prefix}_BASE_URL。",
            "What answers at the address does not speak this vendor's interface. Check {prefix}_BASE_URL.",
        ),
    }
)
"""Verdict, Chinese and English text by code."""


@dataclass(frozen=True, slots=True)
class ProviderCheck:
    """Result for one provider; contains no key and no address.

    Attributes:
        code: Constant word for the result, such as `key`.
        verdict: `ok`, `warn` (cannot be confirmed, or will end soon) or `fail`.
        words: What was found and what to do.
    """

    provider: str
    model: str
    code: str
    verdict: Verdict
    words: Words


def check_of(provider: str, model: str, code: str, day: date | None = None) -> ProviderCheck:
    """Return a result with its texts.

    Args:
        code: A code of the table of texts.
        day: Last day of the model, for `leaving` and `retired`.
    """
    prefix, model_setting = _PREFIXES.get(provider, (provider.upper(), f"{provider.upper()}_MODEL"))
    facts = {"prefix": prefix, "model_setting": model_setting, "model": model, "day": day}
    verdict, zh, en = _TEXTS[code]
    words = Words(zh=zh.format_map(facts), en=en.format_map(facts))
    return ProviderCheck(provider, model, code, verdict, words)


def code_of(error: StillroomError) -> str:
    """Return the code for a failure to read the vendor's model list."""
    reason = FailureFacts.of(error).reason
    if isinstance(error, ProviderRejectedRequest):
        return "key" if reason == "key" else "permission"
    if isinstance(error, ProviderRateLimited):
        return "quota" if reason == "quota" else "rate_limited"
    if isinstance(error, ProviderTimeout):
        return "timeout"
    if reason in ("region", "region_or_billing"):
        return "region"
    if reason in ("unreachable", "connection"):
        return "unreachable"
    if reason in ("model_not_found", "endpoint_gone"):
        return "no_list"
    return "vendor" if reason.startswith("http_5") else "address"
