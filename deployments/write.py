"""The writing commands: init, submit, template.

Rules: what became of every row is shown: accepted and rejected counts, the quarantine workbook, all
causes first and what follows from them counted under each, and how many readings there were and
where they are listed; any rejected row ends with exit code 2, though what was accepted stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from data.blobs import check_absent, write_durably
from data.home import named_home
from data.ledger import Ledger
from data.status import unit_names
from data.submissions import WITHDRAW
from deployments.app import (
    DayOption,
    HomeOption,
    JsonOption,
    KeyOption,
    OfficerOption,
    PassphraseOption,
    _,
    wrong_usage,
)
from deployments.consent import YesOption, can_ask
from deployments.exits import BAD_INPUT, CLOSED, DONE
from deployments.founding import founding_by, signatory, trial_keys
from deployments.show import Answer, Part, Table, show
from schemas.aliases import register_read
from schemas.refusals import ActRefused
from schemas.registers import REGISTERS
from schemas.text import Text, language, plural
from tasks.intake import accept
from tasks.intake.accept import Receipt, Trial
from tasks.intake.causes import causes_of

if TYPE_CHECKING:
    from tasks.intake.mapping import SheetMap
    from tasks.officers.signatories import Signatory

StrictOption = Annotated[
    bool,
    Parameter(
        negative="",
        help=_(
            "凡不是规定写法、靠读法才认出的，一律不收",
            "refuse whatever is not in its plain form and would only be read as it",
        ),
    ),
]
MapOption = Annotated[
    Path | None,
    Parameter(
        name="--map",
        help=_(
            "对照表（TOML）：自有表格各列对应哪个台账，见 termgate map",
            "map (TOML): what people's own sheets are, see `termgate map`",
        ),
    ),
]
# So many causes are printed for each register; the quarantine has all of them.
PRINTED_CAUSES = 20


def init(  # noqa: PLR0913 (options are arguments)
    *,
    policy: Annotated[str, Parameter(help=_("规则包编号或 TOML 文件", "pack id or TOML file"))],
    book: Annotated[
        Path, Parameter(help=_("工作簿（XLSX）或 CSV 文件夹", "workbook (XLSX) or folder of CSV"))
    ],
    officer: Annotated[
        str | None,
        Parameter(
            name="--as", help=_("报送工作簿的责任人员（编号）", "id of who delivers the book")
        ),
    ] = None,
    key: KeyOption | None = None,
    passphrase_file: PassphraseOption = None,
    founder: Annotated[
        tuple[str, ...],
        Parameter(
            negative="",
            help=_(
                "首批责任人员及其密钥编号，写作 编号=密钥编号；两个以上机关，逐一列出",
                "a founder and the id of their key, as OFFICER=KEY; of two organs at least",
            ),
        ),
    ] = (),
    mapping: MapOption = None,
    strict: StrictOption = False,
    historical: Annotated[
        bool,
        Parameter(
            negative="",
            help=_(
                "补录过去的换届：报送、签字、核查的日期由 --day 给出，不能倒退",
                "a cycle of the past: deliveries, acts and decisions are of the days that --day "
                "gives, which never go back",
            ),
        ),
    ] = False,
    trial: Annotated[
        Path | None,
        Parameter(
            help=_(
                "试办：在此文件夹为每个责任人员生成密钥，供一人走完全程；这样的换届处处标明，不作依据",
                "a trial: make everybody's keys in this folder, for one person to walk the whole "
                "way; such a cycle is marked wherever it is shown, and counts for nothing",
            )
        ),
    ] = None,
    day: DayOption = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Open a cycle; `accepted`, `rejected` and `quarantine` per register."""
    if historical is not (day is not None):
        raise wrong_usage(
            "--historical 和 --day 一起用：从哪一天开始补录",
            "use --historical and --day together: the day on which the historical cycle begins",
        )
    if trial is not None:
        check_absent(trial)
    home_of, keys = named_home(home), trial_keys(trial)
    receipts = accept.open_cycle(
        home_of,
        policy,
        book,
        founding_by(officer, key, passphrase_file, founder, keys),
        strict=strict,
        historical=day,
        trial=trial is not None,
        mapping=_map(mapping),
    )
    if keys is not None:
        keys.enrol(home_of)
    return _receipts(receipts).give(json=json)


def submit(  # noqa: PLR0913 (options are arguments)
    register: Annotated[
        str,
        Parameter(
            help=_(
                "台账；工作簿含几个台账时略去，只写文件",
                "register; left out where a workbook has several, and only the file is given",
            )
        ),
    ],
    file: Annotated[Path | None, Parameter(help=_("XLSX 或 CSV 文件", "XLSX or CSV file"))] = None,
    /,
    *,
    officer: OfficerOption,
    key: KeyOption | None = None,
    passphrase_file: PassphraseOption = None,
    withdraw: Annotated[
        bool,
        Parameter(
            negative="",
            help=_("文件只列主键，撤回这些行", "the file lists keys only: withdraw those rows"),
        ),
    ] = False,
    mapping: MapOption = None,
    strict: StrictOption = False,
    dry_run: Annotated[
        bool,
        Parameter(
            negative="",
            help=_(
                "只试不报：说明哪些关口将暂停、哪些签字将无效",
                "write nothing; tell which gates would close and which signatures be void",
            ),
        ),
    ] = False,
    sign_only: Annotated[
        bool,
        Parameter(
            negative="",
            help=_(
                "只签字不报送：签字文件写在旁边（文件名加 .sig），连同文件放入收件文件夹",
                "sign it and do not deliver: the signature is written beside it, as the file's "
                "name and .sig, to be dropped into the inbox with it",
            ),
        ),
    ] = False,
    yes: YesOption = False,
    day: DayOption = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> int:
    """Take a submission to one register, or to all that a file has sheets of.

    At a terminal it says what it would take away, and asks: 3 where nobody agreed.
    """
    if file is None and withdraw:
        raise wrong_usage(
            "--withdraw 须写明台账和文件", "--withdraw needs the register and the file"
        )
    if mapping is not None and file is not None:
        raise wrong_usage(
            "--map 只写文件，不写台账：对照表写明了台账",
            "--map takes the file alone: the map says which registers it goes to",
        )
    if key is None and not dry_run:
        raise wrong_usage(
            "报送要签字：用 --key 写明私钥文件（--dry-run 不用）",
            "a delivery is signed: name the private key with --key (--dry-run needs none)",
        )
    opened, given = named_home(home).of_this_release(), _map(mapping)
    named, path = (None, Path(register)) if file is None else (register, file)
    if sign_only and mapping is None:
        # As the inbox reads it.
        by_name = register_read(path.stem)
        if named and (withdraw or by_name != register_read(named)):
            raise wrong_usage(
                "收件文件夹由文件名认出台账，也不撤回：文件用台账的名称，--sign-only 只写文件",
                "the inbox reads the register from the file's name, and withdraws nothing: name "
                "the file after its register, and give --sign-only the file alone",
            )
        named = by_name
    try_out = partial(
        accept.try_out,
        opened,
        named,
        path,
        officer,
        withdraw=withdraw,
        strict=strict,
        day=day,
        mapping=given,
    )
    if not dry_run and not sign_only and key is not None:
        by = signatory(officer, key, passphrase_file)
        if not yes and can_ask(json=json):
            from deployments.warnings import agreed_to_deliver

            if not agreed_to_deliver(opened, try_out, officer, day):
                return CLOSED
        if named is None:
            receipts = accept.submit_file(opened, path, by, strict=strict, day=day, mapping=given)
        else:
            receipt = accept.submit(
                opened, named, path, by, withdraw=withdraw, strict=strict, day=day
            )
            receipts = [receipt]
        return _receipts(receipts).give(json=json)
    tried = try_out()
    if sign_only and key is not None:
        return _signed(tried, path, signatory(officer, key, passphrase_file)).give(json=json)
    from deployments.dry_run import Barred, answer
    from tasks.consequences import bars_of, consequences

    found = consequences(opened, tried.parts, officer, day)
    barred = bars_of(opened, tried.parts, officer, day)
    lost = Barred(barred, unit_names(Ledger(opened.ledger)))
    return answer(_receipts(tried.receipts), found, lost, waits=tried.waits).give(json=json)


def _signed(tried: Trial, path: Path, by: Signatory) -> Answer:
    """Sign what a file would become, beside it.

    Raises:
        ActRefused: its officer has no key that is in force.
        Refusal: a signature lies there.
    """
    from schemas.canonical import canonical
    from tasks.intake.inbox_folder import SIGNATURE_SUFFIX

    beside = path.with_name(f"{path.name}{SIGNATURE_SUFFIX}")
    if not tried.to_sign:
        raise ActRefused("no-key", by.officer)
    check_absent(beside)
    write_durably(beside, canonical(by.seal(tried.to_sign)))
    receipts = _receipts(tried.receipts)
    line = _(
        f"已签字：{beside}；没有报送，连同 {path.name} 放入 inbox/{by.officer}",
        f"signed: {beside}; nothing was delivered: drop it with {path.name} into "
        f"inbox/{by.officer}",
    )
    return Answer(
        {"signature": str(beside), "registers": receipts.value},
        [*receipts.parts, line],
        receipts.code,
    )


def _map(path: Path | None) -> SheetMap | None:
    if path is None:
        return None
    from tasks.intake.mapping import read_map

    return read_map(path)


def _receipts(receipts: Sequence[Receipt]) -> Answer:
    value: dict[str, dict[str, Any]] = {}
    for one in receipts:
        # What an ask list adds to a register and withdraws from it are two entries.
        counts = value.setdefault(one.register, {"accepted": 0, "rejected": 0, "readings": 0})
        counts["accepted"] += one.accepted
        counts["rejected"] += one.rejected
        counts["readings"] += one.readings
        counts["quarantine"] = counts.get("quarantine") or (str(one.quarantine or "") or None)
        counts["listed"] = counts.get("listed") or (str(one.listed or "") or None)
    waits = next((one.waits for one in receipts if one.waits), None)
    for counts in value.values():
        counts["waits"] = waits
    rejected = any(one.rejected for one in receipts)
    code = BAD_INPUT if rejected else CLOSED if waits else DONE
    return Answer(value, _parts(receipts), code)


def _title(one: Receipt) -> str:
    title = REGISTERS[one.register].title
    gone = Text("（撤回）", " (withdrawn)") if one.mode == WITHDRAW else Text("", "")
    return Text(title.zh + gone.zh, title.en + gone.en).render()


def _parts(receipts: Sequence[Receipt]) -> Iterator[Part]:
    names = [_("台账", "register"), _("接收", "accepted"), _("退回", "rejected"),
             _("读法", "readings"), _("退回清单", "quarantine")]  # fmt: skip
    yield Table(
        names,
        [
            [
                _title(one),
                str(one.accepted),
                str(one.rejected),
                str(one.readings),
                str(one.quarantine or ""),
            ]
            for one in receipts
            if one.delivery.delivered or one.readings
        ],
    )
    causes, _unread = causes_of(one.delivery for one in receipts)
    printed: Counter[str] = Counter()
    for cause in causes:
        register = cause.rejections[0].register
        printed[register] += 1
        if printed[register] <= PRINTED_CAUSES:
            title = REGISTERS[register].title.render()
            yield from (f"[red]{title}[/]: {line.render()}" for line in cause.lines())
    for register, number in printed.items():
        if number > PRINTED_CAUSES:
            more, whose = number - PRINTED_CAUSES, REGISTERS[register].title
            yield _(
                f"“{whose.zh}”还有{more}行有误，见退回清单",
                f"{plural(more, 'more row')} of “{whose.en}” rejected; see the quarantine",
            )
    for one in receipts:
        if one.listed:
            counted = Counter(reading.how for reading in one.delivery.readings)
            hows = "; ".join(f"{how.render()} ×{number}" for how, number in counted.most_common())
            yield f"{REGISTERS[one.register].title.render()}: {hows} ({one.listed})"
    waits = next((one.waits for one in receipts if one.waits), None)
    if waits:
        yield _(
            f"整份报送由另一机关的责任人员确认后作数："
            f"termgate pending {waits}，termgate confirm {waits}",
            f"the whole delivery counts once an officer of another organ confirms it: "
            f"`termgate pending {waits}`, `termgate confirm {waits}`",
        )


def template(
    file: Annotated[Path, Parameter(help=_("要写的 XLSX 文件", "the XLSX file to write"))],
    /,
    *,
    register: Annotated[
        tuple[str, ...],
        Parameter(
            negative="", help=_("只要这些台账（可重复）", "only these registers (may be repeated)")
        ),
    ] = (),
) -> int:
    """Write an empty workbook; a file that stands is never written over."""
    from tasks.intake.template import write_template

    check_absent(file)
    write_template(file, language(), register or None)
    show([_(f"已写入 {file}", f"wrote {file}")])
    return DONE
