"""The words of instructions, in Chinese and in English, and the wish each of them stands for."""

import re

from stillroom.domain.backdrop_words import BACKDROP_RULES, SCENE_RULES
from stillroom.domain.exact_words import EXACT_RULES
from stillroom.domain.readings import (
    MIRED_STEP,
    Act,
    adds,
    brings_daylight,
    exposes,
    fills_to,
    lights_from,
    moves,
    nothing,
    scales_fill,
    scales_shadow,
    sets,
    sharpens,
    softens_shadow,
    takes_out_cast,
)

_SHADOW = r"(?:阴影|投影|影子|影)"
_MORE = r"(?:再|更|稍微|略微?|变|得|一点|一些|点|些|\s)*"


def _rule(pattern: str, act: Act) -> tuple[re.Pattern[str], Act]:
    return re.compile(pattern), act


RULES: tuple[tuple[re.Pattern[str], Act], ...] = (
    *EXACT_RULES,
    # What is kept anyway, and what would be mistaken for something else below.
    _rule(
        r"(?:保留|保持|不要改变?|别改)(?:原有?|原来)?的?(?:背景|场景|环境)"
        r"|背景(?:保持)?不[变动]|不[换改]背景"
        r"|(?:keep|preserve|retain) (?:the |my )?(?:original |same )?(?:background|backdrop|scene)",
        sets("backdrop", kind="keep"),
    ),
    _rule(
        r"(?:保留|保持|还原|不要?改变?|别改)[^,，。;；、]*?(?:文字|字样|字|标志|标识|logo|标签"
        r"|图案|细节|氛围|产品|商品|原样|构图|质感|纹理|材质|木纹|把手|手柄|不变)(?:不变)?"
        r"|(?:keep|preserve|retain)(?: the| its| all| my)?(?: \w+)? (?:lettering|text|logo"
        r"|label|print|pattern|details?"
        r"|glow|mood|atmosphere|product|shape|texture|handle|grain|finish|material)(?: as it is| unchanged)?",
        nothing,
    ),
    *SCENE_RULES,
    _rule(
        r"(?:去除|去掉|消除|移除|减少|校正|修正|纠正|改善)(?:照片|画面|整体)?的?(?:偏|发)黄"
        r"|(?:remove|fix|correct|reduce|neutrali[sz]e)(?: the| any)?"
        r" (?:yellow|orange|warm)(?:ish)?(?: colou?r)? cast",
        takes_out_cast(-MIRED_STEP),
    ),
    _rule(
        r"(?:去除|去掉|消除|移除|减少|校正|修正|纠正|改善)(?:照片|画面|整体)?的?(?:偏|发)蓝"
        r"|(?:remove|fix|correct|reduce|neutrali[sz]e)(?: the| any)?"
        r" (?:blue|cold|cool)(?:ish)?(?: colou?r)? cast",
        takes_out_cast(MIRED_STEP),
    ),
    _rule(
        r"(?:去除|去掉|消除|移除|减少|校正|修正|纠正|改善)(?:照片|画面|整体)?的?(?:偏色|色偏"
        r"|偏[黄蓝红绿紫]|发[黄蓝红绿])"
        r"|(?:校正|修正|纠正|调整|自动)?白平衡(?:校正|修正)?|还原[^,，。;；、]*?(?:本色|颜色"
        r"|色彩|真实色)|(?:颜色|色彩)(?:还原|准确|真实)"
        r"|(?:remove|fix|correct|reduce|neutrali[sz]e)(?: the| any)?(?: \w+)? (?:colou?r )?cast"
        r"|(?:fix|correct|adjust|auto)?(?: the)? ?white[ -]balance"
        r"|(?:true|accurate|natural|real|faithful)(?: \w+)? colou?rs?",
        sets("tone", white_balance=1.0),
    ),
    # Light on the dark side; "shadows" here are not the one on the floor.
    _rule(
        r"(?:提亮|提升|拉亮|打亮)(?:暗部|阴影|暗处)|暗部(?:提亮|更亮)|(?:去除|减少|淡化"
        r"|去掉)(?:褶皱|皱纹|皱褶)(?:的?阴影)?"
        r"|(?:光线|光照|打光)?均匀(?:光线|光照|打光|布光)?|(?:lift|open|brighten"
        r"|raise)(?: up)?(?: the)? (?:shadows|dark \w+)"
        r"|even(?:ly)? (?:light(?:ing)?|lit)",
        adds("light", "fill", 0.4),
    ),
    # The shadow on the floor.
    _rule(
        rf"(?:不要|不加|不用|无|没有|去掉|去除|移除|删除|别加|不带|取消|去)(?:任何|底部|产品"
        rf"|下面|背景)?的?{_SHADOW}"
        r"|(?:no|without|remove|delete|drop)(?: any| a| the| all)?(?: drop| floor"
        r"| ground)? shadows?|shadowless|shadow-free",
        sets("shadow", kind="none"),
    ),
    _rule(
        rf"{_SHADOW}{_MORE}太?(?:柔和?|软|虚){_MORE}|(?:更|再)(?:柔和?|软)的?{_SHADOW}|(?:柔化"
        rf"|软化){_SHADOW}"
        r"|softer (?:\w+ )?shadows?|soften (?:the )?shadows?|shadows? (?:much |a bit |slightly )?softer",
        softens_shadow(1.75),
    ),
    _rule(
        rf"{_SHADOW}{_MORE}(?:硬|锐利|清晰){_MORE}|(?:更|再)硬的?{_SHADOW}"
        r"|(?:harder|crisper|sharper) (?:\w+ )?shadows?|shadows? (?:much |a bit "
        r"|slightly )?(?:harder|crisper|sharper)",
        softens_shadow(0.57),
    ),
    _rule(
        rf"{_SHADOW}(?:太|有点|过于|过)(?:深|重|浓|强|黑|明显)了?"
        rf"|{_SHADOW}{_MORE}(?:减|变)?(?:淡|浅|轻|弱|少){_MORE}(?:\d+\s*[%％])?"
        rf"|(?:减弱|淡化|减淡|减轻|减少|弱化|更淡的?){_SHADOW}(?:\d+\s*[%％])?"
        r"|(?:\d+\s*% )?(?:lighter|weaker|fainter|less|subtler) (?:\w+ )?shadows?(?: by \d+\s*%)?"
        r"|(?:reduce|lighten|weaken|fade)(?: the)? shadows?(?: by \d+\s*%)?"
        r"|shadows? (?:is |are )?(?:much |a bit |slightly |\d+\s*% )?(?:lighter|weaker|fainter"
        r"|too (?:dark|strong|heavy))",
        scales_shadow(-1),
    ),
    _rule(
        rf"{_SHADOW}(?:太|有点|过于|过)(?:浅|淡|弱|轻)了?"
        rf"|{_SHADOW}{_MORE}(?:加)?(?:深|重|浓|强|明显|黑){_MORE}(?:\d+\s*[%％])?"
        rf"|(?:加深|加重|加强|增强){_SHADOW}(?:\d+\s*[%％])?"
        r"|(?:\d+\s*% )?(?:darker|deeper|stronger|heavier|more) (?:\w+ )?shadows?(?: by \d+\s*%)?"
        r"|(?:deepen|darken|strengthen)(?: the)? shadows?(?: by \d+\s*%)?"
        r"|shadows? (?:is |are )?(?:much |a bit |slightly |\d+\s*% )?(?:darker|deeper|stronger"
        r"|too (?:light|weak|faint))",
        scales_shadow(1),
    ),
    _rule(
        rf"硬质?的?{_SHADOW}|硬边{_SHADOW}|(?:hard|crisp"
        rf"|sharp)(?:-edged)? (?:\w+ )?shadows?",
        sets("shadow", kind="hard"),
    ),
    _rule(
        rf"(?:底部|加上?|增加|添加|带|要|有|产品|下面|的|自然|柔和?|柔软|软|轻微?|淡淡?|接触)*{_SHADOW}"
        r"|(?:add(?:ing)? |with |a |an |some |the |soft |gentle |natural |subtle |light "
        r"|realistic |contact |drop )*shadows?(?![a-z])",
        sets("shadow", kind="soft"),
    ),
    # Light.
    _rule(r"轮廓光|边缘光|逆光|(?:rim|back|edge)[ -]?light(?:ing)?", sets("light", rim=0.7)),
    _rule(
        r"(?:光线?|灯光?|打光|布光|主光)(?:从|在|来自|换到|移到|改到|打在)*(?:左|左侧|左边"
        r"|左面|左方)(?:来|打|照|过来|来|侧|边|面|方)*"
        r"|(?:从|在)?左(?:侧|边|面|方|前方?)?(?:来|打|照|布)*(?:光|灯)|左光"
        r"|(?:key )?light(?:ing|ed)?(?: \w+)?(?: from| on| to| at)?(?: the)?"
        r"(?: upper| top| front)? left(?: side)?"
        r"|lit from (?:the )?left|left[ -](?:side )?light(?:ing)?",
        lights_from(-60.0),
    ),
    _rule(
        r"(?:光线?|灯光?|打光|布光|主光)(?:从|在|来自|换到|移到|改到|打在)*(?:右|右侧|右边"
        r"|右面|右方)(?:来|打|照|过来|来|侧|边|面|方)*"
        r"|(?:从|在)?右(?:侧|边|面|方|前方?)?(?:来|打|照|布)*(?:光|灯)|右光"
        r"|(?:key )?light(?:ing|ed)?(?: \w+)?(?: from| on| to| at)?(?: the)?"
        r"(?: upper| top| front)? right(?: side)?"
        r"|lit from (?:the )?right|right[ -](?:side )?light(?:ing)?",
        lights_from(60.0),
    ),
    _rule(
        r"顶光|(?:从|在)?(?:上方|顶部|头顶|上面)(?:来|打|照|布)*(?:光|灯)|(?:light(?:ing)?"
        r"|lit) from (?:above|the top)|(?:top|overhead)[ -]?light(?:ing)?",
        lights_from(0.0, elevation_deg=75.0),
    ),
    _rule(
        r"(?:从|在)?(?:正面|前方|前面)(?:来|打|照|布)*(?:光|灯)|正面光|(?:light(?:ing)?"
        r"|lit) from (?:the )?front|front(?:al)?[ -]?light(?:ing)?",
        lights_from(0.0, elevation_deg=25.0),
    ),
    _rule(
        r"(?:增强|加强|提升)?(?:自然光|日光|阳光)(?:增强|加强|提升)|(?:增强|加强"
        r"|提升)(?:自然光|日光|阳光|光线)"
        r"|(?:enhance|boost|more|stronger)(?: the)? (?:natural |day)?(?:light|daylight|sunlight)",
        brings_daylight,
    ),
    _rule(
        r"(?:更|再)?(?:柔和|柔|软)的?(?:自然|散射|漫射)?(?:光线?|灯光|打光)|(?:光线?"
        r"|灯光)(?:更|再)?(?:柔和|柔|软)(?:一?[点些])?|自然光线?|散射光|漫射光"
        r"|(?:soft(?:er)?|gentle|diffused?|natural|even) (?:\w+ )?(?:light|lighting"
        r"|daylight)(?![a-z])|daylight",
        adds("light", "fill", 0.25),
    ),
    # Detail.
    _rule(
        r"(?:去除|去掉|减少|降低|消除|去)(?:画面|照片)?的?(?:噪点|噪声|噪音|颗粒)|降噪|去噪"
        r"|(?:remove|reduce|less|clean up)(?: the)? (?:noise|grain)|de-?nois(?:e|ing)"
        r"|noise[ -](?:reduction|free)",
        sets("detail", denoise=0.8),
    ),
    _rule(
        r"(?:突出|增强|强调|提升|加强)?(?:金属|材质|皮革|面料|产品|细节)?(?:的)?(?:质感|纹理"
        r"|立体感|层次感?)(?:增强|更强|突出)?"
        r"|(?:emphasi[sz]e|enhance|bring out|crisper|highlight)(?: the| its)? (?:metal|texture"
        r"|material|details?|fabric|leather)",
        adds("detail", "clarity", 0.45),
    ),
    _rule(
        r"(?:提升|提高|增强|增加)(?:画面|产品)?(?:的)?(?:清晰度|锐度|解析力)|锐化|(?:更|再"
        r"|变)(?:清晰|锐利)(?:一?[点些])?|清晰(?:一?[点些]|锐利)?|模糊修复"
        r"|sharpen(?:ing)?(?: it| the (?:picture|photo|image|product))?|(?:much |a bit "
        r"|slightly )?(?:sharper|crisper|crisp|sharp)(?![a-z])|clearer|de-?blur",
        sharpens,
    ),
    _rule(
        r"(?:拉直|扶正|摆正|校正倾斜|水平校正)|straighten(?: it)?|level (?:it"
        r"|the \w+)",
        sets("detail", straighten=True),
    ),
    _rule(r"平铺(?:拍摄|摆拍)?|俯拍|flat[ -]?lay", sets("framing", y=0.5)),
    *BACKDROP_RULES,
    # Tone.
    _rule(
        r"(?:太|过|有点|偏)(?:暖|黄)了?|too (?:warm|yellow"
        r"|orange)",
        adds("tone", "mired", -MIRED_STEP),
    ),
    _rule(r"(?:太|过|有点|偏)(?:冷|蓝)了?|too (?:cold|cool|blue)", adds("tone", "mired", MIRED_STEP)),
    _rule(r"(?:太|过|有点|偏)(?:亮|曝)了?|过曝|too bright|over-?exposed", exposes(-1)),
    _rule(r"(?:太|过|有点|偏)暗了?|欠曝|too dark|under-?exposed", exposes(1)),
    _rule(
        r"(?:再|更|稍微?|略微?|调|变|色温|色调|光线|画面)*暖(?:和|色)?(?:调)?(?:很多|得多"
        r"|一?[点些])?|暖光"
        r"|(?:slightly |much |a bit |a lot |a touch )?warm(?:er|th)?(?: (?:light|tone"
        r"|colou?rs?|up))?(?![a-z])",
        adds("tone", "mired", MIRED_STEP),
    ),
    _rule(
        r"(?:再|更|稍微?|略微?|调|变|色温|色调|光线|画面)*冷(?:色)?(?:调)?(?:很多|得多|一?[点些])?|冷光"
        r"|(?:slightly |much |a bit |a lot |a touch )?(?:cool(?:er)?|colder)(?: (?:light|tone"
        r"|colou?rs?|down))?(?![a-z])",
        adds("tone", "mired", -MIRED_STEP),
    ),
    _rule(
        r"(?:再|更|稍微?|略微?|调|变|整体|画面|产品|商品)*(?:提亮|增亮|亮)(?:画面|产品|商品"
        r"|照片|整体)?(?:很多|得多|一?[点些])?(?:\d+\s*[%％])?|(?:提高|增加)(?:画面)?亮度(?:\d+\s*[%％])?"
        r"|(?:\d+\s*% |slightly |much |a bit |a lot |a touch )?(?:brighten(?: up)?"
        r"|brighter)(?: it| the (?:photo|picture|image|product))?(?: by)?(?: \d+\s*%)?",
        exposes(1),
    ),
    _rule(
        r"(?:再|更|稍微?|略微?|调|变|整体|画面|产品|商品)*(?:压暗|调暗|暗)(?:画面|产品|商品"
        r"|照片|整体)?(?:很多|得多|一?[点些])?(?:\d+\s*[%％])?|降低(?:画面)?亮度(?:\d+\s*[%％])?"
        r"|(?:\d+\s*% |slightly |much |a bit |a lot |a touch )?(?:darken|darker|dimmer)(?: it"
        r"| the (?:photo|picture|image|product))?(?: by)?(?: \d+\s*%)?",
        exposes(-1),
    ),
    _rule(
        r"(?:提高|增加|增强|加强)对比度?|对比度?(?:再|更)*(?:高|强)(?:一?[点些])?|(?:more"
        r"|higher|increase(?: the)?) contrast",
        adds("tone", "contrast", 0.25),
    ),
    _rule(
        r"(?:降低|减少|减弱)对比度?|对比度?(?:再|更)*(?:低|弱)(?:一?[点些])?|(?:less|lower"
        r"|reduce(?: the)?) contrast",
        adds("tone", "contrast", -0.25),
    ),
    _rule(
        r"(?:提高|增加|增强)(?:色彩)?饱和度?|(?:颜色|色彩|饱和度?)(?:再|更)*(?:鲜艳|鲜明|高"
        r"|浓)(?:一?[点些])?|更?鲜艳(?:一?[点些])?|(?:more|higher"
        r"|increase(?: the)?) saturation|more (?:vivid|colou?rful)|(?:vivid|richer|punchier) colou?rs?",
        adds("tone", "saturation", 0.18),
    ),
    _rule(
        r"(?:降低|减少)(?:色彩)?饱和度?|(?:颜色|色彩|饱和度?)(?:再|更)*(?:淡|低"
        r"|素)(?:一?[点些])?|(?:less|lower|reduce(?: the)?) saturation|less (?:vivid"
        r"|colou?rful)|muted(?: colou?rs?)?|desaturate",
        adds("tone", "saturation", -0.18),
    ),
    # Framing.
    _rule(
        r"(?:产品|商品|主体)?(?:占|填充|充满|占据)(?:满)?(?:画面|图片|画布)?(?:的|比"
        r"|比例)?\s*(?:约|到)?\s*\d+\s*[%％]"
        r"|(?:product |it )?(?:fill(?:s|ing)?|take(?:s|ing)?(?: up)?|occup(?:y"
        r"|ies))(?: the)?(?: frame| picture| image| canvas)?(?: to| about"
        r"| by)?\s*\d+\s*%(?: of the (?:frame|picture|image|canvas))?",
        fills_to,
    ),
    _rule(
        r"(?:产品|商品|主体)?(?:太|有点)小了?|(?:产品|商品|主体)?(?:放大|拉近|(?:再|更|变"
        r"|稍微?|略微?)?大(?:很多|得多|一?[点些]))(?:一?[点些])?(?:\d+\s*[%％])?"
        r"|(?:\d+\s*% |slightly |much |a bit |a lot |a touch )?(?:larger|bigger|closer|zoom in"
        r"|enlarge)(?: it| the product)?(?: by)?(?: \d+\s*%)?|too small",
        scales_fill(1),
    ),
    _rule(
        r"(?:产品|商品|主体)?(?:太|有点)大了?|(?:产品|商品|主体)?(?:缩小|拉远|(?:再|更|变"
        r"|稍微?|略微?)?小(?:很多|得多|一?[点些]))(?:一?[点些])?(?:\d+\s*[%％])?"
        r"|(?:多)?留白(?:多?一?[点些])?"
        r"|(?:\d+\s*% |slightly |much |a bit |a lot |a touch )?(?:smaller|zoom out"
        r"|shrink)(?: it| the product)?(?: by)?(?: \d+\s*%)?|too (?:big|large)"
        r"|more (?:white ?space|room|margin)",
        scales_fill(-1),
    ),
    _rule(
        r"(?:产品|主体|商品)?居中(?:构图|摆放|显示)?|放(?:在|到)?(?:正)?中[间央]"
        r"|(?:cent(?:re|er)(?:e?d)?|in the (?:middle|cent(?:re|er)))(?: it| the product"
        r"| composition)?(?![a-z])",
        sets("framing", x=0.5, y=0.5),
    ),
    _rule(
        r"(?:产品|主体|商品)?(?:往|向)?左移?(?:动|挪)?(?:一?[点些])|(?:move|shift)(?: it"
        r"| the product)?(?: to the| a bit| slightly)? left",
        moves(-0.06, 0.0),
    ),
    _rule(
        r"(?:产品|主体|商品)?(?:往|向)?右移?(?:动|挪)?(?:一?[点些])|(?:move|shift)(?: it"
        r"| the product)?(?: to the| a bit| slightly)? right",
        moves(0.06, 0.0),
    ),
    _rule(
        r"(?:产品|主体|商品)?(?:往|向)?上移?(?:动|挪)?(?:一?[点些])|(?:move|shift)(?: it"
        r"| the product)?(?: a bit| slightly)? up",
        moves(0.0, -0.05),
    ),
    _rule(
        r"(?:产品|主体|商品)?(?:往|向)?下移?(?:动|挪)?(?:一?[点些])|(?:move|shift)(?: it"
        r"| the product)?(?: a bit| slightly)? down",
        moves(0.0, 0.05),
    ),
    _rule(
        r"方形|正方形|(?:1|一)\s*[:：比]\s*(?:1|一)|square(?: crop"
        r"| format)?",
        sets("framing", shape="square"),
    ),
)

FILLER = re.compile(
    r"一键优化|优化|美化|修图|处理|这张|这个|张|照片|图片|画面|产品|商品|主体|请|帮我|麻烦|把|将|给|让|使"
    r"|放在|放到|摆在|摆放|的|了|和|与|及|并|且|同时|整体|效果|一下|一点|一些|稍微"
    r"|高级感?|简约|简洁|干净|清爽|自然|柔和|质感|风格|背景|底部|换成|改成|变成|换|改|做|要|用"
    r"|带|加|调整|调|更|再|有|感|图|色|渐变|专业|电商|主图|我|想|需要|可以|吧|谢谢"
    r"|(?<![a-z])(?:a|an|the|it|its|this|that|my|to|and|with|of|in|on|for|from|at|by|please"
    r"|make|put|place|give|use|set|change|turn|add|have|"
    r"want|need|would|like|should|be|is|more|some|very|bit|little|slightly|product|photo"
    r"|picture|image|background|backdrop|"
    r"one-click|one|click|optimi[sz]e|enhance|improve|retouch|clean|premium|luxurious|luxury"
    r"|elegant|professional|plain|nice|beautiful|fresh|"
    r"studio|style|look|feel|effect|all|so|just|but|then|also|keep|light|soft|natural|thanks?"
    r"|you|can|could|we|i)(?![a-z])"
)
