"""The words of what the gateway takes from no bureau, in Chinese, in English and in pinyin, and the names that only contain them.

Chinese is compared in simplified characters without signs, English and pinyin in small letters, with or without what joins
their words. A word stands here only if the name of a field with it is about a person's religion or health, or as good as ever.

河南省社会信用条例 art. 45 ends its list with 等, "and the like". Our readings, which protect the person: iris, voice, face and
gait are like fingerprints; pregnancy, vaccination, addiction and the cause of a death belong to medical history. A disability
(残疾), an injury at work and an insurance are no disease, and pass unless the name states an illness of the mind.
"""

import re
from typing import Final

_PAIRS: Final = (
    "紋纹 歷历 曆历 診诊 斷断 醫医 療疗 傳传 遺遗 癥症 錄录 記记 檔档 過过 藥药 術术 體体 癲癫 癇痫 腫肿 惡恶 結结"
    " 愛爱 檢检 報报 據据 資资 蘭兰 會会 樣样 壓压 驗验 輸输 親亲 鑑鉴 鑒鉴 況况 狀状 態态 細细 養养 憂忧"
    " 鬱郁 癡痴 塵尘 隱隐 數数 單单 處处 醬酱 囑嘱 礙碍 脫脱 間间 時时 歸归 啟启 門门 採采 種种 護护 產产 號号 識识 徵征 確确 紀纪 異异"
    " 懷怀 婦妇 節节 絕绝 紮扎 禮礼 聖圣 經经 禱祷 彌弥 齋斋 覲觐 師师 職职 業业 聲声 臉脸 視视 網网 靜静 脈脉 溫温 電电"
    " 癮瘾 貧贫 癱瘫 瘓痪 風风 獨独 殘残 諮咨 詢询 問问 題题 測测 試试 評评 導导 類类 碼码 監监 標标 觀观 觸触 學学 議议 計计 員员"
    " 務务 優优 區区 機机 構构 險险 統统 籌筹 補补 練练 輔辅 營营 宮宫 週周 針针 劑剂 農农 獸兽 漁渔 軍军 車车 場场 稅税 嚴严 緊紧 復复 證证 質质 貨货 語语"
)
SIMPLIFIED: Final = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})
"""The traditional characters of the words below, each with its simplified one."""
_RECORD: Final = "记录|纪录|史|档案|信息|情况|状况|状态|明细|资料|数据|报告|结果|结论|小结|原因|次数|天数|日期|时间|科室|号|码|指标"
_NO_LESSON: Final = "(?!育|师|学|材|授|程|练|室|研|工|职|辅|案|导|具)"
_BELIEF: Final = (
    f"宗教|信仰|信教{_NO_LESSON}|入教{_NO_LESSON}|教派(?!出|驻|遣)|教徒|信徒|佛教|道教{_NO_LESSON}"
    "|伊斯兰|穆斯林|基督|天主教|皈依|(?<![接收享遭忍])受洗|洗礼"
    "|(?<![科文职宣家助执任支高普幼成德体特民施])教会(?!议|计|员|展|谈|话|场|长|务|考)|教堂|清真寺|礼拜(?![一二三四五六天日])"
    f"|传教{_NO_LESSON}|布道(?!路)|祷告|祈祷|弥撒|斋戒|斋月|朝觐|古兰|圣经|(信|拜|念|礼)佛(?!山)|僧侣|僧人|喇嘛|阿訇|牧师|神父"
)
_BODY: Final = (
    "基因|遗传(?!承)|染色体|核酸|脱氧核糖|亲子鉴定|指纹|掌纹|手纹|足纹|指模|指印(?!刷)|手印(?!章|刷|鉴)|生物识别|生物特征"
    "|虹膜|视网膜|声纹|人脸|面部(识别|特征)|人像(识别|比对)|指静脉|静脉识别|步态(识别|特征)"
    "|血型|血液|血样|血糖|血压|血脂|血清|血检|血常规|验血|抽血|采血|输血|血友|贫血"
)
_ILLNESS: Final = (
    "病|疾患|恶疾|隐疾|宿疾|患者|症(?!结)|癌|肿瘤|艾滋|爱滋|肝炎|[甲乙丙]肝|肺炎|肺结核|尘肺|癫痫|抑郁|忧郁|痴呆|梅毒"
    "|瘫痪|脑中风|中风史|哮喘|色盲|失智|智障|智力障碍|智力残疾|精神残疾|感染(者|史|情况|状况|日期|时间)"
    "|抗原(?!则|因|告|有|来|始)|抗体(?!系|制|现|育|能|量)|(?<![紧严精亲])密接|密切接触者|医学观察"
    "|精神(障碍|状况|状态|异常|疾|科(?!学)|卫生|健康|评估|鉴定)|心理(障碍|状况|状态|异常|疾|咨询|健康|评估|测评|测试|治疗|问题)|精神分裂|高血压"
    "|吸毒|戒毒|毒瘾|成瘾|死因|死亡原因|体温|(?<![中核信])心率(?!先)|脉搏|心电图"
    "|孕|妊娠|分娩|流产(?!品|业|权|值|能|线|地)|堕胎|剖宫产|剖腹产|(生|婚)育史|^产检|(?<![生投停破量复出])产前(检查|筛查)|绝育(?!林|苗|种|才)|输卵管|月经(史|周期)"
)
_CARE_GIVEN: Final = (
    "诊断|确诊|医嘱|处方(?!药|案)|过敏|既往史|家族史|就诊|就医(?!疗|药|院|保|用|师)|住院(?!落|子|内)|手术(?!语)"
    "|体检(?!查|测|验|修|疫|索|举|察|讨|视|定|核|录|出|控)|化验(?!收|证|算|资|明|货|车|房|票|电)"
    "|(?<![直间承对])接种(?!植|类|田|地|子|养|粮|业|菜)|服药|化疗|放疗|透析"
    "|(?<![农兽渔军家医食外物民日商常药])用药(?!品|材|械|物|剂|店|监)"
    f"|(诊疗|门诊|急诊|挂号|入院|出院|疫苗|医疗|健康|治疗|康复|护理)({_RECORD})"
)
CHINESE: Final = re.compile(f"{_BELIEF}|{_BODY}|{_ILLNESS}|{_CARE_GIVEN}")
CHINESE_NAMES: Final = re.compile(
    "疾病(预防控制|预防与控制|控制|防控|应急)|病虫害|疫病|病害|病媒|病床|病房|职业病危害"
    "|(传染|职业|地方|流行|寄生虫|血吸虫)病防治|(计算机|网络|电脑)病毒|看病|单采血浆|血液制品|大病(医疗|补充|统筹)*保险"
    "|非?转基因|孕育(?!史)|孕婴|精神卫生(中心|法)|心理(咨询|治疗)(师|机构|中心|服务)|心理健康教育|质量通病|(系统|网络|交通)瘫痪|戒毒(所|场所|管理局|条例)"
    "|信用就医|就医服务|优先就(诊|医)|跨区域就诊|就诊使用|(城市|信用|法治|税务|企业|房屋|车辆|住房)体检|体检(机构|中心|单位)"
    "|住院免?押金|手术(室|器械)|化验(室|员|机构)|(水质|煤质|产品|食品|样品)化验|安全用药|接种(单位|门诊|点)"
)
"""Names of bodies, trades, insurances, incentives and laws that contain such a word, and say nothing of anybody's health."""
WORDS: Final = frozenset(
    {
        *("creed", "church", "churches", "mosque", "worship", "baptism", "baptised", "baptized", "christian"),
        *("christianity", "catholic", "protestant", "muslim", "islam", "islamic", "buddhist", "buddhism"),
        *("taoist", "taoism", "hindu", "hinduism", "jewish", "judaism", "sikh", "atheist", "clergy"),
        *("pilgrimage", "quran", "koran", "bible", "faith", "faiths", "belief", "beliefs"),
        *("gene", "genes", "dna", "rna", "genetics", "heredity", "hereditary", "iris", "irises", "retina"),
        *(
            "illness",
            "illnesses",
            "ailment",
            "ailments",
            "sick",
            "sickness",
            "hiv",
            "hpv",
            "hbv",
            "hcv",
            "aids",
        ),
        *("icd", "symptom", "symptoms", "syndrome", "fever", "addict", "addiction", "addicted"),
        *(
            "patient",
            "patients",
            "inpatient",
            "inpatients",
            "outpatient",
            "outpatients",
            "checkup",
            "checkups",
        ),
        *("prescription", "prescriptions", "miscarriage", "abortion", "abortions", "childbirth"),
        *("zongjiao", "jiyin", "zhiwen", "zhangwen", "xuexing", "jibing", "bingshi", "bingli", "bingren"),
        *("huanzhe", "zhenduan", "aizheng", "ganyan", "jiuzhen", "hongmo", "libai", "fojiao"),
    }
)
"""Short words in English and in pinyin: "gene" is no part of "general", nor "hiv" of "archive"."""
_CARE: Final = (
    "medical|health|clinical|surgical|psychiatric|medicaltreatment|vaccination|immuni[sz]ation|prescription"
)
_KEPT: Final = "history|histories|records?|files?|data|info|notes?|charts?|status|conditions?|reports?|dossiers?|archives?|visits?"
_KEPT_PINYIN: Final = "jilu|dangan|xinxi|qingkuang|zhuangkuang|zhuangtai|shuju|baogao|jieguo|jielun|cishu|tianshu|riqi|(?:shi|hao)$"
PARTS: Final = re.compile(
    r"religio(n|us|s)|genetic|genom(e|ic)|genotype|chromosom|karyotyp|nucleicacid|paternitytest"
    r"|(finger|thumb|palm|(?<!in)voice|(?<!inter)(?<!sur)face)print|(finger|thumb|palm)(mark|scan|vein)|biometr"
    r"|((?<!inter)(?<!sur)face|facial)(recogni|feature|scan|template)"
    r"|blood|disease|diagnos|cancer|tumou?r|hepatitis|tubercul|diabet|epilep|schizophren|psychosis"
    r"|oncolog|leuk(a)?emi|asthma|hypertension|dementia|alzheimer|autis(m|tic)|pneumonia|syphilis|patholog|covid|(chemo|radio|psycho)therap"
    r"|mental(illness|disorder|health)|allerg(y|ies|ic|en)|surger(y|ies)|medication|hospitali[sz]|infect(ed|ion)"
    r"|vaccinat|immuni[sz](ed|ation)|pregnan|obstetric|gyna?ecolog|psychiatr|sickleave|causeofdeath|bodytemperature"
    r"|(medical|physical)exam|medicalcheck|(drug|substance)(abuse|addict)"
    rf"|hiv(status|positive|negative|test|aids)|({_CARE})({_KEPT})|hospital(record|histor|stay|visit|note)|casehistor"
    r"|aizibing|jingshenbing|manxingbing|chuanranbing|tangniaobing|xinzangbing|baixuebing|gaoxueya|ranseti|yiyuzheng"
    r"|tianzhujiao|yisilan|musilin|renlian(shibie|tezheng)|shengwen(shibie|tezheng)"
    r"|guominshi|jiwangshi|jiazushi|huaiyun|xinli(zhenduan|zixun|zhangai|jiankang)|jingshen(zhuangkuang|zhangai)"
    rf"|(jiuzhen|jiuyi|zhuyuan|yongyao|shoushu|tijian|huayan|jiankang|yiliao|menzhen|jiezhong|xidu|yunchan|bingjia)({_KEPT_PINYIN})"
    r"|^(tijian|zhuyuan|shoushu|yongyao|jiuyi|xidu|liuchan|jiezhong|yimiao|huayan|yunchan|bingjia|jidujiao|jidujiaotu|jidutu)$"
)
NAMES: Final = re.compile(
    r"\b(good|bad|utmost) ?faith\b|\bfaith ?(ful|less|breaking|breakers?|keeping)\b|\b(reasonable|honest) ?beliefs?\b"
    r"|\bblood ?(don(ation|or)s?|relatives?|relations?|kin|products?)\b"
    r"|\b((infectious|occupational|animal|plant) ?)?diseases? ?(control|prevention|hazards?)\b|\b(animal|plant) ?diseases?\b"
    r"|\b(legal|state|financial|student|teaching) ?aids\b|\bpublic ?health\b|\bgenetically ?modified\b"
    r"|\bprescription ?(drugs?|medicines?|periods?)\b|\bpsychiatric ?hospitals?\b|\b(animal|livestock|pet) ?vaccinat(ion|ions|ed)\b|\bdiagnosis and treatment\b|\binpatient ?deposits?\b"
)
"""Names that exist in law, and are none of what is forbidden."""
