"""What staff write: questions, notes, findings, replies, public texts, and reasons."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from portal.cli.demo.texts.compose import MATTERS

QUESTIONS = (
    "请告诉我们大概是几点钟最严重，白天还是夜里？",
    "您说的位置附近有两处厂房，请问是靠河的那一处吗？",
    "照片里看不清排口的位置，能再补一张远一点的吗？",
    "请问是哪一栋楼、哪个单元受影响最大？",
    "请补充一下具体的村组或门牌，方便我们直接上门。",
    "您看到的车是什么颜色、往哪个方向走的？",
)
ANSWERS = (
    "一般是夜里十一点到两点，白天没有。",
    "是靠河的那一处，门口有两棵桉树。",
    "补一张站在桥上拍的，红圈那里就是。",
    "三栋二单元，四楼以上都能闻到。",
    "在五组，水塔下面第二家。",
    "白色的厢式货车，往国道方向走了。",
)
DISPATCH_NOTES = (
    "请两天内到现场，先联系举报人。",
    "举报人反映夜间更严重，请安排一次夜查。",
    "与上月同一地点的举报一并核实。",
    "请镇里配合指认位置。",
    "涉及学校周边，请优先处理。",
    "请注意为举报人保密。",
    "",
)
CONTACT_NOTES = (
    "电话接通，举报人补充说夜间更明显，愿意一起到现场。",
    "第一次没接，下午再打接通，说明了办理步骤。",
    "接通，举报人不方便到场，发来了两段视频。",
    "两次无人接听，已发短信。",
    "接通，核对了位置，约好周三上午到现场。",
)
SEND_BACK_REASONS = (
    "缺少现场检查笔录编号，请补。",
    "整改后照片角度与整改前不一致，请在同一位置复拍。",
    "答复里没写清楚什么时候复查。",
)
REWORK_REASONS = (
    "缺整改后的照片，请到现场补拍。",
    "只写了责令整改，没有写改没改好，请核实后再报。",
    "答复没有回应举报人说的夜间问题。",
    "罚款决定还没作出，结论写早了。",
    "监测报告未附，请补充数据。",
)
RETURNS = (
    ("《城市市容和环境卫生管理条例》第十四条，占道经营由城管部门管理。", "cg"),
    ("《水污染防治法》第九条，河道内堆放由水行政主管部门负责。", "sl"),
    ("《建设工程安全生产管理条例》，在建工地由住建部门监管。", "zj"),
    ("三定规定：社会生活噪声由公安机关处理。", "ga"),
    ("《畜禽规模养殖污染防治条例》第五条，粪污综合利用由农业农村部门指导。", "nyny"),
    ("《大气污染防治法》第五条，固定源排放由生态环境部门监管。", "sthj"),
)
RULINGS = (
    "经与两家单位会商，按“谁发证谁监管”确定主办，另一单位协办，不再调整。",
    "现场由审批单位负责日常监管，由其主办，属地镇街配合。",
)
PLANS = (
    (
        "分三步整改：先截污，再清淤，最后恢复岸线。",
        ("完成截污管网施工图", "截污管道完工", "清淤并恢复岸线"),
    ),
    ("企业分期改造，改造期间限产一半。", ("设备订货", "安装调试", "验收监测")),
    ("历史堆渣分批清运并覆土。", ("完成堆体鉴别", "清运过半", "覆土复绿")),
)
ACCEPTANCE_NOTES = (
    "现场验收，问题未再出现，周边三户走访满意。",
    "复测数据达标，公示期内没有异议，同意销号。",
    "镇村两级验收签字，照片齐全，同意销号。",
    "设施连续运行正常，同意销号。",
)
DECLINES = {
    "not_pollution": (
        "您反映的是邻里之间的采光问题，不属于环境污染，我们办不了。",
        "请到所在社区调解委员会，或拨打12345。",
    ),
    "other_authority": (
        "您反映的事归公安机关管，我们已写好转交说明。",
        "请拨打110，或到辖区派出所。",
    ),
    "outside_area": (
        "您标的位置在邻市，不在我们的办理范围。",
        "请向当地生态环境局反映，或拨打当地12345。",
    ),
    "in_court": ("这件事法院正在审理，判决之前我们不能重复受理。", "请在诉讼中提出，由法院判决。"),
    "already_handled": (
        "同一位置、同一问题上月刚办结，目前没有新的情况。",
        "如果又出现了，请补充新的照片再报。",
    ),
    "too_vague": (
        "描述里没有地点也没有时间，补充以后仍然找不到位置。",
        "请拍一张能看出位置的照片再报一次。",
    ),
}
APPEALS = (
    "我补充了位置和照片，请重新考虑受理。",
    "公安说这件事归环保管，请不要来回推。",
    "上次办结以后又复发了，和上次不是一回事。",
)
EXTRA_INFO = (
    "今天又出现了，我补一张照片。",
    "补充：夜里一点到三点最明显。",
    "路口的监控应该能拍到车。",
    "味道今天小一些了，但还有。",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The three texts of a finding, which stay apart, and the note of the site check."""

    check: str
    internal: str
    reply: str
    public: str


def outcome(category: str, verdict: str, where: str, department: str, rng: Random) -> Outcome:
    """Write up a finding; ``where`` is a village's name, ``verdict`` one of domain.md's four."""
    if verdict not in _FOUND:
        return _unproven(category, verdict, where, department, rng)
    matter = MATTERS[category]
    index = rng.randrange(2)
    found, done = matter.found[index], matter.done[index]
    truth, rest = _FOUND[verdict]
    people = rng.choice(("两", "三", "四"))
    view = rng.choice(("当事人无异议。", "当事人要求延期整改，未同意。", "已约谈负责人。"))
    tail = rng.choice(
        ("我们一个月后再去看一次。", "如果再出现，请用原编号告诉我们。", "谢谢您随手拍下来。")
    )
    return Outcome(
        f"到{where}现场查看，{found}。",
        f"派出{people}名执法人员现场检查：{found}。制作现场笔录并拍照取证，适用{matter.basis}。{view}",
        f"您好。您反映的{matter.issue}我们去看过了，{truth}：{found}{rest}。{done}。{tail}",
        f"{department}到{where}现场核查，群众反映的{matter.issue}{truth}：{found}{rest}。{done}。",
    )


_FOUND = {"verified": ("情况属实", ""), "partly": ("部分属实", "，其余情况现场没有查到")}
_UNPROVEN = {
    "unfounded": ("不属实", ("各项设施运行正常，监测数据达标", "没有发现所说的情况，手续齐全")),
    "undetermined": ("无法查实", ("现场已无痕迹，走访四户也说不清", "作业已停，无法判断来源")),
}


def _unproven(category: str, verdict: str, where: str, department: str, rng: Random) -> Outcome:
    issue, visits = MATTERS[category].issue, rng.choice(("两次", "三次", "白天夜里各一次"))
    word, states = _UNPROVEN[verdict]
    state = rng.choice(states)
    return Outcome(
        f"到{where}现场查看，{state}。",
        f"先后{visits}到现场，{state}，拟定{word}，建议列入回头看。",
        f"您好。您反映的{issue}，我们{visits}到现场，{state}，目前{word}。"
        "如果再出现，请当场拍下来告诉我们，我们马上去。",
        f"{department}{visits}到{where}核查群众反映的{issue}，{state}，"
        f"核查结论为{word}，已列入回头看。",
    )
