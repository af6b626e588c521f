"""Rules for the backdrop, in Chinese and English."""

from stillroom.domain.language.acts import nothing, sets
from stillroom.domain.language.backdrop_acts import (
    blurs_scene,
    cleans,
    denies_backdrop,
    grades,
    nearest_to_scene,
    paints,
    paints_alone,
    paints_plain,
    paints_two,
    shades_backdrop,
    spotlights,
    stages,
    stands_on_paper,
    tints_backdrop,
)
from stillroom.domain.language.colors import COLOR, NAMED_COLOR, PAINT
from stillroom.domain.language.readings import Rule, Rules
from stillroom.domain.language.refusals import MARKS, NO_EN, NO_ZH

_END = rf"(?=$|[,.;:!?，。；：！？、\n{MARKS}]|\s*(?:and|with|并且?|和)\b)"
_START = rf"(?:(?<=[,.;:!?，。；：！？、\n{MARKS}])|^)\s*"
_LOOSE = (
    r"(?:高级|纯净|干净|简约|简洁|柔和|纯色|平铺|单色|渐变|无缝|清爽|温暖|质感|的|色|感"
    r"|premium|plain|clean|soft|smooth|seamless|studio|solid|simple|elegant|flat|pure|gradient"
    r"|subtle|fresh"
    r"|colou?red|colou?r|tone|\s|-"
    rf"|[{MARKS}])*"
)
_BACKDROP = r"(?:背景|底色|底(?![部座下边端])|backdrop|background|bg(?![a-z])|backing|渐变|gradient)"
_BECOMES = (
    r"(?:颜色|colou?r|换成|改成|变成|改为|换为|设为|设成|调成|[改换变]做|[做弄整搞刷涂]成|用|为|是|要|成|变|改|换"
    r"|(?<![a-z])(?:to|in|with|into|be|should|is|a|an|the)(?![a-z])|[:：=\s])*"
    rf"(?:from [{MARKS}]+ ?(?:to|into) )?"
)


_PAINTED = rf"(?:{COLOR})?(?:的|色)?"
_DEGREE = (
    r"(?:再|更|稍微?|略微?|变|[调弄搞整]得?|也|都"
    r"|(?:要|得|应该|希望|想){0,2}比(?:现在|原来|之前|刚才|上一?[张次版])的?还?"
    r"|(?:要|得|应该|希望|可以|偏)(?=(?:再|更|稍微?|略微?|变|调)*[暗亮浅深淡白黑暖冷](?:一?[点些]|些许)))"
)
_LEAD = (
    r"(?:我|想|给我|请|就|还是|要|用|选|成|为"
    r"|(?:i|we|you|want|use|make it|in|a|an|instead|just|please)\s+)*"
)
_TAIL = r"(?:\s*(?:就好|就行|即可|吧|谢谢|please|thanks|thank you|instead|only))*"

_SCENE_BEFORE = (
    rf"(?:(?![暖冷]色?调)(?P<color>{NAMED_COLOR})的?[ -]?|(?P<dark>(?:深|暗|胡桃|dark)色?[ -]?)"
    r"|(?:浅|亮|原|light|rustic|bright)色?[ -]?)?"
)
_SCENE_AFTER = (
    r"(?:[ -]?(?:台面|桌面|桌|台|板|质感|纹理|纹|背景|场景|感|风格|风|布景|浅色|深色|的|top|ledge"
    r"|surface|table|tabletop|texture"
    r"|backdrop|background|setting|scene|countertop|counter|desk)(?![a-z]))*"
)


_PAPER = (
    r"(?:背景纸|无缝纸|卡纸|彩纸|纸(?=背景|底)|(?:seamless |backdrop |background )?paper(?![a-z]))"
    r"(?:[ -]?(?:背景|底|sweep|backdrop|background))*"
)


def _scene(words: str, scene: str | None, usual: str = "", *, is_near: bool = False) -> Rule:
    pattern = rf"(?:(?<![a-z])|(?![a-z])){_SCENE_BEFORE}(?:{words}){_SCENE_AFTER}"
    return Rule(pattern, stages(scene, usual, is_near=is_near))


def _painted(words: str, color: str, edge_color: str) -> Rule:
    pattern = rf"(?:(?<![a-z])|(?![a-z])){_SCENE_BEFORE}(?:{words}){_SCENE_AFTER}"
    return Rule(pattern, nearest_to_scene(color, edge_color))


SCENE_RULES: Rules = (
    Rule(rf"(?:温?暖|中)?(?:浅|高级)?灰色?的?{_PAPER}|(?:warm |mid )?gr[ea]y {_PAPER}", stages("paper_grey")),
    Rule(rf"(?P<color>{COLOR})的?[ -]?(?:马卡龙|莫兰迪)?色?{_PAPER}", stands_on_paper),
    Rule(
        rf"(?:彩色的?|马卡龙色?|莫兰迪色?|糖果色|pastel |colou?red |tinted ){_PAPER}?(?:背景|backdrop"
        r"|background)?",
        stands_on_paper,
    ),
    Rule(_PAPER, stages("paper_grey")),
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
        r"亚麻布?|棉麻|麻布|桌布|布面|布料|织物|linen|tablecloth|cloth|fabric|cotton",
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

_OLD = (
    rf"(?:{COLOR}|木纹|木质|木头|原木|木桌|木板|木|(?:[黑白灰]色?)?大理石|石板|岩板|石材|石头|清?水泥"
    rf"|混凝土|亚麻布?|麻布|桌布|布料|石膏|展台|背景纸"
    r"|卡纸|纸质?|花园|庭院|窗光|窗边|室内|客厅|厨房|沙滩|海滩|渐变|纯色|单色|透明|纹理|场景"
    r"|(?<![a-z])(?:wood(?:en)?|oak|marble|slate|stone|concrete|cement|linen|cloth|paper|plaster|podium"
    r"|garden|beach"
    r"|gradient|plain|solid|transparent|studio)(?![a-z]))"
)
_GROUND = r"(?:背景|底色?|台面|桌面|桌布|桌子?|板|场景|面)"
_EN_GROUND = r"(?:background|backdrop|table(?:top)?|surface|top|scene|setting|ground|texture)"

REPLACED_RULES: Rules = (
    # What a backdrop was before: only what it becomes is a wish.
    Rule(
        rf"(?P<old>(?:(?:从|由|把|将)?(?:原来|现在|原本|目前)?的?{_OLD}(?:的|色|质感"
        rf"|纹理){{0,3}}){{1,3}})(?=(?:{_GROUND}|[{MARKS}])*"
        r"(?:的?颜色)?(?:都|全都?|全部|直接|给我|帮我|再)*(?:替换|更换|切换|换|改|变|调)(?:成|为|到|作|做"
        r"|上))",
        nothing,
    ),
    Rule(
        r"(?:change|replace|swap|switch|turn|exchange|convert|make|from)(?:ing)?\s+(?:(?:the|my|this|that|a"
        r"|an|current|existing|old)\s+)*"
        rf"(?:{_EN_GROUND}(?:\s+colou?r)?\s+from\s+)?(?P<old>(?:{_OLD}[ -]{{0,2}}){{1,3}}"
        rf"(?:(?:table(?:top)?|surface|top|texture)\s+)?)(?=(?:{_EN_GROUND}\s*)*(?:to"
        rf"|into|with|for|by)(?![a-z]))",
        nothing,
    ),
)
"""Tried before what the backdrop is to become."""

BACKDROP_RULES: Rules = (
    Rule(
        r"透明的?(?:背景|底图|底色?|图层|png|图片?(?![案层]))|背景(?:颜色)?(?:换成|改成|变成|设为|设成|调成"
        r"|做成|弄成|为|是|要|变|成|[:：])*透明(?![度的感一])"
        rf"|{_START}(?:要|换成|改成|做成|变成|导出)?透明(?:png)?{_END}|抠图|抠像|去背(?!景|面|后|部|光)"
        rf"|去(?:除|掉)?{_PAINTED}背景"
        rf"|背景(?:给|都|也|全部)?(?:去掉|去除|删掉|删除|抠掉|移除|拿掉)(?:了)?|去底|免抠|无背景|白底转透明"
        r"|(?:transparent|no) (?:background|backdrop|bg|png)(?![a-z])|(?:background|backdrop)(?: (?:should"
        r"|be|is|to|made))* transparent"
        rf"|{_START}(?:make (?:it )?)?transparent{_END}|transparent (?=cut)"
        r"|(?:remove|delete|cut out|erase|get rid of)(?: the| my)?(?: (?:white|black|gr[ea]y|old|original"
        r"|whole))? (?:background|backdrop)|cut[ -]?out",
        sets("backdrop", kind="transparent"),
    ),
    Rule(
        rf"(?:从)?(?P<color>{COLOR})\s*(?:渐变)?(?:到|至|过渡到| to "
        rf"| and )\s*(?P<second>{COLOR}){_LOOSE}{_BACKDROP}",
        paints_two,
    ),
    # A colour and a degree of it: the ground's word is left for the degree.
    Rule(
        rf"(?P<old>(?P<color>{COLOR}){_LOOSE})(?=(?:背景|底色?){_DEGREE}*[暗亮浅深淡白黑暖冷](?:一?[点些]"
        rf"|些许))",
        paints,
    ),
    Rule(
        rf"(?:背景|后景|底色)(?:颜色|色调)?{_DEGREE}*(?:暗|深|黑(?=一?[点些]))(?!色)(?:一?[点些])?|(?:调暗"
        rf"|压暗|加深)背景"
        r"|(?:(?:更|再)(?:暗|深)|(?:暗|深)一?[点些])的背景|darker (?:background|backdrop)"
        r"|darken(?: the)? (?:background|backdrop)(?= |$)(?! to| in| \w+er| white| a)"
        r"|make(?: the)? (?:background|backdrop) (?:a bit |a little |slightly |much )?darker"
        r"|(?:background|backdrop) (?:a bit |a little |slightly |much )?darker",
        shades_backdrop(-0.25),
    ),
    Rule(
        rf"(?:背景|后景|底色)(?:颜色|色调)?{_DEGREE}*(?:亮堂?|浅|淡|白)(?:一?[点些]儿?|些许)|(?:背景"
        rf"|后景){_DEGREE}+(?:亮|白)(?!色)|(?:调亮|提亮|加亮)背景|背景(?:调亮|提亮|变亮|加亮)"
        r"|(?:(?:更|再)(?:亮|浅|淡)|(?:亮|浅|淡|白)一?[点些])的背景|(?:lighter|brighter"
        r"|whiter) (?:background|backdrop)|(?:lighten"
        r"|brighten)(?: up)?(?: the)? (?:background|backdrop)"
        r"|(?:make (?:the )?)?(?:background|backdrop) (?:a bit |a little |slightly |much )?(?:lighter"
        r"|brighter|whiter)",
        shades_backdrop(0.35),
    ),
    Rule(
        rf"(?:背景|后景|底色)(?:颜色|色调)?{_DEGREE}*暖(?:色)?(?:一?[点些]|些许)|(?:背景"
        rf"|后景){_DEGREE}+暖(?!色)|warmer (?:background|backdrop)"
        r"|(?:make (?:the )?)?(?:background|backdrop) (?:a bit |a little |slightly |much )?warmer",
        tints_backdrop(0.05),
    ),
    Rule(
        rf"(?:背景|后景|底色)(?:颜色|色调)?{_DEGREE}*冷(?:色)?(?:一?[点些]|些许)|(?:背景"
        rf"|后景){_DEGREE}+冷(?!色)|(?:cooler|colder) (?:background|backdrop)"
        r"|(?:make (?:the )?)?(?:background|backdrop) (?:a bit |a little |slightly |much )?(?:cooler|colder)",
        tints_backdrop(-0.05),
    ),
    Rule(
        rf"(?:渐变(?:的|色)?|gradient )(?P<color>{COLOR}){_LOOSE}(?:{_BACKDROP}[ ]?)+"
        rf"|(?P<color2>{COLOR}){_LOOSE}(?:{_BACKDROP}[ ]?)+(?:要|得|应该|最好|带|有|加|做|是|上"
        rf"|一?[点些]|的|淡淡|轻微)*渐变(?:色|的|效果|感)*"
        rf"|(?P<color3>{COLOR}){_LOOSE}(?:{_BACKDROP}[ ]?)+(?:with |and |in |that has |a |an |some "
        rf"|slight |subtle |soft )+gradient",
        paints,
    ),
    Rule(
        rf"(?:{COLOR}{_LOOSE})?(?:{_BACKDROP}[ ]?)+(?P<color>#(?:[0-9a-f]{{6}}|[0-9a-f]{{3}})(?![0-9a-f]))",
        paints,
    ),
    Rule(rf"(?P<color>{COLOR}){_LOOSE}(?:{_BACKDROP}[ ]?)+", paints),
    Rule(rf"{_BACKDROP}{_BECOMES}{_LOOSE}(?P<color>{COLOR}){_LOOSE}", paints),
    Rule(rf"(?<![a-z])on (?:an? |the )?{_LOOSE}(?P<color>{COLOR}){_LOOSE}{_END}", paints),
    Rule(
        # Possessive: with backtracking, 500 characters of marks and colours take half a minute.
        rf"{_START}{_LOOSE}+(?P<turn>(?:我|想|给我|请|就|再|直接|替|更)*(?:换|改|变)(?:成|为|上|用)?"
        rf"|but )?{_LEAD}+{_LOOSE}+(?P<color>{PAINT}){_LOOSE}{_TAIL}{_END}",
        paints_alone,
    ),
    Rule(
        rf"(?:{NO_ZH}|(?:{NO_EN})\s)(?:要|用|换成|改成|变成|做成|\s|(?<![a-z])(?:want|use|in|a|an"
        rf"|any)(?![a-z]))*(?P<color>{PAINT}){_LOOSE}{_END}",
        denies_backdrop,
    ),
    Rule(
        rf"{_START}(?:再|更|要|稍微?|画面|整体)*(?:干净|简洁|简约|清爽)(?:一?[点些]|的)*{_END}"
        rf"|{_START}(?:make it |more |very |a bit )*(?:clean|cleaner|simple|simpler|minimal)(?: look"
        rf"| style)?{_END}",
        denies_backdrop,
    ),
    Rule(
        r"浅景深|(?:背景|后景)(?:再|更|稍微?|变)*(?:虚化?|模糊)(?:一?[点些])?|虚化(?:背景)?"
        r"|shallow depth of field|blur(?:red"
        r"|ry)?(?: the)? (?:background|backdrop)|bokeh",
        blurs_scene,
    ),
    Rule(
        r"(?:再|更|稍微?|很|要|的|纯色|单色|简洁|简约|简单|干净|一?[点些]|\s)*(?:纯色|单色|简洁|简约"
        r"|简单|干净)的?"
        rf"(?:一?[点些]的?)?(?:背景|底色?(?![部座下边端])|后景)"
        r"|(?:背景|底色|后景)(?:的|要|得|应该|再|更|稍微?|弄|做|搞|处理|变|换成|改成|用|是)*(?:纯色|单色"
        r"|简洁|简约|简单|干净)"
        r"(?:的|一?[点些]儿?)*"
        r"|(?:(?:an? |the |more |very |on |flat |plain |clean |simple |solid |single |uniform )*"
        r"(?:plain|clean|cleaner|simpler|simple|solid|uniform)(?: colou?r(?:ed)?)?"
        r"|single colou?r(?:ed)?) (?:background|backdrop|bg)(?![a-z])"
        r"|(?:make )?(?:the )?(?:background|backdrop|bg) (?:is |be |should be |a bit |more "
        r"|very )*(?:cleaner|simpler|plain|clean|solid)(?![a-z])"
        rf"|{_START}(?:就|再|帮我|给我|请|还是)*(?:换|改|用|要|弄)(?:一?个|成|为)*(?:干净|纯色|单色|简洁"
        rf"|简约|简单)(?:一?[点些]儿?)?的?(?:吧|就好|就行)?{_END}"
        r"|(?:make )?(?:the )?(?:background|backdrop|bg) (?:is |be |look )?less (?:busy|messy|cluttered"
        r"|distracting)(?![a-z])"
        r"|(?:clean|tidy)(?: up)? the (?:background|backdrop|bg)",
        cleans,
    ),
    Rule(rf"(?:渐变|摄影棚|影棚|studio|gradient|neutral)[ 的]?{_BACKDROP}", paints_plain),
    Rule(
        rf"{_START}(?:背景|底色)?(?:要|最好|再|带|加|做|用|有|是|上|成|一?[点些]|个|的)*渐变(?:色|的"
        rf"|效果|感)*{_END}"
        rf"|{_START}(?:with |add |and |a |an |some |slight |subtle |soft )*gradient{_END}",
        grades,
    ),
    Rule(
        r"(?:给我|帮我|请|就|再|把|只)*(?:换|改|更换|替换|换掉|改变)(?:一?[个张下]|掉)?(?:别的"
        r"|其[他它]的?|新的?|不同的?|好看的?|的)*背景"
        rf"(?:吧|呗|看看|试试)*{_END}|背景(?:给我|帮我|请)*(?:换|改|更换)(?:一?[个张下]|掉)?(?:别的"
        rf"|新的)?(?:吧|呗|看看|试试)*{_END}"
        r"|(?:change|replace|swap|switch)(?: out)? (?:the |my |this )?(?:background|backdrop|bg)(?: please)?"
        rf"{_END}|(?:a |an )?(?:new|other|another|different) (?:background|backdrop|bg)(?: please)?{_END}",
        denies_backdrop,
    ),
    Rule(r"聚光灯?(?:效果)?|spot-?light(?:ing)?", spotlights),
)
"""In the order in which they are tried."""
