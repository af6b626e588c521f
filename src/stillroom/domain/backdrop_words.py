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
    stages,
    stands_on_paper,
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
    r"(?:[ -]?(?:台面|桌面|桌|台|板|质感|纹理|纹|背景|场景|感|风格|风|布景|浅色|深色|的|top|ledge"
    r"|surface|table|tabletop|texture"
    r"|backdrop|background|setting|scene|countertop|counter|desk)(?![a-z]))*"
)


_NOT = (
    r"(?P<no>(?:不要|不用|别用|别要|去掉|不是|(?<![a-z])(?:no|not|without|instead of|remove))\s*"
    r"(?:the |a |an )?)?"
)
_PAPER = (
    r"(?:背景纸|无缝纸|卡纸|彩纸|纸(?=背景|底)|(?:seamless |backdrop |background )?paper(?![a-z]))"
    r"(?:[ -]?(?:背景|底|sweep|backdrop|background))*"
)


def _scene(
    words: str, scene: str | None, usual: str = "", *, is_near: bool = False
) -> tuple[re.Pattern[str], Act]:
    pattern = rf"{_NOT}{_SCENE_BEFORE}(?:{words}){_SCENE_AFTER}"
    return _rule(pattern, stages(scene, usual, is_near=is_near))


def _painted(words: str, color: str, edge_color: str) -> tuple[re.Pattern[str], Act]:
    pattern = rf"{_SCENE_BEFORE}(?:{words}){_SCENE_AFTER}"
    return _rule(pattern, nearest_to_scene(color, edge_color))


SCENE_RULES: tuple[tuple[re.Pattern[str], Act], ...] = (
    _rule(
        rf"(?:温?暖|中)?(?:浅|高级)?灰色?的?{_PAPER}|(?:warm |mid )?gr[ea]y {_PAPER}", stages("paper_grey")
    ),
    _rule(rf"(?P<color>{COLOR})的?[ -]?(?:马卡龙|莫兰迪)?色?{_PAPER}", stands_on_paper),
    _rule(
        rf"(?:彩色的?|马卡龙色?|莫兰迪色?|糖果色|pastel |colou?red |tinted ){_PAPER}?(?:背景|backdrop"
        r"|background)?",
        stands_on_paper,
    ),
    _rule(_PAPER, stages("paper_grey")),
    # Places before materials: a garden stone is a garden.
    _scene(
        r"花园|庭院|院子|户外|室外|绿植|植物|绿叶|园林|(?:in )?(?:the |a )?garden(?:[ -]stone)?|outdoors?"
        r"|outside|greenery|plants?|leaves|foliage",
        "stone_garden",
        "绿|green",
    ),
    _scene(r"草地|草坪|森林|树林|grass|lawn|forest|woods|meadow", "stone_garden", is_near=True),
    _scene(
        r"(?:自然光|阳光|晨光|日光|光影)(?:的|照射?的?)*(?=窗|桌|台|背景|场景|氛围|下)(?:下|窗边|窗前|窗台)?"
        r"|窗边(?:自然)?光?|窗前|窗台|窗户?(?:的)?(?:光|影|光影)(?:线)?|窗边|(?:树|叶|棕榈)影"
        r"|斑驳(?:的)?(?:光影|树影)"
        r"|(?:natural |morning |soft |warm )?window[ -]?(?:light|sill|shadows?)?(?:lit)?"
        r"|dappled (?:sun)?light|leaf shadows?|sun-?lit(?: scene| table)?",
        "natural_light",
    ),
    _scene(r"(?:浅色|浅|白|light|pale)[ -]?(?:色|的)*(?:木纹|木质|木桌|木头|wood(?:en)?)", "natural_light"),
    _scene(
        r"客厅|卧室|室内|书房|居家|家居|living[ -]room|bedroom|indoors?|interior|at home",
        "natural_light",
        is_near=True,
    ),
    _scene(r"厨房|浴室|kitchen|bathroom", "marble_white", is_near=True),
    _scene(
        r"(?:中式|新中式)?(?:茶席|茶桌|茶室|茶台)|(?:chinese )?tea[ -]?(?:table|room|house|ceremony)",
        "wood_oak",
        is_near=True,
    ),
    _scene(r"餐桌|咖啡[厅馆]|caf[eé]|dining table", "wood_oak", is_near=True),
    _scene(r"街道|街头|城市|street|city|urban", "concrete_ledge", is_near=True),
    # Materials.
    _scene(r"石板|岩板|页岩|slate", "slate_dark", "深|暗|黑|灰|dark|black|gr[ea]y"),
    _scene(r"(?:黑|深|暗)色?的?大理石|(?:black|dark) marble", "slate_dark", is_near=True),
    _scene(r"大理石|石材|marble|stone (?=top|counter|surface|slab)", "marble_white", "白|浅|white|light"),
    _scene(
        r"清?水泥|混凝土|微水泥|工业风?|侘寂风?|concrete|cement|industrial|wabi-?sabi",
        "concrete_ledge",
        "灰|gr[ea]y",
    ),
    _scene(r"水磨石|terrazzo", "concrete_ledge", is_near=True),
    _scene(r"石头|岩石|石台|stones?(?![a-z])|rocks?(?![a-z])", "stone_garden", "灰|gr[ea]y"),
    _scene(r"胡桃木|黑胡桃|walnut", "wood_oak", is_near=True),
    _scene(
        r"木纹|木质|原木|木头|橡木|实木|暖木|木桌|木板|木台|木色|木(?=$|背景|桌|台|底|面|板|感|风|，|,)"
        r"|(?:oak |warm |rustic )*(?:wood(?:en)?|oak|timber|plank)(?:[ -]grain)?(?![a-z])",
        "wood_oak",
        "暖|棕|褐|warm|brown",
    ),
    _scene(
        r"亚麻|棉麻|麻布|桌布|布面|布料|织物|linen|tablecloth|cloth|fabric|cotton",
        "linen",
        "米|白|beige|cream|white|natural",
    ),
    _scene(
        r"展示?台|圆台|底座|石膏|台座|几何体|podium|pedestal|plinth|plaster",
        "podium_plaster",
        "白|米|white|beige|cream",
    ),
    _painted(
        r"(?:夏日|夏天)?(?:的)?(?:海滩|沙滩|海边|大海)"
        r"|(?:summery? )?(?:light )?(?:beach|seaside|sandy?|ocean)",
        "#f7eedd",
        "#cfe6f4",
    ),
    _painted(r"夜景|霓虹|neon|night", "#4a4d58", "#14151c"),
    _painted(r"丝绸|绸缎|丝绒|绒面|绒布|silk|satin|velvet", "#f5ece4", "#dccabb"),
    _painted(
        r"圣诞|新年|春节|节日|雪地?|雪景|christmas|new year|festive|snowy?|holiday", "#f7f4f2", "#d8d2d0"
    ),
    _scene(
        r"(?:真实|生活|使用|应用|实拍|氛围)(?:化|感)?的?(?:场景|环境)(?:图|背景)?|场景图"
        r"|场景化?(?=背景|$|[，,。])"
        r"|实景|(?:a |an |some )?(?:lifestyle|real(?:istic|-life)?|natural)"
        r" (?:scene|setting|environment|background|backdrop)|lifestyle(?: shot| photo)?",
        None,
    ),
)
"""Scenes, tried before the shadow and the light on the product, since windows cast shadows too."""

BACKDROP_RULES: tuple[tuple[re.Pattern[str], Act], ...] = (
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
        r"浅景深|(?:背景|后景)(?:再|更|稍微?|变)*(?:虚化?|模糊)(?:一?[点些])?|虚化(?:背景)?"
        r"|shallow depth of field|blur(?:red"
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
