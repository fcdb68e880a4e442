"""The words of what the gateway takes from no bureau, in Chinese, in English and in pinyin, and the names that only contain them.

Chinese is compared in simplified characters without signs, English and pinyin in small letters, with or without what joins
their words. A word stands here only if the name of a field with it is about a person's religion or health, or as good as ever.
"""

import re
from typing import Final

_PAIRS: Final = (
    "紋纹 歷历 曆历 診诊 斷断 醫医 療疗 傳传 遺遗 癥症 錄录 記记 檔档 過过 藥药 術术 體体 癲癫 癇痫 腫肿 惡恶 結结"
    " 愛爱 檢检 報报 據据 資资 蘭兰 會会 樣样 壓压 驗验 輸输 親亲 鑑鉴 鑒鉴 況况 狀状 態态 細细 養养 憂忧"
    " 鬱郁 癡痴 塵尘 隱隐 數数 單单 處处 醬酱 囑嘱 礙碍 脫脱 間间 時时 歸归 啟启 門门 採采 種种 護护 產产 號号 識识 徵征 確确 紀纪 異异"
)
SIMPLIFIED: Final = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})
"""The traditional characters of the words below, each with its simplified one."""
_RECORD: Final = "记录|纪录|史|档案|信息|情况|状况|明细|资料|数据|报告|结果|原因|次数|天数|日期|时间|科室|号"
CHINESE: Final = re.compile(
    "宗教|信仰|信教(?!育|师|学|材|授|程|练|室|研)|教派(?!出|驻|遣)|教徒|信徒|佛教|道教(?!育|师|学|材|授|程|练|室|研)"
    "|伊斯兰|穆斯林|基督|天主教|皈依|受洗|洗礼"
    "|基因|遗传(?!承)|染色体|核酸|脱氧核糖|亲子鉴定|指纹|掌纹|指模|指印|手印|生物识别|生物特征"
    "|血型|血液|血样|血糖|血压|血脂|血清|血检|血常规|验血|抽血|采血|输血|血友"
    "|病|疾患|恶疾|隐疾|宿疾|患者|症(?!结)|癌|肿瘤|艾滋|爱滋|肝炎|[甲乙丙]肝|肺炎|肺结核|尘肺|癫痫|抑郁|忧郁|痴呆|梅毒"
    "|(精神|心理)(障碍|状况|状态|异常|疾)|精神分裂|高血压|诊断|确诊|医嘱|处方(?!药)|过敏|既往史|家族史"
    f"|(就诊|诊疗|住院|门诊|急诊|手术|用药|服药|体检|化验|医疗|健康|治疗|康复|护理|接种)({_RECORD})"
)
CHINESE_NAMES: Final = re.compile(
    "疾病(预防控制|预防与控制|控制|防控|应急)|病虫害|疫病|病害|病媒|病床|病房|职业病危害"
    "|(传染|职业|地方|流行|寄生虫|血吸虫)病防治|(计算机|网络|电脑)病毒|看病|单采血浆|血液制品"
)
"""Names of bodies, trades and laws that contain such a word, and say nothing of anybody's health."""
WORDS: Final = frozenset(
    {
        *("creed", "church", "mosque", "worship", "baptism", "baptised", "baptized", "christian"),
        *("christianity", "catholic", "protestant", "muslim", "islam", "islamic", "buddhist", "buddhism"),
        *("taoist", "taoism", "faith", "faiths", "belief", "beliefs"),
        *("gene", "genes", "dna", "rna", "genetics", "heredity", "hereditary"),
        *("illness", "illnesses", "sickness", "hiv", "aids", "symptom", "symptoms", "syndrome"),
        *("patient", "patients", "inpatient", "inpatients", "outpatient", "outpatients"),
        *("zongjiao", "jiyin", "zhiwen", "zhangwen", "xuexing", "jibing", "bingshi", "bingli", "bingren"),
        *("huanzhe", "zhenduan", "aizheng", "ganyan"),
    }
)
"""Short words in English and in pinyin: "gene" is no part of "general", nor "hiv" of "archive"."""
_CARE: Final = (
    "medical|health|clinical|surgical|psychiatric|medicaltreatment|vaccination|immuni[sz]ation|prescription"
)
_KEPT: Final = "history|histories|records?|files?|data|info|notes?|charts?|status|conditions?|reports?|dossiers?|archives?|visits?"
PARTS: Final = re.compile(
    r"religio(n|us|s)|genetic|genom(e|ic)|genotype|chromosom|karyotyp|nucleicacid|paternitytest"
    r"|(finger|thumb|palm)(print|mark|scan|vein)|biometr"
    r"|blood|disease|diagnos|cancer|tumou?r|hepatitis|tubercul|diabet|epilep|schizophren|psychosis"
    r"|oncolog|leuk(a)?emi|asthma|hypertension|dementia|alzheimer|autis(m|tic)|pneumonia|syphilis|patholog|covid|(chemo|radio|psycho)therap"
    r"|mental(illness|disorder|health)|allerg(y|ies|ic|en)|surger(y|ies)|medication|hospitali[sz]|infect(ed|ion)"
    rf"|hiv(status|positive|negative|test|aids)|({_CARE})({_KEPT})|hospital(record|histor|stay|visit|note)|casehistor"
    r"|aizibing|jingshenbing|manxingbing|chuanranbing|tangniaobing|xinzangbing|baixuebing|gaoxueya|ranseti"
    r"|(jiuzhen|zhuyuan|yongyao|shoushu)jilu|shoushushi|guominshi|jiwangshi|jiazushi"
)
NAMES: Final = re.compile(
    r"\b(good|bad|utmost) ?faith\b|\bfaith ?(ful|less|breaking|breakers?|keeping)\b|\b(reasonable|honest) ?beliefs?\b"
    r"|\bblood ?(don(ation|or)s?|relatives?|relations?|kin|products?)\b"
    r"|\b((infectious|occupational|animal|plant) ?)?diseases? ?(control|prevention|hazards?)\b|\b(animal|plant) ?diseases?\b"
    r"|\b(legal|state|financial|student|teaching) ?aids\b|\bpublic ?health\b"
)
"""Names that exist in law, and are none of what is forbidden."""
