"""Why an officer's act does not count: one code and one text for each reason.

Rules: the same codes say why an act was not taken and why one on record is void; whoever reads one
learns what to do. Codes are stable, texts are not.
"""

from __future__ import annotations

from schemas.text import Refusal, Text

ACT_FAULTS: dict[str, Text] = {
    # What was signed
    "envelope": Text(
        "签字文件无效或被改动，请重新签字",
        "the envelope does not hold or was edited; sign again",
    ),
    "other-act": Text(
        "签的是另一种内容，请重新签字", "something of another kind was signed; sign again"
    ),
    "other-cycle": Text(
        "签的是另一次换届，在本次换届中重新签字",
        "it was signed for another cycle; sign in this one",
    ),
    "other-unit": Text(
        "签的是另一个单位，请为本单位签字", "it was signed for another unit; sign for this one"
    ),
    "other-stage": Text(
        "签的是另一个环节，请为本环节签字", "it was signed for another stage; sign for this one"
    ),
    "other-policy": Text(
        "签的是另一个规则包，请按现行规则包签字",
        "it was signed under another policy pack; sign under the one in force",
    ),
    "other-statement": Text(
        "签字前后内容有变化，请查看现在的内容后重新签字",
        "what would be recorded changed between showing and signing; look again and sign that",
    ),
    "other-delivery": Text(
        "看过之后又有报送，会接收或替换的行已经不同，没有签字；请看过再签",
        "something was delivered since it was looked at, and other rows would be taken or replaced "
        "now; nothing was signed: look at them first",
    ),
    "other-evidence": Text(
        "签字之后依据材料有变动，请查看新的依据材料后重新签字",
        "the evidence changed after it was signed; look at today's and sign again",
    ),
    "other-findings": Text(
        "签的核查日期、结论、结果或变化与关口现在的不符，请查看现在的结果后重新签字",
        "it tells another day, outcome, findings or changes than the gate does; look at today's "
        "and sign again",
    ),
    "unsigned": Text(
        "旁边没有报送人的签字文件（文件名加 .sig）；用 termgate submit --sign-only 签字，"
        "连同签字文件一起放入",
        "no signature of its officer lies beside it (the file's name and .sig); sign with "
        "`termgate submit --sign-only` and drop both",
    ),
    "may-not-deliver": Text(
        "规则包没有规定由该机关报送这一台账；见 termgate policy show",
        "the pack does not let this organ deliver to this register; see `termgate policy show`",
    ),
    "other-officer": Text(
        "签字内容写的是另一人", "the statement names another officer, organ or place"
    ),
    "challenge": Text(
        "登录请求已过期或已用过，请重新登录", "the challenge is too old or was used; sign in again"
    ),
    "replayed": Text(
        "这份签字已经用过，请重新签字", "this signature was recorded before; sign again"
    ),
    "time": Text(
        "签字时间与系统时间相差超过一天，请校准时钟后重新签字",
        "its time is more than a day from ours; set the clock and sign again",
    ),
    # Who signed
    "unknown-officer": Text(
        "责任人员不在台账中；先登记责任人员", "this officer is not on record; enrol them first"
    ),
    "no-key": Text(
        "该责任人员没有生效的密钥；先登记密钥并由另一机关核验确认",
        "this officer has no active key; enrol one and have another organ vouch for it",
    ),
    "other-key": Text(
        "不是该责任人员现用的密钥；请用现用密钥",
        "not this officer's current key; use the current one",
    ),
    "one-voucher": Text(
        "签字时该密钥只有一个机关核验确认；由第三个机关的责任人员核验确认后重新签字",
        "only one organ had vouched for the key when it signed; an officer of a third organ must, "
        "then sign again",
    ),
    "key-replaced": Text(
        "签字时该密钥已被更换；请用新密钥重新签字",
        "the key had been replaced when it signed; sign with the new one",
    ),
    "key-revoked": Text(
        "该密钥已被吊销，它签过的一律无效；登记新密钥后重新签字",
        "its key was revoked, nothing it signed counts; enrol a new key and sign again",
    ),
    "role-changed": Text(
        "台账中该责任人员的机关或地区与密钥登记不符；重新登记密钥",
        "the register gives this officer another organ or place than their key; enrol a key again",
    ),
    "wrong-role": Text(
        "本关口不需要该机关或该地区的责任人员签字；由规则包指定的机关签字",
        "this gate does not ask for an officer of that organ and place; those whom the pack names "
        "must sign",
    ),
    "may-not-waive": Text(
        "规则包没有规定由该机关或该地区的责任人员例外审批",
        "the pack does not let an officer of that organ and place waive this check",
    ),
    "may-not-rule": Text(
        "规则包没有规定由该机关或该地区的责任人员裁定",
        "the pack does not let an officer of that organ and place rule on this",
    ),
    "self-submitted": Text(
        "本人报送过本关口的材料，不能为其签字；由同机关其他人签字，没有的增补一名责任人员",
        "this officer delivered evidence of this gate; another officer of the organ must sign, "
        "one to be added where none is left",
    ),
    "about-self": Text(
        "人选就是本人，应当回避；由同机关其他人签字，没有的增补一名责任人员",
        "this officer is a candidate of the unit; another officer of the organ must sign, "
        "one to be added where none is left",
    ),
    "about-kin": Text(
        "人选是本人亲属，应当回避；由同机关其他人签字，没有的增补一名责任人员",
        "a candidate of the unit is kin of this officer; another officer of the organ must sign, "
        "one to be added where none is left",
    ),
    "twice": Text(
        "同一人已以另一身份签字，一人只能签一次",
        "the same person signed in another role already; nobody signs twice",
    ),
    # When it was signed, and what came after
    "reopened": Text(
        "签字之后关口曾经通过又暂停，请按今天的依据材料重新签字",
        "the gate was open and closed again since; sign again on today's evidence",
    ),
    "withdrawn": Text("签字人已撤回", "its officer withdrew it"),
    "lifted": Text("两个机关已解除这次拒签", "officers of two organs lifted this refusal"),
    "already-lifted": Text(
        "本人已同意解除；还需另一机关的责任人员同意",
        "this officer lifted it already; an officer of another organ must too",
    ),
    "own-refusal": Text(
        "是本人的拒签；用 termgate withdraw 撤回",
        "it is this officer's own refusal; use `termgate withdraw`",
    ),
    "stands-refused": Text(
        "本人已拒签，先撤回拒签再签字", "this officer refused; withdraw the refusal before signing"
    ),
    "already-signed": Text(
        "本人已签字且仍然有效，无需再签", "this officer signed already and it counts; nothing to do"
    ),
    "already-refused": Text(
        "本人已拒签且仍然有效", "this officer refused already and it stands; nothing to do"
    ),
    "already-open": Text("关口已经通过，无需再签", "the gate is open already; nothing to sign"),
    "not-decided": Text(
        "关口尚未核查；先运行该环节", "the gate is not decided yet; launch its stage first"
    ),
    "held": Text(
        "前面的关口未通过；先办理前面的关口", "an earlier gate is not open; see to that one first"
    ),
    "not-ready": Text(
        "检查未全部合格，不能签字通过；先补齐材料并再次运行该环节",
        "its checks do not hold, so it cannot be signed open; mend the evidence and launch the "
        "stage again",
    ),
    "moved": Text(
        "核查之后依据材料或规则包有变动；再次运行该环节后再签字",
        "evidence or another pack came since it was decided; launch the stage again, then sign",
    ),
    "no-act": Text("没有这条签字、拒签或例外审批", "there is no sign-off, refusal or waiver there"),
    "not-yours": Text("只能撤回本人签的", "only the officer who signed it may withdraw it"),
    "no-reason": Text("必须写明原因", "a reason must be given"),
    # Objections
    "no-objection": Text(
        "没有这条异议；用 termgate objection list 查看",
        "there is no such objection; see `termgate objection list`",
    ),
    "settled": Text(
        "这条异议已有裁定，或单位已重新启动，无需再裁定",
        "this objection was ruled on already, or its unit was reopened; nothing to do",
    ),
    "other-objection": Text(
        "签的是另一条异议，请为这条异议裁定",
        "it was signed for another objection; rule on this one",
    ),
    "already-ruled": Text(
        "本人已同意重新启动；还需另一机关的责任人员同意",
        "this officer ruled so already; an officer of another organ must too",
    ),
    # Waivers
    "unknown-check": Text(
        "本环节没有这项检查；用 termgate policy show 查看",
        "the pack has no such check; see `termgate policy show`",
    ),
    "absolute": Text(
        "法律对此没有例外，任何人不得批准", "the law makes this check absolute: nobody may waive it"
    ),
    "unwaivable": Text(
        "规则包不允许对这项检查作例外审批", "the policy pack does not allow this check to be waived"
    ),
    "nothing-to-waive": Text(
        "该检查对这个对象没有未通过的结果",
        "that check does not fail or miss anything for that subject",
    ),
    "crashed": Text(
        "检查程序出错，不能以例外审批放行；请联系系统维护人员",
        "the check itself crashed, which nobody may waive; report it",
    ),
    "expired": Text("例外审批已到期", "the waiver has expired"),
    "too-long": Text(
        "期限超过规则包允许的天数；缩短期限",
        "it runs longer than the pack allows; choose an earlier day",
    ),
    "incomplete": Text(
        "批准机关尚未签齐，例外审批尚未生效",
        "not all of its authority has signed yet; not in force",
    ),
    # Keys
    "has-key": Text(
        "该责任人员已有生效的密钥；用 termgate key rotate 更换",
        "this officer has an active key; use `termgate key rotate`",
    ),
    "awaits-voucher": Text(
        "该密钥已登记，正在等其他机关的责任人员核验确认（termgate key vouch）",
        "this key is enrolled and waits for an officer of another organ to vouch for it "
        "(`termgate key vouch`)",
    ),
    "founder-key": Text("这是另一名首批责任人员的密钥", "this is the key of another founder"),
    "key-taken": Text(
        "该密钥已登记过；用 termgate key new 生成新的",
        "this key was enrolled before; make a new one with `termgate key new`",
    ),
    "no-request": Text(
        "该责任人员没有待核验确认的密钥",
        "no key of this officer waits for somebody to vouch for it",
    ),
    "other-fingerprint": Text(
        "该责任人员待核验确认的密钥没有这一指纹；请本人再读一遍，对不上就不要核验确认",
        "no key of this officer that waits has that fingerprint; have it read out again, and vouch "
        "for no other",
    ),
    "own-organ": Text("应由另一机关的责任人员办理", "an officer of another organ must do this"),
    "organ-vouched": Text(
        "该机关已核验确认过这把密钥；应由第三个机关的责任人员核验确认",
        "an officer of this organ vouched for the key already; one of a third organ must",
    ),
    "may-not-vouch": Text(
        "现行规则包没有规定由该机关核验确认这一机关的密钥；见 termgate policy show",
        "the pack in force does not let this organ vouch for keys of that one; see `termgate "
        "policy show`",
    ),
    "same-person": Text(
        "密钥属于本人的另一责任人员编号，应由他人核验确认",
        "it is the key of the same person under another officer id; somebody else must vouch",
    ),
    "entered-them": Text(
        "该责任人员是本人报送的，应由另一机关的其他人核验确认",
        "this officer delivered their row; somebody else of another organ must vouch for them",
    ),
    "not-above": Text(
        "应由本地或上级的责任人员办理；最上级的地方也可由另一最上级地方的责任人员办理",
        "an officer of that place or one above it must do this; for a place that has none above, "
        "one of another such place may",
    ),
    # Deliveries that say who is who
    "no-delivery": Text(
        "没有这条待确认的报送；用 termgate confirm 查看",
        "no delivery of that number waits to be confirmed; see `termgate confirm`",
    ),
    "own-delivery": Text(
        "是本人的报送，应由另一机关的其他人确认",
        "it is this person's own delivery; somebody else of another organ must confirm it",
    ),
    "rows-about-self": Text(
        "报送的行涉及本人或亲属，应由其他人确认",
        "it has rows about this officer or their kin; somebody else must confirm it",
    ),
    "deliverer-revoked": Text(
        "报送人签字的密钥已被吊销；重新报送",
        "the key that signed the delivery was revoked; deliver again",
    ),
    "overtaken": Text(
        "其中的行之后又有人报送；不予确认后重新报送",
        "rows of it were delivered again since; decline it and deliver what is still wanted",
    ),
    "no-longer-fits": Text(
        "其中的行已与现有台账不符（用 termgate confirm 查看）；不予确认后重新报送",
        "rows of it do not fit what is on record by now (see `termgate confirm`); decline it and "
        "deliver again",
    ),
    # The evaluator's key
    "not-topmost": Text(
        "核查密钥和规则包由最上级地方的责任人员办理",
        "officers of a place that has none above act on the evaluator's key and on packs",
    ),
    "not-discipline": Text(
        "核查密钥由纪委的责任人员吊销", "an officer of a discipline commission revokes it"
    ),
    "no-evaluator": Text(
        "没有生效或待核验确认的核查密钥", "no evaluator's key is in force or waits"
    ),
    "no-evaluator-waits": Text(
        "没有待核验确认的核查密钥；先登记（termgate evaluator enrol）",
        "no evaluator's key waits for a voucher; enrol one first (`termgate evaluator enrol`)",
    ),
    "has-evaluator": Text(
        "已有生效的核查密钥；用 termgate evaluator rotate 更换，或先吊销",
        "an evaluator's key is in force; use `termgate evaluator rotate`, or revoke it first",
    ),
    "enroller-revoked": Text(
        "登记人的密钥已被吊销；吊销这个核查密钥后重新登记",
        "the key of who enrolled it was revoked; revoke this evaluator's key and enrol another",
    ),
    # Another policy pack
    "may-not-adopt": Text(
        "现行规则包没有规定由该机关更换规则包；见 termgate policy show",
        "the pack in force does not name this organ for adopting another; see `termgate policy "
        "show`",
    ),
    "other-format": Text(
        "规则包不是本版本的格式；按现行规则包的样式改写后再提议",
        "the pack is not of this release's format; write it in the form of the one in force",
    ),
    "same-pack": Text("这就是现行规则包", "this is the pack in force"),
    "pack-not-valid": Text(
        "规则包的有效期不含执行日期或某个会议召开日期",
        "the pack's days of validity do not hold the day, or that of a session that is planned",
    ),
    "backdated": Text(
        "执行日期已过；规则包最早自签字当天起执行",
        "the day has passed; a pack is in force from the day of the second signature at the "
        "earliest",
    ),
    "own-proposal": Text(
        "本人已签字提议；还需另一机关的其他人就同一规则包和日期签字",
        "this person proposed it already; somebody else of another organ must sign the same pack "
        "and day",
    ),
    "own-organ-proposed": Text(
        "本机关已提议，应由另一机关的责任人员签字",
        "this organ proposed it already; an officer of another organ must sign it",
    ),
    "may-not-revoke": Text(
        "只有本人或本地、上级纪委的责任人员可以吊销",
        "only its holder, or the discipline commission there or above, may revoke a key",
    ),
}


class ActRefused(Refusal):
    """An act that is not taken; `code` is one of `ACT_FAULTS`, `where` what it was about."""

    def __init__(self, code: str, where: str | Text = "") -> None:
        self.code = code
        text = ACT_FAULTS[code]
        about = Text(where, where) if isinstance(where, str) else where
        zh, en = f"{about.zh}：" if about.zh else "", f"{about.en}: " if about.en else ""
        super().__init__(Text(f"{zh}{text.zh}", f"{en}{text.en}"))
