"""The words for what stands behind the product, in Chinese and in English."""

import re

from stillroom.domain.colors import COLOR, NAMED_COLOR
from stillroom.domain.readings import (
    TAKEN,
    Act,
    blurs_scene,
    nearest_to_scene,
    paints,
    paints_plain,
    paints_two,
    sets,
    shades_backdrop,
    spotlights,
)

_END = rf"(?=$|[,.;:!?，。；：！？、\n{TAKEN}]|\s*(?:and|with|并且?|和)\b)"
_START = rf"(?:(?<=[,.;:!?，。；：！？、\n{TAKEN}])|^)\s*"
_LOOSE = (
    r"(?:高级|纯净|干净|简约|简洁|柔和|纯色|平铺|单色|渐变|清爽|温暖|质感|的|色|感"
    r"|premium|plain|clean|soft|smooth|seamless|studio|solid|simple|elegant|flat|pure|gradient"
    r"|subtle|fresh"
    r"|colou?red|colou?r|tone|\s|-"
    rf"|{TAKEN})*"
)
_BACKDROP = r"(?:背景|底色|底(?![部座下边端])|backdrop|background|backing|渐变|gradient)"
_BECOMES = (
    r"(?:颜色|colou?r|换成|改成|变成|改为|换为|设为|设成|调成|用|为|是|要|成|变|改|换"
    r"|(?<![a-z])(?:to|in|with|into|be|should|is|a|an|the)(?![a-z])|[:：=\s])*"
)


def _rule(pattern: str, act: Act) -> tuple[re.Pattern[str], Act]:
    return re.compile(pattern), act


_SCENE_BEFORE = (
    rf"(?:(?P<color>{NAMED_COLOR})的?[ -]?|(?P<dark>(?:深|暗|胡桃|dark)色?[ -]?)"
    r"|(?:浅|亮|原|light|rustic|bright)色?[ -]?)?"
)
_SCENE_AFTER = (
    r"(?:[ -]?(?:台面|桌面|桌|台|板|质感|纹理|纹|背景|场景|感|风格|风|布景|浅色|深色|的|top"
    r"|surface|table|tabletop|texture"
    r"|backdrop|background|setting|scene|countertop|counter|desk)(?![a-z]))*"
)


def _scene(words: str, color: str, edge_color: str) -> tuple[re.Pattern[str], Act]:
    pattern = rf"{_SCENE_BEFORE}(?:{words}){_SCENE_AFTER}"
    return _rule(pattern, nearest_to_scene(color, edge_color))


BACKDROP_RULES: tuple[tuple[re.Pattern[str], Act], ...] = (
    # Scenes first, since their words hold colours too.
    _scene(r"大理石|岩板|水磨石|石材|石头|marble|terrazzo|stone", "#f7f6f4", "#d9d6d2"),
    _scene(r"木纹|木质|原木|木头|木|胡桃木|橡木|wood(?:en)?|oak|walnut|timber", "#f4e8d7", "#d9c1a1"),
    _scene(
        r"(?:夏日|夏天)?(?:的)?(?:海滩|沙滩|海边|大海)|(?:summery? )?(?:light )?(?:beach"
        r"|seaside|sandy?|ocean)",
        "#f7eedd",
        "#cfe6f4",
    ),
    _scene(
        r"(?:中式|新中式)?(?:茶席|茶桌|茶室|茶台)|(?:chinese )?tea[ -]?(?:table|room|house"
        r"|ceremony)",
        "#efe4d0",
        "#c3a882",
    ),
    _scene(
        r"草地|草坪|森林|花园|户外|植物|绿植|grass|lawn|forest|garden|outdoors?|plants?"
        r"|leaves",
        "#edf3e6",
        "#c3d2b4",
    ),
    _scene(
        r"客厅|卧室|厨房|浴室|室内|书房|餐桌|咖啡[厅馆]|living[ -]room|bedroom|kitchen"
        r"|bathroom|indoors?|interior|caf[eé]",
        "#f5efe6",
        "#dccdb9",
    ),
    _scene(r"街道|街头|城市|夜景|霓虹|street|city|urban|neon|night", "#e4e6ea", "#b3b8c1"),
    _scene(r"水泥|混凝土|工业风?|concrete|cement|industrial", "#e6e6e4", "#b9b9b6"),
    _scene(r"丝绸|绸缎|布料|亚麻|丝绒|绒面|绒布|silk|satin|linen|velvet|fabric", "#f5ece4", "#dccabb"),
    _scene(
        r"圣诞|新年|春节|节日|雪地?|雪景|christmas|new year|festive|snowy?"
        r"|holiday",
        "#f7f4f2",
        "#d8d2d0",
    ),
    _rule(
        r"透明(?:背景|底)?|抠图|去(?:除|掉)?背景|去底|免抠|无背景|(?:transparent"
        r"|no) (?:background|backdrop)|transparent"
        r"|(?:remove|delete|cut out)(?: the)? (?:background|backdrop)|cut[ -]?out",
        sets("backdrop", kind="transparent"),
    ),
    _rule(
        rf"(?:从)?(?P<color>{COLOR})\s*(?:渐变)?(?:到|至|过渡到| to "
        rf"| and )\s*(?P<second>{COLOR}){_LOOSE}{_BACKDROP}",
        paints_two,
    ),
    _rule(
        r"背景(?:再|更|稍微?|变|调)*(?:暗|深)(?:一?[点些])?|(?:调暗|压暗|加深)背景"
        r"|darker (?:background|backdrop)"
        r"|(?:darken|make)(?: the)? (?:background|backdrop)(?: darker| a bit darker)?(?= |$)(?! to| in)",
        shades_backdrop(-0.25),
    ),
    _rule(
        r"背景(?:再|更|稍微?|变|调)*(?:亮|浅|淡)(?:一?[点些])|(?:调亮|提亮)背景"
        r"|lighter (?:background|backdrop)|lighten(?: the)? (?:background|backdrop)",
        shades_backdrop(0.35),
    ),
    _rule(rf"(?P<color>{COLOR}){_LOOSE}(?:{_BACKDROP}[ ]?)+", paints),
    _rule(rf"{_BACKDROP}{_BECOMES}{_LOOSE}(?P<color>{COLOR}){_LOOSE}", paints),
    _rule(rf"(?<![a-z])on (?:an? |the )?{_LOOSE}(?P<color>{COLOR}){_LOOSE}{_END}", paints),
    _rule(rf"{_START}{_LOOSE}(?P<color>{NAMED_COLOR}){_LOOSE}{_END}", paints),
    _rule(
        r"浅景深|(?:背景|后景)(?:虚化|模糊)|虚化(?:背景)?|shallow depth of field|blur(?:red"
        r"|ry)?(?: the)? (?:background|backdrop)|bokeh",
        blurs_scene,
    ),
    _rule(
        rf"(?:纯色|简洁|简约|干净|渐变|摄影棚|影棚|plain|clean|simple|studio|gradient"
        rf"|neutral)[ 的]?{_BACKDROP}",
        paints_plain,
    ),
    _rule(r"聚光灯?(?:效果)?|spot-?light(?:ing)?", spotlights),
)
"""In the order in which they are tried."""
