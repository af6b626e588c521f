"""Rules that recognise props, which cannot be added here, in Chinese and English."""

from stillroom.domain.language.acts import told_back
from stillroom.domain.language.readings import Rule, Rules

_ZH = (
    r"(?:绿植|植物|盆栽|多肉|绿叶|叶子|树叶|叶片|尤加利叶?|龟背竹|树枝|枝条|鲜花|干花|小花|花朵|花瓣|花束|花枝|花瓶"
    r"|松果|苔藓|小草|柠檬|水果|浆果|鹅卵石|蜡烛|丝带|水珠|水滴|冰块|咖啡豆|书本?|礼盒|摆件|装饰品?|道具"
    r"|花(?=$|[,，。;；!！?？、\s]|[在做点装]))"
)
_ZH_ELSE = r"(?!的?(?:背景|场景|环境|风格?|氛围|感|色|影|光影|纸|底|台|桌|中|里|丛))"
_COUNTED = (
    r"(?:[上入个点些一两几二三小大束盆株片枝朵支棵把根颗张本块滴串]|(?:新鲜|绿色|白色|漂亮|真实)的?){0,5}"
    r"(?:(?!背景|场景|环境|花园|影|光|色)[\u4e00-\u9fff]){0,4}?"
)
_WHERE = r"(?:旁边?|边上|边缘|角落|一角|左[边侧下上]角?|右[边侧下上]角?|周围|四周|前面|前景|后面|身后)"
_EN = (
    r"(?:plants?|leaf|leaves|greenery|foliage|flowers?|petals?|eucalyptus|branch(?:es)?|twigs?|sprigs?"
    r"|ferns?|moss|roses?|tulips?|dais(?:y|ies)|succulents?|bouquets?|vases?|lemons?|fruits?|berries"
    r"|candles?|books?|pebbles|pine ?cones?|ribbons?|(?:water )?drop(?:let)?s|ice cubes?|coffee beans?"
    r"|props?|ornaments?|decorations?)"
)
_EN_ELSE = (
    r"(?![a-z])(?! (?:background|backdrop|bg|scene|setting|shadows?|pattern|light|table|wall|colou?r"
    r"|tones?)(?![a-z]))"
)
_EN_COUNTED = (
    r"(?:(?:an?|the|some|few|couple|of|more|any|sprig|bunch|green|fresh|small|little|white|dried|eucalyptus"
    r"|palm) ){0,5}(?:(?!with|in|on|to|and|at|garden|scene)[a-z]+ ){0,2}?"
)
_EN_WHERE = (
    r" (?:in|at|on|to|into|near)(?: the)? (?:\w+ )?(?:corner|side|left|right|foreground|edge)s?(?![a-z])"
    r"| (?:next to|beside|around|near|behind|in front of|by)"
    r" (?:it|the (?:product|item|bottle|cup|box)|my product)(?![a-z])"
)

PROP_RULES: Rules = (
    Rule(
        rf"(?:在|给|画面|产品|商品)*(?:{_WHERE}的?)?(?:再|也|请|帮我|给我|可以|稍微)*"
        rf"(?:添加|增加|加|添|摆放|摆|放(?!在|到)|配|搭配?|来|插|点缀|撒|补|有){_COUNTED}{_ZH}{_ZH_ELSE}(?:(?:作为?|做)?(?:点缀|装饰|陪衬))?"
        rf"|{_ZH}(?:放?在|做|作为?)?(?:{_WHERE}|点缀|装饰|陪衬)"
        rf"|{_WHERE}(?:的|要)*{_COUNTED}{_ZH}{_ZH_ELSE}",
        told_back,
    ),
    Rule(
        rf"(?<![a-z])(?:add|put|place|include|insert|throw in|scatter|sprinkle) {_EN_COUNTED}{_EN}"
        rf"(?: {_EN})?{_EN_ELSE}(?:{_EN_WHERE})?"
        rf"|(?<![a-z]){_EN_COUNTED}{_EN}(?:{_EN_WHERE})",
        told_back,
    ),
)
"""Tried before the scenes, which have plants of their own."""
