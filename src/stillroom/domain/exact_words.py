"""The words that take a wish back, leave a part alone, or give a number, in Chinese and in English."""

import re

from stillroom.domain.readings import (
    MIRED_STEP,
    Act,
    adds,
    exposes_by,
    fills_to,
    hardens_light,
    lights_from,
    moves_by,
    nothing,
    restores,
    scales_contrast,
    scales_saturation,
    sets_kelvin,
    takes_out_cast,
    told_back,
    warms_by,
)


def _rule(pattern: str, act: Act) -> tuple[re.Pattern[str], Act]:
    return re.compile(pattern), act


_PARTS = {
    "light": (r"光线?|灯光|打光|光照|布光|光源", r"light(?:ing)?"),
    "shadow": (r"阴影|投影|影子", r"shadows?"),
    "tone": (r"颜色|色调|色温|色彩|亮度|曝光|调色", r"colou?rs?|tones?|brightness|exposure|white balance"),
    "framing": (r"大小|位置|构图|尺寸|比例", r"size|position|framing|composition|crop"),
    "detail": (r"锐度|清晰度|锐化|降噪", r"sharpness|sharpening|denoising"),
}
_BACK = r"(?:恢复|重置|撤销|撤回|回到|换回|改回|取消)(?:到|成|为|了)?"
_FORMER = r"(?:原来|原本|最初|之前|以前|初始|默认|原始|照片|原图|原)?(?:时候?)?的?"
_AS_IT_WAS = r"(?:原来|原样|默认|之前|最初|原状|初始)?(?:的?(?:样子|状态|设置))?"
_EN_BACK = r"(?:restore|reset|undo|revert|bring back|go back to)(?: to)?(?: the| its| my)?"
_EN_FORMER = r"(?: original| old| previous| former| default| initial)?"
_LEAVE = r"(?:不要?|别|勿)(?:再)?(?:改变?|动|调整?|碰|变)(?:动|了)?"


def _restoring(part: str) -> tuple[re.Pattern[str], Act]:
    zh, en = _PARTS[part]
    return _rule(
        rf"{_BACK}{_FORMER}(?:{zh})|(?:{zh})(?:恢复|还原|回到|改回|调回)(?:到|成|为)?{_AS_IT_WAS}"
        rf"|(?:原来|最初|原始)的(?:{zh})"
        rf"|{_EN_BACK}{_EN_FORMER} (?:{en})|(?:the )?(?:original|former) (?:{en})"
        rf"|(?:{en}) (?:back )?(?:as|to|like) (?:it was|the original|in the photo|before)",
        restores(part),
    )


def _leaving(part: str) -> tuple[re.Pattern[str], Act]:
    zh, en = _PARTS[part]
    return _rule(
        rf"{_LEAVE}(?:原来)?的?(?:{zh})|(?:{zh}){_LEAVE}|(?:{zh})(?:保持|维持)?不变"
        rf"|(?:don'?t|do not) (?:change|touch) the (?:{en})|leave the (?:{en})(?: alone"
        rf"| as (?:it is|they are))?"
        rf"|(?:keep|preserve) (?:the |this )?(?:same )?(?:{en})",
        nothing,
    )


_PERCENT = r"\d{1,3}(?:\.\d+)?\s*[%％]"
_MORE, _LESS = r"(?:提高|增加|增强|加强|调高|提升|上调)", r"(?:降低|减少|减弱|调低|下调|减)"

EXACT_RULES: tuple[tuple[re.Pattern[str], Act], ...] = (
    _rule(
        r"(?:恢复|还原|换回|回到|改回|用)(?:到|成|为)?(?:原来|原本|最初|原始|照片|原图"
        r"|原)?(?:的)?(?:背景|场景)(?!纸)"
        r"|(?:restore|bring back|go back to)(?: the| my)?(?: original| old)? (?:background|backdrop|scene)"
        r"|(?:the )?original (?:background|backdrop|scene)",
        restores("backdrop"),
    ),
    *(_restoring(part) for part in _PARTS),
    *(_leaving(part) for part in _PARTS),
    _rule(
        r"(?:全部|所有|一切)(?:的?(?:修改|设置|改动))?(?:恢复|还原|重置|撤销)|(?:恢复"
        r"|重置)(?:默认|全部|所有)(?:设置)?|重新开始"
        r"|(?:reset|undo|restore|revert) (?:everything|all(?: changes)?)|start (?:over|again)"
        r"|back to default",
        restores("all"),
    ),
    # Numbers.
    _rule(
        rf"(?:放大|缩小|拉近|调整?)(?:产品|商品|主体)?到\s*{_PERCENT}|{_PERCENT} ?(?:fill|of the (?:frame"
        rf"|picture|image|canvas))"
        rf"|(?:enlarge|scale|zoom|resize)(?: it| the product)? to \s*{_PERCENT}"
        r"|占(?:满|据)?(?:整个)?(?:画面|图片)?的?(?:一半|二分之一|三分之二|四分之三)"
        r"|(?:fill|take up)s? (?:half|two thirds|three quarters)(?: of)? the (?:frame|picture|image)",
        fills_to,
    ),
    _rule(
        rf"(?:画面|整体)?(?:亮度|曝光)(?:补偿)?(?:{_MORE}|\+)\s*\d+(?:\.\d+)?\s*(?:[%％]|档|ev)?"
        rf"|{_MORE}(?:亮度|曝光)\s*\d+(?:\.\d+)?\s*(?:[%％]|档|ev)?|\+\s*\d+(?:\.\d+)?\s*(?:ev|stops?|档)",
        exposes_by(1),
    ),
    _rule(
        rf"(?:画面|整体)?(?:亮度|曝光)(?:补偿)?(?:{_LESS}|-)\s*\d+(?:\.\d+)?\s*(?:[%％]|档|ev)?"
        rf"|{_LESS}(?:亮度|曝光)\s*\d+(?:\.\d+)?\s*(?:[%％]|档|ev)?|-\s*\d+(?:\.\d+)?\s*(?:ev|stops?|档)",
        exposes_by(-1),
    ),
    _rule(
        rf"(?:色彩)?饱和度?(?:{_MORE}|\+)\s*{_PERCENT}|(?:increase|raise)(?: the)? saturation by {_PERCENT}"
        rf"|{_PERCENT} more saturat(?:ed|ion)",
        scales_saturation(1),
    ),
    _rule(
        rf"(?:色彩)?饱和度?(?:{_LESS}|-)\s*{_PERCENT}|(?:reduce|lower"
        rf"|decrease)(?: the)? saturation by {_PERCENT}"
        rf"|{_PERCENT} less saturat(?:ed|ion)",
        scales_saturation(-1),
    ),
    _rule(
        rf"对比度?(?:{_MORE}|\+)\s*{_PERCENT}|(?:increase|raise)(?: the)? contrast by {_PERCENT}",
        scales_contrast(1),
    ),
    _rule(
        rf"对比度?(?:{_LESS}|-)\s*{_PERCENT}|(?:reduce|lower|decrease)(?: the)? contrast by {_PERCENT}",
        scales_contrast(-1),
    ),
    _rule(
        r"(?:色温|光线|灯光)?(?:调?(?:到|成|为)|设为)?\s*\d{4,5}\s*k(?:elvin)?(?![a-z])(?: light)?",
        sets_kelvin,
    ),
    _rule(r"(?:暖|warmer(?: by)?)\s*\d{1,3}\s*mired|\d{1,3}\s*mired warmer", warms_by(1)),
    _rule(r"(?:冷|cooler(?: by)?)\s*\d{1,3}\s*mired|\d{1,3}\s*mired cooler", warms_by(-1)),
    _rule(
        rf"(?:产品|主体|商品)?(?:往|向|朝)左(?:边|侧)?移?(?:动)?\s*{_PERCENT}|(?:move|shift)(?: it"
        rf"| the product)?(?: to the)? left (?:by )?{_PERCENT}",
        moves_by(-1, 0),
    ),
    _rule(
        rf"(?:产品|主体|商品)?(?:往|向|朝)右(?:边|侧)?移?(?:动)?\s*{_PERCENT}|(?:move|shift)(?: it"
        rf"| the product)?(?: to the)? right (?:by )?{_PERCENT}",
        moves_by(1, 0),
    ),
    _rule(
        rf"(?:产品|主体|商品)?(?:往|向|朝)上(?:边|方)?移?(?:动)?\s*{_PERCENT}|(?:move|shift)(?: it"
        rf"| the product)? up (?:by )?{_PERCENT}",
        moves_by(0, -1),
    ),
    _rule(
        rf"(?:产品|主体|商品)?(?:往|向|朝)下(?:边|方)?移?(?:动)?\s*{_PERCENT}|(?:move|shift)(?: it"
        rf"| the product)? down (?:by )?{_PERCENT}",
        moves_by(0, 1),
    ),
    # Light that is not wanted, and light from a corner.
    _rule(
        r"(?:光线?|灯光|主光)?(?:不要|别|不)(?:从|在)左(?:边|侧|面)?(?:来|打|照)*(?:的?光)?"
        r"|(?:no|not) light from the left",
        lights_from(60.0),
    ),
    _rule(
        r"(?:光线?|灯光|主光)?(?:不要|别|不)(?:从|在)右(?:边|侧|面)?(?:来|打|照)*(?:的?光)?"
        r"|(?:no|not) light from the right",
        lights_from(-60.0),
    ),
    *(
        _rule(
            rf"(?:光线?|灯光|打光|布光|主光)(?:从|在|来自|换到|移到|改到|打在)*{zh}(?:方|边|侧|面"
            rf"|角)?(?:来|打|照|过来|射)*"
            rf"|(?:从|在)?{zh}(?:方|边|侧|面|角)?(?:来|打|照|布|射)*的?(?:光线?|灯光)"
            rf"|(?:key )?light(?:ing)?(?: coming)?(?: from)? (?:the )?{en}|lit from (?:the )?{en}",
            lights_from(azimuth, elevation_deg=elevation),
        )
        for zh, en, azimuth, elevation in (
            ("左上", "(?:upper|top)[ -]left", -50.0, 58.0),
            ("右上", "(?:upper|top)[ -]right", 50.0, 58.0),
            ("左前", "front[ -]left", -35.0, 40.0),
            ("右前", "front[ -]right", 35.0, 40.0),
            ("左后", "(?:back|rear|behind)[ -]left|behind on the left", -90.0, 35.0),
            ("右后", "(?:back|rear|behind)[ -]right|behind on the right", 90.0, 35.0),
        )
    ),
    _rule(
        r"(?:阴影|投影|影子)(?:往|向|朝|落在|在|到)*左(?:边|侧|面)?|shadows? (?:falling )?(?:to|on) the left",
        lights_from(60.0),
    ),
    _rule(
        r"(?:阴影|投影|影子)(?:往|向|朝|落在|在|到)*右(?:边|侧|面)?|shadows? (?:falling )?(?:to"
        r"|on) the right",
        lights_from(-60.0),
    ),
    _rule(
        r"(?:光线?|灯光)(?:更|再|变|稍微)*硬(?:朗)?(?:一?[点些])?|硬光|(?:harder|hard"
        r"|harsh(?:er)?) light(?:ing)?",
        hardens_light,
    ),
    _rule(
        r"(?:光线?|灯光)(?:更|再|变|稍微)*弱(?:一?[点些])?|(?:weaker|dimmer) light(?:ing)?", exposes_by(-1)
    ),
    # Colour that is not wanted.
    _rule(
        r"(?:不要|别|去掉|去除|减少|降低)(?:那么|这么|太|过于|再)*(?:暖|黄|橙)(?:色|调|光)*"
        r"|(?:less|not so|not too) (?:warm|yellow)"
        r"|(?:remove|reduce) the (?:warmth|yellow)(?! (?:colou?r )?cast)",
        takes_out_cast(-MIRED_STEP),
    ),
    _rule(
        r"(?:不要|别|去掉|去除|减少|降低)(?:那么|这么|太|过于|再)*(?:冷|蓝)(?:色|调|光)*|(?:less|not so"
        r"|not too) (?:cold|cool|blue)",
        takes_out_cast(MIRED_STEP),
    ),
    _rule(
        r"(?:不要|别)(?:那么|这么|太|过于)*(?:亮|曝)|(?:less|not so|not too) bright",
        adds("tone", "exposure_ev", -0.35),
    ),
    _rule(
        r"(?:不要|别)(?:那么|这么|太|过于)*暗|(?:less|not so|not too) dark", adds("tone", "exposure_ev", 0.35)
    ),
    # What the local provider cannot do, told in the user's own words.
    _rule(
        r"(?:阴影|投影|影子)(?:再|更|变|稍微)*(?:长|短)(?:一?[点些])?|(?:longer|shorter) shadows?"
        r"|(?:竖|横)(?:版|屏|幅|构图)|(?<!\d)(?!1\s*[:：]\s*1(?!\d))\d{1,2}\s*[:：]\s*\d{1,2}(?!\d)"
        r"|(?:portrait|landscape) (?:format|crop|orientation)",
        told_back,
    ),
)
"""Tried first: they are the narrowest, and hold words of other rules."""
