"""Rules that undo a wish, leave a part unchanged, or give a number, in Chinese and English."""

from stillroom.domain.language.acts import (
    exposes,
    hardens_light,
    lights_from,
    lights_towards,
    nothing,
    restores,
    told_back,
)
from stillroom.domain.language.framing_words import FRAMING_NUMBERS
from stillroom.domain.language.readings import Rule, Rules
from stillroom.domain.language.tone_words import TONE_NUMBERS

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


def _restoring(part: str) -> Rule:
    zh, en = _PARTS[part]
    return Rule(
        rf"{_BACK}{_FORMER}(?:{zh})|(?:{zh})(?:恢复|还原|回到|改回|调回)(?:到|成|为)?{_AS_IT_WAS}"
        rf"|(?:原来|最初|原始)的(?:{zh})"
        rf"|{_EN_BACK}{_EN_FORMER} (?:{en})|(?:the )?(?:original|former) (?:{en})"
        rf"|(?:{en}) (?:back )?(?:as|to|like) (?:it was|the original|in the photo|before)",
        restores(part),
    )


def _leaving(part: str) -> Rule:
    zh, en = _PARTS[part]
    return Rule(
        rf"{_LEAVE}(?:原来)?的?(?:{zh})|(?:{zh}){_LEAVE}|(?:{zh})(?:保持|维持)?不变"
        rf"|(?:don'?t|do not) (?:change|touch) the (?:{en})|leave the (?:{en})(?: alone"
        rf"| as (?:it is|they are))?"
        rf"|(?:keep|preserve) (?:the |this )?(?:same )?(?:{en})",
        nothing,
    )


_SHIFTED = r"(?:都|也|直接|再)?(?:换|改|移|挪|调|转|变|切换|调整|移动)动?(?:到|成|为|至|去|往|从)+"

MOVED_LIGHT_RULES: Rules = (
    # Light that moves from one side to the other.
    Rule(
        rf"(?:光线?|灯光?|打光|布光|主光|光源)(?:的?(?:方向|位置))?(?:由|从|自)?[左右](?:上|前|后)?(?:方"
        rf"|边|侧|面|角)?"
        rf"(?:来|打|照|过来|射)*的?{_SHIFTED}(?P<to1>[左右][上前后]?)(?:边|侧|面|方)?(?:来|打|照|过来)*"
        rf"|(?:从|由)?[左右](?:方|边|侧|面)?(?:来|打|照)*的?(?:光线?|灯光?"
        rf"|光源){_SHIFTED}(?P<to2>[左右][上前后]?)(?:边|侧|面|方)?"
        r"|(?:光线?|灯光?|打光|主光)(?:从|在|来自)?(?P<to3>[左右])(?:边|侧|面|方)?(?:来|打|照"
        r"|过来)*(?:而|并)?不(?:是|要|从)+"
        r"[左右](?:边|侧|面|方)?(?:来|打|照)*"
        rf"|(?:光线?|灯光?|打光|主光|光源)(?:的?(?:方向|位置))?{_SHIFTED}(?P<to4>[左右][上前后]?)(?:边"
        rf"|侧|面|方)(?:来|打|照)*"
        r"|(?:mov|chang|switch|swap|shift|turn|bring)(?:e|ing)? (?:the )?(?:key |main )?light(?:ing"
        r"|s)?(?: source| direction)?"
        r"(?: coming)? from (?:the )?(?:left|right)(?: side)? (?:in)?to (?:the )?(?P<to5>left"
        r"|right)(?: side)?"
        r"|(?:(?:key |main )?light(?:ing)? |lit |coming )*from (?:the )?(?P<to6>left|right)(?: side)?"
        r" (?:instead of|rather than|and not|not)(?: from)?(?: the)? (?:left|right)(?: side)?"
        r"|(?:mov|chang|switch|shift)(?:e|ing)? (?:the )?(?:key "
        r"|main )?light(?:ing)?(?: source)? (?:over )?(?:in)?to (?:the )?"
        r"(?P<to7>left|right)(?: side)?",
        lights_towards,
    ),
    # Across the product: it comes from where it is said to start.
    *(
        Rule(
            rf"(?:光线?|灯光|打光)从{zh}(?:边|侧|面)?(?:来|打|照|射|斜)*(?:到|往|向|至"
            rf"|过?去)+{other_zh}(?:边|侧|面)?(?:来|打|照|射|过去)*"
            rf"|从{zh}(?:边|侧)?(?:到|往|向|至){other_zh}(?:边|侧)?(?:来|打|照|射|的)*光"
            rf"|(?:key )?light(?:ing)? (?:coming |going |falling "
            rf"|shining )?from (?:the )?{en} (?:in)?to (?:the )?{other_en}(?: side)?",
            lights_from(azimuth),
        )
        for zh, other_zh, en, other_en, azimuth in (
            ("左", "右", "left", "right", -60.0),
            ("右", "左", "right", "left", 60.0),
        )
    ),
)
"""Tried before the rules for one side, which would hear the first that is named."""

EXACT_RULES: Rules = (
    Rule(
        r"(?:恢复|还原|换回|回到|改回|用(?=原|最初|照片))(?:到|成|为)?(?:原来|原本|最初|原始|照片|原图"
        r"|原)?(?:的)?(?:背景|场景)(?!纸)"
        r"|(?:restore|bring back|go back to)(?: the| my)?(?: original| old)? (?:background|backdrop|scene)"
        r"|(?:the )?original (?:background|backdrop|scene)",
        restores("backdrop"),
    ),
    *(_restoring(part) for part in _PARTS),
    *(_leaving(part) for part in _PARTS),
    Rule(
        r"(?:全部|所有|一切)(?:的?(?:修改|设置|改动))?(?:恢复|还原|重置|撤销)|(?:恢复"
        r"|重置)(?:默认|全部|所有)(?:设置)?|重新开始"
        r"|(?:reset|undo|restore|revert) (?:everything|all(?: changes)?)|start (?:over|again)"
        r"|back to default",
        restores("all"),
    ),
    *TONE_NUMBERS,
    *FRAMING_NUMBERS,
    # Light from a corner, and where its shadow falls.
    *(
        Rule(
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
    Rule(
        r"(?:阴影|投影|影子)(?:往|向|朝|落在|在|到)*左(?:边|侧|面)?|shadows? (?:falling )?(?:to|on) the left",
        lights_from(60.0),
    ),
    Rule(
        r"(?:阴影|投影|影子)(?:往|向|朝|落在|在|到)*右(?:边|侧|面)?|shadows? (?:falling )?(?:to"
        r"|on) the right",
        lights_from(-60.0),
    ),
    Rule(
        r"(?:光线?|灯光)(?:更|再|变|稍微)*硬(?:朗)?(?:一?[点些])?|硬光|(?:harder|hard"
        r"|harsh(?:er)?) light(?:ing)?",
        hardens_light,
    ),
    Rule(r"(?:光线?|灯光)(?:更|再|变|稍微)*弱(?:一?[点些])?|(?:weaker|dimmer) light(?:ing)?", exposes(-1)),
    # What the local provider cannot do, told in the user's own words.
    Rule(
        r"(?:阴影|投影|影子)(?:再|更|变|稍微)*(?:长|短)(?:一?[点些])?|(?:longer|shorter) shadows?"
        r"|(?:竖|横)(?:版|屏|幅|构图)|(?<!\d)(?!1\s*[:：]\s*1(?!\d))\d{1,2}\s*[:：]\s*\d{1,2}(?!\d)"
        r"|(?:portrait|landscape) (?:format|crop|orientation)",
        told_back,
    ),
)
"""Tried first: they are the narrowest, and hold words of other rules."""
