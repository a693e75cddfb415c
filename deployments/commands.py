"""The commands of the command line: what is typed, where its function stands, and what it does.

Rules: a function is named, and its module is loaded when it is run or its help is asked for.
"""

from __future__ import annotations

from schemas.text import Text

GROUPS = {
    "gate": Text("查看关口", "Look at gates"),
    "policy": Text("查看规则包", "Look at the policy"),
    "key": Text("责任人员密钥", "Keys of officers"),
    "evaluator": Text("核查密钥", "The key that signs decisions"),
    "objection": Text("对已完成单位的异议", "Objections to concluded units"),
    "audit": Text("核查记录", "Audit the history"),
    "ledger": Text("记录库", "The ledger's database"),
}
# What is typed → where its function stands (below `deployments`), and what it does.
COMMANDS: dict[str, tuple[str, Text]] = {
    "new": (
        "books:new",
        Text("新建换届数据：填好已知内容的工作簿", "Write a book with all that can be known"),
    ),
    "map": (
        "books:map_sheets",
        Text("写出自有表格的对照表草稿", "Write the first draft of a map of people's own sheets"),
    ),
    "init": (
        "write:init",
        Text("按规则包和工作簿开始一次换届", "Open a cycle from a policy pack and a book"),
    ),
    "submit": (
        "write:submit",
        Text("报送文件：一个或几个台账", "Submit a file to its register, or its registers"),
    ),
    "ask": (
        "asks:ask",
        Text("写出待补清单：缺什么、错什么，交谁填", "Write what is missing, for who supplies it"),
    ),
    "forms": (
        "forms:forms",
        Text("读取干部任免审批表，写成待填工作簿", "Read cadre approval forms into a workbook"),
    ),
    "run": ("runs:run", Text("运行一个环节或整个换届", "Run a stage or the whole cycle")),
    "status": ("read:status", Text("各单位走到哪一步", "Where every unit stands")),
    "deadlines": (
        "deadlines:deadlines",
        Text("什么事什么时候办，或写成日历", "What must be done by when, or a calendar of it"),
    ),
    "gate show": (
        "gates:gate_show",
        Text("一个关口的决定和原因", "The decision of a gate, and why"),
    ),
    "policy adopt": ("adopting:policy_adopt", Text("更换规则包", "Adopt another policy pack")),
    "policy diff": (
        "policy_diff:policy_diff",
        Text(
            "另一个规则包会作出哪些不同的决定",
            "What another policy pack would have decided over all past decisions",
        ),
    ),
    "policy show": (
        "read:policy_show",
        Text("规则包或其中一项检查", "The policy pack, or one check of it"),
    ),
    "result": (
        "results:result",
        Text(
            "写出一个单位的选举结果报告单，供打印签字",
            "Write the result report of a unit, to be printed and signed",
        ),
    ),
    "template": ("write:template", Text("生成空白工作簿", "Write an empty workbook to fill in")),
    "demo": (
        "demo:demo",
        Text("演示：完整运行参考换届", "The main job: run the reference cycle whole"),
    ),
    "key new": (
        "keys:key_new",
        Text("生成一对密钥，私钥用口令加密", "Make a key pair, the private key encrypted"),
    ),
    "key convert": (
        "keys:key_convert",
        Text(
            "转换 OpenSSH 密钥文件，供办理台使用",
            "Write an OpenSSH key file as the desk reads it",
        ),
    ),
    "key list": ("keys:key_list", Text("登记过的全部密钥", "Every key that was enrolled")),
    "key enrol": ("officers:enrol", Text("登记密钥", "Enrol an officer's key")),
    "key vouch": (
        "officers:vouch",
        Text("核验确认另一机关责任人员的密钥", "Vouch for a key of another organ's officer"),
    ),
    "key rotate": (
        "officers:rotate",
        Text("更换密钥，新旧两把都签字", "Replace a key; old and new sign"),
    ),
    "key revoke": (
        "officers:revoke",
        Text(
            "吊销密钥，它签过的一律无效",
            "Revoke a key: nothing that it ever signed counts any more",
        ),
    ),
    "evaluator show": (
        "evaluator:evaluator_show",
        Text("登记过的核查密钥，私钥是否在本机", "Every evaluator's key, and whether it is here"),
    ),
    "evaluator rotate": (
        "evaluator:evaluator_rotate",
        Text("更换核查密钥，由旧密钥签字", "Replace the evaluator's key; the old one signs"),
    ),
    "evaluator revoke": (
        "evaluator:evaluator_revoke",
        Text(
            "吊销核查密钥，新密钥生效前不作决定",
            "Revoke the evaluator's key: nothing is decided until another is in force",
        ),
    ),
    "evaluator enrol": (
        "evaluator:evaluator_enrol",
        Text("吊销后登记新的核查密钥", "Enrol an evaluator's key after a revocation"),
    ),
    "evaluator vouch": (
        "evaluator:evaluator_vouch",
        Text(
            "由另一机关核验确认核查密钥，使其生效",
            "Vouch for an evaluator's key that another organ enrolled",
        ),
    ),
    "inbox": (
        "inbox:inbox",
        Text("等待一位责任人员签字的关口", "What waits for an officer's signature"),
    ),
    "sign": (
        "officers:sign",
        Text("签字通过一个或多个关口", "Sign a gate open, or all that wait for you"),
    ),
    "refuse": (
        "officers:refuse",
        Text("拒绝签字，须写明原因", "Refuse to sign a gate, with a reason"),
    ),
    "withdraw": (
        "officers:withdraw",
        Text("撤回本人的签字、拒签或例外审批", "Take back your own sign-off, refusal or waiver"),
    ),
    "pending": (
        "confirmations:pending",
        Text(
            "待另一机关确认的报送，以及确认后会改变什么",
            "Deliveries that wait for another organ, and what they would do",
        ),
    ),
    "confirm": (
        "confirmations:confirm",
        Text("确认另一机关的报送，使其作数", "Confirm a delivery that another organ made"),
    ),
    "decline": (
        "confirmations:decline",
        Text("对报送不予确认，须写明原因", "Decline a delivery that waits, with a reason"),
    ),
    "lift": (
        "officers:lift",
        Text("解除他人的拒签，须两个机关", "Lift somebody else's refusal; it takes two organs"),
    ),
    "waive": (
        "officers:waive",
        Text("对一项检查作例外审批，或会签", "Waive a check for one subject, or join a waiver"),
    ),
    "objection list": (
        "objections:objection_list",
        Text("列出待裁定的异议", "List the objections that are to be ruled on"),
    ),
    "objection show": (
        "objections:objection_show",
        Text("查看一项异议和对它的裁定", "Show an objection and the rulings on it"),
    ),
    "objection reject": (
        "objections:objection_reject",
        Text("驳回一项异议，须写明原因", "Reject an objection, with a reason"),
    ),
    "objection reopen": (
        "objections:objection_reopen",
        Text(
            "同意一项异议，两个机关同意后重新启动单位",
            "Grant an objection; two organs reopen a concluded unit",
        ),
    ),
    "audit log": ("audits:audit_log", Text("逐条列出记录", "List the entries of the ledger")),
    "audit verify": (
        "audits:audit_verify",
        Text(
            "校验整个记录，或导出的记录文件，或回执",
            "Verify the whole ledger, or an exported bundle, or a receipt",
        ),
    ),
    "audit receipt": (
        "receipts:audit_receipt",
        Text(
            "取一个环节办结的回执，可离线校验",
            "The receipt of how a stage of a unit ended; it verifies offline",
        ),
    ),
    "audit replay": (
        "replays:audit_replay",
        Text(
            "按当时的依据材料、规则包和日期重新核查，与记录比对",
            "Decide again on the evidence, policy and day of then, and compare with the record",
        ),
    ),
    "audit checkpoint": (
        "checkpoints:audit_checkpoint",
        Text(
            "生成或会签存证点，两个机关签齐后登记",
            "Make or sign a checkpoint; filed once two organs signed",
        ),
    ),
    "audit export": (
        "audits:audit_export",
        Text(
            "导出记录：XLSX、CSV、SQLite、HTML，或供他人校验的记录文件",
            "Export the history: XLSX, CSV, SQLite, HTML, or a bundle to verify elsewhere",
        ),
    ),
    "ledger grant": (
        "ledgers:ledger_grant",
        Text(
            "允许一个数据库角色使用记录：只能追加，不能改动或删除",
            "Let a database role use the ledger: append to it, and never change or delete",
        ),
    ),
    "desk": (
        "desk.command:desk",
        Text(
            "启动办理台：在浏览器中查看和签字",
            "Serve the desk: officers look and sign in a browser",
        ),
    ),
    "serve": (
        "serving.serve:serve",
        Text(
            "启动 Prefect 界面、各环节的部署和自动运行", "Serve the Prefect pages and every stage"
        ),
    ),
}
