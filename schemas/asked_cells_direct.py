"""The cells that would settle a finding about the direct election of deputies.

Rules: as in `schemas.asked_cells`, which has them among its own.
"""

from __future__ import annotations

from collections.abc import Mapping

ABOUT_VOTERS: Mapping[str, str] = {
    "roll": "roll_questions",
    "deputy-lists": "deputy_lists",
    "direct-votes": "direct_votes",
    "allocation": "constituencies",
}
CELLS_OF_VOTERS: Mapping[str, str] = {
    "election-committee": """
        not-appointed: election_committees
        wrong-organ: election_committees.appointed_by
    """,
    "allocation": """
        not-one-to-three: constituencies.seats
        townships-share: constituencies.seats,townships
        no-members: assemblies
        no-deputy under-half: nationality_seats.seats,decided_by,decided_on
        more-than-everybody: nationality_seats.population; jurisdictions.population
        over-thirty-percent not-alike: nationality_seats.seats
    """,
    "committee-members": """
        not-said: election_committees.members_nominated
        not-resigned: election_committees.members_resigned
    """,
    "constituencies": """
        no-members: assemblies
        seats-left: constituencies.seats; constituencies+
        too-many-seats: constituencies.seats; constituencies-
        no-nationality-seats: nationality_seats+
        township-left-out unknown-township: constituencies.townships
    """,
    "roll": """
        not-said: election_committees.roll_questions
        numbers-differ: election_committees.roll_questions; roll_questions+said-recorded
        under-age: roll_questions.birth_date,on_roll
        may-not-stay must-stay: roll_questions.ground,on_roll
        no-decision: roll_questions.decision_document
        decided-before decided-late to-be-decided: roll_questions.objected_on,decided_on
        judged-late to-be-judged: roll_questions.sued_on,judged_on
    """,
    "deputy-lists": """
        no-list: deputy_lists+
        too-few-signers: deputy_lists.fewest_signers
        too-many-by-one: deputy_lists.most_by_one
        no-preliminary: deputy_lists.preliminary
        left-out put-in: deputy_lists.nominated,preliminary
        no-final: deputy_lists.final
        added: deputy_lists.preliminary,final
        not-said-how no-pre-election: deputy_lists.agreed,pre_elected_on
        too-few too-many: deputy_lists.final
        not-announced: deputy_candidates.announced_on
        foreign-funding: deputy_candidates.listed,elected
    """,
    "direct-votes": """
        no-vote seats-open: direct_votes+
        before-election-day: direct_votes.voted_on
        more-than-registered: direct_votes.registered,voted
        too-many-valid: direct_votes.returned,valid
        wrong-seats: direct_votes.seats
        too-many-elected: direct_votes.seats,elected
        too-many-papers: direct_votes.voted,returned,elected
        turnout: direct_votes.registered,voted,elected
        votes-not-said no-majority: direct_votes.voted,elected,fewest_elected
        more-votes-than-papers: direct_votes.valid,fewest_elected,most_others
        no-third: direct_votes.returned,elected,fewest_elected
        tied outvoted: direct_votes.elected,fewest_elected,most_others
        majority-passed-over: direct_votes.elected,most_others; direct_votes+
        no-names names-incomplete: deputy_candidates+
        new-name: deputy_candidates.first_votes,further
        out-of-order wrong-number: deputy_candidates.further
    """,
}
