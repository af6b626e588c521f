"""Rules for the shadow under the product, in Chinese and English."""

from stillroom.domain.language.acts import (
    scales_shadow,
    sets,
    softens_shadow,
    stands_on_ground,
    thins_shadow_to,
    told_back,
)
from stillroom.domain.language.amounts import PERCENT
from stillroom.domain.language.readings import Rule, Rules
from stillroom.domain.language.refusals import MARKS

SHADOW = r"(?:阴影|投影|影子|(?<![倒摄电光剪背留合树叶窗拍掠摄])影(?![灯棚响像视院楼片音调]))"
"""Pattern of the shadow itself: not of what else has that letter."""
_MORE = r"(?:再|更|调|稍微|略微?|变|得|要|应该|最好|一点|一些|点|些|\s)*"
_GONE = r"(?:去掉|去除|除掉|删掉|删除|拿掉|取消|移除|清除|消除|关掉|关闭|抹掉|擦掉)"
_END = rf"(?=$|[\s,.;:!?，。；：！？、\n{MARKS}])"
_SIZE = rf"\s*(?:(?:了|掉|by|约|大约|about)\s*)*{PERCENT}"

MIRRORED_RULES: Rules = (
    # Polished ground mirrors by itself; there is no more and no less of it.
    Rule(
        r"(?:加上?|增加|添加|带上?|有|来|要|一?[点些]|个|的|地面|水面|镜面|产品|淡淡的?|\s)*(?:倒影"
        r"|镜面反射|反射效果|镜像)(?:效果)?(?:一?[点些])?"
        r"|(?:add |with |some |an? |the |subtle |soft |floor |mirror |water )*reflections?(?![a-z])",
        told_back,
    ),
)
"""Tried before the shadow, which has a letter of them."""

SHADOW_RULES: Rules = (
    Rule(
        rf"{SHADOW}的?(?:不?透明度|浓度|强度|深度)\s*(?:调?(?:到|为|成|至)|设为|改为|[:：=])?\s*{PERCENT}"
        rf"|{PERCENT}的?(?:不?透明度?的?)?{SHADOW}"
        rf"|shadows? (?:opacity|strength|transparency)\s*(?:to|of|at|[:=])?\s*{PERCENT}"
        rf"|(?:opacity|strength|transparency) of (?:the )?shadows?\s*(?:to|is|at|[:=])?\s*{PERCENT}",
        thins_shadow_to,
    ),
    Rule(
        rf"(?:不要|不加|不用|不需要|不想要|不必|无需|无须|无|没有?|{_GONE}|别|勿|不带|去)(?:再|有|要|加上?"
        rf"|添加|增加|带|出现|留|任何|底部|产品"
        rf"|下面|背景|地面|掉|那个|这个)*的?{SHADOW}(?!{_MORE}(?:太|过|深|重|浓|硬|淡|浅|柔|软|改|动|变))"
        rf"|(?:把|将)?(?:产品|底部|地面|下面|所有|全部)?的?{SHADOW}(?:给|都|全部?|就|也|全都|请"
        rf"|帮我)*(?:(?:{_GONE})(?:了|掉|吧)*"
        rf"|(?:不要|不用|不需要|不必|别要|无需|免了|去)(?:了|掉|吧|有|加)*{_END})"
        rf"|shadows?\s*[:：=]?\s*(?:none|off|no)(?![a-z])|{SHADOW}\s*[:：=]\s*(?:无|没有|关闭?|none|no)"
        r"|(?<![a-z])drop (?:(?:the|that|this|those|these|any|all|its|every)(?: of)? )+(?:drop |floor "
        r"|ground |cast "
        r"|contact )*shadows?(?![a-z])"
        r"|(?:no need for|no|without|remove|delete|erase|get rid of|turn off|hide|(?:do not|don't"
        r"|never) (?:want|add|include|need|use|have)"
        r"|without adding)(?: any| a| an| the| all| its| that)*(?: drop| floor| ground| cast"
        r"| contact)? shadows?(?! (?:change|darker))|shadowless|shadow-free"
        rf"|(?:不要|不用|不需要|无需?|去掉|没有)\s*shadows?(?![a-z])"
        rf"|(?<![a-z])(?:no|without|remove)\s+{SHADOW}(?!{_MORE}(?:太|过|深|重))",
        sets("shadow", kind="none"),
    ),
    Rule(
        rf"{SHADOW}{_MORE}(?:柔和?|软|虚){_MORE}|(?:更|再)(?:柔和?|软)的?{SHADOW}|(?:柔化"
        rf"|软化){SHADOW}"
        r"|softer (?:\w+ )?shadows?|soften (?:the )?shadows?|shadows? (?:much |a bit |slightly )?softer",
        softens_shadow(1.75),
    ),
    Rule(
        rf"{SHADOW}{_MORE}(?:硬|锐利|清晰){_MORE}|(?:更|再)硬的?{SHADOW}"
        r"|(?:harder|crisper|sharper) (?:\w+ )?shadows?|shadows? (?:much |a bit "
        r"|slightly )?(?:harder|crisper|sharper)",
        softens_shadow(0.57),
    ),
    Rule(
        rf"{SHADOW}{_MORE}(?:强度|浓度)?(?:减|变|降)?(?:淡|浅|轻|弱|少|低){_MORE}(?:{_SIZE})?"
        rf"|(?<![加变])(?:浅|淡|轻微|微弱)色?的?{SHADOW}|(?:减弱|淡化|减淡|减轻|减少|弱化|降低"
        rf"|更淡的?){SHADOW}(?:的?(?:强度|浓度))?(?:{_SIZE})?"
        rf"|(?:{PERCENT} )?(?:lighter|weaker|fainter|less|subtler) (?:\w+ )?shadows?(?:{_SIZE})?"
        r"|(?<![a-z])(?:an? |the |some |with |very |add )*(?:faint|weak|pale|light|subtle|slight)"
        r" (?:soft |drop |floor |ground |contact )?shadows?(?![a-z])"
        rf"|(?:reduce|lighten|weaken|fade)(?: the)? shadows?(?: strength| opacity)?(?:{_SIZE})?"
        rf"|shadows? (?:is |are )?(?:much |a bit |slightly |{PERCENT} )?(?:(?:lighter|weaker"
        rf"|fainter)(?:{_SIZE})?)",
        scales_shadow(-1),
    ),
    Rule(
        rf"{SHADOW}{_MORE}(?:强度|浓度)?(?:加|提|增)?(?:深|重|浓|强|明显|黑|高|多){_MORE}(?:{_SIZE})?"
        rf"|(?<![不太])(?:深|重|浓)色?的?{SHADOW}|(?:加深|加重|加强|增强){SHADOW}(?:{_SIZE})?"
        rf"|(?:{PERCENT} )?(?:darker|deeper|stronger|heavier|more) (?:\w+ )?shadows?(?:{_SIZE})?"
        rf"|(?:deepen|darken|strengthen)(?: the)? shadows?(?:{_SIZE})?"
        rf"|shadows? (?:is |are )?(?:much |a bit |slightly |{PERCENT} )?(?:(?:darker|deeper|stronger"
        rf"|heavier)(?:{_SIZE})?)",
        scales_shadow(1),
    ),
    Rule(
        rf"硬质?的?{SHADOW}|硬边{SHADOW}|(?:hard|crisp"
        rf"|sharp)(?:-edged)? (?:\w+ )?shadows?",
        sets("shadow", kind="hard"),
    ),
    Rule(
        r"(?:看起来|看着|感觉|好|就|跟)*像(?:是)?(?:[贴粘抠]|ps)(?:上去|出来|上)?的?(?:一样|似的)?"
        r"|(?:it )?(?:looks?|seems?) (?:like (?:it'?s |it is )?)?(?:pasted|stuck)(?: on| in)?(?![a-z])",
        stands_on_ground,
    ),
    Rule(
        rf"(?:底部|加上?|增加|添加|带|要|有|产品|下面|的|自然|柔和?|柔软|软|轻微?|淡淡?|接触)*{SHADOW}"
        r"|(?<![a-z])(?:add(?:ing)? |with |a |an |some |the |soft |gentle |natural |subtle |light "
        r"|realistic |contact |nice |faint |slight |floor |ground |drop )*shadows?(?![a-z])",
        sets("shadow", kind="soft"),
    ),
)
"""In the order in which they are tried."""
