"""Reader model in `stillroom doctor --providers`: whether it answers in time, and at what price."""

from stillroom.bootstrap.providers import try_reader
from stillroom.cli.environment import Finding
from stillroom.domain.errors import StillroomError
from stillroom.domain.providers.readers import ReaderTrial
from stillroom.domain.words import Words
from stillroom.settings import Settings

KINDS = {"text": Words(zh="文字", en="text"), "picture": Words(zh="图片", en="picture")}

WHY = {
    "E_AI_AUTH": Words(zh="密钥无效", en="the key is not accepted"),
    "E_AI_TIMEOUT": Words(zh="没有在时限内答复", en="no answer within the deadline"),
    "E_AI_RATE_LIMITED": Words(zh="被限流", en="rate-limited"),
    "E_AI_CONTENT_REFUSED": Words(zh="拒绝了请求", en="declined the request"),
}

REMEDIES = {
    "E_AI_AUTH": Words(zh="检查 READER_API_KEY。", en="Check READER_API_KEY."),
    "E_AI_TIMEOUT": Words(
        zh="换一个更快的 READER_MODEL，或检查到 READER_BASE_URL 的网络。",
        en="Choose a faster READER_MODEL, or check the network to READER_BASE_URL.",
    ),
    "E_AI_RATE_LIMITED": Words(
        zh="稍后再试，或检查账户额度。", en="Try again later, or check the quota of the account."
    ),
}

OTHERWISE = {
    "text": Words(
        zh="检查 READER_BASE_URL 和 READER_MODEL；在此之前只按规则读描述。",
        en="Check READER_BASE_URL and READER_MODEL. Until then instructions are read by rules alone.",
    ),
    "picture": Words(
        zh="检查这个模型能不能看图片，或去掉 READER_SEES_PHOTOS。",
        en="Check that this model accepts pictures, or unset READER_SEES_PHOTOS.",
    ),
}


async def findings(settings: Settings, language: str) -> list[Finding]:
    """Ask the reader model tiny questions, which cost a fraction of a cent at most."""
    tried = await try_reader(settings)
    if tried is None:
        nothing = Words(
            zh="没有配置阅读模型，只按规则读描述。", en="none is set up; instructions are read by rules alone"
        )
        return [Finding("Reader", "ok", nothing.to(language))]
    model, trials = tried
    return [_finding(model, trial, language) for trial in trials]


def _finding(model: str, trial: ReaderTrial, language: str) -> Finding:
    subject = f"reader/{model} ({KINDS[trial.kind].to(language)})"
    cost = f"${trial.cost_micro_usd / 1e6:.6f}" if trial.cost_micro_usd else None
    if trial.error is None:
        priced = Words(
            zh=f"{trial.seconds:.1f} 秒内答复，{f'花费 {cost}' if cost else '价格未知'}",
            en=f"answers in {trial.seconds:.1f} s, {f'for {cost}' if cost else 'at an unknown price'}",
        )
        return Finding(subject, "ok", priced.to(language))
    fact = _why(trial.error).to(language)
    remedy = REMEDIES.get(trial.error.code, OTHERWISE[trial.kind]).to(language)
    return Finding(subject, "warn", f"{fact} ({trial.seconds:.1f} s)", remedy)


def _why(error: StillroomError) -> Words:
    reason = str(error.params.get("reason", error.code))
    if reason == "bad_reply":
        return Words(zh="答复不合格式", en="the answer is not in the required form")
    return WHY.get(error.code, Words(zh=f"没有答复：{reason}", en=f"no answer: {reason}"))
