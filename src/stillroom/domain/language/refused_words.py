"""Rules for negated wishes that imply a positive one, in Chinese and English."""

from stillroom.domain.language.acts import (
    EV_STEP,
    MIRED_STEP,
    adds,
    hardly_hard,
    leaves_exposure,
    leaves_place,
    lights_from,
    scales_fill,
    scales_shadow,
    sets,
    softens_shadow,
    takes_out_cast,
    unless_wished,
)
from stillroom.domain.language.backdrop_acts import flattens, keeps_backdrop, keeps_sharp, shades_backdrop
from stillroom.domain.language.readings import Rule, Rules
from stillroom.domain.language.refusals import MARKS, NO_EN, NO_ZH
from stillroom.domain.language.shadow_words import SHADOW

_GROUND = r"(?:背景|场景|环境|后景)"
_EN_GROUND = r"(?:background|backdrop|scenery?|setting|bg)(?![a-z])"
_ITS = r"(?:(?:the|my|this|that|its|any|a|an|original|existing|current|whole)\s+)*"
_NOW = r"(?:原来|原有|原本|原始|原|现在|现有|目前|照片|图片|我|这个|整个|任何)*的?"
_CHANGE = (
    r"(?:更换|替换|换掉?|改变|更改|改动|修改|改|变动|变化|变|动|碰|调整|调|处理"
    r"|去除|去掉|去|移除|删除|抠掉|抠)(?:掉|动|了|到)?"
)
_EN_CHANGE = (
    r"(?:(?:chang|replac|remov|delet)(?:e|ing)|alter(?:ing)?|touch(?:ing)?|swap(?:ping)?|switch(?:ing)?"
    r"|modify(?:ing)?"
    r"|edit(?:ing)?|cut(?:ting)? out|mess(?:ing)? with)"
)
_PAINTED = r"(?:色|调|光|的)*(?:背景|底|场景|台|桌|纸|木|布|大理石|灰|白|渐变)"
_TOO = r"(?:那么|这么|太过?|过于|过度)"
_DONT = r"(?:不要|(?<![特区级分性类识差个辨])别)"
_NOT_TOO = rf"(?:不要|不用|(?<![特区级分性类识差个辨])别|勿|不能|不宜){_TOO}"
_EN_NOT_TOO = r"(?:not (?:too|so|that)|less)"
_STAYS = r"(?:保留|保持|留着|留下|不变|不动|不换|不改|照旧|维持|原样|别变|就行|就好|即可|OK)"
_END = rf"(?=$|[\s,.;:!?，。；：！？、\n{MARKS}])"

KEEPING_RULES: Rules = (
    # What is there: in a first picture the photo's own scene.
    Rule(
        rf"{NO_ZH}(?:再|去|把|将|对|给)*{_CHANGE}{_NOW}(?:背景|场景|环境|底色|底图)(?:图|颜色)?(?!纸|音乐"
        rf"|虚|换|改|变)"
        rf"|{NO_ZH}(?:再|去)*(?:把|将|对|给){_NOW}{_GROUND}(?:给|进行|都)?{_CHANGE}(?!成|为|作|到"
        rf"|[深浅淡亮暗暖冷虚白黑])"
        rf"|(?<!除)(?<!除了)(?<!除去){_GROUND}(?:就|都|也|请|千万|图)*{NO_ZH}(?:再|去|给我)*{_CHANGE}(?!成"
        rf"|为|到|作"
        rf"|[深浅淡亮暗暖冷虚白黑])"
        rf"|(?:原|原来的?|原有的?|原本的?|照片的?|原图的?){_GROUND}(?:都|请)?{_STAYS}+"
        rf"|{_GROUND}(?:都|请)?(?:保留|留着|照旧|维持|(?:保持|维持)?(?:原样|不变|不动|不换|不改|现状"
        rf"|原状))(?:不变|不动|即可|就好|就行)?"
        rf"|(?:保留|保持|维持|沿用|使用|用){_NOW}(?<!使用)(?<!用){_GROUND}(?!简|干|整|洁|纯|白|黑|灰|柔|虚"
        rf"|一致|纸)(?:不变|不动)?"
        rf"|{NO_ZH}(?:再|给我|帮我|去)*(?:抠(?:图|像)|去底)|不[换改动]{_GROUND}",
        keeps_backdrop,
    ),
    Rule(
        rf"{NO_EN}\s*(?:换|改|动)背景|(?:background|bg)\s*(?:不要|别|不)(?:换|改|动|变)(?!成|为|到)",
        keeps_backdrop,
    ),
    Rule(
        rf"{NO_EN}\s+(?:ever\s+|want\s+(?:you\s+)?to\s+)?{_EN_CHANGE}\s+{_ITS}{_EN_GROUND}"
        r"(?:\s+(?:colou?rs?|at all))?(?!\s+(?:to|into|with|for|darker|lighter|warmer|cooler)(?![a-z]))"
        rf"|no (?:background|backdrop) (?:changes?|replacement|removal)|{NO_EN}\s+cut(?: it"
        rf"| the product)? out"
        rf"|leave {_ITS}{_EN_GROUND}(?:\s+(?:alone|as (?:it )?is|unchanged|untouched|be))?"
        rf"|{_EN_GROUND}\s+(?:(?:should|must|has to|to|is|be)\s+)*(?:stays?|remains?|kept|unchanged"
        rf"|untouched|as (?:it )?is)"
        r"(?:\s+(?:unchanged|untouched|the same|as (?:it )?is))?"
        rf"|(?:keep|preserve|retain) {_ITS}(?:same )?{_EN_GROUND}(?:\s+(?:unchanged|untouched|as (?:it )?is"
        rf"|the same))?",
        keeps_backdrop,
    ),
)
"""Tried before all else: the words for changing a backdrop are in them."""

REFUSED_RULES: Rules = (
    Rule(rf"取消掉?(?:产品|底部|地面)?的?{SHADOW}(?!的)", sets("shadow", kind="none")),
    # Not too much of something is less of it.
    Rule(
        rf"{SHADOW}{_NOT_TOO}(?:深|重|浓|强|黑|明显|大)|(?:{_NOT_TOO}|{NO_ZH})(?:深|重|浓|强|黑"
        rf"|明显)的?{SHADOW}"
        rf"|{_NOT_TOO}多的?{SHADOW}|{_DONT}(?:让|把)?{SHADOW}{_TOO}(?:深|重|浓|强|黑|明显)"
        rf"|{_EN_NOT_TOO} (?:dark|strong|heavy|deep) (?:an? )?shadows?|shadows? {_EN_NOT_TOO} (?:dark"
        rf"|strong|heavy|deep)"
        rf"|{NO_EN} (?:a |any )?(?:dark|strong|heavy|deep) shadows?",
        scales_shadow(-1),
    ),
    Rule(
        rf"{SHADOW}{_NOT_TOO}(?:浅|淡|弱|轻)|{_NOT_TOO}(?:浅|淡|弱|轻)的?{SHADOW}"
        rf"|{_EN_NOT_TOO} (?:light|weak|faint) (?:an? )?shadows?|shadows? {_EN_NOT_TOO} (?:light|weak|faint)",
        scales_shadow(1),
    ),
    Rule(
        rf"{SHADOW}{_NOT_TOO}(?:硬|生硬|锐利|清晰)|{_NOT_TOO}(?:硬|生硬)的?{SHADOW}"
        rf"|{_EN_NOT_TOO} (?:hard|harsh|sharp) (?:an? )?shadows?|shadows? {_EN_NOT_TOO} (?:hard|harsh|sharp)",
        softens_shadow(1.75),
    ),
    Rule(
        rf"(?:{NO_ZH}|去掉|去除)(?:有|任何|出现)?(?:生硬|硬质?|硬边|锐利)的?{SHADOW}|(?:硬"
        rf"|生硬的?){SHADOW}(?:就|也|都)?{NO_ZH}[了吧]*{_END}"
        rf"|(?:{NO_EN}|remove(?: the| any)?) (?:a |any )?(?:hard|harsh|sharp|crisp)(?:-edged)? shadows?",
        hardly_hard,
    ),
    Rule(
        rf"{_GROUND}{_NOT_TOO}(?:暗|黑|深)|{_NOT_TOO}(?:暗|黑|深)的?{_GROUND}"
        rf"|{_EN_NOT_TOO} dark (?:an? )?{_EN_GROUND}|{_EN_GROUND} {_EN_NOT_TOO} dark",
        shades_backdrop(0.35),
    ),
    Rule(
        rf"{_GROUND}{_NOT_TOO}(?:亮|白|浅)|{_NOT_TOO}(?:亮|白|浅)的?{_GROUND}"
        rf"|{_EN_NOT_TOO} bright (?:an? )?{_EN_GROUND}|{_EN_GROUND} {_EN_NOT_TOO} bright",
        shades_backdrop(-0.25),
    ),
    Rule(rf"(?:产品|商品|主体)?{_NOT_TOO}大(?!理)|{_EN_NOT_TOO} (?:big|large)", scales_fill(-1)),
    Rule(rf"(?:产品|商品|主体)?{_NOT_TOO}小(?!清)|{_EN_NOT_TOO} small", scales_fill(1)),
    Rule(
        rf"(?:{_DONT}|去掉|去除|减少|降低){_TOO}*(?:暖|黄|橙)(?!{_PAINTED})(?:色|调|光)*"
        r"|(?:less|not so|not too) (?:warm|yellow)(?! (?:background|backdrop))"
        r"|(?:remove|reduce) the (?:warmth|yellow)(?! (?:colou?r )?cast| background| backdrop)",
        unless_wished("暖|warm", takes_out_cast(-MIRED_STEP)),
    ),
    Rule(
        rf"(?:{_DONT}|去掉|去除|减少|降低){_TOO}*(?:冷|蓝)(?!{_PAINTED})(?:色|调|光)*"
        r"|(?:less|not so|not too) (?:cold|cool|blue)(?! (?:background|backdrop))",
        unless_wished("冷|cool", takes_out_cast(MIRED_STEP)),
    ),
    Rule(
        rf"{_DONT}{_TOO}*(?:亮|曝)(?!度|{_GROUND}|底)|(?:less|not so|not too) bright",
        unless_wished("亮|bright", adds("tone", "exposure_ev", -EV_STEP)),
    ),
    Rule(
        rf"{_DONT}{_TOO}*暗(?!部|{_GROUND}|底|色)|(?:less|not so|not too) dark(?! (?:background|backdrop))",
        unless_wished("暗|dark", adds("tone", "exposure_ev", EV_STEP)),
    ),
    # What is done to every photo, unless it is refused.
    Rule(
        rf"(?<!背景)(?<!底色){NO_ZH}(?:再|把|将|给|对|让|进行|画面|产品|商品|照片|整体|也)*(?:提亮|增亮"
        rf"|加亮|调亮|变亮|压暗|调暗|变暗)(?!{_GROUND}|暗部|阴影)"
        rf"|{NO_EN} (?:to )?(?:brighten|darken)(?:ing)?(?: it| up| the (?:photo|picture|image"
        rf"|product))*(?! the (?:back|shadow))",
        leaves_exposure,
    ),
    Rule(
        rf"{NO_ZH}(?:再|进行|做|画面|产品)*锐化|{NO_EN} (?:to )?sharpen(?:ing)?(?: it| the \w+)?",
        sets("detail", sharpen=0.0),
    ),
    Rule(
        rf"{NO_ZH}(?:再|进行|做)*(?:降噪|去噪)|{NO_EN} (?:to )?(?:de-?nois(?:e|ing)|noise reduction)(?: it"
        rf"| the \w+)?",
        sets("detail", denoise=0.0),
    ),
    Rule(
        rf"{NO_ZH}(?:再|进行|做)*(?:拉直|扶正|摆正)|{NO_EN} straighten(?:ing)?(?: it| the \w+)?",
        sets("detail", straighten=False),
    ),
    Rule(
        rf"{NO_ZH}(?:再|进行|做|自动)*(?:校正|修正|调整?|改)?(?:白平衡|偏色)|{NO_EN} (?:fix|correct|adjust"
        rf"|change|touch)(?: the)?"
        r" (?:white[ -]balance|colou?r cast)",
        sets("tone", white_balance=0.0),
    ),
    Rule(
        rf"{NO_ZH}(?:再|把|将|对|给|让|做|进行)*(?:虚化|模糊)(?:掉)?{_GROUND}?|{NO_ZH}(?:再|把|将|对|给"
        rf"|让)*{_GROUND}(?:虚化|模糊|变虚)"
        rf"|{_GROUND}{NO_ZH}(?:再|做|进行|太|那么|有)*(?:虚化?|模糊)(?:效果)?|{_GROUND}(?:虚化"
        rf"|模糊){NO_ZH}{_END}"
        rf"|{NO_EN} (?:want )?(?:a |any |the )*(?:blur(?:red|ry|ring)?|bokeh)(?: {_ITS}{_EN_GROUND})?"
        rf"|{NO_EN} (?:background|backdrop) blur",
        keeps_sharp,
    ),
    Rule(
        rf"(?:{NO_ZH}|去掉|去除|没有?|无)(?:有|做|用|加)?渐变(?:的?(?:背景|底色?|效果|色))?"
        rf"|{_GROUND}{NO_ZH}(?:有|做|用|加)?渐变(?:色)?|渐变(?:背景|色)?{NO_ZH}(?:了)?{_END}"
        rf"|(?:{NO_EN}|remove(?: the)?) (?:want )?(?:a |any |the )*gradients?(?: (?:background|backdrop))?",
        flattens,
    ),
    Rule(
        rf"{NO_ZH}(?:再|把|将)?(?:移动|挪动)(?:产品|主体|商品)?(?:的?位置)?|{NO_EN} move(?: it"
        rf"| the product)?(?![a-z]| \w)",
        leaves_place,
    ),
    # Light that is not wanted comes from the other side.
    Rule(
        rf"(?:光线?|灯光|主光)?(?:{NO_ZH})(?:从|在|来自)?左(?:边|侧|面|方)?(?:来|打|照)*(?:的?光)(?:了)?"
        rf"|光线?(?:{NO_ZH})(?:从|在|来自)?左(?:边|侧|面|方)?(?:来|打|照)*"
        rf"|{NO_EN} (?:want )?(?:any |the )*(?:light|lit) from the left"
        rf"|{NO_EN} left[ -](?:side )?light(?:ing)?",
        lights_from(60.0),
    ),
    Rule(
        rf"(?:光线?|灯光|主光)?(?:{NO_ZH})(?:从|在|来自)?右(?:边|侧|面|方)?(?:来|打|照)*(?:的?光)(?:了)?"
        rf"|光线?(?:{NO_ZH})(?:从|在|来自)?右(?:边|侧|面|方)?(?:来|打|照)*"
        rf"|{NO_EN} (?:want )?(?:any |the )*(?:light|lit) from the right"
        rf"|{NO_EN} right[ -](?:side )?light(?:ing)?",
        lights_from(-60.0),
    ),
)
"""Narrower than the rules for what they refuse."""
