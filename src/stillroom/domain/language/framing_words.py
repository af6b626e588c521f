"""Rules for the product's size and position, in Chinese and English."""

from stillroom.domain.language.acts import (
    complains,
    fills_to,
    leaves_margin,
    moves,
    moves_by,
    scales_fill,
    sets,
)
from stillroom.domain.language.amounts import PERCENT, TIMES
from stillroom.domain.language.readings import Rule, Rules

_IT = r"(?:产品|商品|主体)?"
_SOME = r"(?:一点点|一丢丢|一[咪米眯]{2}|一些些|很多|得多|许多|一?[点些]|一下)?"
_OFTEN = r"(?:slightly |much |a bit |a lot |a touch |a little )?"
_SIZE = rf"\s*(?:(?:了|by|约|大约|about|to|到|为|成|至|原来的?|原先的?|its)\s*)*(?:{TIMES}|{PERCENT})"
_SIDE = rf"(?:移|挪|靠|偏)?(?:动|过去)?\s*(?:约)?{PERCENT}"

FRAMING_NUMBERS: Rules = (
    # Half of what it is; of the picture only where that is said.
    Rule(
        rf"缩小{_IT}(?:到|成|为|至)(?:一半|二分之一)(?!画面)"
        r"|(?:shrink|scale|reduce)(?: it| the product)?(?: down)? to half(?! of the)(?: (?:its|the) size)?",
        scales_fill(-1),
    ),
    Rule(
        rf"(?:(?:放大|缩小|拉近){_IT}|(?:产品|商品|主体|大小|尺寸|比例)+调整?)到(?:画面的?)?\s*{PERCENT}"
        rf"|{PERCENT} ?(?:fill|of the (?:frame|picture|image|canvas))"
        rf"|(?:enlarge|scale|zoom|resize)(?: it| the product)? to \s*{PERCENT}"
        r"|占(?:满|据)?(?:整个)?(?:画面|图片)?的?(?:一半|二分之一|三分之二|四分之三)"
        r"|(?:fill|take up)s? (?:half|two thirds|three quarters)(?: of)? the (?:frame|picture|image)",
        fills_to,
    ),
    Rule(
        r"(?:产品|商品|主体)?(?:占|填充|充满|占据)(?:了|满|到)?(?:整个)?(?:画面|图片|画布)?(?:的|比|比例)?"
        rf"\s*(?:约|到)?\s*{PERCENT}"
        r"|(?:product |it )?(?:fill(?:s|ing)?|take(?:s|ing)?(?: up)?|occup(?:y|ies))"
        rf"(?: the)?(?: frame| picture| image| canvas)?(?: to| about| by)?\s*{PERCENT}"
        r"(?: of the (?:frame|picture|image|canvas))?",
        fills_to,
    ),
    Rule(
        r"(?:四周|四边|周围|周边|上下左右|每边|各边|两边|每一?侧)(?:都|各自?|均|的|要)*"
        rf"(?P<more>多|再|增加)*(?:留白?|留出|空出?|边距)?(?:约|为|是|出)?\s*{PERCENT}(?:的?(?:留白|空白"
        rf"|边距|余量))?"
        rf"|(?P<more2>多|再|增加)*(?:留白|边距|留边|页边距)(?:约|为|是|到|[:：])?\s*{PERCENT}"
        rf"|(?P<more3>多|再|增加)*(?:留出?)?{PERCENT}的?(?:留白|空白|边距)"
        rf"|(?:leave |with |add |a )*{PERCENT}(?P<more4> more| extra)? (?:margins?|padding"
        rf"|white ?space)(?: (?:on|at) (?:each|every|all) sides?"
        r"| all (?:a)?round| around(?: it| the product)?)?"
        rf"|(?P<more5>more )?(?:margins?|padding) (?:of )?{PERCENT}(?: (?:on|at) (?:each|every"
        rf"|all) sides?| all around)?",
        leaves_margin,
    ),
    Rule(
        rf"(?:往|向|朝)左(?:边|侧)?{_SIDE}|(?:move|shift)(?: it"
        rf"| the product)?(?: to the)? left (?:by )?{PERCENT}",
        moves_by(-1, 0),
    ),
    Rule(
        rf"(?:往|向|朝)右(?:边|侧)?{_SIDE}|(?:move|shift)(?: it"
        rf"| the product)?(?: to the)? right (?:by )?{PERCENT}",
        moves_by(1, 0),
    ),
    Rule(
        rf"(?:往|向|朝)上(?:边|方)?{_SIDE}|(?:move|shift)(?: it| the product)? up (?:by )?{PERCENT}",
        moves_by(0, -1),
    ),
    Rule(
        rf"(?:往|向|朝)下(?:边|方)?{_SIDE}|(?:move|shift)(?: it| the product)? down (?:by )?{PERCENT}",
        moves_by(0, 1),
    ),
)
"""Wishes with a number, tried before those without."""

FRAMING_RULES: Rules = (
    Rule(
        rf"{_IT}(?:太过?|过于|有[点些]儿?|好似)(?:小|细(?!节))了?|小了一?[点些]|不够大|too (?:small|tiny)",
        complains(scales_fill(1)),
    ),
    Rule(
        rf"{_IT}(?:太过?|过于|有[点些]儿?)大了?|大了一?[点些]|too (?:big|large)", complains(scales_fill(-1))
    ),
    Rule(
        rf"{_IT}(?:(?:放大|拉近){_IT}|(?:再|更|变|调"
        rf"|稍微?|略微?)?大(?!理石|小|米|红|衣|牌|赛){_SOME}(?<!大)|(?:再|更|变|调)大)(?:{_SOME})(?:{_SIZE})?"
        rf"|(?:{PERCENT} |{TIMES} |{_OFTEN})(?:larger|bigger|closer|zoom in"
        rf"|enlarge|magnify|scale up)(?: it| the product)?(?:{_SIZE})?|(?:twice|double) (?:as (?:big|large)"
        rf"|the size)",
        scales_fill(1),
    ),
    Rule(
        rf"{_IT}(?:(?:缩小|拉远){_IT}|(?:再|更|变|调"
        rf"|稍微?|略微?)?小(?!清新|米|众|红){_SOME}(?<!小)|(?:再|更|变|调)小)(?:{_SOME})(?:{_SIZE})?"
        r"|(?:多)?留白(?:多?一?[点些])?|多留(?:一?[点些])?(?:空?白|空间)"
        rf"|(?:{PERCENT} |{_OFTEN})(?:smaller|zoom out"
        rf"|shrink|scale down)(?: it| the product)?(?:{_SIZE})?|half (?:as (?:big|large)|the size)"
        r"|more (?:white ?space|room|margin)",
        scales_fill(-1),
    ),
    Rule(
        r"(?:产品|主体|商品)?居中(?:构图|摆放|显示)?|放(?:在|到)?(?:正)?中[间央]"
        r"|(?:cent(?:re|er)(?:e?d)?|in the (?:middle|cent(?:re|er)))(?: it| the product"
        r"| composition)?(?![a-z])",
        sets("framing", x=0.5, y=0.5),
    ),
    Rule(
        r"(?:产品|主体|商品)?(?:往|向)?左移?(?:动|挪)?(?:一?[点些])|(?:move|shift)(?: it"
        r"| the product)?(?: to the| a bit| slightly)? left",
        moves(-0.06, 0.0),
    ),
    Rule(
        r"(?:产品|主体|商品)?(?:往|向)?右移?(?:动|挪)?(?:一?[点些])|(?:move|shift)(?: it"
        r"| the product)?(?: to the| a bit| slightly)? right",
        moves(0.06, 0.0),
    ),
    Rule(
        r"(?:产品|主体|商品)?(?:往|向)?上移?(?:动|挪)?(?:一?[点些])|(?:move|shift)(?: it"
        r"| the product)?(?: a bit| slightly)? up",
        moves(0.0, -0.05),
    ),
    Rule(
        r"(?:产品|主体|商品)?(?:往|向)?下移?(?:动|挪)?(?:一?[点些])|(?:move|shift)(?: it"
        r"| the product)?(?: a bit| slightly)? down",
        moves(0.0, 0.05),
    ),
    Rule(
        r"方形|正方形|(?:正)?方图(?!案)|(?:1|一)\s*[:：比]\s*(?:1|一)|square(?: crop"
        r"| format)?",
        sets("framing", shape="square"),
    ),
)
"""In the order in which they are tried."""
