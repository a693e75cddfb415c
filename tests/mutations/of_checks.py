"""Mutations of what checks decide: numbers, days, majorities, ages, kin, and what is not known."""

from __future__ import annotations

from tests.mutations.mutation import mutating

_tally = mutating("tasks/checks/tally.py", "tests/checks/test_election_tally.py")
_result = mutating("tasks/checks/election_result.py", "tests/checks/test_election_result.py")
_papers = mutating("tasks/checks/election_papers.py", "tests/checks/test_election_papers.py")
_halls = mutating("tasks/checks/election_halls.py", "tests/checks/test_election_halls.py")
_deputies = mutating("tasks/checks/election_deputies.py", "tests/checks/test_election_deputies.py")
_session = mutating("tasks/checks/election_session.py", "tests/checks/test_election.py")
_nomination = mutating("tasks/checks/slate.py", "tests/checks/test_nomination.py")
_lists = mutating("tasks/checks/nomination_papers.py", "tests/checks/test_nomination.py")
_floor = mutating("tasks/checks/slate_papers.py", "tests/checks/test_nomination.py")
_conduct = mutating("tasks/checks/nomination_conduct.py", "tests/checks/test_nomination.py")
_plan = mutating("tasks/checks/plan.py", "tests/checks/test_plan.py")
_statute = mutating("tasks/checks/plan_statute.py", "tests/checks/test_plan.py")
_vetting = mutating("tasks/checks/vetting.py", "tests/checks/test_vetting.py")
_decision = mutating("tasks/checks/vetting_decision.py", "tests/checks/test_vetting.py")
_slate = mutating("tasks/checks/vetting_slate.py", "tests/checks/test_vetting_people.py")
_people = mutating("tasks/checks/vetting.py", "tests/checks/test_vetting_people.py")
_reviews = mutating("tasks/checks/vetting_reviews.py", "tests/checks/test_vetting_reviews.py")
_reports = mutating("tasks/checks/inspection_reports.py", "tests/checks/test_inspection.py")
_teams = mutating("tasks/checks/inspection_teams.py", "tests/checks/test_inspection.py")
_receipt = mutating("schemas/workdays.py", "tests/checks/test_inspection.py")
_returns = mutating("tasks/checks/returns.py", "tests/checks/test_returns.py")
_days = mutating("schemas/workdays.py", "tests/test_workdays.py")
_clock = mutating("schemas/workdays.py", "tests/tasks/test_deadlines.py")
_judge = mutating("tasks/checks/judge.py", "tests/checks/test_judge.py")

ELECTION = (
    _tally(
        "majority",
        "More than half of all members elect, not half of them (地方组织法 art. 29).",
        'now["votes"] * 2 > now["members"]',
        'now["votes"] * 2 >= now["members"]',
        "test_more_than_half_of_all_members",
    ),
    _tally(
        "last-seat",
        "A tie at the last seat elects none of the tied.",
        "elected = known(last <= seats",
        "elected = known(first <= seats",
        "test_one_vote",
    ),
    _tally(
        "filled-seats",
        "Seats that an earlier vote filled stay filled.",
        'now["seats"].astype("float64") - filled',
        'now["seats"].astype("float64")',
    ),
    _tally(
        "tie-break",
        "Among the tied the most votes suffice, and only the tied stand.",
        "accepted.where(~most_suffice, tied_before) & ~elected_before",
        "accepted & ~elected_before",
        "test_among_the_tied_the_most_votes_suffice",
    ),
    _result(
        "further-choice",
        "A further election of vice posts and members offers more candidates than seats.",
        'judge["nominees"] < least',
        'judge["nominees"] <= least',
        "test_what_is_voted_on_again",
    ),
    _result(
        "further-most",
        "A further election has no more candidates than the law allows for the seats left.",
        'judge["nominees"] > most',
        'judge["nominees"] >= most',
        "test_what_is_voted_on_again",
    ),
    _result(
        "struck-off-after-the-vote",
        "Whoever was struck off after a vote fills no seat.",
        'votes["elected"] & ~votes["struck_off"].astype(bool)',
        'votes["elected"]',
        "test_what_is_voted_on_again",
    ),
    _result(
        "write-in-in-office",
        "A write-in needs the eligibility of anybody proposed: no office in the executive.",
        'written_in & deputies_post & judge["incompatible_office"] & ~judge["will_resign"]',
        'written_in & deputies_post & judge["incompatible_office"] & judge["will_resign"]',
        "test_a_write_in_is_as_eligible_as_anybody",
    ),
    _deputies(
        "deputy-until",
        "An office that ends on a day is over on that day.",
        '~left | (rows["since"] > day)',
        '~left | (rows["since"] >= day)',
        "test_an_office_ends_on_its_day",
    ),
    _deputies(
        "deputies-counted",
        "All deputies are no more and no fewer than those in office (选举法 art. 47).",
        "registered != everybody",
        "registered > everybody",
        "test_the_report_counts_those_in_office_at_the_opening",
    ),
    _halls(
        "hall-mobile-box",
        "A mobile box has two scrutineers (V-04).",
        "(scrutineers < SCRUTINEERS)",
        "(scrutineers <= SCRUTINEERS)",
        "test_what_is_found_of_parts",
    ),
    _halls(
        "hall-papers",
        "The halls' papers are those of the vote.",
        'judge["stated"] != judge["total"],\n        "papers-differ"',
        'judge["stated"] > judge["total"],\n        "papers-differ"',
        "test_what_is_found_of_parts",
    ),
    _halls(
        "hall-not-stated",
        "A number of papers that one hall leaves empty cannot be added up.",
        'judge["said"] < judge["parts"]',
        'judge["said"] > judge["parts"]',
        "test_what_is_found_of_parts",
    ),
    _halls(
        "hall-marks",
        "The halls' marks are those of the whole count.",
        'judge["stated"] != judge["total"],\n        "marks-differ"',
        'judge["stated"] > judge["total"],\n        "marks-differ"',
        "test_the_finding_says_what_is_stated_and_what_the_halls_come_to",
    ),
    _halls(
        "hall-and-sheets",
        "A vote is added up by its halls or by its sheets, not by both.",
        "(sheets > 0) & (sheets < 1)",
        "(sheets > 1) & (sheets < 1)",
        "test_what_is_found_of_parts",
    ),
    _halls(
        "sign-of-a-cppcc",
        "A CPPCC's method needs no sign for abstaining, a congress's does (地方组织法 art. 28).",
        'judge["body"] != Body.CPPCC',
        'judge["body"] == Body.CPPCC',
        "test_every_mark_has_a_sign",
    ),
    _session(
        "quorum",
        "Two thirds of all deputies suffice, and less does not (地方组织法 art. 14).",
        "judge.fail(present < least",
        "judge.fail(present <= least",
        "test_what_is_found",
    ),
    _session(
        "quorum-of-the-method",
        "A local method sets no quorum below the two thirds of the law.",
        "((share == lawful) & just_over)",
        "(share == lawful)",
        "test_what_is_found",
    ),
    _session(
        "report-on-the-day-of-the-vote",
        "A report that came on the day of the vote came before it (重庆 2022 art. 20).",
        'received > judge["last_on"], "after-vote"',
        'received >= judge["last_on"], "after-vote"',
        "test_what_is_found",
    ),
    _session(
        "report-settled-late",
        "A specific report is settled by the day of the vote.",
        "is_report & ~(closed <= voted)",
        "is_report & ~(closed < voted)",
        "test_what_is_found",
    ),
    _papers(
        "papers-lost",
        "Papers issued are those returned and those not returned (选举法 art. 43).",
        "issued != returned + outstanding",
        "issued < returned + outstanding",
        "test_what_is_found",
    ),
    _papers(
        "counts-differ",
        "Both counts agree on every mark.",
        'judge.fail(mark != "", "counts-differ"',
        'judge.fail(mark == Mark.IN_FAVOUR.value, "counts-differ"',
        "test_what_is_found",
    ),
    _papers(
        "one-person-counts-twice",
        "Two persons count, whichever officers' ids they use.",
        'judge["first_person"] == judge["second_person"]',
        'judge["first_officer"] == judge["second_officer"]',
        "test_what_is_found",
    ),
    _papers(
        "kin-of-candidates-one-way",
        "A scrutineer is kin of a candidate whoever of the two named the other.",
        'both = pd.concat([kin, kin.rename(columns={"person": "kin", "kin": "person"})])',
        "both = kin",
        "test_what_is_found",
    ),
)

NOMINATION = (
    _nomination(
        "tenth-rounded",
        "A tenth more candidates is rounded up (地方组织法 art. 27).",
        "((seats + 9) // 10)",
        "(seats // 10)",
        "test_the_range_of_candidates",
    ),
    _nomination(
        "fifth-rounded",
        "A fifth more candidates at most is rounded down.",
        "(seats // 5)",
        "((seats + 4) // 5)",
        "test_the_range_of_candidates",
    ),
    _nomination(
        "joint-signers",
        "As many deputies as the law says suffice for a joint nomination (art. 26).",
        'rows["signers"] >= rows["needed"]',
        'rows["signers"] > rows["needed"]',
        "test_the_number_of_signers_is_the_levels",
    ),
    _nomination(
        "cap-of-a-deputy",
        "A deputy signs for as many as there are seats, and no more (art. 26).",
        'signed["signed"] > signed["seats"]',
        'signed["signed"] >= signed["seats"]',
        "test_deputies_may_sign_for_as_many_as_there_are_seats",
    ),
    _nomination(
        "cap-of-the-presidium",
        "The presidium nominates as many as there are seats, and no more.",
        "named > seats",
        "named > seats + 1",
        "test_a_breach_is_found_where_it_is",
    ),
    _nomination(
        "age",
        "Whoever comes of age on the day of the vote is of age.",
        "~(of_age <= voted)",
        "~(of_age < voted)",
        "test_eligible",
    ),
    _lists(
        "list-day",
        "A list published on the last day is in time (选举法 art. 28, 32).",
        "~(day <= last)",
        "~(day < last)",
        "test_the_last_lawful_day",
    ),
    _floor(
        "deliberation-days",
        "Of two days of deliberation the first and the last count (地方组织法 art. 27).",
        ".dt.days + 1",
        ".dt.days",
        "test_two_days_of_deliberation_suffice_and_three_can_be_asked",
    ),
    _lists(
        "recommendation-outdated",
        "A recommendation holds to the day on which its months end.",
        "opens > issued + pd.DateOffset(months=rule.months)",
        "opens >= issued + pd.DateOffset(months=rule.months)",
        "test_a_recommendation_holds_to_the_day",
    ),
    _conduct(
        "cards-rounded",
        "The number of cards that is asked for is rounded up.",
        "(obliged_people * rule.percent + 99) // 100",
        "obliged_people * rule.percent // 100",
        "test_cards_are_rounded_up",
    ),
)

PLAN = (
    _statute(
        "seats-cap",
        "The number of deputies has a cap, however many people live there (选举法 art. 12).",
        'formula.clip(upper=of_level(rule, "cap", level))',
        "formula",
        "test_the_quota_of_deputies",
    ),
    _statute(
        "seats-most",
        "As many deputies as the formula gives are lawful.",
        "judge.fail(members > most",
        "judge.fail(members >= most",
        "test_the_quota_of_deputies",
    ),
    _statute(
        "session-day",
        "A session opens within two months of the election of deputies (地方组织法 art. 20).",
        "opens > elected + pd.DateOffset(months=2)",
        "opens >= elected + pd.DateOffset(months=2)",
        "test_two_months_are_calendar_months",
    ),
    _statute(
        "session-after-vetting",
        "A session opens after the day on which vetting begins.",
        "opens <= vetting",
        "opens < vetting",
        "test_a_breach_is_found_where_it_is",
    ),
    _plan(
        "deployment-days",
        "A step on the last day of the deployment is in time.",
        "held > first + pd.Timedelta(days=rule.days)",
        "held >= first + pd.Timedelta(days=rule.days)",
        "test_the_days_of_a_deployment_are_counted_from_its_first_step",
    ),
    _plan(
        "first-responsible-handles-leads",
        "The first responsible person does not handle leads too.",
        '(duty == Duty.LEADS_FIRST) & (person == person_of(facts, judge["secretary"]))',
        '(duty == Duty.LEADS_FIRST) & (officer == judge["secretary"])',
        "test_a_breach_is_found_where_it_is",
    ),
)

VETTING = (
    _vetting(
        "sanction-ends",
        "A sanction that ends on the examination's first day runs no more (政务处分法 art. 8).",
        "~(ends <= from_day)",
        "~(ends < from_day)",
        "test_sanctions_run_out",
    ),
    _decision(
        "committee-quorum",
        "Two thirds of a party committee suffice (条例 2019 art. 37).",
        "3 * present < 2 * size",
        "3 * present <= 2 * size",
        "test_committee",
    ),
    _decision(
        "committee-majority",
        "More than half of all members agree, not half of them (条例 2019 art. 38).",
        "2 * yes <= size",
        "2 * yes < size",
        "test_committee",
    ),
    _decision(
        "notice-days",
        "As many working days of public notice as the pack says suffice.",
        "(days.fillna(length) < rule.workdays)",
        "(days.fillna(length) <= rule.workdays)",
        "test_public_notice",
    ),
    _slate(
        "kin-one-way",
        "Kin on one slate are kin whoever of the two named the other (公务员法 art. 74).",
        "pd.concat([named, mirrored], ignore_index=True)",
        "named",
        "test_kin_on_one_slate",
    ),
    _people(
        "terms",
        "Whoever has served as many terms as the limit stands no more (任期规定 art. 6).",
        "limited & (terms >= rule.terms)",
        "limited & (terms > rule.terms)",
        "test_qualification",
    ),
    _reviews(
        "review-age",
        "A review as old as the pack allows is still valid.",
        "(opens - answered).dt.days <= rule.valid_days",
        "(opens - answered).dt.days < rule.valid_days",
        "test_how_old_an_answer_may_be_when_the_session_opens",
    ),
    _reviews(
        "suspended-review",
        "A review that suspends a candidate is adverse.",
        "allowed = (ReviewResult.CLEAR, ReviewResult.NOT_REQUIRED, *settled)",
        "allowed = (ReviewResult.CLEAR, ReviewResult.SUSPEND, ReviewResult.NOT_REQUIRED, *settled)",
        "test_a_review_that_is_due",
    ),
    _reviews(
        "audit-months",
        "Whoever headed an organ for as long as the pack says is audited.",
        "& (months < rule.months)",
        "& (months <= rule.months)",
        "test_who_is_audited",
    ),
)

INSPECTION = (
    _reports(
        "joint",
        "Every case on a report is verified jointly (源文 快速联合查核).",
        'joint=("joint", "all")',
        'joint=("joint", "any")',
        "test_all_cases_on_a_report_are_verified_jointly",
    ),
    _reports(
        "cases-ended",
        "All cases on a report come to an end.",
        'open=("open", "any")',
        'open=("open", "all")',
        "test_all_cases_on_a_report_must_end",
    ),
    _reports(
        "case-opened-late",
        "A case opened on the last day is in time.",
        "judge.fail(opened > until",
        "judge.fail(opened >= until",
        "test_what_is_found",
    ),
    _receipt(
        "day-of-receipt",
        "The day on which a report came does not count (检举控告规则 art. 15).",
        "working_days(begun + pd.Timedelta(days=1), done)",
        "working_days(begun, done)",
        "test_what_is_found",
    ),
    _teams(
        "visit-gap",
        "Between two visits may lie as many days as the pack says.",
        'judge["gap"] > rule.gap_days',
        'judge["gap"] >= rule.gap_days',
        "test_what_is_found",
    ),
    _teams(
        "verified-by-rectifier",
        "Somebody else verifies that a problem was put right.",
        "(verifier == rectifier) | (person_of(facts, verifier) == person_of(facts, rectifier))",
        "verifier.isna()",
        "test_what_is_found",
    ),
    _returns(
        "incidents-hidden",
        "A return of more incidents than are on record shows that some are not.",
        "judge.missing(entries > recorded",
        "judge.missing(entries > recorded + 1",
        "test_what_is_returned_is_on_record",
    ),
    _returns(
        "return-of-tomorrow",
        "What is returned tomorrow is not known today.",
        ' & facts.came(returns["reported_on"])]',
        "]",
        "test_a_return_of_tomorrow_does_not_count_today",
    ),
)

ALL_STAGES = (
    _days(
        "last-working-day",
        "A span of working days counts its last day too.",
        "elapsed[to + 1] - elapsed[from_]",
        "elapsed[to] - elapsed[from_]",
        "test_working_days",
    ),
    _clock(
        "first-working-day",
        "A clock of working days does not count the day on which it starts.",
        "elapsed[offset + 1] + number",
        "elapsed[offset] + number",
        "test_working_days_after_a_day",
    ),
    _judge(
        "unknown-closes",
        "What is not known hits whatever closes a gate.",
        "unknown=status is not Status.NOT_APPLICABLE",
        "unknown=False",
        "test_an_unknown_condition_hits_what_closes_and_misses_what_excuses",
    ),
    _judge(
        "silence",
        "A unit without any subject misses something.",
        "tuple[Status, str] = (Status.MISSING, NOTHING)",
        'tuple[Status, str] = (Status.PASS, "")',
        "test_silence_is_no_pass",
    ),
    _judge(
        "first-rule-counts",
        "The first rule that hits a subject counts.",
        "np.flatnonzero(mask & self._passes)",
        "np.flatnonzero(mask)",
        "test_the_first_rule_that_hits_counts",
    ),
)

OF_CHECKS = (*ELECTION, *NOMINATION, *PLAN, *VETTING, *INSPECTION, *ALL_STAGES)
