"""Mutations of what opens a gate: findings, signatures, waivers, keys, evidence, hand-offs."""

from __future__ import annotations

from tests.mutations.mutation import Mutation, mutating

ATTEMPTS = "tests/authority/test_attempts.py::test_the_gate_stays_closed"
WAIVERS = "tests/authority/test_waivers.py"
REOPENING = "tests/authority/test_reopening.py"
KEYS = "tests/authority/test_keys.py"
KEYRING = "tests/authority/test_keyring.py"
MOVED = "tests/tasks/test_moved.py"
GATES = "tests/tasks/test_gates.py"
TOGETHER = (
    "tests/tasks/test_decisions.py::test_findings_kept_together_are_the_decision_of_each_by_itself"
)
CLOSED_AGAIN = f"{REOPENING}::test_a_gate_that_no_longer_holds_is_closed_until_it_is_signed_anew"

_evaluation = mutating("tasks/gate/evaluation.py", "tests/tasks/test_evaluation.py")
_outcome = mutating("schemas/decisions.py", "tests/tasks/test_decisions.py")
_panel = mutating("schemas/authority.py", "tests/test_authority.py")
_entries = mutating("schemas/pack_files.py", "tests/test_authority.py")
_pack = mutating("schemas/policy.py", "tests/test_authority.py")
_evidence = mutating("tasks/gate/evidence.py", "tests/tasks/test_evidence.py")
_day = mutating("data/days.py", "tests/tasks/test_days.py")
_to_come = mutating("tasks/intake/sets.py", "tests/intake/test_to_come.py")
_validation = mutating("tasks/handoff/validation.py", "tests/tasks/test_handoff.py")
_passes = mutating("tasks/handoff/passes.py", "tests/tasks/test_passes.py")
_suite = mutating("schemas/handoffs.py", "tests/tasks/test_handoff.py")


def attempted(name: str, rule: str, file: str, before: str, after: str, *attempts: str) -> Mutation:
    """A mutation that lets attempts of the table of attempts succeed."""
    tests = tuple(f"{ATTEMPTS}[{attempt}]" for attempt in attempts)
    return Mutation(name, rule, file, before, after, tests)


EVALUATION = (
    _evaluation(
        "crash",
        "A check that raises fails every unit.",
        "Status.FAIL, CRASHED",
        "Status.NOT_APPLICABLE, CRASHED",
        "test_a_check_that_raises_closes_every_gate_and_quotes_nobody",
    ),
    _evaluation(
        "malformed",
        "A check that answers in another form fails every unit.",
        "    if odd:\n",
        '    if odd == "columns":\n',
        "test_an_answer_that_is_none_closes_every_gate",
    ),
    _evaluation(
        "silent-check",
        "A unit of which a check says nothing is missing something.",
        'code, Status.MISSING, "nothing-on-record"',
        'code, Status.NOT_APPLICABLE, "nothing-on-record"',
        "test_silence_about_every_unit_is_missing",
    ),
    _evaluation(
        "waived-by-a-check",
        "No check waives anything.",
        " for status in Status if status is not Status.WAIVED",
        " for status in Status",
        "test_an_answer_that_is_none_closes_every_gate",
    ),
    _evaluation(
        "reason-without-arguments",
        "A reason brings what its text names.",
        "return not _named(text)",
        "return True",
        "test_an_answer_that_is_none_closes_every_gate",
    ),
    _evaluation(
        "sees-everything",
        "A check sees nothing but what its rule reads.",
        "facts.restricted(entry.reads)",
        "facts",
        "test_a_check_that_reads_what_its_rule_does_not_say_crashes",
    ),
    _evaluation(
        "arguments-looked-at-once",
        "The arguments of every finding are looked at, but for those that are the same object.",
        'list(map(id, given["arguments"]))',
        "[0] * len(found)",
        "test_an_answer_that_is_none_closes_every_gate",
        "test_a_failure_as_its_rule_declares_it_is_taken",
    ),
    Mutation(
        "told-with-arguments-of-another",
        "Findings are kept together only if they say the same, to the arguments.",
        "schemas/findings.py",
        "said = (check, status, reason, id(arguments))",
        "said = (check, status, reason)",
        (TOGETHER,),
    ),
    Mutation(
        "closing-kept-together",
        "What closes a gate is kept one by one, so that it can be waived.",
        "schemas/findings.py",
        "_ALIKE = frozenset({Status.PASS.value, Status.NOT_APPLICABLE.value})",
        "_ALIKE = frozenset(Status)",
        (f"{WAIVERS}::test_a_waived_gate_opens_once_it_is_signed_and_says_so",),
    ),
    Mutation(
        "order-of-findings",
        "The order in which findings came changes no decision.",
        "schemas/decisions.py",
        "sorted(entries, key=_in_order)",
        "entries",
        (TOGETHER,),
    ),
    Mutation(
        "arguments-shared",
        "A finding brings its own arguments, however many are told of at once.",
        "tasks/checks/judge.py",
        "self._arguments[position] = said[values]",
        "self._arguments[position] = next(iter(said.values()))",
        ("tests/checks/test_judge.py::test_arguments_are_plain_and_each_row_gets_its_own",),
    ),
    _outcome(
        "failed-is-not-blocked",
        "Anything failed blocks a gate.",
        "Status.FAIL in said:",
        "not said:",
        "test_what_findings_make_of_a_gate",
    ),
    _outcome(
        "nothing-passed",
        "A gate of which nothing passed is not open.",
        "said & CLOSING or Status.PASS not in said",
        "said & CLOSING",
        "test_what_findings_make_of_a_gate",
    ),
    _outcome(
        "check-left-out",
        "A required check without any finding keeps its gate closed.",
        "not needed or needed - seen.checks",
        "not needed",
        "test_what_findings_make_of_a_gate",
    ),
    _outcome(
        "decision-key",
        "The key of a decision covers the signatures that count.",
        "                    list(self.sign_offs),\n",
        "",
        "test_a_decision_is_what_it_answers_and_nothing_else",
    ),
)

SIGNING = (
    _panel(
        "sign-off-by-one",
        "As many officers sign as the pack says, and as many organs.",
        "min(len(counted), len(officers))",
        "max(len(counted), len(officers))",
        "test_no_organ_and_no_officer_counts_twice",
    ),
    _panel(
        "officer-from-above",
        "Where the unit's own place is asked for, nobody from above counts.",
        "(above and self.at is not At.OWN)",
        "above",
        "test_an_officer_is_admitted_by_organ_and_place",
    ),
    _pack(
        "absolute-waiver-in-a-pack",
        "No pack lets anybody waive what the law makes absolute.",
        "    if entry.waiver is not None and rule.absolute:\n",
        "    if entry.waiver is None and rule.absolute:\n",
        "test_authority_that_cannot_be_used_is_refused_with_its_reason",
    ),
    _entries(
        "no-signers",
        "At least one signs.",
        "    number: Annotated[int, Field(ge=1)]\n",
        "    number: Annotated[int, Field(ge=0)]\n",
        "test_authority_that_cannot_be_used_is_refused_with_its_reason",
    ),
    attempted(
        "number-of-signers",
        "A requirement is met by as many as it asks for.",
        "tasks/gate/approvals.py",
        "if have >= required.number:",
        "if have >= 1:",
        "one of n of m",
        "one of two officers of one organ",
    ),
    attempted(
        "refused",
        "One refusal keeps a gate closed.",
        "tasks/gate/approvals.py",
        "        if refusals:\n",
        "        if len(refusals) > 1:\n",
        "refused by another officer",
    ),
    attempted(
        "kin-of-signers-one-way",
        "Whoever is kin of a candidate does not sign, whoever of the two named the other.",
        "tasks/officers/independence.py",
        "        found.setdefault(other, set()).add(one)\n",
        "",
        "kin of a candidate",
        "a candidate is their kin",
    ),
    attempted(
        "took-evidence-away",
        "Who took rows away delivered evidence too.",
        "tasks/officers/independence.py",
        "touched = _took_from(snapshot, one, mine)",
        "touched = frozenset()",
        "took evidence away",
    ),
    attempted(
        "second-id",
        "People are compared, not officers: a second id delivers for its person.",
        "tasks/officers/independence.py",
        "known.get(officer, set()) & people",
        "{officer} & people",
        "delivered under a second id",
        "delivered the evidence",
    ),
    attempted(
        "one-person-twice",
        "Of several sign-offs by one person only the first counts.",
        "tasks/officers/validity.py",
        "elif person in signed:",
        "elif act.officer in signed:",
        "the same person as two officers",
    ),
    attempted(
        "other-evidence",
        "A signature is for the evidence that was seen.",
        "tasks/officers/validity.py",
        '"other-evidence": evidence not in ground.evidence,',
        '"other-evidence": evidence == "",',
        "for other evidence",
        "evidence moved after signing",
    ),
    attempted(
        "other-policy",
        "A signature is for the policy that was in force.",
        "tasks/officers/validity.py",
        "predicate.policy not in ground.policies",
        "not predicate.policy",
        "under another policy",
    ),
    attempted(
        "other-unit",
        "A signature is for one unit.",
        "tasks/officers/validity.py",
        "predicate.unit != ground.unit or act.unit != ground.unit",
        "act.unit != ground.unit",
        "for another unit",
        "a sign-off for another unit, moved",
    ),
    attempted(
        "other-cycle",
        "A signature is for one cycle.",
        "tasks/officers/validity.py",
        "if predicate.cycle != ground.cycle:",
        "if not predicate.cycle:",
        "for another cycle",
    ),
    attempted(
        "signed-before-closing",
        "What was signed before a gate was closed again counts no more.",
        "tasks/officers/validity.py",
        "isinstance(act, Signed) and act.seq <= ground.since",
        "isinstance(act, Signed) and act.seq <= 0",
        "closed after it stood open, evidence as before",
    ),
    attempted(
        "revoked-key",
        "A revocation takes away everything that the key ever signed.",
        "data/acts.py",
        "(key.revoked and not isinstance(act, Refused))",
        "False",
        "revoked after signing",
    ),
    attempted(
        "refusal-outlives-key",
        "A refusal stands though its key was revoked.",
        "data/acts.py",
        "(key.revoked and not isinstance(act, Refused))",
        "key.revoked",
        "a refuser's key revoked",
    ),
    attempted(
        "two-organs-lift",
        "A refusal is lifted by two organs.",
        "data/acts.py",
        "if len(organs) >= LIFTING)",
        "if len(organs) >= 1)",
        "a refusal lifted by two officers of one organ",
    ),
    Mutation(
        "replaced-key",
        "What an old key signed before it was replaced stays signed.",
        "data/acts.py",
        '"key-replaced" if 0 < key.replaced < act.seq',
        '"key-replaced" if 0 < key.replaced',
        (f"{KEYS}::test_what_the_old_key_signed_stays",),
    ),
    attempted(
        "role-changed",
        "An officer signs while they hold the organ and the place of their key.",
        "tasks/officers/validity.py",
        "(holder.organ, holder.jurisdiction) != (key.organ, key.jurisdiction)",
        "holder.organ != key.organ",
        "place changed in the register",
    ),
    attempted(
        "replayed",
        "What was signed is recorded once.",
        "tasks/officers/signing.py",
        "if candidate.payload in acts.payloads:",
        "if candidate.payload in acts.gates:",
        "replayed after withdrawal",
    ),
    attempted(
        "signed-behind-a-closed-gate",
        "Nothing is signed behind a closed gate.",
        "tasks/officers/signing.py",
        "if not all(history.stood_open((unit, one.value)) for one in earlier):",
        "if not unit:",
        "behind a closed gate",
    ),
    Mutation(
        "barred-and-named",
        "Whom the inbox names may sign.",
        "tasks/officers/pending.py",
        "            and not self.barred(key.officer)\n",
        "",
        ("tests/authority/test_one_history.py::test_nobody_is_named_who_may_not_sign",),
    ),
    attempted(
        "signed-what-moved",
        "Nothing is signed whose evidence moved since it was decided.",
        "tasks/officers/signing.py",
        '"moved" if standing.evidence != authority.evidence_now.get(unit)',
        '"moved" if unit not in authority.evidence_now',
        "evidence moved since the decision",
    ),
)

WAIVING = (
    Mutation(
        "waived-crash",
        "A waiver excuses no check that crashed.",
        "schemas/rules/catalogue.py",
        "frozenset({CRASHED, MALFORMED})",
        "frozenset({MALFORMED})",
        (f"{WAIVERS}::test_a_waiver_excuses_no_check_that_gave_no_answer",),
    ),
    Mutation(
        "waived-nonsense",
        "A waiver excuses no check that answered in another form.",
        "schemas/rules/catalogue.py",
        "frozenset({CRASHED, MALFORMED})",
        "frozenset({CRASHED})",
        (f"{WAIVERS}::test_a_waiver_excuses_no_check_that_gave_no_answer",),
    ),
    Mutation(
        "waiver-day",
        "A waiver counts to the end of its day.",
        "tasks/gate/approvals.py",
        "until < self.snapshot.on",
        "until <= self.snapshot.on",
        (f"{WAIVERS}::test_a_waiver_counts_to_the_end_of_its_day",),
    ),
    attempted(
        "waiver-expired",
        "A waiver counts no day longer.",
        "tasks/gate/approvals.py",
        "until < self.snapshot.on",
        "until < self.snapshot.on - timedelta(days=1)",
        "an expired waiver",
    ),
    attempted(
        "waiver-organs",
        "All organs that the pack names sign a waiver.",
        "tasks/gate/approvals.py",
        "check.waiver.have(list(signed.items())) >= check.waiver.number",
        "check.waiver.have(list(signed.items())) >= 1",
        "a waiver by one of two organs",
        "a waiver by two officers of one organ",
    ),
    attempted(
        "waiver-words",
        "Whoever signs a waiver signs the same words.",
        "tasks/gate/approvals.py",
        "(act.subject, act.until, reason)",
        '(act.subject, act.until, "")',
        "two organs with different reasons",
    ),
    attempted(
        "waiver-too-long",
        "No waiver runs longer than the pack allows.",
        "tasks/officers/waiving.py",
        "wanted.until > recorder.on + timedelta(days=days)",
        "wanted.until > recorder.on + timedelta(days=days + 1)",
        "a waiver that runs too long",
    ),
    attempted(
        "waiver-unwanted",
        "Only what fails or is missing can be waived.",
        "tasks/officers/waiving.py",
        'return "" if wanting else "nothing-to-waive"',
        'return ""',
        "a waiver for a subject that misses nothing",
    ),
    Mutation(
        "waiver-unseen",
        "Who signs a gate signs the waivers that it rests on.",
        "tasks/gate/evidence.py",
        'rows.append(("waivers", [*waived.get(unit, ())]))',
        'rows.append(("waivers", []))',
        (f"{WAIVERS}::test_a_signature_without_the_waiver_is_none_for_the_gate_with_it",),
    ),
)

KEYS_OF_OFFICERS = (
    Mutation(
        "founded-by-anybody",
        "Only the founders' keys need nobody.",
        "data/acts.py",
        "seq if founding else 0",
        "seq",
        (f"{KEYS}::test_the_founders_keys_need_nobody",),
    ),
    Mutation(
        "founded-by-any-key",
        "A founder's other key needs a voucher.",
        "data/acts.py",
        "(officer, organ, jurisdiction, name) in self.founders",
        "officer in {one[0] for one in self.founders}",
        (f"{KEYS}::test_a_founder_founds_once",),
    ),
    Mutation(
        "revoked-key-signs",
        "A revoked key never signs again.",
        "data/acts.py",
        " and not 0 < self.revoked < seq",
        "",
        (f"{KEYRING}::test_a_revoked_key_never_signs_again",),
    ),
    attempted(
        "vouched-by-the-own-organ",
        "Somebody of another organ vouches for a key.",
        "tasks/officers/keys.py",
        "elif voucher.organ == key.organ:",
        "elif not voucher.organ:",
        "vouched for by the own organ",
    ),
    attempted(
        "vouched-by-the-same-person",
        "Nobody vouches for a key of their own.",
        "tasks/officers/keys.py",
        "return found is not None and acting is not None and found.person == acting.person",
        "return found is not None and found is acting",
        "vouched for by the same person",
    ),
    attempted(
        "revoked-by-anybody",
        "Only the holder or a discipline commission revokes a key.",
        "tasks/officers/keys.py",
        "by.organ == Organ.DISCIPLINE.value and by.jurisdiction in above",
        "by.jurisdiction in above",
        "a refusing officer's key revoked by somebody",
    ),
)

DECIDING = (
    Mutation(
        "facts-moved",
        "Nothing is recorded after a submission that came meanwhile.",
        "data/ledger.py",
        '"SELECT 1 FROM submissions WHERE seq > ? LIMIT 1"',
        '"SELECT 1 FROM submissions WHERE seq < 0 AND seq > ? LIMIT 1"',
        (f"{MOVED}::test_nothing_is_recorded_on_what_moved",),
    ),
    Mutation(
        "keys-moved",
        "Nothing is recorded after an act on keys that came meanwhile.",
        "tasks/moved.py",
        "{ON_KEYS, (unit, stage.value)}",
        "{(unit, stage.value)}",
        (f"{MOVED}::test_nothing_is_recorded_on_what_moved",),
    ),
    Mutation(
        "earlier-gate",
        "Nothing is decided behind a gate that somebody closed meanwhile.",
        "tasks/moved.py",
        "self.gate(unit, one)[1] != Outcome.OPEN.value for one in earlier",
        "not self.gate(unit, one)[0] for one in earlier",
        (f"{MOVED}::test_a_gate_behind_one_that_somebody_closed_meanwhile_is_not_decided",),
    ),
    Mutation(
        "earlier-gate-moved",
        "Nothing is decided while an act about an earlier gate may close it.",
        "tasks/moved.py",
        "for one in (*earlier, stage)",
        "for one in (stage,)",
        (f"{MOVED}::test_nothing_is_recorded_on_what_moved",),
    ),
    Mutation(
        "evidence-moved",
        "Nothing is recorded where a submission changed the gate's evidence meanwhile.",
        "tasks/moved.py",
        "if new.get(unit) == digest",
        "if unit in new",
        (f"{MOVED}::test_nothing_is_recorded_on_what_moved",),
    ),
    Mutation(
        "hand-off-of-another-decision",
        "Only the decision that stands is handed on.",
        "tasks/recording/handing_on.py",
        "since.gate(unit, stage) == (one.seq, Outcome.OPEN.value)",
        "since.gate(unit, stage)[1] == Outcome.OPEN.value",
        (
            f"{GATES}::test_only_the_decision_that_stands_is_handed_on",
            f"{MOVED}::test_nothing_is_handed_on_on_what_moved",
        ),
    ),
    Mutation(
        "decided-by-another",
        "A decision that came between is not written over.",
        "tasks/recording/recorded.py",
        "(last[0] if last else 0) != (before.seq if before else 0)",
        "last is None and before is not None",
        (f"{MOVED}::test_another_decision_that_came_between_is_not_written_over",),
    ),
    Mutation(
        "changed-hand-off",
        "What is received is what was put on record.",
        "tasks/recording/handing_on.py",
        "on_record.get(unit) != digests[unit]",
        "unit not in on_record",
        (f"{GATES}::test_a_changed_hand_off_is_not_received",),
    ),
    Mutation(
        "hand-off-that-validates-no-more",
        "What no longer validates is not received.",
        "tasks/recording/handing_on.py",
        "[handoff_code(stage)]) is Outcome.OPEN",
        "[handoff_code(stage)]) is not None",
        (f"{GATES}::test_a_hand_off_that_no_longer_validates_is_not_received",),
    ),
    Mutation(
        "reopened",
        "A gate that stood open and was closed needs new signatures.",
        "data/history.py",
        "entry.seq if entry.reopened",
        "0 if entry.reopened",
        (
            f"{CLOSED_AGAIN}[withdrawn sign-off]",
            f"{ATTEMPTS}[closed after it stood open, evidence as before]",
        ),
    ),
    Mutation(
        "withdrawn-with-a-revoked-key",
        "A refusal is not gone by a withdrawal whose key was revoked.",
        "data/acts.py",
        "if key_fault(act, keys) or act.officer != taken.officer:",
        "if act.officer != taken.officer:",
        ("tests/authority/test_one_history.py",),
    ),
    Mutation(
        "reopened-by-a-crash",
        "A crash takes no signature away.",
        "data/history.py",
        "if entry.reopened and not crashed else since",
        "if entry.reopened else since",
        (f"{REOPENING}::test_a_crash_closes_a_gate_and_takes_no_signature_away",),
    ),
    Mutation(
        "crash-remembered",
        "An answer that rests on a crash is not remembered.",
        "tasks/gate/evaluation.py",
        "if not any(one.reason in BROKEN for findings in told.values() ",
        "if told or any(one.reason in BROKEN for findings in told.values() ",
        (f"{GATES}::test_a_check_that_crashes_closes_its_gate_and_runs_again_next_time",),
    ),
    Mutation(
        "answer-of-other-evidence",
        "An answer is remembered for the evidence that it was given on.",
        "tasks/gate/evaluation.py",
        "(*check, unit, *map(str, rest), *rows)",
        "(*check, unit, *map(str, rest))",
        ("tests/tasks/test_histories.py::test_what_was_remembered_does_not_hide_new_facts",),
    ),
)

EVIDENCE = (
    Mutation(
        "evidence-of-the-place",
        "A row of a place is evidence of its units.",
        "schemas/selection.py",
        "return (unit, place) if read.reach is Reach.OWN else (place,)",
        "return (unit,) if read.reach is Reach.OWN else (place,)",
        ("tests/tasks/test_evidence.py::test_findings_change_only_where_the_evidence_does",),
    ),
    _evidence(
        "evidence-of-itself",
        "What every check knows of a unit is evidence of it.",
        'found = [("units", unit_digests(rest))]',
        'found = [("units", dict.fromkeys(rest.units["unit"], ["x"]))]',
        "test_a_place_is_evidence_of_its_units",
    ),
    Mutation(
        "order-of-rows",
        "The order of rows changes no digest.",
        "schemas/canonical.py",
        "(name, sorted(digests)) for name, digests in rows",
        "(name, list(digests)) for name, digests in rows",
        ("tests/tasks/test_evidence.py::test_the_order_of_rows_changes_no_digest",),
    ),
    Mutation(
        "register-of-a-row",
        "The digest of a row covers every cell of it.",
        "schemas/canonical.py",
        "[ROW_SCHEME, register, values]",
        "[ROW_SCHEME, register, sorted(values)]",
        ("tests/data/test_registers.py::test_every_cell_is_in_the_digest_of_its_row",),
    ),
    Mutation(
        "row-of-another-unit",
        "A row of another unit is no evidence of a unit, whatever is in scope.",
        "schemas/selection.py",
        'column = _OWN if read.reach is Reach.OWN else "_home"',
        'column = "_home"',
        (
            "tests/tasks/test_evidence.py"
            "::test_a_check_sees_of_a_unit_what_is_evidence_of_it_and_nothing_else",
        ),
    ),
    Mutation(
        "facts-for-all-checks",
        "What a check does to its facts stays with it.",
        "schemas/facts.py",
        "self._cuts[same].copy(deep=False)",
        "self._cuts[same]",
        ("tests/tasks/test_evaluation.py::test_what_a_check_does_to_its_facts_stays_with_it",),
    ),
    Mutation(
        "state-of-another-position",
        "What is remembered of a register is the state that is asked for.",
        "data/registers.py",
        "if found is None or found[0] != submissions:",
        "if found is None:",
        ("tests/data/test_registers.py::test_what_is_remembered_is_the_state_that_is_asked_for",),
    ),
    _day(
        "day-in-china",
        "Today is the day in China.",
        "clock().astimezone(CHINA).date()",
        "clock().date()",
        "test_a_day_that_has_not_come_in_china_is_refused",
    ),
    _day(
        "day-goes-back",
        "No day is before that of the last entry.",
        "wanted is not None and wanted < latest:",
        "wanted is not None and wanted < latest and wanted > now:",
        "test_a_day_before_the_last_entry_is_refused",
    ),
    _day(
        "day-of-a-live-cycle",
        "A live cycle takes no day but today.",
        "if wanted not in (None, latest) and not self.historical:",
        "if wanted not in (None, latest) and not self.on:",
        "test_a_live_cycle_takes_no_day_for_anything",
    ),
    _to_come(
        "day-to-come",
        "Nothing that is delivered happened on a day after the delivery's.",
        "_first_day(day) > on",
        "_first_day(day).year > on.year",
        "test_a_day_to_come_is_rejected_where_something_happened_on_it",
    ),
    _validation(
        "failure-that-names-nobody",
        "A failure that names no row holds every unit.",
        'pd.DataFrame({"unit": units, "subject": units}), code)',
        'pd.DataFrame({"unit": units, "subject": units}).iloc[:0], code)',
        "test_dates_that_are_text_hold_every_unit",
    ),
    _validation(
        "evaluated-less",
        "A validator that evaluates less than the suite is an error.",
        "if len(outcome.results) != len(handoff.expectations):",
        "if len(outcome.results) > len(handoff.expectations):",
        "test_a_validator_that_evaluates_less_is_an_error",
    ),
    _suite(
        "seats-and-elected",
        "As many are elected as there are seats.",
        '"settled", "seats", Text(',
        '"settled", "settled", Text(',
        "test_every_expectation_can_fail_and_holds_its_unit_only",
    ),
    Mutation(
        "open-report-handed-on",
        "A clear and concrete report that is open holds its candidate.",
        "tasks/handoff/frames.py",
        "reports[received & ~closed & specific]",
        "reports[received & closed & specific]",
        ("tests/tasks/test_handoff.py::test_the_clean_cycle_is_handed_on",),
    ),
    _suite(
        "suspended-candidate-handed-on",
        "Nobody is handed on whose review does not let them pass.",
        '"value_set": [*_REVIEWED, *omitted]',
        '"value_set": list(ReviewResult)',
        "test_every_expectation_can_fail_and_holds_its_unit_only",
    ),
)

PASSES = (
    _passes(
        "passes-that-a-group-reaches",
        "What a group may read or write says nothing of what passed.",
        "stat.S_IMODE(found.st_mode) & 0o077",
        "stat.S_IMODE(found.st_mode) & 0o007",
        "test_what_somebody_else_may_have_written_says_nothing",
        "test_nothing_is_kept_where_others_reach_it",
    ),
    _passes(
        "passes-that-all-reach",
        "What others may read or write says nothing of what passed.",
        "stat.S_IMODE(found.st_mode) & 0o077",
        "stat.S_IMODE(found.st_mode) & 0o070",
        "test_what_somebody_else_may_have_written_says_nothing",
    ),
    _passes(
        "passes-of-another-user",
        "What another user owns says nothing of what passed.",
        "found.st_uid != os.geteuid() or ",
        "",
        "test_what_another_user_owns_says_nothing",
    ),
    _passes(
        "passes-not-whole",
        "A file that is not whole says nothing of what passed.",
        "head != digest(body).encode() or ",
        "",
        "test_what_somebody_else_may_have_written_says_nothing",
    ),
    _passes(
        "passes-of-other-expectations",
        "A pass is one of the expectations, the code and the columns that it passed with.",
        "[head, *sorted(own)]",
        "sorted(own)",
        "test_the_key_is_of_columns_types_and_stage",
    ),
    _passes(
        "passes-of-other-code",
        "Other code validates again.",
        "[code_version(), releases, ",
        "[releases, ",
        "test_another_release_or_other_code_validates_again",
    ),
    Mutation(
        "failure-remembered-as-a-pass",
        "Only what passed is remembered.",
        "tasks/handoff/validated.py",
        "if one.statuses == {Status.PASS})",
        "if one.statuses)",
        ("tests/tasks/test_passes.py::test_what_fails_is_validated_every_time",),
    ),
    Mutation(
        "passes-believed-by-a-replay",
        "Past facts are validated, whatever a file says.",
        "tasks/handoff/validated.py",
        "known = passed(keys, snapshot.passes)",
        "known = passed(keys, snapshot.home.passes)",
        ("tests/tasks/test_passes.py::test_past_facts_are_validated_whatever_a_file_says",),
    ),
)

OF_GATES = (
    *EVALUATION, *SIGNING, *WAIVING, *KEYS_OF_OFFICERS, *DECIDING, *EVIDENCE, *PASSES,
)  # fmt: skip
