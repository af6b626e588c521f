"""Rules for the product's brightness and colour, in Chinese and English."""

from stillroom.domain.language.acts import (
    MIRED_STEP,
    adds,
    complains,
    exposes,
    exposes_to,
    scales_contrast,
    scales_saturation,
    sets,
    sets_kelvin,
    takes_out_cast,
    told_back,
    warms_by,
    warms_by_kelvin,
)
from stillroom.domain.language.amounts import AMOUNT, PERCENT, STOPS, TIMES
from stillroom.domain.language.readings import Rule, Rules

_MORE = r"(?:提高|增加|增强|加强|调高|提升|上调|升高|拉高|调大|加大|加)(?:了)?"
_LESS = r"(?:降低|减少|减弱|调低|下调|减小|拉低|压低|调小|减)(?:了)?"
_EN_MORE = r"(?:increase|raise|boost|turn up|bump(?: up)?|up)(?: the| its)?"
_EN_LESS = r"(?:reduce|lower|decrease|turn down|drop|cut|dim)(?: the| its)?"
_SOME = r"(?:一点点|一丢丢|一[咪米眯]{2}|一些些|很多|得多|许多|一?[点些]|一下)?"
_BY = r"\s*(?:by|约|大约|about)?\s*"
_LIGHTNESS = r"(?:画面|整体|产品|商品|照片|图片)?的?(?:亮度|曝光)(?:补偿|值)?"
_OFTEN = r"(?:slightly |much |a bit |a lot |a touch |a little )?"
_CAST = r"(?:去除|去掉|消除|移除|减少|校正|修正|纠正|改善)(?:照片|画面|整体)?的?"
_EN_CAST = r"(?:remove|fix|correct|reduce|neutrali[sz]e)(?: the| any)?"

TONE_NUMBERS: Rules = (
    Rule(rf"{_LIGHTNESS}(?:调整?|设定?|提高|增加|降低|减少|提升)?(?:到|为|成|至)\s*{PERCENT}", exposes_to),
    Rule(
        r"(?:set|bring|raise|lower|increase|reduce|decrease|adjust|turn)(?: the)? (?:brightness|exposure) to"
        rf"\s*{PERCENT}",
        exposes_to,
    ),
    Rule(
        rf"{_MORE}\s*{AMOUNT}的?{_LIGHTNESS}|{_LIGHTNESS}(?:再|也|稍微?|略微?)*[:：\s]*(?:{_MORE}"
        rf"|\+)\s*(?:{AMOUNT}"
        rf"|{_SOME})|{_MORE}{_LIGHTNESS}\s*(?:{AMOUNT}|{_SOME})"
        rf"|{_LIGHTNESS}(?:再|更|稍微?|略微?|调|变)*(?:高|亮){_SOME}(?:{AMOUNT})?"
        rf"|{_EN_MORE} (?:brightness|exposure)(?:{_BY}{AMOUNT})?|(?:brightness|exposure)\s*(?:\+"
        rf"|up)(?:{_BY}{AMOUNT})?"
        rf"|(?:brightness|exposure) (?:higher|up)|\+\s*{STOPS}|(?:brighter by |{STOPS} brighter"
        rf"|brighten by ){STOPS}?",
        exposes(1),
    ),
    Rule(
        rf"{_LESS}\s*{AMOUNT}的?{_LIGHTNESS}|{_LIGHTNESS}(?:再|也|稍微?|略微?)*[:：\s]*(?:{_LESS}"
        rf"|-)\s*(?:{AMOUNT}"
        rf"|{_SOME})|{_LESS}{_LIGHTNESS}\s*(?:{AMOUNT}|{_SOME})"
        rf"|{_LIGHTNESS}(?:再|更|稍微?|略微?|调|变)*(?:低|暗){_SOME}(?:{AMOUNT})?"
        rf"|{_EN_LESS} (?:brightness|exposure)(?:{_BY}{AMOUNT})?|(?:brightness|exposure)\s*(?:-"
        rf"|down)(?:{_BY}{AMOUNT})?"
        rf"|-\s*{STOPS}|{STOPS} darker|darker by {STOPS}",
        exposes(-1),
    ),
    Rule(
        rf"(?:色彩)?饱和度?[:：\s]*(?:{_MORE}|\+)\s*{AMOUNT}|{_EN_MORE} saturation{_BY}{AMOUNT}"
        rf"|saturation\s*\+\s*{AMOUNT}"
        rf"|{PERCENT} more saturat(?:ed|ion)|more saturated by {PERCENT}",
        scales_saturation(1),
    ),
    Rule(
        rf"(?:色彩)?饱和度?[:：\s]*(?:{_LESS}|-)\s*{AMOUNT}|{_EN_LESS} saturation{_BY}{AMOUNT}"
        rf"|saturation\s*-\s*{AMOUNT}"
        rf"|{PERCENT} less saturat(?:ed|ion)|less saturated by {PERCENT}",
        scales_saturation(-1),
    ),
    Rule(
        rf"对比度?[:：\s]*(?:{_MORE}|\+)\s*{AMOUNT}|{_EN_MORE} contrast{_BY}{AMOUNT}|contrast\s*\+\s*{AMOUNT}"
        rf"|{PERCENT} more contrast",
        scales_contrast(1),
    ),
    Rule(
        rf"对比度?[:：\s]*(?:{_LESS}|-)\s*{AMOUNT}|{_EN_LESS} contrast{_BY}{AMOUNT}|contrast\s*-\s*{AMOUNT}"
        rf"|{PERCENT} less contrast",
        scales_contrast(-1),
    ),
    Rule(
        rf"暖{_BY}\d{{2,4}}\s*k(?:elvin)?(?![a-z])|warm(?:er"
        rf"|(?: it)? up)?{_BY}\d{{2,4}}\s*k(?:elvin)?(?![a-z])"
        r"|\d{2,4}\s*k(?:elvin)? warmer",
        warms_by_kelvin(1),
    ),
    Rule(
        rf"冷{_BY}\d{{2,4}}\s*k(?:elvin)?(?![a-z])|(?:colder|cool(?:er"
        rf"|(?: it)? down)?){_BY}\d{{2,4}}\s*k(?:elvin)?(?![a-z])"
        r"|\d{2,4}\s*k(?:elvin)? cooler",
        warms_by_kelvin(-1),
    ),
    Rule(
        r"(?:色温|光线|灯光)?(?:调?(?:到|成|为)|设为)?\s*\d{4,5}\s*k(?:elvin)?(?![a-z])(?: light)?",
        sets_kelvin,
    ),
    Rule(r"(?:暖|warmer(?: by)?)\s*\d{1,3}\s*mired|\d{1,3}\s*mired warmer", warms_by(1)),
    Rule(r"(?:冷|cooler(?: by)?)\s*\d{1,3}\s*mired|\d{1,3}\s*mired cooler", warms_by(-1)),
)
"""Wishes with a number, tried before those without."""

CAST_RULES: Rules = (
    Rule(
        rf"{_CAST}(?:偏|发)黄|{_EN_CAST} (?:yellow|orange|warm)(?:ish)?(?: colou?r)? cast",
        takes_out_cast(-MIRED_STEP),
    ),
    Rule(
        rf"{_CAST}(?:偏|发)蓝|{_EN_CAST} (?:blue|cold|cool)(?:ish)?(?: colou?r)? cast",
        takes_out_cast(MIRED_STEP),
    ),
    Rule(
        rf"{_CAST}(?:偏色|色偏|偏[黄蓝红绿紫]|发[黄蓝红绿])"
        r"|(?:校正|修正|纠正|调整|自动)?白平衡(?:校正|修正)?|还原[^,，。;；、]*?(?:本色|颜色"
        r"|色彩|真实色)|(?:颜色|色彩)(?:还原|准确|真实)"
        rf"|{_EN_CAST}(?: \w+)? (?:colou?r )?cast"
        r"|(?:fix|correct|adjust|auto)?(?: the)? ?white[ -]balance"
        r"|(?:true|accurate|natural|real|faithful)(?: \w+)? colou?rs?",
        sets("tone", white_balance=1.0),
    ),
)
"""Before the backdrops, since a cast has the name of a colour."""

# What is complained of is the photo; what is only said to lean to a side is a wish where it is about a style.
_COMPLAINT = (
    r"(?:太过?|过于|过分|过度|(?<![不超经通])过|有一?[点些]儿?"
    r"|(?:照片|图片|原图|拍得|拍的)(?:都|也|很|有点)?(?=偏|发))"
)
_STYLE = (
    r"(?<!有点)(?<!有些)(?<!太)(?<!过)(?<!照片)(?<!图片)(?<!原图)"
    r"(?:(?:整体|色调|画面|色温|光线|风格|氛围|颜色|色彩|效果|稍微?|略微?|再|更|调|想要?|要|希望|的|都|上"
    r"|能)*"
)
_LEANING = r"(?:一?[点些]|一些些|的?色?调|的?(?:光|氛围|风格|感觉|效果))(?!了)"
_STYLED = r"(?:整体|色调|画面|色温|光线|风格|氛围|想要?|要|希望)(?:的|都|上|能|色调|稍微?|略微?|再|更|调)*"


def _style(zh: str) -> str:
    return rf"{_STYLE}偏(?:{zh})色?{_LEANING}|{_STYLED}(?<!有点)偏(?:{zh})色?(?!了))"


_TONE = r"(?:色?调子?|色系|系)"
TONE_RULES: Rules = (
    Rule(_style("暖"), adds("tone", "mired", MIRED_STEP)),
    Rule(_style("冷"), adds("tone", "mired", -MIRED_STEP)),
    Rule(rf"{_STYLE}偏黄色?{_LEANING})", adds("tone", "mired", MIRED_STEP)),
    Rule(rf"{_STYLE}偏蓝色?{_LEANING})", adds("tone", "mired", -MIRED_STEP)),
    Rule(rf"{_STYLE}偏亮{_LEANING}|{_STYLED}(?<!有点)偏亮(?!了))", exposes(1)),
    Rule(rf"{_STYLE}偏暗{_LEANING})", exposes(-1)),
    Rule(
        rf"{_COMPLAINT}(?:偏|发)*(?:暖|黄|橙)色?了?{_SOME}|(?:很|(?<!最)好|挺)黄|[暖黄]了一?[点些]"
        rf"|偏(?:暖|黄|橙)了|发[黄橙]了?|too (?:warm|yellow"
        rf"|orange)",
        complains(adds("tone", "mired", -MIRED_STEP)),
    ),
    Rule(
        rf"{_COMPLAINT}(?:偏|发)*(?:冷|蓝)色?了?{_SOME}|(?:很|(?<!最)好|挺)蓝|[冷蓝]了一?[点些]|偏(?:冷"
        rf"|蓝)了|发[蓝冷]了?|too (?:cold|cool|blue)",
        complains(adds("tone", "mired", MIRED_STEP)),
    ),
    Rule(
        rf"{_COMPLAINT}(?:偏|发)*(?:亮(?!度)|曝)了?{_SOME}|亮了一?[点些]|偏亮了|过曝了?|曝光过度"
        rf"|too bright|over-?exposed",
        complains(exposes(-1)),
    ),
    Rule(
        rf"{_COMPLAINT}(?:偏|发)*暗了?{_SOME}|(?:(?<!最)好|很|挺|真|太|比较|超|灰?蒙蒙"
        rf"|黑乎乎)暗(?!一?[点些])了?|暗了一?[点些]|(?:偏|发)暗了|发暗|不够亮|欠曝了?|曝光不足|too dark"
        rf"|under-?exposed|not bright enough",
        complains(exposes(1)),
    ),
    Rule(
        rf"(?:颜色|色彩|饱和度?|产品|整体|画面)*{_COMPLAINT}(?:鲜艳|艳丽?|鲜|浓艳)了?{_SOME}"
        rf"|(?:颜色|色彩|饱和度?){_COMPLAINT}(?:浓|高|重)了?{_SOME}"
        r"|too (?:vivid|saturated|colou?rful|vibrant)(?: colou?rs?)?|(?:colou?rs? (?:is |are |look )?"
        r"|saturation (?:is )?)too"
        r" (?:vivid|strong|bright|saturated|high)",
        complains(adds("tone", "saturation", -0.18)),
    ),
    Rule(
        rf"(?:颜色|色彩|饱和度?){_COMPLAINT}(?:淡|素|低|灰|不够)了?{_SOME}|(?:颜色|色彩"
        rf"|饱和度)不够(?:鲜艳|艳|高)?"
        r"|(?:colou?rs? (?:is |are |look )?|saturation (?:is )?)too (?:dull|pale|flat|low|muted)",
        complains(adds("tone", "saturation", 0.18)),
    ),
    Rule(
        rf"对比度?{_COMPLAINT}(?:高|强|大)了?{_SOME}|too (?:much contrast|contrasty)"
        rf"|contrast (?:is )?too (?:high|strong)",
        complains(adds("tone", "contrast", -0.25)),
    ),
    Rule(
        rf"对比度?(?:{_COMPLAINT}(?:低|弱|小)了?{_SOME}|不够)|contrast (?:is )?too (?:low|weak)"
        rf"|not enough contrast",
        complains(adds("tone", "contrast", 0.25)),
    ),
    Rule(r"不够暖|not warm enough", complains(adds("tone", "mired", MIRED_STEP))),
    Rule(r"不够冷|not cool enough", complains(adds("tone", "mired", -MIRED_STEP))),
    Rule(r"(?:整体|画面|色调|颜色|色彩|稍微?|略微?)*偏[暖黄冷蓝亮暗橙红绿紫](?:色)?", told_back),
    Rule(
        rf"(?:再|更|稍微?|略微?|调|变|色温|色调|光线|画面)*暖(?!气|宝|手|炉)(?:和|色)?{_TONE}?{_SOME}|暖光"
        rf"|{_OFTEN}warm(?:er|th)?(?: (?:light|tones?|colou?rs?|up))?(?![a-z])",
        adds("tone", "mired", MIRED_STEP),
    ),
    Rule(
        rf"(?:再|更|稍微?|略微?|调|变|色温|色调|光线|画面)*冷(?!饮|水|藏|冻)色?{_TONE}?{_SOME}|冷光"
        rf"|{_OFTEN}(?:cool(?:er)?|colder)(?: (?:light|tones?|colou?rs?|down))?(?![a-z])",
        adds("tone", "mired", -MIRED_STEP),
    ),
    Rule(
        r"(?:再|更|稍微?|略微?|调|变|整体|画面|产品|商品)*(?:提亮|增亮|亮)(?![度部片面])(?:画面|产品|商品"
        rf"|照片|整体)?{_SOME}(?:{_BY}{AMOUNT})?"
        rf"|(?:{PERCENT} |{_OFTEN})(?:brighten(?: up)?"
        rf"|brighter)(?: it| the (?:photo|picture|image|product))?(?:{_BY}(?:{STOPS}|{PERCENT}|{TIMES}))?",
        exposes(1),
    ),
    Rule(
        r"(?:再|更|稍微?|略微?|调|变|整体|画面|产品|商品)*(?:压暗|调暗|暗)(?![部处角纹])(?:画面|产品|商品"
        rf"|照片|整体)?{_SOME}(?:{_BY}{AMOUNT})?"
        rf"|(?:{PERCENT} |{_OFTEN})(?:darken|darker|dimmer)(?: it"
        rf"| the (?:photo|picture|image|product))?(?:{_BY}(?:{STOPS}|{PERCENT}|{TIMES}))?",
        exposes(-1),
    ),
    Rule(
        rf"{_MORE}对比度?|对比度?(?:再|更)*(?:高|强){_SOME}|(?:more|higher|stronger"
        rf"|increase(?: the)?) contrast",
        adds("tone", "contrast", 0.25),
    ),
    Rule(
        rf"{_LESS}对比度?|对比度?(?:再|更)*(?:低|弱){_SOME}|(?:less|lower|reduce(?: the)?) contrast",
        adds("tone", "contrast", -0.25),
    ),
    Rule(
        rf"{_MORE}(?:色彩)?饱和度?|(?:颜色|色彩|饱和度?)(?:再|更)*(?:鲜艳|鲜明|高|浓){_SOME}|更?鲜艳{_SOME}"
        r"|(?:more|higher|increase(?: the)?) saturation|more (?:vivid|colou?rful)|(?:vivid|richer"
        r"|punchier) colou?rs?",
        adds("tone", "saturation", 0.18),
    ),
    Rule(
        rf"{_LESS}(?:色彩)?饱和度?|(?:颜色|色彩|饱和度?)(?:再|更)*(?:淡|低|素){_SOME}"
        r"|(?:less|lower|reduce(?: the)?) saturation|less (?:vivid|colou?rful)|muted(?: colou?rs?)?"
        r"|desaturate",
        adds("tone", "saturation", -0.18),
    ),
)
"""In the order in which they are tried."""
