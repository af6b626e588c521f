"""All rules of the parser, in the order in which they are tried."""

import re

from stillroom.domain.language.acts import (
    adds,
    brings_daylight,
    complains,
    exposes,
    lights_from,
    nothing,
    scales_fill,
    sets,
    sharpens,
    told_back,
)
from stillroom.domain.language.backdrop_acts import leaves_only_product
from stillroom.domain.language.backdrop_words import BACKDROP_RULES, REPLACED_RULES, SCENE_RULES
from stillroom.domain.language.colors import PAINT
from stillroom.domain.language.complained_words import (
    BLURRED_RULES,
    DISLIKED_RULES,
    END,
    KEEN_COMPLAINTS,
    LIGHT_COMPLAINTS,
    REMEDY_RULES,
    SHADE_COMPLAINTS,
    START,
)
from stillroom.domain.language.exact_words import EXACT_RULES, MOVED_LIGHT_RULES
from stillroom.domain.language.framing_words import FRAMING_RULES
from stillroom.domain.language.prop_words import PROP_RULES
from stillroom.domain.language.readings import Rule, Rules
from stillroom.domain.language.refused_words import KEEPING_RULES, REFUSED_RULES
from stillroom.domain.language.shadow_words import MIRRORED_RULES, SHADOW_RULES
from stillroom.domain.language.tone_words import CAST_RULES, TONE_RULES

_THING = r"(?:产品|商品|主体|物品|东西)"
_PART = (
    r"(?:产品|商品|主体|[杯瓶盒鞋裙裤帽椅盖]子|瓶身|瓶盖|杯身|包包?|衣服|沙发|灯具|手表|表盘|表带|耳机"
    r"|标签|把手|手柄|鞋面|外壳)"
)
_EN_PART = (
    r"(?:product|item|bottle|cup|mug|box|bag|shoes?|dress|shirt|sofa|chair|lamp|watch|dial|strap|cap|lid"
    r"|label|handle)"
)
_PAINTED = rf"{PAINT}(?!\s?(?:色|的)*(?:背景|底|卡纸|纸)| ?(?:background|backdrop|bg|paper))(?:色|的)*"

_PRODUCT_RULES: Rules = (
    # A product has the colour that it has.
    Rule(
        rf"{_PART}(?:的?(?:颜色|外观|表面))?(?:都|全部?|也|给我|帮我)*(?:换|改|变|调|弄|做|染|涂|P)(?:成"
        rf"|为|到|作)\s*{_PAINTED}"
        rf"|(?:make|turn|paint|dye|recolou?r|colou?r|change) (?:the |my |this )?(?:colou?r of (?:the "
        rf"|my |this )?)?{_EN_PART}"
        rf"(?:'s)?(?: colou?r)?(?: to| into| in)?(?: be)? {_PAINTED}|recolou?r (?:the |my |this )?{_EN_PART}",
        told_back,
    ),
    Rule(
        rf"{START}(?:画面|图片?|里面?|中|我|请|帮我|给我|最后)*(?:只|仅|就|净)(?:保留|保持|要|留下?"
        rf"|剩下?|有|需要|显示|看到?)"
        rf"(?:这个|一个|下|我的)*(?:{_THING}|{_PART})(?:本身|主体|自己|就|即可|好|行|了|吧|可以)*(?=$"
        rf"|[,.;:!?，。；：！？、\n])"
        rf"|除了?{_THING}(?:以?外)?(?:的|,|，)*(?:其[他它余]的?|别的)?(?:都|全部?|通通)+(?:去掉|删掉"
        rf"|不要|去除|拿掉|扣掉)(?:了)?{END}"
        rf"|{START}(?:其[他它余]|别的)的?(?:东西|物品|杂物|部分)?(?:都|全部?|全|通通)*(?:不要|去掉|删掉"
        rf"|去除|不需要|拿掉)(?:了|掉)?{END}"
        rf"|{START}(?:please |i |we |want |keep |leave |show |with |and )*(?:only|just)(?: keep| leave"
        rf"| show| want)?(?: the| my| this)?"
        rf" (?:product|item|object)(?: itself| alone| please| only)*{END}"
        rf"|{START}(?:the )?product (?:only|alone|by itself){END}"
        r"|isolate (?:the |my )?(?:product|item|object)|(?:remove|delete) everything (?:else(?![a-z])"
        r"|(?:except|but)(?: for)? (?:the |my )?(?:product|item))",
        complains(leaves_only_product),
    ),
)
_BARE_RULES: Rules = (
    # A degree that stands alone and says of nothing what it is of.
    Rule(
        rf"{START}(?:可以|请|帮我|可不|整体|画面|产品|商品|再|更|稍微?|略微?|调|变|弄"
        rf"|要)*[白光](?:一?[点些]儿?|一下)(?:吧)?{END}"
        rf"|{START}(?:make (?:it|the product) )?(?:a bit |a little |slightly |much )?whiter(?: please)?{END}",
        exposes(1),
    ),
    Rule(
        rf"{START}(?:可以|请|帮我|产品|商品|再|更|稍微?|调|变|弄|要)*细(?:一?[点些]儿?)(?:吧)?{END}",
        scales_fill(-1),
    ),
    Rule(
        rf"{START}(?:但是?|我|应该|要|需要|想|希望|改成|换成|改|换|是)*从左(?:边|侧|面)?(?:来|打|照"
        rf"|过来)*(?:才对|才好|吧)?{END}"
        rf"|{START}(?:it |but |and |i want it |i'd like it )*(?:(?:should|must) (?:be"
        rf"|come) )?from the left(?: side)?(?: please)?{END}",
        lights_from(-60.0),
    ),
    Rule(
        rf"{START}(?:但是?|我|应该|要|需要|想|希望|改成|换成|改|换|是)*从右(?:边|侧|面)?(?:来|打|照"
        rf"|过来)*(?:才对|才好|吧)?{END}"
        rf"|{START}(?:it |but |and |i want it |i'd like it )*(?:(?:should|must) (?:be"
        rf"|come) )?from the right(?: side)?(?: please)?{END}",
        lights_from(60.0),
    ),
    Rule(
        rf"{START}(?:可以|请|帮我|整体|画面|光|再|更|稍微?|略微?|调|变|弄|要)*柔和?(?:一?[点些]儿?"
        rf"|一下)(?:吧)?{END}"
        rf"|{START}(?:make it )?(?:a bit |a little |slightly |much )?softer(?: please)?{END}",
        adds("light", "fill", 0.25),
    ),
)
_KEPT_RULES: Rules = (
    Rule(
        r"(?:保持)?(?:产品|商品|主体|其他|其它|其余|别的|剩下的)(?:的?(?:部分|地方))?(?:都|全部?|也|保持"
        r"|请|就)*"
        r"(?:不变|不动|不改|不要(?:改变?|动|变)|原样)|(?:keep |leave )?(?:everything|anything|all) else"
        r"(?: (?:unchanged|the same|alone|as (?:it )?is))?|nothing else(?: changed?s?)?",
        nothing,
    ),
    Rule(
        r"(?:保留|保持|还原|(?:不要?|别)(?:改变?|动|碰))[^,，。;；、]*?(?:文字|字样|字|标志|标识|logo|标签"
        r"|图案|细节|氛围|产品|商品|原样|构图|质感|纹理|材质|木纹|把手|手柄|不变)(?:不变)?"
        r"|(?:keep|preserve|retain)(?: the| its| all| my)?(?: \w+)? (?:lettering|text|logo"
        r"|label|print|pattern|details?"
        r"|glow|mood|atmosphere|product|shape|texture|handle|grain|finish|material)(?: as it is| unchanged)?",
        nothing,
    ),
)
_FILL_RULES: Rules = (
    # Light on the dark side; "shadows" here are not the one on the floor.
    Rule(
        r"(?:提亮|提升|拉亮|打亮)(?:暗部|阴影|暗处)|暗部(?:提亮|更亮)|(?:去除|减少|淡化"
        r"|去掉)(?:褶皱|皱纹|皱褶)(?:的?阴影)?"
        r"|(?:光线|光照|打光)?均匀(?:光线|光照|打光|布光)?|(?:lift|open|brighten"
        r"|raise)(?: up)?(?: the)? (?:shadows|dark \w+)"
        r"|even(?:ly)? (?:light(?:ing)?|lit)",
        adds("light", "fill", 0.4),
    ),
)
_LIGHT_RULES: Rules = (
    Rule(r"轮廓光|边缘光|逆光|(?:rim|back|edge)[ -]?light(?:ing)?", sets("light", rim=0.7)),
    Rule(
        r"(?:光线?|灯光?|打光|布光|主光)(?:从|在|来自|换到|移到|改到|打在)*(?:左|左侧|左边"
        r"|左面|左方)(?:来|打|照|过来|来|侧|边|面|方)*"
        r"|(?:从|在)?左(?:侧|边|面|方|前方?)?(?:来|打|照|布)*(?:光|灯)|左光"
        r"|(?:key )?light(?:ing|ed)?(?: \w+)?(?: from| on| to| at)?(?: the)?"
        r"(?: upper| top| front)? left(?: side)?"
        r"|lit from (?:the )?left|left[ -](?:side )?light(?:ing)?",
        lights_from(-60.0),
    ),
    Rule(
        r"(?:光线?|灯光?|打光|布光|主光)(?:从|在|来自|换到|移到|改到|打在)*(?:右|右侧|右边"
        r"|右面|右方)(?:来|打|照|过来|来|侧|边|面|方)*"
        r"|(?:从|在)?右(?:侧|边|面|方|前方?)?(?:来|打|照|布)*(?:光|灯)|右光"
        r"|(?:key )?light(?:ing|ed)?(?: \w+)?(?: from| on| to| at)?(?: the)?"
        r"(?: upper| top| front)? right(?: side)?"
        r"|lit from (?:the )?right|right[ -](?:side )?light(?:ing)?",
        lights_from(60.0),
    ),
    Rule(
        r"顶光|(?:从|在)?(?:上方|顶部|头顶|上面)(?:来|打|照|布)*(?:光|灯)|(?:light(?:ing)?"
        r"|lit) from (?:above|the top)|(?:top|overhead)[ -]?light(?:ing)?",
        lights_from(0.0, elevation_deg=75.0),
    ),
    Rule(
        r"(?:从|在)?(?:正面|前方|前面)(?:来|打|照|布)*(?:光|灯)|正面光|(?:light(?:ing)?"
        r"|lit) from (?:the )?front|front(?:al)?[ -]?light(?:ing)?",
        lights_from(0.0, elevation_deg=25.0),
    ),
    Rule(
        r"(?:增强|加强|提升)?(?:自然光|日光|阳光)(?:增强|加强|提升)|(?:增强|加强"
        r"|提升)(?:自然光|日光|阳光|光线)"
        r"|(?:enhance|boost|more|stronger)(?: the)? (?:natural |day)?(?:light|daylight|sunlight)",
        brings_daylight,
    ),
    Rule(
        r"(?:更|再)?(?:柔和|柔|软)的?(?:自然|散射|漫射)?(?:光线?|灯光|打光)|(?:光线?"
        r"|灯光)(?:更|再)?(?:柔和|柔|软)(?:一?[点些])?|自然光线?|散射光|漫射光"
        r"|(?:soft(?:er)?|gentle|diffused?|natural|even) (?:\w+ )?(?:light|lighting"
        r"|daylight)(?![a-z])|daylight",
        adds("light", "fill", 0.25),
    ),
)
_DETAIL_RULES: Rules = (
    Rule(
        r"(?:去除|去掉|减少|降低|消除|去)(?:画面|照片)?的?(?:噪点|噪声|噪音|颗粒)|降噪|去噪"
        r"|(?:remove|reduce|less|clean up)(?: the)? (?:noise|grain)|de-?nois(?:e|ing)"
        r"|noise[ -](?:reduction|free)",
        sets("detail", denoise=0.8),
    ),
    Rule(
        r"(?:突出|增强|强调|提升|加强)?(?:金属|材质|皮革|面料|产品|细节)?(?:的)?(?:质感|纹理"
        r"|立体感|层次感?)(?:增强|更强|突出)?"
        r"|(?:emphasi[sz]e|enhance|bring out|crisper|highlight)(?: the| its)? (?:metal|texture"
        r"|material|details?|fabric|leather)",
        adds("detail", "clarity", 0.45),
    ),
    Rule(
        r"(?:提升|提高|增强|增加)(?:画面|产品)?(?:的)?(?:清晰度|锐度|解析力)|锐化|(?:更|再"
        r"|变)(?:清晰|锐利)(?:一?[点些])?|清晰(?:一?[点些]|锐利)?|模糊修复"
        r"|sharpen(?:ing)?(?: it| the (?:picture|photo|image|product))?|(?:much |a bit "
        r"|slightly )?(?:sharper|crisper|crisp|sharp)(?![a-z])|clearer|de-?blur",
        sharpens,
    ),
    Rule(
        r"(?:拉直|扶正|摆正|校正倾斜|水平校正)|straighten(?: it)?|level (?:it"
        r"|the \w+)",
        sets("detail", straighten=True),
    ),
    Rule(r"平铺(?:拍摄|摆拍)?|俯拍|flat[ -]?lay", sets("framing", y=0.5)),
)

RULES: Rules = (
    *KEEPING_RULES,
    *MOVED_LIGHT_RULES,
    *BLURRED_RULES,
    *REFUSED_RULES,
    *_PRODUCT_RULES,
    *DISLIKED_RULES,
    *LIGHT_COMPLAINTS,
    *REPLACED_RULES,
    *EXACT_RULES,
    *_KEPT_RULES,
    *PROP_RULES,
    *SCENE_RULES,
    *CAST_RULES,
    *_FILL_RULES,
    *MIRRORED_RULES,
    *SHADE_COMPLAINTS,
    *SHADOW_RULES,
    *_LIGHT_RULES,
    *KEEN_COMPLAINTS,
    *REMEDY_RULES,
    *_BARE_RULES,
    *_DETAIL_RULES,
    *BACKDROP_RULES,
    *TONE_RULES,
    *FRAMING_RULES,
)
"""In the order in which they are tried: narrow ones first, since they hold words of the others."""

FILLER = re.compile(
    r"一键优化|能不能|可不可以|能否|可否|别忘[了记]|不要忘[了记]?|不用忘|不过|但是?|然后|只|优化|美化|修图"
    r"|处理|这张|这个|张|照片|图片|相片|画面|产品|商品|主体|请|帮我|麻烦|把|将|给|让|使"
    r"|放在|放到|摆在|摆放|的|了|和|与|及|并|且|同时|整体|效果|一下|一点|一些|稍微"
    r"|高级感?|简约|简洁|干净|清爽|自然|柔和|质感|风格|背景|底部|换成|改成|变成|换|改|做|要|用"
    r"|带|加|调整|调|更|再|有|感|图|色|渐变|专业|电商|主图|我|想|需要|可以|吧|谢谢"
    r"|(?<![a-z])(?:a|an|the|it|its|this|that|my|to|and|with|of|in|on|for|from|at|by|please"
    r"|make|put|place|give|use|set|change|turn|add|have|"
    r"want|need|would|like|should|be|is|more|some|very|bit|little|slightly|product|photo"
    r"|picture|image|background|backdrop|"
    r"one-click|one|click|optimi[sz]e|enhance|improve|retouch|clean|premium|luxurious|luxury"
    r"|elegant|professional|plain|simple|solid|nice|beautiful|fresh|"
    r"studio|style|look|feel|effect|all|so|just|but|then|also|keep|light|soft|natural|thanks?|into|from|out"
    r"|only|don't forget|do not forget|forget"
    r"|you|can|could|we|i|pls|way|try)(?![a-z])"
    # Before a word that was understood: what it was to replace.
    r"|(?<![a-z])(?:replace|swap|switch|convert)(?=(?:\s+(?:the|my|this|that|current|old))*\s*$)"
)

COURTESY = re.compile(
    r"一键优化|能不能|可不可以|能否|可否|一个|来一?张|优化|美化|修一?下?图|修一下|处理|这张|这个|那个|张"
    r"|照片|图片|相片"
    r"|画面|产品|商品|主体|请|帮我|帮忙|麻烦"
    r"|把|将|给|让|使|的|了|和|与|及|并|且|同时|整体|效果|一下|一点|一些|稍微|更|再|弄|搞|做|要|调整|调"
    r"|专业|电商|主图|好看|漂亮"
    r"|我|你|您|想|需要|可以|吧|呗|啊|哦|呢|吗|嗯|谢谢|多谢|感谢|你好|您好|好的|好|老师|师傅|亲|辛苦"
    r"|其[他它]|不过|但是?|然后|另外|还有"
    r"|(?<![a-z])(?:a|an|the|it|its|this|that|my|to|and|with|of|in|on|for|please|pls|make|give|have|want"
    r"|need|would"
    r"|like|should|be|is|some|very|bit|little|slightly|product|photo|picture|image|pic|one-click|one|click"
    r"|optimi[sz]e|enhance|improve|retouch|edit|professional|nice|nicer|beautiful|better|look|looks"
    r"|looking|good|great"
    r"|effect|all|so|just|but|then|also|thanks?|you|can|could|we|i|me|us|hi|hello|hey|ok|okay|yes|there"
    r"|dear|sir)(?![a-z])"
)
"""Words that ask for nothing, alone or together: what a picture is made for anyway, and how people speak."""
