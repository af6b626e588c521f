"""Sentences that say what to change in an invalid field."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

MOST_TOLD = 5
"""Maximum number of fields that the detail of an error describes; `params["fields"]` lists all."""

_WHOLE = "body"
"""Name of the field of an error about the body as a whole."""

_VALUE_ERROR = "Value error, "
"""Prefix of pydantic's messages for errors that a validator raised."""


class _Said(NamedTuple):
    """A predicate in both languages; `{limit}` is what is allowed."""

    en: str
    zh: str


_TEXT = _Said("must be text", "应为文字")
_NUMBER = _Said("must be a number", "应为数字")
_WHOLE_NUMBER = _Said("must be a whole number", "应为整数")
_YES_OR_NO = _Said("must be true or false", "应为 true 或 false")
_LIST = _Said("must be a list", "应为列表")
_OBJECT = _Said("must be an object with named fields", "应为带字段名的对象")
_COLOR = _Said("must be a colour such as #f4efe6", "应为颜色值，例如 #f4efe6")
_EMPTY = _Said("must not be empty", "不能为空")

_BY_REASON: Mapping[str, _Said] = {
    "missing": _Said("is missing", "缺失，请补上"),
    "extra_forbidden": _Said("is not a known field; leave it out", "不是已知字段，请去掉"),
    "greater_than_equal": _Said("must be {limit} or more", "不能小于 {limit}"),
    "greater_than": _Said("must be more than {limit}", "应大于 {limit}"),
    "less_than_equal": _Said("must be {limit} or less", "不能大于 {limit}"),
    "less_than": _Said("must be less than {limit}", "应小于 {limit}"),
    "finite_number": _NUMBER,
    "string_too_short": _Said("must have at least {limit} characters", "至少 {limit} 个字符"),
    "string_too_long": _Said("must have at most {limit} characters", "最多 {limit} 个字符"),
    "string_pattern_mismatch": _Said("must have the form {limit}", "格式应为 {limit}"),
    "too_short": _Said("needs {limit} or more entries", "至少要有 {limit} 项"),
    "too_long": _Said("takes {limit} entries or fewer", "最多 {limit} 项"),
    "literal_error": _Said("must be {limit}", "应为 {limit}"),
    "enum": _Said("must be {limit}", "应为 {limit}"),
    "string_type": _TEXT,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "bool_type": _YES_OR_NO,
    "bool_parsing": _YES_OR_NO,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
}

_CHINESE: Mapping[str, str] = {
    "needs prompt, changes or both, or else restore": "请填写 prompt、changes 或两者，或只填 restore",
    "needs either recipe_id or recipe": "请在 recipe_id 和 recipe 中填写一项",
    "needs either status or prompt": "请在 status 和 prompt 中填写一项",
    "names may only name presets that are asked for": "names 中只能出现所选的预设",
    "holds a character that is no text": "含有无法识别的字符",
    "is no day such as 2026-03-14": "应为日期，例如 2026-03-14",
    "reaches beyond the photo": "超出了照片范围",
    "names subjects or a box, not both": "subjects 和 box 只能填一项",
    "names no picture of yours; upload one with POST /upload?kind=backdrop and send its id": (
        "不是您的图片；请先用 POST /upload?kind=backdrop 上传，再填写它的 id"
    ),
    "names a subject that was not found in this photo": "包含这张照片里没有的主体",
}
"""Chinese for the messages of our own validators."""


def detail_of(fields: Sequence[Mapping[str, Any]], language: str) -> str:
    """Return a sentence for each invalid field, for the first few."""
    said = [_sentence(field, language) for field in fields[:MOST_TOLD]]
    return "".join(said) if language == "zh" else " ".join(said)


def explained(field: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return an invalid field with a message in the client's language."""
    return {**field, "message": _predicate(field, language)}


def _sentence(field: Mapping[str, Any], language: str) -> str:
    subject = "" if field["field"] == _WHOLE else f"{field['field']} "
    predicate = _predicate(field, language)
    if language == "zh":
        return f"{subject}{predicate}。"
    if not subject:
        subject = "The body " if predicate[0].islower() else ""
    return f"{subject}{predicate.rstrip('.')}."


def _predicate(field: Mapping[str, Any], language: str) -> str:
    reason, limit = str(field["reason"]), field.get("limit", "")
    said = _BY_REASON.get(reason)
    if reason == "string_pattern_mismatch" and str(limit).startswith("^#["):
        said = _COLOR
    if reason in ("string_too_short", "too_short") and limit == 1:
        said = _EMPTY
    if said is None:
        message = str(field["message"]).removeprefix(_VALUE_ERROR)
        return _CHINESE.get(message, message) if language == "zh" else message
    return (said.zh if language == "zh" else said.en).format(limit=_shown(limit, language))


def _shown(limit: object, language: str) -> str:
    """Return what is allowed without the quotes of the library, and numbers without a needless fraction."""
    if isinstance(limit, float):
        return f"{limit:g}"
    shown = str(limit).replace("'", "")
    return re.sub(r", | or ", "、", shown) if language == "zh" else shown
