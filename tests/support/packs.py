"""Policy packs as text, as small as a pack can be, for tests that say one thing otherwise."""

import re

from schemas.registers import REGISTERS
from schemas.vocabulary import Organ

_ORGANS = ", ".join(f'"{organ.value}"' for organ in Organ)
_REGISTERS = ", ".join(f'"{name}"' for name in REGISTERS)
HEAD = f"""
format = 4
pack = "test"
version = "1"
valid_from = 2016-01-01
valid_to = 2017-12-31
adoption = {{organs = ["secretary", "discipline-commission"]}}
[title]
zh = "试"
en = "test"
[objections]
reject = {{organs = ["discipline-commission"], at = "own-or-above"}}
reopen = {{organs = ["secretary", "discipline-commission"], at = "own-or-above"}}
basis = {{zh = "各地做法", en = "local"}}
[refusals]
lift = {{organs = ["secretary", "discipline-commission"], at = "own-or-above"}}
basis = {{zh = "各地做法", en = "local"}}
[[deliveries]]
organs = [{_ORGANS}]
registers = [{_REGISTERS}]
within = "anywhere"
basis = {{zh = "各地做法", en = "local"}}
[[vouching]]
organs = [{_ORGANS}]
holders = [{_ORGANS}]
at = "own-or-above"
basis = {{zh = "各地做法", en = "local"}}
"""
# As releases before wrote it: without whoever vouches, lifts and delivers, adopts and rules.
HEAD_3 = HEAD.partition("[[vouching]]")[0].replace("format = 4", "format = 3")
HEAD_2 = HEAD_3.partition("[refusals]")[0].replace("format = 3", "format = 2")
HEAD_1 = re.sub(r"(?m)^(format|adoption|reject|reopen|basis) .*\n|^\[objections\]\n", "", HEAD_2)
# One check without parameters for each stage, in the order of the stages.
ONE_EACH = {
    "plan": ("plan.notice", 'stages = ["plan"]'),
    "nomination": ("nomination.proposals", ""),
    "vetting": ("vetting.integrity", ""),
    "inspection": ("inspection.rectified", "months = 2"),
    "slate": ("slate.differential", ""),
    "result": ("result.papers", ""),
}
SIGN_OFF = {
    "name": '"lead"',
    "organs": '["secretary"]',
    "number": "1",
    "at": '"own-or-above"',
    "levels": '["city", "county", "township"]',
    "bodies": '["congress", "government", "cppcc"]',
    "basis": '{zh = "试", en = "test"}',
}


def entry(stage: str, check: str, parameters: str, more: str = "") -> str:
    """A check of a stage."""
    basis = 'basis = {zh = "试", en = "test"}'
    head = (f"[[stages.{stage}]]", f'check = "{check}"', basis, more)
    lines = (*head, f"[stages.{stage}.parameters]")
    return "\n".join((*lines, parameters, ""))


def sign_off(stage: str, **values: str | None) -> str:
    """A sign-off of a stage; `values` are TOML, None leaves one out."""
    lines = [
        f"{key} = {value}" for key, value in {**SIGN_OFF, **values}.items() if value is not None
    ]
    return "\n".join((f"[[sign_offs.{stage}]]", *lines, ""))


def pack(
    extra: str = "",
    head: str = HEAD,
    sign_offs: dict[str, str] | None = None,
    **stages: str,
) -> str:
    """A pack with one check and one sign-off for each stage.

    `stages` say another text for a stage's checks, `sign_offs` for its sign-offs.
    """
    checks = {**{stage: entry(stage, *ONE_EACH[stage]) for stage in ONE_EACH}, **stages}
    signed = {**{stage: sign_off(stage) for stage in ONE_EACH}, **(sign_offs or {})}
    return head + "".join((*checks.values(), *signed.values())) + extra
