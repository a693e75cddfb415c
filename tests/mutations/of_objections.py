"""Mutations of what keeps a concluded unit concluded, and of who rules on objections to it."""

from __future__ import annotations

from tests.mutations.mutation import mutating

_TESTS = "tests/objections/test_objections.py"
_gate = mutating("tasks/recording/concluded.py", _TESTS)
_fold = mutating("data/objections.py", _TESTS)
_handing = mutating("tasks/recording/handing_on.py", _TESTS)
_verifying = mutating("data/verify_objections.py", _TESTS)
_single = mutating("docs/verify_bundle.py", _TESTS)

OF_OBJECTIONS = (
    _gate(
        "concluded-unit-unprotected",
        "Later evidence closes no gate of a concluded unit.",
        "if unit not in self._objections.concluded:",
        "if True:",
        "test_later_evidence_raises_objections_and_undoes_nothing",
    ),
    _gate(
        "granted-objection-ignored",
        "What was granted is carried out by the next run.",
        "return not self._objections.reopened(unit, keys, self.void)",
        "return True",
        "test_several_officers_over_days",
    ),
    _gate(
        "crash-objected-to",
        "A check that crashed is no evidence.",
        "if is_broken(decision):",
        "if False:",
        "test_a_crash_raises_nothing_and_closes_nothing",
    ),
    _gate(
        "time-objected-to",
        "Time that passed is no evidence.",
        "if self._passed_by(decision, current):",
        "if False:",
        "test_who_signed_may_leave_their_office",
    ),
    _gate(
        "lost-key-passed-over",
        "A signer's key that was revoked is no matter of time alone.",
        "if not lost <= _PASSED:",
        "if False:",
        "test_a_signer_s_key_that_was_revoked_is_objected_to",
    ),
    _gate(
        "rejection-forgotten",
        "A rejected answer stays rejected.",
        "return Kept(seq, objected=state == OPEN, holds=state != OPEN) if seq else None",
        "return Kept(seq, objected=True) if seq else None",
        "test_several_officers_over_days",
    ),
    _fold(
        "one-organ-reopens",
        "Two organs reopen a concluded unit.",
        "if len(organs) >= REOPENING:",
        "if organs:",
        "test_one_organ_alone_reopens_nothing",
    ),
    _fold(
        "settled-and-ruled-again",
        "What was ruled stays ruled.",
        "if code or state:",
        "if code:",
        "test_one_organ_alone_reopens_nothing",
    ),
    _fold(
        "grant-to-another-hand-off",
        "What was granted is spent once the unit is concluded anew.",
        "one.handed_on == stands and self.settled",
        "self.settled",
        "test_what_was_mended_meanwhile_is_concluded_anew",
    ),
    _handing(
        "handed-on-over-an-objection",
        "No result is handed on while an objection is open.",
        "if unit in disputed:",
        "if False:",
        "test_no_result_is_handed_on_over_an_open_objection",
    ),
    _verifying(
        "closing-without-a-grant-verified",
        "A closing decision of a concluded unit needs a granted objection.",
        'need(any(one["handed_on"] == stands for one in granted))',
        "need(True)",
        "test_a_gate_of_a_concluded_unit_that_is_closed_without_a_grant_is_found",
    ),
    _verifying(
        "one-organ-s-grant-verified",
        "Two organs reopen a concluded unit.",
        "if len(organs) >= _ORGANS:",
        "if organs:",
        "test_a_gate_closed_by_one_organ_s_grant_is_found",
    ),
    _verifying(
        "rejection-verified-as-a-grant",
        "A rejected objection closes nothing.",
        "return _REJECTED",
        "return _GRANTED",
        "test_a_gate_closed_after_a_rejection_is_found",
    ),
    _verifying(
        "objection-by-another-digest-verified",
        "An objection's digest is that of what it says.",
        'objection_digest(entry) == entry["objection"]',
        "True",
        "test_an_objection_that_does_not_follow_is_found",
    ),
    _single(
        "closing-without-a-grant-in-the-single-file",
        "A closing decision of a concluded unit needs a granted objection.",
        'need(("reopen", self.concluded.pop(gate[0])) in states)',
        "self.concluded.pop(gate[0])",
        "test_a_gate_of_a_concluded_unit_that_is_closed_without_a_grant_is_found",
    ),
    _single(
        "one-organ-s-grant-in-the-single-file",
        "Two organs reopen a concluded unit.",
        'if r["verdict"] == "reject" or len(organs) > 1:',
        "if organs:",
        "test_a_gate_closed_by_one_organ_s_grant_is_found",
    ),
)
