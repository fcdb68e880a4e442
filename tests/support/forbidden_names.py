"""Names of fields and titles that are about religion, genes, fingerprints, blood type, disease or medical history, and some that are not."""

from typing import Final


def _names(text: str) -> tuple[str, ...]:
    """Return the names that a text parts by bars."""
    return tuple(each.strip() for each in text.split("|"))


FORBIDDEN: Final = _names(
    """
    blood_type | bloodType | BLOOD_TYPE | bloodtype | BloodType | blood group | patient_blood_type |
    fingerprint | finger_print | fingerPrintHash | fingerprinthash | 指纹 | 指 纹 | 指·纹 | 指_纹信息 | gene |
    genes | genetic_marker | genome | dna | DNA | hasDNA | dna_profile | 基因 | 遗传信息 | religion |
    religiousBelief | religious | Religions | 宗教信仰 | 宗教 | 信仰 | zongjiao | zong_jiao | disease |
    chronicDiseases | illness | diagnosis | 疾病 | 患病情况 | jibing | 血型 | xuexing | medical_history |
    medicalHistory | Medical record | health_records | 病史 | 既往病史 | 病历 | bingshi |
    ｂｌｏｏｄ＿ｔｙｐｅ | ＤＮＡ | faith | belief | Beliefs | faithOf | worship | 佛教 | 穆斯林 | 信徒 |
    是否信教 | 伊斯蘭 | blood | bloodPressure | 血液 | 血糖 | 高血壓 | 抽血日期 | chromosomes | 染色体 |
    染色體 | ran_se_ti | fingerScan | biometricHash | 生物特徵 | 指印 | 手印 | 指紋 | hiv | HIVStatus |
    hivpositive | has_hiv | aids | cancer | Cancers | tumours | diabetes | 艾滋病 | 愛滋病 | 精神病 | 慢性病 |
    乙肝 | 传染病 | 傳染病 | 肿瘤 | 癌症 | 病 | 患者姓名 | 心理障礙 | 精神状况 | 抑郁 | mentalHealth |
    mental_illness | ai_zi_bing | manxingbing | medical_file | medicalFiles | health_status | clinicalNotes |
    hospital_stay | hospitalised | 住院记录 | 就诊记录 | 就診紀錄 | 手术史 | 手術記錄 | 过敏史 | 過敏史 |
    用药记录 | 用藥記錄 | 确诊 | 確診日期 | 门诊次数 | 体检报告 | 健康状况 | 健康狀況 | 医疗档案 | 病歷號 |
    既往史 | surgeries | medicationList | allergies | patient_id | infected | guomin_shi | shoushuShi |
    体检结论 | 體檢結論 | 体检 | 手术 | 手術名稱 | 用药 | 用藥 | 服药 | 就医次数 | 就醫次數 | 就医 | 就诊 |
    就診 | 住院 | 住院天数 | 病假 | 病假天數 | 处方 | 處方編號 | 化验 | 化驗單 | 接种日期 | 疫苗接種 |
    健康码 | 医疗结论 | 孕产 | 孕產信息 | 怀孕 | 懷孕 | 妊娠 | 流产史 | 流產 | 产检记录 | 产前检查 | 生育史 |
    婚育史 | 月经周期 | 吸毒史 | 吸毒 | 戒毒记录 | 毒瘾 | 藥物成癮 | 死亡原因 | 死因 | 体温 | 體溫 | 心率 |
    抗体检测 | 抗原 | 精神科 | 精神残疾 | 精神殘疾類別 | 心理诊断 | 心理咨詢 | 心理测评 | 脑中风 | 贫血 |
    貧血 | 色盲 | 哮喘 | 虹膜 | 声纹 | 聲紋 | 人脸 | 人臉特徵 | 掌纹 | 掌紋 | 视网膜 | 指静脉 | 步态特征 |
    facial_features | iris | voicePrint | voice_print_hash | facePrint | face_recognition | retina |
    palm_print | 教会 | 教會 | 教堂 | 入教 | 入教時間 | 受洗 | 礼拜 | 禮拜次數 | 朝觐 | 朝覲 | 传教 | 祈祷 |
    信佛 | 清真寺 | church | churches | bible | Quran | clergy | fo_jiao | libai | tian_zhu_jiao | jidujiao |
    musilin | ICD编码 | icd_code | icd10 | ICD-10 | HPV | hpvResult | HBV | sick_leave | sickLeaveDays |
    checkup | prescription | prescriptions | vaccinated | vaccination | pregnant | pregnancyWeeks |
    obstetrics | abortion | drug_abuse | drugAddict | addiction | fever | psychiatry | medical_exam |
    causeOfDeath | jiankang_zhuangkuang | jiankangzhuangkuang | jian_kang_zhuang_kuang | tijian | ti_jian |
    tijian_jielun | jiuyi_cishu | jiuyi | jiuzhen | zhuyuan | zhuyuanTianshu | shoushu | yongyao | bingjia |
    xidu_shi | xidushi | yunchan | huaiyun | hongmo | shengwen_tezheng | renlianShibie | xinlizhenduan
    """
)
"""Names that no bureau may have, in Chinese of both scripts, in English and in pinyin."""
HARMLESS: Final = _names(
    """
    general_manager | genre | generation | agenda | engine | message nominal | type | finger | medical |
    medical_institution | history | record_number | health | diagram | dnable | hygiene | 医疗机构 | 信用 |
    信阳 | xinyang | 登记号 | 基本信息 | 因素 | 指标 | 型号 | wellness | good_faith | badFaith |
    faithbreaking | faithful | honest belief | archive | archived_on | bloodDonation | blood_donations |
    无偿献血 | 直系血亲 | blood_relatives | 血液制品 | 单采血浆站 | 诚信教育 | 街道教育 | 知道教师 |
    信教育人 | 科教派出 | 非遗传承人 | 残疾人就业保障金 | 疾病预防控制中心 | 违反传染病防治规定 |
    职业病危害申报 | 病虫害防治 | 动物疫病 | 计算机病毒 | disease_control | plantDiseases |
    occupational disease hazard | 处方药 | 症结 | 病床数 | 先诊疗后付费 | 优先就诊 | 住院免押金 | 健康证 |
    医疗单位 | 体检机构 | 诊疗科目 | hospital_level | 办结核验日期 | 审结核准 | case_records |
    court_case_file | caseFile | public_health_penalty | health_certificate | medical_insurance | legal_aids |
    stateAids | cancelled_on | cancellation | patently | tb_person | std_code | sewage_treatment_record |
    学业 | xueye | yichuan_county | 信易医 | 信用就医 | 信用医疗签约用户跨区域就诊 | 就诊使用轮椅 |
    优先提供诊疗服务 | 免收住院押金 | 市中心医院 | 医疗保险 | 醫療保險 | 生育保险 | 工伤保险 | 大病保险 |
    大病醫療保險 | MEDICAL | MATERNITY | WORK_INJURY | 残疾人证 | 残疾等级 | 殘疾人 | disability |
    精神文明单位 | 精神卫生中心 | 心理咨询师 | 强制隔离戒毒所 | 集体检查 | 整體檢測 | 主体检验 | 信用体检 |
    城市体检 | 体检中心 | 选手术语 | 手术器械 | 优化验收 | 深化驗收 | 农用药 | 使用药品 | 居住院落 |
    直接种植 | 间接种类 | 集中风险 | 中风险企业 | 一流产品 | 主流產業 | 生产前检查 | 本月经营 | 核心率先 |
    对抗原则 | 对抗体系 | 紧密接触 | 处方药 | 该处方案 | 就医疗纠纷 | 成就医院 | 网络瘫痪 | 宣传教育 |
    宣傳教育 | 科教会议 | 职教会 | 助教会计 | 加入教育 | 接受洗车 | 礼拜一 | 经手印章 | 转基因食品 |
    质量通病 | 孕婴用品 | 短信佛山 | 发布道路 | 水质化验 | 化验员 | 接种单位 | 动物疫病 | 拒绝育林罚款 |
    invoice_print | invoicePrint | surface_scan | interfaceTemplate | prescription_drugs |
    animal_vaccination | prayer_for_relief | abortive | drug_test | two_stroke | diagnosis and treatment |
    inpatient deposit | wen_ti_jian_yi | wentijianyi | ying_shou_shu_e | jiuzheng_riqi | jiankang_shipin |
    yiliao_shigu | yiliao_haocai | ji_du_jiao_na | jidujiaona | huoyunchanye | fuzeren_lianxi |
    fu_ze_ren_lian_xi_dian_hua | yiliao_baoxian | jidu_tudi | shengwenhuating | yi_liu_chan_pin |
    shengyu_baoxian
    """
)
"""Names that only resemble one of them, or contain one and mean something else."""
