"""The cells that would settle a finding, by check and reason; `schemas.asks` reads them.

Rules: `register.column,…` are cells to correct, `register+` is a row to add (as many as the
difference of two arguments, where these are named), `register-` one that may have to be withdrawn;
`[column=value]` chooses rows. `*` is the register that the subject names (a zero report's).
"""

from __future__ import annotations

from collections.abc import Mapping

from schemas.asked_cells_direct import ABOUT_VOTERS, CELLS_OF_VOTERS

# The register that a check is about, where it is not the first one that it reads.
ABOUT: Mapping[str, str] = {
    "responsibility-talks": "talk_participants",
    "must-talks": "talk_participants",
    "pledges": "pledges",
    "differential": "candidates",
    **dict.fromkeys(("channel", "caps"), "nominations"),
    **dict.fromkeys(
        ("archive", "declaration", "organs-heard", "reports", "inspection", "audit"), "reviews"
    ),
    "bars": "assessments",
    "sanctions": "sanctions",
    "examination": "examinations",
    "integrity": "integrity_opinions",
    "public-notice": "public_notices",
    "rectified": "problems",
    "cases": "cases",
    "counts": "tallies",
    "papers": "ballots",
    "winners": "results",
    "further-vote": "ballots",
    "credentials": "documents",
    "halls": "halls",
    "deputies": "deputies",
    "handlers": "case_handlers",
    "kin-offices": "kin_offices",
    "freeze": "reviews",
    "method-differential": "differentials",
    "procurator-approval": "approvals",
    **ABOUT_VOTERS,
}

# Whatever the check: reason → what it asks for.
ANYWHERE: Mapping[str, str] = {
    "no-calendar": "calendar",
    "no-election-day": "calendar.election_day",
    "not-returned": "returns",
    "fewer-than-returned": "returns.entries; *+",
    "no-credentials": "credentials",
    "no-assembly": "assemblies",
    "nobody-listed": "roster",
    "no-constituencies": "constituencies",
}
_REVIEW = """
    wrong-organ: reviews.organ
    not-answered: reviews.answered_on,result,reason,document
    answered-before-asked: reviews.asked_on,answered_on
    adverse not-required no-reason: reviews.result,reason,document
    no-document: reviews.document
    no-session: calendar.session_opens_on
    after-session too-old: reviews.answered_on
"""
_PAPER = "wrong-organ: documents.issued_by\nout-of-order: documents.issued_on\n"
_AVOIDS = "unknown-officer about-oneself about-kin"
# Check → reasons: what they ask for.
CELLS: Mapping[str, str] = {
    "notice": """
        no-clause: notice_clauses.issued_on,document,discipline_list
        too-late: notice_clauses.issued_on
    """,
    "duties": "unknown-officer wrong-organ same-person: duties.officer",
    "responsibility-talks": """
        not-talked-to with-oneself wrong-organ: talk_participants+
        no-secretary: officers+; roster.responsibility_talk
    """,
    "seats": """
        zero too-few: assemblies.members
        too-many no-increase-here: assemblies.members,increase_document
        no-cause: assemblies.refixed_for
        not-reported reported-before-refixed reported-late: assemblies.refixed_reported_on
        wrong-organ: assemblies.fixed_by
        not-filed: assemblies.filing_document
    """,
    "posts": """
        not-of-this-body: posts-
        listed-twice: posts-
        zero one-seat too-many-vice committee-size: posts.seats
        wrong-organ: posts.fixed_by
        post-absent: posts+
    """,
    "calendar": """
        no-deputies-day: calendar.deputies_elected_on
        no-credentials-day: calendar.credentials_on
        term: calendar.term_years
        nomination-before-plan: calendar.plan_on,nomination_on
        vetting-before-nomination: calendar.nomination_on,vetting_on
        session-before-vetting: calendar.vetting_on,session_opens_on
        closes-before-it-opens: calendar.session_opens_on,session_closes_on
        credentials-before-deputies: calendar.deputies_elected_on,credentials_on
        elected-before-election-day: calendar.election_day,deputies_elected_on
        session-before-credentials: calendar.credentials_on,session_opens_on
        more-than-two-months: calendar.deputies_elected_on,session_opens_on
        before-counties session-differs: calendar.session_opens_on
        elected-before-counties: calendar.deputies_elected_on
    """,
    "documents": _PAPER,
    "recommendation": _PAPER + "outdated: documents.issued_on",
    "consultation": "wrong-organ: documents.issued_by",
    "proposals": "no-proposal: candidates.status; candidates+\nunknown-post: candidates.post",
    "letter": _PAPER + "before-decision before-notice-over: documents.issued_on",
    "membership": _PAPER + "not-published: notices\nbefore-decided too-late: notices.published_on",
    "differential": """
        zero-seats no-lawful-number: posts.seats
        no-candidates: candidates+
        too-few: candidates.status; candidates+least-candidates
        too-many: candidates.status
    """,
    "channel": """
        not-nominated: nominations+
        another-post: nominations.post
        not-from-the-floor: candidates.status; nominations.channel
        no-presidium: sessions
        before-the-presidium: nominations.nominated_on; sessions.presidium_on
        wrong-channel: nominations.channel
        too-few-signers: signers+needed-signers
    """,
    "caps": """
        not-nominated: nominations+
        presidium: nominations[channel=presidium].channel
        deputies: signers-
    """,
    "eligibility": """
        unknown-post: candidates.post
        not-a-member: candidates.assembly_member
        incompatible-office: candidates.incompatible_office,will_resign
        founding-unknown: jurisdictions.founding_ethnicity
        founding-ethnicity: candidates.ethnicity
        too-young month-only: candidates.birth_date
    """,
    "pledges": "nobody-listed: roster.must_pledge\ntoo-late: pledges.signed_on",
    "must-talks": """
        nobody-listed: roster.must_talk
        not-talked-to with-oneself wrong-organ: talk_participants+
        too-late: talks.held_on
    """,
    "films": "too-few: screenings.attendance",
    "activities": "too-late: activities.done_on",
    "cards": "nobody-listed: roster.must_pledge\ntoo-few: card_lots.cards",
    "publicity": "too-late: publicity.published_on",
    "lists": "too-late: notices.published_on",
    "deliberation": "not-ended on-the-day-of-the-vote: deliberations.closed_on",
    "archive": _REVIEW,
    "declaration": _REVIEW,
    "organs-heard": _REVIEW,
    "reports": _REVIEW + "open-report: reports[closed_on=].closed_on",
    "inspection": _REVIEW,
    "audit": _REVIEW
    + """
        no-examination: examinations.ended_on
        after-examination: reviews.answered_on; examinations.ended_on
    """,
    "bars": f"""
        political-breach: assessments.political_breach
        no-appraisal: assessments.appraisal_last_year,worst_appraisal
        appraisal: assessments.appraisal_last_year,worst_appraisal
        canvassing: assessments.canvassing
        emigrated: assessments.spouse_emigrated,special_post
        undecided: assessments.decided_by,document
        {_AVOIDS}: assessments.decided_by
        low-regard: assessments.low_regard
        unsuitable: assessments.otherwise_unsuitable
    """,
    "sanctions": """
        dismissed: sanctions.kind
        no-session: calendar.session_opens_on
        period: sanctions.decided_on,ends_on
        running: sanctions.decided_on,ends_on
    """,
    "qualification": """
        no-post: candidates.post
        years-worked: candidates.years_worked
        years-grassroots: candidates.years_grassroots
        education: candidates.education
        years-in-rank: candidates.rank,years_in_rank
        too-new-for-exception: candidates.exceptional_approval
        terms: candidates.terms_in_post
        level-years: candidates.years_at_level
    """,
    "avoidance": """
        no-post: candidates.post
        kin: kin.kinship
        home home-imprecise: candidates.home_division
    """,
    "examination": f"""
        team: examinations.team_size
        not-recommended: documents
        before-recommendation: examinations.started_on
        not-ended: examinations.ended_on
        {_AVOIDS}: examinations.officer
        dates: examinations.started_on,ended_on
    """,
    "integrity": f"""
        one-signer {_AVOIDS}: integrity_opinions.party_secretary,discipline_secretary
        not-secretary: integrity_opinions.party_secretary
        not-discipline: integrity_opinions.discipline_secretary
        unfavourable: integrity_opinions.favourable,signed_on
    """,
    "committee": """
        no-members: committee_votes.committee_size
        numbers quorum: committee_votes.committee_size,present,in_favour
        majority: committee_votes.committee_size,in_favour
        not-examined: examinations.ended_on
        before-examination: committee_votes.decided_on
        conflicted: committee_votes.conflicted_present
    """,
    "public-notice": """
        not-decided: committee_votes
        before-decision: public_notices.opened_on
        dates too-short workdays-unknown: public_notices.opened_on,closed_on
        not-over: public_notices.closed_on
        no-session: calendar.session_opens_on
        after-session: public_notices.closed_on
    """,
    "roving": "no-visit gap: visits+\nown-officer: team_members-",
    "five-items": """
        no-visit: visits+
        unchecked-responsibility: visits.responsibility
        unchecked-education: visits.education
        unchecked-enforcement: visits.enforcement
        unchecked-institutions: visits.institutions
        unchecked-reviews: visits.reviews
    """,
    "special": """
        not-ended: inspections.ended_on
        ended-before-started: inspections.started_on,ended_on
        outside-the-cycle: inspections.started_on
        no-team not-special own-team: inspections+
        no-members: team_members+
        own-officer also-roving: team_members-
        teams-not-watched: inspections.watched_teams
    """,
    "rectified": """
        not-rectified late rectified-before-found: problems.rectified_on
        no-rectifier: problems.rectified_by
        not-verified: problems.verified_on,verified_by
        verified-by-rectifier: problems.rectified_by,verified_by
        verified-before-rectified: problems.rectified_on,verified_on
    """,
    "channels": """
        live-too-late: report_channels.live_on
        tested-before-the-cycle not-tested tested-before-live: report_channels.tested_on
        not-live: report_channels.live_on
        not-staffed: report_channels.staffed
    """,
    "cases": """
        no-case: cases+
        opened-before-received opened-late: cases.opened_on
        not-joint: cases.joint
        open: cases.closed_on,outcome
        closed-before-opened: cases.opened_on,closed_on
        no-decision: violations+
    """,
    "prohibitions": """
        unknown-prohibition: violations.prohibition
        wrong-effect: violations.effect
        effect-lacking: violations+
        another-units-candidate: violations.candidate
        not-carried-out: violations.effective_on
        still-proposed: candidates.status
    """,
    "report-clocks": "not-accepted accepted-before-received no-workdays late: reports.accepted_on",
    "session": """
        no-election-day: calendar.deputies_elected_on
        no-preparatory-meeting: sessions.preparatory_on
        preparatory-after-opening: sessions.preparatory_on,opened_on
        presidium-after-opening presidium-before-session: sessions.presidium_on,opened_on
        presidium-after-vote: sessions.presidium_on,voted_on
        presidium-not-in-preparatory: sessions.preparatory_on,presidium_on
        voted-before-opening: sessions.opened_on,voted_on
        opened-late elected-before-counties: sessions.opened_on
    """,
    "quorum": """
        no-members too-many-members: credentials.members
        too-many-present no-quorum: sessions.present
        no-quorum-rule: sessions.quorum_numerator,quorum_denominator,quorum_inclusive
        too-few-papers: ballots.issued
    """,
    "method": """
        not-plenary: sessions.method_by
        not-adopted: sessions.method_on
        after-vote: sessions.method_on
        quorum-too-low: sessions.quorum_numerator,quorum_denominator,quorum_inclusive
        not-secret: sessions.secret
        no-booth: sessions.booth
    """,
    "credentials": """
        wrong-issuer: documents.issued_by
        confirmed-before-report: documents.issued_on
        no-list: notices
        list-before-confirmed list-after-opening: notices.published_on
        confirmed-after-opening: documents[kind=credentials-confirmed].issued_on
    """,
    "papers": """
        unknown-post: ballots-
        void-without-cause: ballots.annulled
        printed-not-accounted: ballots.printed,issued,unused,spoiled
        too-many-issued: ballots.issued
        too-many-returned: ballots.annulled
        papers-lost: ballots.issued,returned,not_returned
        papers-uncounted: ballots.returned,valid,void
    """,
    "counts": """
        no-ballot: ballots+
        not-a-candidate: tallies-
        same-counter unknown-counter: tallies.officer
        counts-differ marks-on-write-in not-all-papers more-than-papers too-many-marks:
            tallies.in_favour,against,abstained,unclear
    """,
    "scrutineers": "no-scrutineer no-teller not-listed: ballot_staff+\nis-candidate is-kin: "
    "ballot_staff-",
    "winners": """
        not-a-candidate struck-off: results-
        not-counted: tallies+
        no-majority tied outvoted: results.elected
        not-declared: results.elected
        wrong-round: results.round
        not-a-deputy: candidates.assembly_member
        incompatible-office: candidates.incompatible_office,will_resign
        wrong-ethnicity: candidates.ethnicity
        wrong-organ: results.declared_by
        declared-before-vote: results.declared_on
    """,
    "further-vote": """
        no-seats: posts.seats
        tie-not-broken wrong-kind: ballots.kind
        vote-missing only-void-votes no-quorum tie short: ballots+
        not-left-by-plenary: vacancies.decided_by
        left-before-vote: vacancies.decided_on
        wrong-left: vacancies.seats
        not-counted: tallies+
        needless: ballots-
        wrong-seats: ballots.seats
    """,
    "halls": """
        no-ballot: ballots+
        no-hall: halls+
        added-twice: halls-
        few-scrutineers: halls.kind,scrutineers
        papers-lost: halls.issued,returned,not_returned
        papers-uncounted: halls.returned,valid,void
        not-stated: halls.issued,returned,not_returned,void
        papers-differ: ballots.issued,returned,not_returned,valid,void;
            halls.issued,returned,not_returned,valid,void
        no-count: hall_tallies+
        no-total: tallies+
        counts-differ not-all-papers: hall_tallies.in_favour,against,abstained,unclear
        marks-differ: tallies.in_favour,against,abstained,unclear;
            hall_tallies.in_favour,against,abstained,unclear
    """,
    "deputies": """
        no-register: deputies+
        without-a-day: deputies.since
        two-numbers: credentials-
        members-differ: credentials.members; deputies[status=suspended].status,since;
            deputies[status=ended].status,since; deputies+members-registered
    """,
    "signs": """
        not-recorded: signs+
        counted-without-sign: tallies.in_favour,against,abstained
    """,
    "discipline-list": "not-named another-list: notice_clauses.discipline_list",
    "handlers": f"{_AVOIDS} interested: case_handlers-; case_handlers+",
    "confidentiality": "shown: referrals.reported_party",
    "objections": "objected-before-received no-workdays late: referrals.objected_on",
    "kin-offices": "no-calendar under-the-lead people-and-money: kin_offices.leaves_on",
    "freeze": "not-answered too-early: reviews.answered_on",
    "method-differential": """
        not-lawful: differentials.more
        nominations-open: candidates+due-candidates
        too-few: differentials.more; candidates+due-candidates
        too-many: differentials.more; candidates.status
    """,
    "introductions": "on-the-day: introductions.introduced_on",
    "void-elections": """
        no-candidate: void_elections.candidate
        stands voided-before-decided: void_elections.voided_on
        result-stands: results.voided_on
    """,
    "procurator-approval": """
        proposed-by-another: approvals.proposed_at
        approved-by-another: approvals.approved_by,approved_at
        took-office-unapproved took-office-before: approvals.approved_on,took_office_on
    """,
    "late-reports": "open settled-late: reports.closed_on",
    **CELLS_OF_VOTERS,
}
