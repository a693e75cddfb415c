"""Deliveries to the finished reference cycle, one row each, and the gates that rest on them.

Rules: what is expected follows from what the law and the checks ask of whom, and was written down
before any digest was made; a gate is `stage:unit`, and `*` stands for every body or place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

NEW, CHANGED, GONE = "new", "changed", "gone"


@dataclass(frozen=True)
class Delivery:
    """A row that is new (a copy of another with some cells changed), changed, or gone.

    `touches` are the gates whose evidence it is.
    """

    title: str
    kind: str
    register: str
    key: str
    touches: str = ""
    cells: dict[str, Any] = field(default_factory=dict)

    def names(self, stage: str, unit: str) -> bool:
        """Whether it touches a gate."""
        return any(fnmatchcase(f"{stage}:{unit}", gate) for gate in self.touches.split())


def new(title: str, register: str, like: str, touches: str = "", **cells: Any) -> Delivery:
    """A new row, but for `cells` like the one with the key `like`."""
    return Delivery(title, NEW, register, like, touches, cells)


def changed(title: str, register: str, key: str, touches: str = "", **cells: Any) -> Delivery:
    """A row with some of its cells changed."""
    return Delivery(title, CHANGED, register, key, touches, cells)


def gone(title: str, register: str, key: str, touches: str = "") -> Delivery:
    """A row that is withdrawn."""
    return Delivery(title, GONE, register, key, touches)


PAPER = "另文〔2016〕1号"
CONGRESS, GOVERNMENT, CPPCC = (f"640302-{body}" for body in ("congress", "government", "cppcc"))
TOWNSHIP = "640302103"

# Who is named by nothing, what is of another kind, and what no check asks.
UNRELATED = (
    new("a new clerk of the audit office", "officers", "o-640302-10",
        officer="o-640302-61", person="p-640302-9421"),
    new("a new officer of the city", "officers", "o-640300-09",
        officer="o-640300-61", person="p-640300-9421"),
    new("a new secretary who holds no duty", "officers", "o-640302-01",
        officer="o-640302-62", person="p-640302-9422"),
    changed("a letter in the name of who signs nothing", "officers", "o-640302-09", name="梁海花"),
    changed("the name of who carries a duty", "officers", "o-640302-02", name="石秀琳"),
    changed("the organ of who does nothing", "officers", "o-640302-10", organ="petition-office"),
    gone("an officer who does nothing", "officers", "o-640302-11"),
    new("must-talks that nobody attended", "talks", "t-640302-01", talk="t-640302-81"),
    new("must-talks of the city that nobody attended", "talks", "t-640300-01", talk="t-640300-81"),
    new("responsibility talks that nobody attended", "talks", "t-640302-06", talk="t-640302-82"),
    new("a must-talk with somebody who owes none", "talk_participants", "t-640300-01/p-640300-0448",
        person="p-640300-0517"),
    changed("the name of a candidate on the roster", "roster", "p-640302-0003", name="易彬"),
    new("somebody whom the roster obliges to nothing", "roster", "p-640300-0517",
        person="p-640302-9001", jurisdiction="640302"),
    new("a pledge that nobody asked for", "pledges", "p-640300-0001", person="p-640300-0517"),
    changed("the number of a deployment paper", "measures", "640302/superior-deployment",
            document=PAPER),
    changed("the number of a notice", "notice_clauses", "640302/vetting", document=PAPER),
    changed("the number of a work plan", "documents", f"{CONGRESS}/work-plan", document=PAPER),
    changed("the number of a recommendation", "documents", f"{CPPCC}/reference-list",
            document=PAPER),
    changed("the number of a credentials report", "documents", f"{CONGRESS}/credentials-report",
            document=PAPER),
    new("a member list of a government", "documents", f"{CPPCC}/membership-agreed",
        unit=GOVERNMENT),
    new("a letter of recommendation of a CPPCC", "documents", f"{CONGRESS}/recommendation-letter",
        unit=CPPCC),
    new("a credentials report of a government", "documents", f"{CONGRESS}/credentials-report",
        unit=GOVERNMENT),
    changed("the paper of the posts", "posts", "640302-government-head", document=PAPER),
    changed("who fixed the number of members of a CPPCC", "assemblies", CPPCC,
            fixed_by="cppcc-chairmen"),
    new("an activity beyond the ten", "activities", "640302/one-talk", activity="one-song"),
    changed("the paper of an activity", "activities", "640302/one-talk", document=PAPER),
    new("a film that is not asked for", "screenings", "640302/cycle-meeting/film-liaoning",
        film="film-other"),
    changed("the medium of the hotline", "publicity", "640302/hotline", medium="清宁晚报"),
    changed("the number of a voter roll", "notices", f"{CONGRESS}/voter-roll", document=PAPER),
    new("a voter roll of a CPPCC", "notices", f"{CONGRESS}/voter-roll", unit=CPPCC),
    new("days to discuss in a township", "deliberations", CONGRESS, unit=f"{TOWNSHIP}-congress"),
    new("days to discuss in a CPPCC", "deliberations", CONGRESS, unit=CPPCC),
    new("a nomination of who was excluded", "nominations", "n-640302-0027",
        nomination="n-640323-9001", unit="640323-government",
        post="640323-government-deputy-head", candidate="c-640323-0035"),
    changed("a review of who was excluded", "reviews", "c-640323-0035/archive", result="suspend"),
    new("a review of a write-in", "reviews", "c-640323-0035/archive", candidate="c-640324-0064"),
    changed("the assessment of who was excluded", "assessments", "c-640323-0035", canvassing=True),
    new("an assessment of a write-in", "assessments", "c-640323-0035", candidate="c-640324-0064"),
    gone("the examination of who was excluded", "examinations", "c-640323-0035"),
    changed("the opinion on who was excluded", "integrity_opinions", "c-640323-0035",
            favourable=False),
    gone("the public notice of who was excluded", "public_notices", "c-640323-0035"),
    changed("the rank of who was excluded", "candidates", "c-640323-0035", rank="county"),
    changed("the birthday of a write-in", "candidates", "c-640324-0064",
            birth_date="1970-01-01"),
    changed("how candidates of two bodies are kin", "kin", "p-640302-0029/p-640302-0041",
            kinship="spouse"),
    changed("the mandate of a roving team", "teams", "g-640300-roving-1", mandate=PAPER),
    new("a roving team that went nowhere", "teams", "g-640300-roving-1", team="g-640300-roving-9"),
    changed("which team found a problem", "problems", "q-640302-01", team="g-640300-roving-2"),
    changed("by which channel a report came", "reports", "r-640302-01", channel="letter"),
    changed("which organ had a case", "cases", "a-640302-01", organ="petition-office"),
    changed("who decided on a breach", "violations", "v-640323-01", officer="o-640323-03"),
    changed("the number of a zero report", "returns", "640302/violations", document=PAPER),
    changed("the paper of the method", "sessions", GOVERNMENT, method_document=PAPER),
    changed("a reference list, which the Regulation of 2014 does not ask for", "documents",
            f"{CPPCC}/reference-list", issued_on=date(2016, 9, 10)),
)  # fmt: skip

# Of each kind of row that a gate rests on, one.
RELATED = (
    # It says when the cycle began there: an inspection lies within it.
    changed("the day of a deployment", "measures", "640302/superior-deployment",
            "plan:640302-* inspection:640302*", held_on=date(2016, 8, 15)),
    gone("a clause of the notice", "notice_clauses", "640302/vetting", "plan:640302-*"),
    changed("the day of a duty", "duties", "640302/liaison", "plan:640302-*",
            assigned_on=date(2016, 8, 20)),
    changed("the organ of who carries a duty", "officers", "o-640302-07", "plan:640302-*",
            organ="audit-office"),
    changed("the day of the responsibility talks with townships", "talks", "t-640302-06",
            "plan:640302[0-9]*", held_on=date(2016, 9, 30)),
    changed("the day of must-talks in a county", "talks", "t-640302-02", "nomination:640302-*",
            held_on=date(2016, 10, 7)),
    changed("who owes a responsibility talk", "roster", "p-640302-0003", "plan:640302-*",
            responsibility_talk=True),
    changed("who must be talked to", "roster", "p-640302-0003", "nomination:640302-*",
            must_talk=False),
    changed("the day of a pledge", "pledges", "p-640302-0003", "nomination:640302-*",
            signed_on=date(2016, 9, 22)),
    changed("the work plan", "documents", f"{GOVERNMENT}/work-plan", f"plan:{GOVERNMENT}",
            issued_on=date(2016, 8, 22)),
    changed("the personnel plan", "documents", f"{GOVERNMENT}/personnel-plan",
            f"plan:{GOVERNMENT}", issued_by="plenary"),
    gone("the approval from above", "documents", f"{CPPCC}/superior-approval", f"plan:{CPPCC}"),
    changed("the recommendation talks", "documents", f"{CPPCC}/recommendation-talks",
            f"nomination:{CPPCC} vetting:{CPPCC}", issued_on=date(2016, 9, 7)),
    changed("the name of a county, which says of what sort it is", "jurisdictions", "640302",
            f"plan:{CONGRESS} nomination:{CONGRESS} vetting:{GOVERNMENT} slate:{GOVERNMENT}",
            name="清源县"),
    changed("who examined a candidate", "examinations", "c-640302-0003",
            f"vetting:{CONGRESS}", officer="o-640302-03"),
    new("an officer in two roving teams", "team_members", "g-640300-roving-1/o-640300-14",
        "inspection:640303* inspection:640324*", team="g-640300-roving-2"),
    changed("the recommendation meeting", "documents", f"{CONGRESS}/recommendation-meeting",
            f"nomination:{CONGRESS} vetting:{CONGRESS}", issued_on=date(2016, 9, 12)),
    gone("the recommendation report", "documents", f"{CONGRESS}/recommendation-report",
         f"nomination:{CONGRESS}"),
    changed("the consultation", "documents", f"{CPPCC}/consultation", f"nomination:{CPPCC}",
            issued_on=date(2016, 11, 12)),
    changed("the letter of recommendation", "documents", f"{GOVERNMENT}/recommendation-letter",
            f"slate:{GOVERNMENT}", issued_by="plenary"),
    changed("the agreed member list", "documents", f"{CPPCC}/membership-agreed",
            f"slate:{CPPCC}", issued_on=date(2016, 11, 16)),
    changed("the decided member list", "documents", f"{CPPCC}/membership-decided",
            f"slate:{CPPCC}", issued_on=date(2016, 11, 20)),
    changed("the credentials report", "documents", f"{CONGRESS}/credentials-report",
            f"slate:{CONGRESS}", issued_on=date(2016, 11, 17)),
    changed("the confirmed credentials", "documents", f"{CONGRESS}/credentials-confirmed",
            f"slate:{CONGRESS}", issued_on=date(2016, 11, 19)),
    changed("the start of vetting", "calendar", GOVERNMENT,
            f"plan:{GOVERNMENT} vetting:{GOVERNMENT}",
            vetting_on=date(2016, 9, 20)),
    changed("when a session of a government opens", "calendar", f"{TOWNSHIP}-government",
            f"plan:{TOWNSHIP}-government nomination:{TOWNSHIP}-government "
            f"vetting:{TOWNSHIP}-government inspection:{TOWNSHIP}-government "
            f"slate:{TOWNSHIP}-government",
            session_opens_on=date(2016, 12, 1)),
    changed("when the session of a county's congress closes", "calendar", CONGRESS,
            f"plan:{CONGRESS} vetting:{CONGRESS} slate:{CONGRESS} plan:640300-congress",
            session_closes_on=date(2016, 12, 10)),
    changed("when the session of a township's congress closes", "calendar",
            f"{TOWNSHIP}-congress",
            f"plan:{TOWNSHIP}-congress vetting:{TOWNSHIP}-congress slate:{TOWNSHIP}-congress",
            session_closes_on=date(2016, 12, 10)),
    changed("the population of a county", "jurisdictions", "640302",
            f"plan:640302-* nomination:{CONGRESS}", population=411999),
    changed("the seats of a post", "posts", "640302-government-deputy-head",
            f"plan:{GOVERNMENT} nomination:{GOVERNMENT} slate:{GOVERNMENT} "
            f"result:{GOVERNMENT}", seats=6),
    changed("the deputies of a congress", "assemblies", CONGRESS,
            f"plan:{CONGRESS} nomination:{CONGRESS} result:{CONGRESS} result:{GOVERNMENT}",
            members=203),
    changed("the members of a CPPCC", "assemblies", CPPCC, f"result:{CPPCC}", members=171),
    changed("a candidate who steps back", "candidates", "c-640302-0003",
            f"nomination:{CONGRESS} vetting:{CONGRESS} inspection:{CONGRESS} slate:{CONGRESS} "
            f"result:{CONGRESS}",
            status="withdrawn"),
    changed("the birthday of a candidate", "candidates", "c-640302-0003",
            f"slate:{CONGRESS}", birth_date="1969-01-01"),
    changed("where a candidate is from", "candidates", "c-640302-0027", f"vetting:{GOVERNMENT}",
            home_division="640323"),
    changed("by whom a candidate was nominated", "nominations", "n-640302-0027",
            f"slate:{GOVERNMENT}", channel="deputies"),
    changed("the days to discuss", "deliberations", GOVERNMENT, f"slate:{GOVERNMENT}",
            closed_on=date(2016, 12, 8)),
    changed("when a list was published", "notices", f"{CPPCC}/membership", f"slate:{CPPCC}",
            published_on=date(2016, 11, 22)),
    changed("who saw a film", "screenings", "640302/cycle-meeting/film-liaoning",
            "nomination:640302-*", attendance=61),
    changed("the day of an activity", "activities", "640302/one-talk", "nomination:640302-*",
            done_on=date(2016, 9, 4)),
    new("a card lot", "card_lots", "k-640302-01", "nomination:640302-*",
        lot="k-640302-99"),
    changed("the day of the hotline", "publicity", "640302/hotline", "nomination:640302-*",
            published_on=date(2016, 8, 31)),
    changed("when a review was answered", "reviews", "c-640302-0027/audit",
            f"vetting:{GOVERNMENT}", answered_on=date(2016, 10, 2)),
    changed("an assessment", "assessments", "c-640302-0027", f"vetting:{GOVERNMENT}",
            appraisal_last_year="incompetent"),
    gone("an examination", "examinations", "c-640302-0027", f"vetting:{GOVERNMENT}"),
    changed("an opinion", "integrity_opinions", "c-640302-0027", f"vetting:{GOVERNMENT}",
            favourable=False),
    changed("a vote of the committee", "committee_votes", GOVERNMENT, f"vetting:{GOVERNMENT}",
            in_favour=9),
    changed("a public notice", "public_notices", "c-640302-0027",
            f"vetting:{GOVERNMENT} slate:{GOVERNMENT}",
            closed_on=date(2016, 10, 27)),
    changed("which sanction", "sanctions", "s-640302-01", f"vetting:{CONGRESS}", kind="demerit"),
    new("one sanction more in a county", "sanctions", "s-640302-01", "vetting:640302-*",
        sanction="s-640302-99", person="p-640302-0421"),
    new("two candidates of a government who are kin", "kin", "p-640302-0029/p-640302-0041",
        f"vetting:640302-* inspection:{GOVERNMENT} result:640302-*", kin="p-640302-0028"),
    changed("what a visit looked at", "visits", "640302/g-640300-roving-1/2016-09-18",
            "inspection:640302-*", reviews=False),
    new("a visit", "visits", "640302/g-640300-roving-1/2016-09-18", "inspection:640302-*",
        visited_on=date(2016, 9, 19)),
    changed("the end of an inspection", "inspections", "640302/g-640300-special-1",
            "inspection:640302-*", ended_on=date(2016, 10, 29)),
    new("one more who inspects a county", "team_members", "g-640300-special-1/o-640300-22",
        "inspection:640302-*", officer="o-640300-25"),
    changed("when a problem was put right", "problems", "q-640302-01", "inspection:640302-*",
            rectified_on=date(2016, 10, 23)),
    changed("the test of a county's channel", "report_channels", "640302/phone",
            "inspection:640302*", tested_on=date(2016, 8, 23)),
    changed("when a report was settled", "reports", "r-640302-01",
            f"vetting:{GOVERNMENT} inspection:{GOVERNMENT} slate:{GOVERNMENT}",
            closed_on=date(2016, 10, 9)),
    changed("when a report came in", "reports", "r-640302-01",
            f"vetting:{GOVERNMENT} inspection:640302-* slate:640302-*",
            received_on=date(2016, 9, 26)),
    changed("when a case was closed", "cases", "a-640302-01", f"inspection:{GOVERNMENT}",
            closed_on=date(2016, 10, 9)),
    changed("when a decision on a breach took effect", "violations", "v-640323-01",
            "inspection:640323-government", effective_on=date(2016, 10, 9)),
    changed("how many reports a county returned", "returns", "640302/reports",
            "inspection:640302-* slate:640302-*", entries=3),
    changed("how many sanctions a county returned", "returns", "640302/sanctions",
            "vetting:640302-*", entries=2),
    changed("who was present", "sessions", GOVERNMENT, f"result:{GOVERNMENT}", present=190),
    changed("the papers of a vote", "ballots", "640302-government-head/1",
            f"result:{GOVERNMENT}", void=9),
    changed("a count", "tallies", "640302-government-head/1/c-640302-0026/second",
            f"result:{GOVERNMENT}", in_favour=157),
    changed("who counted", "ballot_staff", f"{GOVERNMENT}/p-640302-0435",
            f"result:{GOVERNMENT}", role="scrutineer"),
    changed("how many deputies there are", "credentials", CONGRESS,
            f"slate:{CONGRESS} slate:{GOVERNMENT} result:{CONGRESS} result:{GOVERNMENT}",
            members=150),
    changed("how many seats are left open", "vacancies", "640381-cppcc-member",
            "result:640381-cppcc", seats=2),
    changed("a result", "results", "640302-government-head/c-640302-0026",
            f"result:{GOVERNMENT}", elected=False),
    new("a written-in name", "candidates", "c-640324-0064", "result:640324-congress",
        candidate="c-640324-9001", person="p-640324-0412"),
)  # fmt: skip
