"""Text normalisation: traditional to simplified Chinese, full-width to ASCII, lower case."""

import re

_TRADITIONAL = (
    "並并亞亚佔占來来個个側侧傾倾優优凈净別别動动啟启單单園园圖图場场壓压實实寬宽將将專专對对層层師师帶带幀帧幫帮幾几"
    "廚厨廣广廳厅強强後后徑径從从復复徹彻愛爱態态慣惯應应懶懒懸悬戶户換换摳抠擋挡據据擴扩擺摆攝摄敗败數数斷断於于時时"
    "暈晕暫暂曬晒書书會会東东條条業业極极構构樂乐標标樣样樹树機机檔档檯台櫃柜歡欢歸归殘残氈毡氣气沒没淚泪淨净淺浅減减"
    "測测湧涌準准溫温滅灭滿满漢汉漸渐潔洁潤润濃浓濾滤灑洒灣湾災灾為为無无煙烟熱热燈灯現现琺珐瑪玛環环瓏珑產产畫画異异"
    "當当疊叠發发監监盤盘碼码禪禅禮礼種种穩稳窩窝節节範范築筑簡简籤签糾纠紅红紋纹純纯紙纸級级細细終终組组結结絕绝給给"
    "絨绒統统絲丝經经綜综綠绿緊紧線线緣缘編编練练縫缝縮缩總总織织繪绘續续聖圣聲声職职腳脚膠胶臉脸臥卧臺台與与舊旧艶艳"
    "艷艳葉叶蓋盖薦荐藍蓝藝艺藥药蘭兰處处虛虚蠟蜡裏里補补裝装裡里製制複复襪袜襯衬見见規规視视親亲覺觉觀观計计討讨記记"
    "設设許许誌志認认說说調调請请謝谢議议護护變变讓让貓猫貨货買买費费賣卖質质趕赶跡迹車车軟软較较載载輔辅輕轻輪轮轉转"
    "辦办農农這这週周進进遊游運运過过達达違违遠远適适選选遺遗還还邊边鄰邻醬酱釋释針针鈕钮鉻铬銀银銅铜銳锐鋁铝鋪铺鋼钢"
    "錄录錶表鍵键鎖锁鏡镜鐘钟鐵铁長长門门閃闪閉闭開开間间閱阅關关陰阴陳陈陸陆陽阳隨随險险隱隐雖虽雙双雜杂離离難难雲云"
    "電电霧雾靜静響响頁页頂顶項项順顺須须領领頭头頻频顆颗題题顏颜願愿類类顯显風风飄飘飛飞飲饮飽饱飾饰館馆馬马駝驼駱骆"
    "驗验髒脏體体鬆松魚鱼鮮鲜鳥鸟麗丽麥麦麼么黃黄點点齊齐齒齿龍龙龜龟乾干亂乱鍾钟醜丑靚靓煩烦該该夠够蠻蛮搶抢價价們们嗎吗喲哟"
    "啲些嘅的咗了喇了喺在係是冇没睇看俾给畀给佢它咁太唔不"
)
"""Each traditional character followed by the simplified one."""

_SIGNS = {"％": "%", "＋": "+", "－": "-", "−": "-", "’": "'", "‘": "'", "`": "'", "＃": "#", "　": " "}
_FULL_WIDTH = {chr(0xFF10 + digit): str(digit) for digit in range(10)}
_FULL_WIDTH |= {chr(0xFF21 + i): chr(97 + i) for i in range(26)}
_FULL_WIDTH |= {chr(0xFF41 + i): chr(97 + i) for i in range(26)}
_CONTROL = {chr(code): " " for code in range(32) if chr(code) != "\n"}
_PLAIN = str.maketrans(
    dict(zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)) | _SIGNS | _FULL_WIDTH | _CONTROL
)


_CANTONESE = {"唔該": "麻烦", "唔该": "麻烦", "唔要": "不要", "唔使": "不用", "唔好": "不要"}
_SAID = re.compile("唔[該该要使]|(?<!好)唔好(?![看睇靓靚似])")


def plain(text: str) -> str:
    """The text in lower case and simplified characters, letter for letter as long as it was."""
    text = _SAID.sub(lambda said: _CANTONESE[said.group()], text)
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text).translate(_PLAIN)
