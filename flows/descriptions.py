"""What each deployment is for, in Markdown: what the stage asks, what the states mean, what next.

Rules: what a stage asks is read from its rules and the pack's own list is not repeated, so that a
page never says other things than the checks; every text in the reader's language.
"""

from __future__ import annotations

from schemas.rules.catalogue import RULES
from schemas.text import Text
from schemas.vocabulary import WORKS, Stage, Work
from tasks.linking import at_desk

LEAD: dict[str, Text] = {
    "plan": Text(
        "制订换届工作方案：监督与换届同部署，责任到人，职数和日程合法可行。",
        "The work plan: supervision is deployed together with the cycle, duties have names, seats "
        "and calendar are lawful.",
    ),
    "nomination": Text(
        "提名推荐：经民主推荐，每个职位都有拟提名人选，换届纪律人人知晓。",
        "Nomination: after democratic recommendation every post has a proposal, and everybody "
        "knows the discipline.",
    ),
    "vetting": Text(
        "资格审核：凡提必审、必核、必听、必查、必用、必审六项，再看能否列为人选。",
        "Qualification review: every candidate is reviewed six ways, then held against the bars.",
    ),
    "inspection": Text(
        "监督检查：巡回督导不间断，问题整改到位，线索清楚的举报全部办结。",
        "Inspection: every place is visited, every problem rectified, every clear report pursued.",
    ),
    "election": Text(
        "组织选举：表决前看会议和候选人是否合法，表决后看选票平衡、两次计票一致、全体过半数当选。",
        "Election: before the vote a lawful session and slate, after it papers that add up, two "
        "counts that agree, a right majority.",
    ),
    "cycle": Text(
        "依次运行五个环节：方案、提名、考察、督导、选举；一个单位受阻不影响其他单位。",
        "The five stages one after the other; a unit that is held does not hold the others.",
    ),
    "intake": Text(
        "接收放进报送文件夹（`inbox/<责任人员编号>/`）的台账文件；不填参数就接收全部。",
        "Takes the register files dropped into the inbox (`inbox/<officer id>/`); with no "
        "parameters, all of them.",
    ),
    "reminders": Text(
        "每天列出将到期的事项：法定日程、举报期限、例外审批到期；同一事项只提醒一次。",
        "Lists every day what falls due: statutory calendar, report clocks, waivers that expire; "
        "each is reminded of once.",
    ),
    "verification": Text(
        "每天夜里校验整个记录，并复核每一项决定；有一处不成立，本次运行即为 Blocked。",
        "Verifies the whole record every night and replays every decision; whatever does not hold "
        "ends the run as Blocked.",
    ),
    "checkpoints": Text(
        "每天早晨查看是否该做存证点：有交接还没有存证点覆盖，本次运行即为 Blocked。",
        "Looks every morning whether a checkpoint is due: a hand-off that none covers ends the run "
        "as Blocked.",
    ),
}

ASKS = Text("### 关口检查什么", "### What the gate asks")
ASKED = Text("| 检查 | 由谁补正 |", "| check | who can supply it |")

STATES = Text(
    """### 结果的含义

| 状态 | 含义 | 下一步 |
|---|---|---|
| **Open** 通过 | 范围内所有单位的关口都已通过 | 下一环节自动开始 |
| **Waiting** 待补 | 缺材料、缺签字，或核查期间有新的报送 \
| 看这次运行的结果页（Artifacts），补齐后自动重新核查 |
| **Blocked** 受阻 | 有不合格的结果 | 看这次运行的结果页，按所写的“由谁补正”办理 |
| **Failed** 出错 | 程序出错，没有任何关口因此通过 | 再次启动；仍出错请联系系统维护人员 |

运行记录见左侧 [Runs](/runs)：本页的 Runs 一栏默认只列 Prefect 自己的状态，不列上面前三种。
在页面上继续、取消、重试、删除运行，或手工改状态，都不会让任何关口通过；决定只在记录中。""",
    """### What the states mean

| state | meaning | next |
|---|---|---|
| **Open** | the gates of all units in scope are open | the next stage starts by itself |
| **Waiting** | evidence or signatures are missing, or something arrived meanwhile \
| see the run's artifact; once supplied, it is looked at again by itself |
| **Blocked** | something failed | see the run's artifact: what is missing, and who can supply it |
| **Failed** | the program failed; no gate opened by it | launch again, then report it |

Runs are under [Runs](/runs) on the left: the list here is set to Prefect's own states, and \
leaves out the first three above. Resuming, cancelling, retrying or deleting a run here, or \
setting its state by hand, opens no gate: decisions stand in the ledger alone.""",
)


def _asks(stage: Stage) -> str:
    rows = [
        f"| {rule.title.render()} | {rule.provider.label.render()} |"
        for rule in RULES.values()
        if rule.stage is stage
    ]
    heading = f"{ASKS.render()}: {stage.label.render()}"
    return "\n".join([heading, "", ASKED.render(), "|---|---|", *rows])


# The desk's pages: what they are called, and where they are.
DESK: tuple[tuple[Text, str], ...] = (
    (Text("进度总表", "the board"), "/board"),
    (Text("等您办理", "what waits for you"), "/"),
    (Text("异议和例外审批", "objections and waivers"), "/objections"),
)


def _pages() -> str:
    """Links to the desk, where people see how everything stands and act."""
    heading = Text("办理台：", "The desk: ").render()
    return heading + " · ".join(at_desk(text.render(), path) for text, path in DESK)


def description(name: str) -> str:
    """The description of the deployment of a flow, in the reader's language."""
    parts = [LEAD[name].render()]
    if name in set(WORKS):
        parts += [_asks(stage) for stage in Work(name).stages]
    if name in {*WORKS, "cycle"}:
        parts += [STATES.render(), _pages()]
    return "\n\n".join(parts)
