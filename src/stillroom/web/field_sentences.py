"""Sentences that say what to change in an invalid field."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from stillroom.domain.exports.file_names import MAX_NAME_CHARACTERS
from stillroom.domain.words import Words

MAX_SENTENCES = 5
"""Maximum number of fields that the detail of an error describes; `params["fields"]` lists all."""

_WHOLE = "body"
"""Name of the field of an error about the body as a whole."""

_VALUE_ERROR = "Value error, "
"""Prefix of pydantic's messages for errors that a validator raised."""


_TEXT = Words(en="must be text", zh="应为文字")
_NUMBER = Words(en="must be a number", zh="应为数字")
_WHOLE_NUMBER = Words(en="must be a whole number", zh="应为整数")
_YES_OR_NO = Words(en="must be true or false", zh="应为 true 或 false")
_LIST = Words(en="must be a list", zh="应为列表")
_OBJECT = Words(en="must be an object with named fields", zh="应为带字段名的对象")
_COLOR = Words(en="must be a colour such as #f4efe6", zh="应为颜色值，例如 #f4efe6")
_EMPTY = Words(en="must not be empty", zh="不能为空")

# `{limit}` is what is allowed.
_BY_REASON: Mapping[str, Words] = {
    "missing": Words(en="is missing", zh="缺失，请补上"),
    "extra_forbidden": Words(en="is not a known field; leave it out", zh="不是已知字段，请去掉"),
    "greater_than_equal": Words(en="must be {limit} or more", zh="不能小于 {limit}"),
    "greater_than": Words(en="must be more than {limit}", zh="应大于 {limit}"),
    "less_than_equal": Words(en="must be {limit} or less", zh="不能大于 {limit}"),
    "less_than": Words(en="must be less than {limit}", zh="应小于 {limit}"),
    "finite_number": _NUMBER,
    "string_too_short": Words(en="must have at least {limit} characters", zh="至少 {limit} 个字符"),
    "string_too_long": Words(en="must have at most {limit} characters", zh="最多 {limit} 个字符"),
    "string_pattern_mismatch": Words(en="must have the form {limit}", zh="格式应为 {limit}"),
    "too_short": Words(en="needs {limit} or more entries", zh="至少要有 {limit} 项"),
    "too_long": Words(en="takes {limit} entries or fewer", zh="最多 {limit} 项"),
    "too_many": Words(en="takes {limit} entries or fewer", zh="最多 {limit} 项"),
    "literal_error": Words(en="must be {limit}", zh="应为 {limit}"),
    "enum": Words(en="must be {limit}", zh="应为 {limit}"),
    "no_effect": Words(
        en="has an effect only on a backdrop of kind {limit}; choose that kind, or leave it out",
        zh="只对 kind 为 {limit} 的背景有效，请改用这种背景，或去掉这个字段",
    ),
    "no_shadow": Words(
        en="has an effect only with a shadow; set shadow.kind to {limit}, or leave it out",
        zh="只在有影子时有效，请把 shadow.kind 设为 {limit}，或去掉这个字段",
    ),
    "no_direction": Words(
        en="has an effect only on a light from a side; set {limit}, or leave it out",
        zh="只在指定了光线方向时有效，请设置 {limit}，或去掉这个字段",
    ),
    "too_many_files": Words(
        en="would make more than {limit} files; export fewer pictures or presets at once",
        zh="会生成超过 {limit} 个文件，请减少图片或预设，分几次导出",
    ),
    "no_json": Words(
        en="must be JSON with the header Content-Type: application/json",
        zh="应为 JSON，并带请求头 Content-Type: application/json",
    ),
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
    "was sent twice; upload each picture by itself": "出现了多次，请一次只上传一张图片",
    "holds a character that is no text": "含有无法识别的字符",
    "is no day such as 2026-03-14": "应为日期，例如 2026-03-14",
    "reaches beyond the photo": "超出了照片范围",
    "names subjects or a box, not both": "subjects 和 box 只能填一项",
    "names no backdrop of yours; upload one with POST /upload?kind=backdrop and send its id": (
        "不在您的背景图库里；请先用 POST /upload?kind=backdrop 上传，再填写它的 id"
    ),
    "is no part of a plan": "不是方案的组成部分",
    "is no field of this part": "不是这一部分的字段",
    "is no known scene": "不是已有的场景",
    "has a wish twice; send each id once": "中有重复的要求，每个 id 只能出现一次",
    "needs every locked wish with its text": "应原样保留所有锁定的要求",
    "needs a letter or digit": "至少要有一个字母或数字",
    f"may have at most {MAX_NAME_CHARACTERS} characters": f"最多 {MAX_NAME_CHARACTERS} 个字符",
    'may not have any of < > : " / \\ | ? *': '不能含有 < > : " / \\ | ? *',
    "is a name that some systems cannot store": "是有些系统无法保存的名称",
    "has an unknown field": "含有未知的字段",
    "names a subject that was not found in this photo": "包含这张照片里没有的主体",
}
"""Chinese for the messages of our own validators."""


def detail_of(fields: Sequence[Mapping[str, Any]], language: str) -> str:
    """Return a sentence for each invalid field, for the first few."""
    words = [_sentence(field, language) for field in fields[:MAX_SENTENCES]]
    return "".join(words) if language == "zh" else " ".join(words)


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
    words = _BY_REASON.get(reason)
    if reason == "string_pattern_mismatch" and str(limit).startswith("^#["):
        words = _COLOR
    if reason in ("string_too_short", "too_short") and limit == 1:
        words = _EMPTY
    if words is None:
        message = str(field["message"]).removeprefix(_VALUE_ERROR)
        return _in_chinese(message) if language == "zh" else message
    return words.to(language).format(limit=_shown(limit, language))


def _in_chinese(message: str) -> str:
    words, _, known = message.partition("; there are ")
    if known and words in _CHINESE:
        return f"{_CHINESE[words]}，可用的有 {known.replace(', ', '、')}"
    return _CHINESE.get(message, message)


def _shown(limit: object, language: str) -> str:
    """Return what is allowed without the quotes of the library, and numbers without a needless fraction."""
    if isinstance(limit, float):
        return f"{limit:g}"
    shown = str(limit).replace("'", "")
    return re.sub(r", | or ", "、", shown) if language == "zh" else shown
