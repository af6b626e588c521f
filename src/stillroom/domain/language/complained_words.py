"""Rules for complaints, in Chinese and English."""

from stillroom.domain.language.acts import (
    adds,
    answers_complaint,
    complains,
    exposes,
    hardens_light,
    scales_shadow,
    sharpens,
    softens_detail,
    softens_shadow,
    told_back,
)
from stillroom.domain.language.amounts import PERCENT
from stillroom.domain.language.backdrop_acts import (
    cleans,
    denies_backdrop,
    shades_backdrop,
    shades_named,
    tints_backdrop,
)
from stillroom.domain.language.colors import COLOR
from stillroom.domain.language.readings import Rule, Rules
from stillroom.domain.language.refusals import MARKS
from stillroom.domain.language.shadow_words import SHADOW

START = rf"(?:(?<=[,.;:!?，。；：！？、\n{MARKS}])|^)\s*"
END = rf"\s*(?=$|[,.;:!?，。；：！？、\n{MARKS}])"
_SO = r"(?:了|啦|啊|呀|吧|的|哦|一?[点些])*"
_SEEMS = (
    r"(?:看起来|看上去|看着|看|显得|感觉|觉得|真的?|实在|还是|都|也|又|就|现在|颜色|效果|程度|强度|做得"
    r"|得|是|的){0,4}"
)
TOO = (
    rf"{_SEEMS}(?:太过?|过于|过分|(?<![不超经通])过|有一?[点些]儿?|偏(?!.色?(?:一?[点些]|色))|好似"
    rf"|好像){{1,2}}"
)
_EN_IS = r"(?: side)?(?:'s| is| are| looks?| seems?| feels?| was)?"
EN_TOO = rf"{_EN_IS}(?: a bit| a little| way| much| far| still| just)* too"
_VERY = r"(?:太过?|很|好|挺|真|超级?|过于|有一?[点些]儿?|比较|特别|非常|那么|这么){1,3}"

GROUND_NOUN = (
    r"(?:木纹|木质|木头|原木|橡木|木桌|木板|木台|大理石|石板|岩板|石材|石头|清?水泥|混凝土|亚麻布?|麻布"
    r"|桌布|布料"
    r"|石膏|展示?台|背景纸|卡纸|花园|庭院|窗光|窗边|客厅|厨房|沙滩|海滩|场景|台面|桌面|桌子|渐变)"
)
"""Pattern of what ground is made of, without groups."""
EN_GROUND_NOUN = (
    r"(?:wood(?:en)?|oak|marble|slate|stone|concrete|cement|linen|cloth|fabric|paper|plaster|podium|garden"
    r"|beach|table(?:top)?|counter(?:top)?|scene|surface|gradient)"
)
_PLACE = r"(?:的?(?:背景|场景|台面|桌面|底|桌子?|台|板|面|质感|纹理|纹|风格|风)){0,3}"
_EN_PLACE = r"(?: (?:background|backdrop|table(?:top)?|top|surface|scene|setting|texture|one))*(?![a-z])"
_ANY_GROUND = rf"(?:{GROUND_NOUN}{_PLACE}|(?:{COLOR}(?:的|色)*)?(?:背景|底色|后景){_PLACE})"
_EN_ANY_GROUND = rf"(?:{EN_GROUND_NOUN}|(?:{COLOR} )?(?:background|backdrop|bg)){_EN_PLACE}"
_UGLY = (
    r"(?:不(?:太|怎么|大|够|是很)?(?:好看|美观|漂亮|喜欢|满意|搭配?|合适|适合|协调|真实|自然|行|好|对|像"
    r"|高级)|难看"
    r"|丑|违和|突兀|抢眼|抢镜|廉价|奇怪|刺眼|俗气|土气|老气|难受|突出|乱七八糟|杂乱|凌乱|不(?:靓|啱"
    r"|夹|掂)看?"
    rf"|{_VERY}(?:花(?!园|瓶)|假|土|俗|乱|杂|旧|脏|怪|老|闷|丑|差|普通|一般|廉价|单调|low))"
)
_HATE = r"(?:(?:不(?:太|怎么|大|是很)?|没那么)(?:喜欢|钟意|中意|想看到?|满意)|讨厌|嫌弃?|受够了?|看腻了?)"
_EN_UGLY = (
    r"(?:ugly|fake|bad|cheap|weird|awful|terrible|horrible|busy|noisy|messy|distracting|boring|wrong|off"
    r"|dirty|unnatural|unreal(?:istic)?|artificial|tacky|dated|cheesy)"
)
_EN_FINE = r"(?:nice|good|right|great|working|real(?:istic)?|natural|pretty|fitting|it)"
_EN_NOT = r"(?:do not|does not|don't|dont|doesn't|doesnt|is not|isn't|isnt|not|never)"
_EN_HATE = (
    rf"(?:hate|dislike|loathe|can'?t stand|(?:{_EN_NOT}|not) (?:really |much )?(?:like|love|fond of|a fan of"
    r"|into|happy with)|(?:sick|tired) of|fed up with)"
)
_EN_SO = r"(?: so| too| very| a bit| a little| really| just| kind of| pretty| way| quite| rather| all)*"
_ITS = r"(?:(?:the|my|this|that|these|your|a|an)\s+)*"
_DARK = r"(?:暗|黑|深|沉)"
_LIGHT = r"(?:亮|白|浅|曝|刺眼)"
_PALER = r"亮|浅|白|淡|light|bright"
_DARKER = r"暗|深|黑|dark"

DISLIKED_RULES: Rules = (
    # Ground that is only found fault with; what it shall become instead is said elsewhere.
    Rule(
        rf"(?:背景|后景|场景|画面){_SEEMS}(?:{_VERY}(?:乱|杂|花(?!园|瓶)|脏)|杂乱|凌乱|乱七八糟|不(?:够"
        rf"|太)?干净){_SO}"
        rf"|{_ITS}(?:background|backdrop|bg){_EN_IS}{_EN_SO} (?:messy|busy|cluttered|dirty"
        rf"|distracting)(?![a-z])",
        complains(cleans, "干净|简单|简洁|clean|simpl"),
    ),
    Rule(
        rf"(?:这个?|那个?|现在的?)*{_ANY_GROUND}{_SEEMS}{_UGLY}{_SO}|{_HATE}(?:这个?|那个?|现在的?"
        rf"|用)*{_ANY_GROUND}{_SO}"
        rf"|(?:i |we )?(?:really |just )*{_EN_HATE} {_ITS}{_EN_ANY_GROUND}"
        rf"|{_ITS}{_EN_ANY_GROUND}(?:(?:'s| is| are| looks?| seems?| feels?){_EN_SO}"
        rf"|{_EN_SO}) {_EN_UGLY}(?![a-z])"
        rf"|{_ITS}{_EN_ANY_GROUND} {_EN_NOT}(?: look| feel| work)?{_EN_SO} {_EN_FINE}(?![a-z])",
        denies_backdrop,
    ),
    Rule(
        rf"{GROUND_NOUN}{_PLACE}{TOO}{_DARK}{_SO}|{_ITS}{EN_GROUND_NOUN}{_EN_PLACE}{EN_TOO} dark(?![a-z])",
        complains(shades_named(0.35), _PALER),
    ),
    Rule(
        rf"{GROUND_NOUN}{_PLACE}{TOO}{_LIGHT}{_SO}"
        rf"|{_ITS}{EN_GROUND_NOUN}{_EN_PLACE}{EN_TOO} (?:bright|light|white)(?![a-z])",
        complains(shades_named(-0.25), _DARKER),
    ),
    Rule(
        rf"(?:背景|后景|底色){TOO}(?:暖|黄|橙){_SO}|{_ITS}(?:background|backdrop|bg){EN_TOO} (?:warm"
        rf"|yellow)(?![a-z])",
        complains(tints_backdrop(-0.05), "冷|cool"),
    ),
    Rule(
        rf"(?:背景|后景|底色){TOO}(?:冷|蓝){_SO}|{_ITS}(?:background|backdrop|bg){EN_TOO} (?:cold|cool"
        rf"|blue)(?![a-z])",
        complains(tints_backdrop(0.05), "暖|warm"),
    ),
    Rule(
        rf"(?:背景|后景|底色){TOO}{_DARK}{_SO}|too dark (?:an? )?(?:background|backdrop|bg)"
        rf"|{_ITS}(?:background|backdrop|bg){EN_TOO} dark(?![a-z])",
        complains(shades_backdrop(0.35), _PALER),
    ),
    Rule(
        rf"(?:背景|后景|底色){TOO}{_LIGHT}{_SO}|too (?:bright|light|white) (?:an? )?(?:background"
        rf"|backdrop|bg)"
        rf"|{_ITS}(?:background|backdrop|bg){EN_TOO} (?:bright|light|white)(?![a-z])",
        complains(shades_backdrop(-0.25), _DARKER),
    ),
    # Any other fault of the ground is none of the product's.
    Rule(
        rf"(?:{GROUND_NOUN}{_PLACE}|背景|后景){TOO}[大小高低远近冷暖黄蓝红绿粗细重轻硬软强弱多少糊虚]{_SO}"
        rf"|{_ITS}(?:{EN_GROUND_NOUN}|background|backdrop){_EN_PLACE}{EN_TOO} [a-z]+",
        denies_backdrop,
    ),
    # One side of the product.
    Rule(
        rf"(?:产品|商品|画面|照片)?的?(?:[左右](?:半?边|侧|面|[上下]角)|底部|下面|下方|下半部分?|背光面?"
        rf"|暗部|暗处|背面)(?:{TOO}|{_SEEMS}(?:很|好|挺|比较|特别|那么|这么)|(?=[暗黑]了)){_DARK}{_SO}"
        rf"|{_ITS}(?:(?:(?:left|right|bottom|lower)(?: ?hand)?(?: side| part| half| edge| area)?|(?:dark"
        rf"|shadow|shaded|far) (?:side|part|half|edge|area)s?)"
        rf"|shadows? on (?:the )?product){EN_TOO} dark(?![a-z])",
        complains(adds("light", "fill", 0.4), r"提亮|亮|bright|light"),
    ),
    Rule(
        rf"(?:产品|商品|画面|照片)?的?(?:[左右](?:半?边|侧|面|[上下]角)|[上下](?:面|方|半部分?)|顶部"
        rf"|底部|高光|反光){TOO}(?:{_LIGHT}|强|多){_SO}"
        rf"|{_ITS}(?:left|right|top|upper|bottom|lower) ?(?:hand )?(?:side|part|half|edge"
        rf"|area)?{EN_TOO} bright(?![a-z])",
        told_back,
    ),
)
"""Tried before the scenes, which have their words."""

_FAINT = r"(?:深|重|浓|强|黑|明显|多|抢眼|突兀|实)"
_EN_FAINT = r"(?:much|many|dark|strong|heavy|deep|black|thick|prominent|obvious)"
SHADE_COMPLAINTS: Rules = (
    Rule(
        rf"{SHADOW}{TOO}{_FAINT}{_SO}|(?:太过?|过于|有点){_FAINT}的?{SHADOW}"
        rf"|too {_EN_FAINT} (?:of )?(?:an? |the )*(?:drop |floor |ground )?shadows?(?![a-z])"
        rf"|(?:drop )?shadows?{EN_TOO} {_EN_FAINT}(?![a-z])",
        complains(scales_shadow(-1), r"浅|淡|弱|轻|少|减|light|faint|weak|less|subtle"),
    ),
    Rule(
        rf"{SHADOW}{TOO}(?:浅|淡|弱|轻|少|不明显){_SO}|{SHADOW}(?:都|根本)?(?:看不[到清见]|不(?:够)?明显"
        rf"|不够(?:深|重|浓|强)){_SO}"
        r"|too (?:light|weak|faint|little|pale) (?:of )?(?:an? |the )*(?:drop )?shadows?(?![a-z])"
        rf"|(?:drop )?shadows?{EN_TOO} (?:light|weak|faint|pale|subtle)(?![a-z])",
        complains(scales_shadow(1), r"深|重|浓|强|黑|明显|dark|strong|heav|deep|more"),
    ),
    Rule(
        rf"{SHADOW}{TOO}(?:生?硬|锐利?|清晰|死){_SO}|(?:太过?|过于|有点)(?:生?硬|锐利)的?{SHADOW}"
        r"|too (?:hard|harsh|sharp|crisp) (?:an? |the )*(?:drop )?shadows?(?![a-z])"
        rf"|(?:drop )?shadows?{EN_TOO} (?:hard|harsh|sharp|crisp)(?![a-z])",
        complains(softens_shadow(1.75), r"柔|软|虚|soft"),
    ),
    Rule(
        rf"{SHADOW}{TOO}(?:柔和?|软|虚|糊|模糊){_SO}|(?:太过?|过于|有点)(?:柔和?|软|虚|模糊)的?{SHADOW}"
        r"|too (?:soft|blurry|fuzzy) (?:an? |the )*(?:drop )?shadows?(?![a-z])"
        rf"|(?:drop )?shadows?{EN_TOO} (?:soft|blurry|blurred|fuzzy)(?![a-z])",
        complains(softens_shadow(0.57), r"硬|锐|清晰|hard|sharp|crisp"),
    ),
    Rule(
        rf"{SHADOW}{TOO}[长短大小宽窄]{_SO}|[长短大]的?{SHADOW}"
        rf"|(?:too )?(?:long|short|big|large|small) (?:drop )?shadows?(?![a-z])"
        rf"|shadows?{EN_TOO} (?:long|short|big|large|small|wide)(?![a-z])",
        told_back,
    ),
    Rule(
        rf"{SHADOW}(?:只|就)(?:要|需要?|留)?(?:一?点点?|一些|少许|淡淡)的?(?:就好|就行|就够|即可)?(?:了)?"
        rf"|(?:只|就)(?:要|有|留)?(?:一?点点?|少许|淡淡|一丢丢)的?{SHADOW}(?:就好|就行|就够|即可)?(?:了)?"
        r"|(?:just |only )?a (?:hint|touch|trace) of (?:a )?shadow|(?:just|only) a (?:little"
        r"|bit of)(?: a)? shadow"
        r"|very (?:little|light|faint) shadow",
        scales_shadow(-1),
    ),
)

_KEEN = r"(?:锐化|锐度|锐利度?|清晰度|质感|纹理|立体感|层次感?)"
_EN_KEEN = r"(?:sharpening|sharpness|clarity|texture|details?|crispness)(?![a-z])"
_OVER = r"(?:过度|过头|过了|(?:太过?|过于|有一?[点些]儿?|有些|过)(?:重|强|多|狠|硬|高|明显|厉害|大|过)|太过)"
KEEN_COMPLAINTS: Rules = (
    Rule(
        rf"{_KEEN}{_SEEMS}{_OVER}{_SO}|(?:过度|过分|太过)锐化"
        rf"|(?:太过?|过于|有一?[点些]儿?|不要太?|不要那么|别太?|别那么|没那么|不用那么"
        rf"|不用太)(?:锐(?!化)利?|清晰){_SO}"
        rf"|(?:不要|别|不用)(?:太|那么|过度)锐化|{_KEEN}(?:不要|别|不用|没必要)(?:太|那么|这么|过于?"
        rf"|再)+(?:强|重|明显|高|多|大)"
        rf"|(?:(?<![a-z])(?:less|not (?:so|too|that|as)|too|overly)|(?<![a-z])over-?) ?(?:sharp(?:ened"
        rf"|ening|ness)?|crisp)(?![a-z]| shadow)"
        rf"|too much {_EN_KEEN}|{_EN_KEEN}{EN_TOO} (?:much|high|strong|sharp)",
        complains(softens_detail, "柔|软|低|少|弱|soft|less|reduce|lower|down"),
    ),
    Rule(
        rf"{_KEEN}(?:的|程度|强度|再|更|稍微?|略微?|调|变|减|降|\s)*(?:降低|减少|减弱|调低|下调|拉低|减"
        rf"|少|弱|低|轻){_SO}(?:\s*{PERCENT})?"
        rf"|(?:降低|减少|减弱|弱化|调低|削弱|减轻|少)(?:一?[点些]|画面|产品|的)*{_KEEN}{_SO}(?:\s*{PERCENT})?"
        rf"|(?:tone down|reduce|lower|decrease|turn down|dial (?:back|down)|less|cut(?: back)?"
        rf"|ease (?:off|up on))"
        rf"(?: the| on the| on)* {_EN_KEEN}(?: a bit| a little)?|(?:lower|less) {_EN_KEEN}",
        softens_detail,
    ),
)
"""Tried before what asks for more of it."""

LIGHT_COMPLAINTS: Rules = (
    Rule(rf"{TOO}?死亡(?:顶光|打光|光线){_SO}", complains(adds("light", "fill", 0.4), "柔|软|soft")),
    Rule(
        rf"(?<![逆顶侧背反高柔硬])(?:光线?|灯光|打光|光影){TOO}(?:生?硬|刺眼?|强烈){_SO}|too (?:hard"
        rf"|harsh) (?:an? )?light(?:ing)?"
        rf"|{_ITS}light(?:ing)?{EN_TOO} (?:hard|harsh)(?![a-z])",
        complains(adds("light", "fill", 0.25), "柔|软|soft"),
    ),
    Rule(
        rf"(?<![逆顶侧背反高柔硬])(?:光线?|灯光|打光){TOO}(?:柔和?|软|平|散){_SO}|too (?:soft"
        rf"|flat) (?:an? )?light(?:ing)?"
        rf"|{_ITS}light(?:ing)?{EN_TOO} (?:soft|flat|even)(?![a-z])",
        complains(hardens_light, "硬|hard"),
    ),
    Rule(
        rf"(?<![逆顶侧背反高柔硬])(?:光线?|灯光|打光){TOO}(?:强|亮|曝|足){_SO}|too (?:strong"
        rf"|bright) (?:an? )?light(?:ing)?"
        rf"|{_ITS}light(?:ing)?{EN_TOO} (?:strong|bright|much)(?![a-z])|too much light(?![a-z])",
        complains(exposes(-1), "弱|暗|less|dim|dark"),
    ),
    Rule(
        rf"(?<![逆顶侧背反高柔硬])(?:光线?|灯光|打光)(?:{TOO}(?:弱|暗|少)|不够|不足){_SO}"
        rf"|{_ITS}light(?:ing)?{EN_TOO} (?:weak|dim|dark|little)(?![a-z])"
        r"|(?:not enough|too little) light(?![a-z])",
        complains(exposes(1), "强|亮|more|bright"),
    ),
)

BLURRED_RULES: Rules = (
    Rule(
        r"(?<!背景)(?<!阴影)(?<!投影)(?:不够|不太|不怎么|不是很|不)(?:清晰|锐利|清楚|锐)(?:了)?"
        r"|(?<!背景)(?<!阴影)(?<!投影)(?:太|有一?[点些]|很|好|挺|比较|发)+(?:模糊|糊|虚)了?(?!的?(?:背景"
        r"|阴影|投影))"
        r"|(?:清晰度|锐度)(?:(?:太|有点|还是|很|比较)+(?:低|差)|不够|不足)了?"
        r"|not (?:sharp|clear|crisp) enough|(?:too|less|not|so|a bit|looks?|is|it's) (?:so "
        r"|a bit )?(?:blurry|fuzzy|out of focus|unsharp)"
        r"(?! (?:back|bg|shadow))",
        complains(sharpens),
    ),
    Rule(
        r"(?:产品|商品)?的?(?:质感|纹理|立体感|层次感?)(?:(?:太|有一?点|还是|很|比较)+(?:弱|差|少)|不够"
        r"|不足|不明显|不强)了?",
        complains(adds("detail", "clarity", 0.45)),
    ),
)
"""Tried before what they refuse, since their no asks for more."""

REMEDY_RULES: Rules = (
    Rule(
        rf"{START}(?:那|就|请|把它|给我|帮我|可以|要|能不能|麻烦|再|更|稍微?|略微?|调|弄|变|搞|改|提|加"
        rf"|压|减)*"
        rf"(?:亮|暗|深|浅|淡|浓|柔和?|软|硬|轻|重|弱|强|白|黑|冷|暖|干净|简单|简洁|明显|少|清晰)"
        rf"(?:一?[点些]儿?|一下|很多|许多|吧|谢谢|了|就好|就行)*{END}"
        r"|(?:please |just |so |and |can you )*(?:make (?:it|that|this|them) )?(?:a bit |a little "
        r"|slightly |much |way )*"
        r"(?:lighter|brighter|darker|softer|harder|sharper|crisper|weaker|fainter|stronger|deeper|cooler"
        r"|warmer"
        rf"|cleaner|simpler|subtler|lighten|brighten|soften|darken)(?: it)?(?: up)?(?: please| a bit"
        rf"| a little)*{END}",
        answers_complaint,
    ),
)
"""Degrees that stand alone: of what was complained of just before."""
