"""The places, surnames and other words for the names of the city."""

from typing import Final

NEIGHBOURS: Final = (
    *("411502", "411503"),
    *("410102", "410105"),
    *("410402", "410411"),
    *("411302", "411303"),
    *("411702", "411721"),
    *("320505", "320508"),
    *("341502", "341503"),
    *("341202", "341203"),
)
"""Xinyang, Zhengzhou, Pingdingshan, Nanyang, Zhumadian, Suzhou, Lu'an and Fuyang."""
PERMITS: Final = ("810000", "820000", "830000")
"""Residence permits for residents of Hong Kong, Macau and Taiwan."""
FOREIGN: Final = ("941840", "941392", "941276", "941643", "941410")
"""Permanent residence cards of foreigners: 9, province of issue, country of ISO 3166 numeric."""

SURNAMES: Final = (
    "王王王李李李张张张刘刘陈陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾"
    "丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
COMPOUND_SURNAMES: Final = ("欧阳", "上官", "司马", "诸葛", "夏侯")
FEMALE: Final = "秀英兰丽娟芳霞敏静燕玲婷颖雪梅琳娜欣怡梦瑶雅洁慧倩妍萍蓉悦佳岚"
MALE: Final = "伟强军勇磊涛杰斌超刚鹏浩宇辉峰明俊凯博文轩建国志平海波林成龙毅诚"
EITHER: Final = "晓子玉春新永安宁淮申信光华文思一嘉泽若清云小世德"

TRADES: Final = (
    ("茶叶", "酒、饮料和精制茶制造业"),
    ("食品", "食品制造业"),
    ("建筑", "房屋建筑业"),
    ("物流", "道路运输业"),
    ("科技", "软件和信息技术服务业"),
    ("商贸", "批发业"),
    ("农业", "农业"),
    ("餐饮", "餐饮业"),
    ("纺织", "纺织业"),
    ("机械", "通用设备制造业"),
    ("旅游", "商务服务业"),
    ("环保", "生态保护和环境治理业"),
    ("家居", "家具制造业"),
    ("建材", "非金属矿物制品业"),
)
BRANDS_FIRST: Final = "鑫华信宏德永恒天金大申淮安瑞东万泰福中盛"
BRANDS_SECOND: Final = "源达泰丰茂兴隆通和润诚利康顺翔远成业邦盈"
TOWNS: Final = (
    *("董家河镇", "五里店镇", "洋河镇", "明港镇", "灵山镇"),
    *("泼陂河镇", "吴陈河镇", "上石桥镇", "黎集镇"),
)
VILLAGES: Final = (
    *("新店", "李湾", "张营", "桃园", "大塘", "龙井"),
    *("石桥", "柳林", "河湾", "陈楼", "周岗", "前进"),
)
