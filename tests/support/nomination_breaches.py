"""Ways to break the rules of nomination and slate, and what the checks then say."""

from __future__ import annotations

from datetime import date

from tests.support.plan_nomination import Breach, Cycle, several

CITY, COUNTY, TOWNSHIP = "640300", "640302", "640302001"
CC, GC, PC = f"{COUNTY}-congress", f"{COUNTY}-government", f"{COUNTY}-cppcc"
CITY_CC, TC, TG = f"{CITY}-congress", f"{TOWNSHIP}-congress", f"{TOWNSHIP}-government"
HERE = {"jurisdiction": COUNTY}
PERSON = {"person": "p-640302-0"}
TALK = {"talk": "t-640302-must-talk"}
SHOWING = HERE | {"key_point": "cycle-meeting", "film": "film-a"}
ACTIVITY = HERE | {"activity": "one-a"}
HOTLINE = HERE | {"kind": "hotline"}
VICE = f"{CC}-vice-chair"
RIVAL = f"c-{CC}-vice-chair-1"
LATE = date(2016, 11, 21)
NOT_YET = date(2017, 1, 11)


def candidate(unit: str, name: str) -> str:
    return f"c-{unit}-{name}"


def nominated(unit: str, name: str) -> dict[str, object]:
    return {"nomination": f"n-{unit}-{name}"}


def person(unit: str, name: str) -> dict[str, object]:
    return {"candidate": candidate(unit, name)}


def paper(unit: str, kind: str) -> dict[str, object]:
    return {"unit": unit, "kind": kind}


def one_more_vice_chair(cycle: Cycle) -> None:
    """A second rival, nominated by the same deputies."""
    cycle.copy("candidates", person(CC, "vice-chair-1"), candidate=candidate(CC, "third"))
    cycle.copy("nominations", nominated(CC, "vice-chair-1"),
               nomination=f"n-{CC}-third", candidate=candidate(CC, "third"))  # fmt: skip
    for number in range(2):
        cycle.add("signers", nomination=f"n-{CC}-third", deputy=f"d-{COUNTY}-{number}")


def voted(cycle: Cycle, unit: str, **values: object) -> None:
    """The unit's session, whose presidium nominated on the day on which it was elected."""
    days = {"presidium_on": date(2016, 11, 18), "opened_on": date(2016, 11, 20)}
    days["voted_on"] = date(2016, 11, 22)
    cycle.change("sessions", {"unit": unit}, **days | values)


SLATE: tuple[Breach, ...] = (
    Breach("slate.differential", "missing", "no-candidates", CC, f"{CC}-chair",
           lambda c: c.change("candidates", person(CC, "chair-0"), status="withdrawn")),
    Breach("slate.differential", "missing", "no-candidates", CC, f"{CC}-chair",
           lambda c: c.change("candidates", person(CC, "chair-0"), status="write-in")),
    Breach("slate.differential", "fail", "zero-seats", CC, f"{CC}-chair",
           lambda c: c.change("posts", {"post": f"{CC}-chair"}, seats=0)),
    Breach("slate.differential", "fail", "no-lawful-number", CC, f"{CC}-member",
           lambda c: c.change("posts", {"post": f"{CC}-member"}, seats=4)),
    Breach("slate.differential", "fail", "too-few", CC, VICE,
           lambda c: c.change("candidates", {"candidate": RIVAL}, status="excluded")),
    Breach("slate.differential", "not_yet", "nominations-open", CC, VICE,
           several(
               lambda c: c.change("candidates", {"candidate": RIVAL}, status="excluded"),
               lambda c: c.change("deliberations", {"unit": CC}, closed_on=NOT_YET))),
    Breach("slate.differential", "fail", "too-few", PC, f"{PC}-member",
           lambda c: c.change("candidates", person(PC, "member-0"), status="withdrawn")),
    Breach("slate.differential", "fail", "too-many", PC, f"{PC}-chair",
           lambda c: c.copy("candidates", person(PC, "chair-0"), candidate="c-second")),
    Breach("slate.channel", "missing", "not-nominated", CC, RIVAL,
           lambda c: c.change("nominations", {"candidate": RIVAL}, nominated_on=NOT_YET)),
    Breach("slate.channel", "fail", "another-post", CC, RIVAL,
           lambda c: c.change("nominations", {"candidate": RIVAL}, post=f"{CC}-chair")),
    Breach("slate.channel", "fail", "not-from-the-floor", CC, candidate(CC, "chair-0"),
           lambda c: c.change("candidates", person(CC, "chair-0"), status="from-the-floor")),
    Breach("slate.channel", "missing", "no-presidium", CC, candidate(CC, "chair-0"),
           lambda c: c.drop("sessions", unit=CC)),
    Breach("slate.channel", "fail", "before-the-presidium", CC, candidate(CC, "chair-0"),
           lambda c: voted(c, CC, presidium_on=date(2016, 11, 19))),
    Breach("slate.channel", "fail", "wrong-channel", CC, RIVAL,
           lambda c: c.change("nominations", {"candidate": RIVAL}, channel="consultation")),
    Breach("slate.channel", "fail", "wrong-channel", PC, candidate(PC, "chair-0"),
           lambda c: c.change("nominations", nominated(PC, "chair-0"), channel="presidium")),
    Breach("slate.channel", "fail", "too-few-signers", CC, RIVAL,
           several(
               lambda c: c.drop("signers", **nominated(CC, "vice-chair-1"), deputy="d-640302-0"),
               lambda c: c.drop("signers", **nominated(CC, "vice-chair-1"), deputy="d-640302-1"))),
    Breach("slate.channel", "fail", "too-few-signers", CC, RIVAL,
           lambda c: c.drop("signers", **nominated(CC, "vice-chair-1"))),
    Breach("slate.caps", "not_applicable", "consultation", PC, f"{PC}-chair",
           lambda c: None),
    Breach("slate.caps", "missing", "not-nominated", CC, f"{CC}-chair",
           lambda c: c.drop("nominations", **nominated(CC, "chair-0"))),
    Breach("slate.caps", "fail", "presidium", CC, VICE,
           lambda c: c.change("nominations", {"candidate": RIVAL}, channel="presidium")),
    Breach("slate.caps", "fail", "deputies", CC, VICE, one_more_vice_chair),
    Breach("slate.eligibility", "missing", "unknown-post", CC, RIVAL,
           lambda c: c.change("candidates", {"candidate": RIVAL}, post=f"{GC}-head")),
    Breach("slate.eligibility", "missing", "no-calendar", CC, RIVAL,
           lambda c: c.drop("calendar", unit=CC)),
    Breach("slate.eligibility", "fail", "not-a-member", CC, RIVAL,
           lambda c: c.change("candidates", {"candidate": RIVAL}, assembly_member=False)),
    Breach("slate.eligibility", "fail", "not-a-member", TC, candidate(TC, "chair-0"),
           lambda c: c.change("candidates", person(TC, "chair-0"), assembly_member=False)),
    Breach("slate.eligibility", "fail", "not-a-member", PC, candidate(PC, "member-0"),
           lambda c: c.change("candidates", person(PC, "member-0"), assembly_member=False)),
    Breach("slate.eligibility", "fail", "incompatible-office", CC, RIVAL,
           lambda c: c.change("candidates", {"candidate": RIVAL}, incompatible_office=True)),
    Breach("slate.eligibility", "missing", "founding-unknown", TG, candidate(TG, "head-0"),
           lambda c: c.change("jurisdictions", {"jurisdiction": TOWNSHIP}, name="白塔侗族乡")),
    Breach("slate.eligibility", "missing", "founding-unknown", GC, candidate(GC, "head-0"),
           lambda c: c.change("jurisdictions", HERE, name="清源县",
                              founding_ethnicity="穿青人")),
    Breach("slate.eligibility", "fail", "founding-ethnicity", GC, candidate(GC, "head-0"),
           lambda c: c.change("jurisdictions", HERE, name="清源自治县", founding_ethnicity="傣族")),
    Breach("slate.eligibility", "fail", "founding-ethnicity", TG, candidate(TG, "head-0"),
           several(
               lambda c: c.change("jurisdictions", {"jurisdiction": TOWNSHIP},
                                  founding_ethnicity="回族"),
               lambda c: c.change("candidates", person(TG, "head-0"), ethnicity="汉族"))),
    Breach("slate.eligibility", "fail", "too-young", CC, RIVAL,
           lambda c: c.change("candidates", {"candidate": RIVAL},
                              birth_date=date(1998, 11, 24))),
    Breach("slate.eligibility", "missing", "month-only", CC, RIVAL,
           lambda c: c.change("candidates", {"candidate": RIVAL}, birth_date="1998-11")),
    Breach("slate.eligibility", "fail", "too-young", CC, RIVAL,
           several(
               lambda c: voted(c, CC),
               lambda c: c.change("candidates", {"candidate": RIVAL},
                                  birth_date=date(1998, 11, 23)))),
)  # fmt: skip

CONDUCT: tuple[Breach, ...] = (
    Breach("nomination.pledges", "missing", "nobody-listed", CC, CC,
           lambda c: c.change("roster", HERE, must_pledge=False)),
    Breach("nomination.pledges", "missing", "not-signed", GC, "p-640302-0",
           lambda c: c.drop("pledges", **PERSON)),
    Breach("nomination.pledges", "missing", "not-signed", GC, "p-640302-0",
           lambda c: c.change("pledges", PERSON, signed_on=NOT_YET)),
    Breach("nomination.pledges", "missing", "no-calendar", GC, "p-640302-0",
           lambda c: c.drop("calendar", unit=GC)),
    Breach("nomination.pledges", "fail", "too-late", GC, "p-640302-0",
           lambda c: c.change("pledges", PERSON, signed_on=LATE)),
    Breach("nomination.must-talks", "missing", "nobody-listed", CC, CC,
           several(
               lambda c: c.change("roster", HERE, must_talk=False),
               lambda c: c.change("candidates", {"unit": CC}, status="withdrawn"))),
    Breach("nomination.must-talks", "missing", "not-talked-to", CC, "p-640302-2",
           lambda c: c.change("candidates", {"candidate": RIVAL}, person="p-640302-2")),
    Breach("nomination.must-talks", "fail", "with-oneself", CC, "p-640302-0",
           lambda c: c.change("officers", {"officer": "o-640302-secretary"},
                              person="p-640302-0")),
    Breach("nomination.must-talks", "missing", "not-talked-to", CC, "p-640302-0",
           lambda c: c.drop("talk_participants", **TALK, **PERSON)),
    Breach("nomination.must-talks", "missing", "not-talked-to", CC, "p-640302-0",
           lambda c: c.change("talks", TALK, kind="responsibility")),
    Breach("nomination.must-talks", "missing", "no-calendar", CC, "p-640302-0",
           lambda c: c.drop("calendar", unit=CC)),
    Breach("nomination.must-talks", "fail", "wrong-organ", CC, "p-640302-0",
           lambda c: c.change("talks", TALK, officer="o-640302-audit")),
    Breach("nomination.must-talks", "fail", "too-late", CC, "p-640302-0",
           lambda c: c.change("talks", TALK, held_on=LATE)),
    Breach("nomination.films", "missing", "not-shown", CC, f"{COUNTY}/cycle-meeting/film-a",
           lambda c: c.drop("screenings", **SHOWING)),
    Breach("nomination.films", "missing", "not-shown", CC, f"{COUNTY}/cycle-meeting/film-a",
           lambda c: c.change("screenings", SHOWING, held_on=NOT_YET)),
    Breach("nomination.films", "fail", "too-few", CC, f"{COUNTY}/cycle-meeting/film-a",
           lambda c: c.change("screenings", SHOWING, attendance=19)),
    Breach("nomination.films", "fail", "too-few", CC, f"{COUNTY}/cycle-meeting/film-a",
           lambda c: c.change("screenings", SHOWING, attendance=0)),
    Breach("nomination.activities", "missing", "not-done", CC, f"{COUNTY}/one-a",
           lambda c: c.drop("activities", **ACTIVITY)),
    Breach("nomination.activities", "missing", "no-calendar", CC, f"{COUNTY}/one-a",
           lambda c: c.drop("calendar", unit=CC)),
    Breach("nomination.activities", "fail", "too-late", CC, f"{COUNTY}/one-a",
           lambda c: c.change("activities", ACTIVITY, done_on=LATE)),
    Breach("nomination.cards", "missing", "nobody-listed", CC, COUNTY,
           lambda c: c.change("roster", HERE, must_pledge=False)),
    Breach("nomination.cards", "missing", "none-handed-out", CC, COUNTY,
           lambda c: c.drop("card_lots", **HERE)),
    Breach("nomination.cards", "missing", "none-handed-out", CC, COUNTY,
           lambda c: c.change("card_lots", HERE, cards=0)),
    Breach("nomination.cards", "fail", "too-few", CC, COUNTY,
           lambda c: c.change("card_lots", {"lot": "k-640302-1"}, cards=1)),
    Breach("nomination.cards", "fail", "too-few", CC, COUNTY,
           lambda c: c.change("card_lots", {"lot": "k-640302-1"}, handed_on=NOT_YET)),
    Breach("nomination.publicity", "missing", "not-published", CC, f"{COUNTY}/hotline",
           lambda c: c.drop("publicity", **HOTLINE)),
    Breach("nomination.publicity", "missing", "no-calendar", CC, f"{COUNTY}/hotline",
           lambda c: c.drop("calendar", unit=CC)),
    Breach("nomination.publicity", "fail", "too-late", CC, f"{COUNTY}/hotline",
           lambda c: c.change("publicity", HOTLINE, published_on=date(2016, 9, 2))),
)  # fmt: skip

PAPERS: tuple[Breach, ...] = (
    Breach("nomination.lists", "not_applicable", "elects-no-deputies", GC, GC, lambda c: None),
    Breach("nomination.lists", "not_applicable", "elected-indirectly", CITY_CC, CITY_CC,
           lambda c: None),
    Breach("nomination.lists", "missing", "no-calendar", CC, f"{CC}/voter-roll",
           lambda c: c.drop("calendar", unit=CC)),
    Breach("nomination.lists", "missing", "no-election-day", CC, f"{CC}/voter-roll",
           lambda c: c.change("calendar", {"unit": CC}, election_day=None)),
    Breach("nomination.lists", "fail", "too-late", CC, f"{CC}/voter-roll",
           lambda c: c.change("calendar", {"unit": CC}, election_day=date(2016, 10, 10))),
    Breach("nomination.lists", "missing", "not-published", TC, f"{TC}/deputies-final",
           lambda c: c.drop("notices", **paper(TC, "deputies-final"))),
    Breach("nomination.lists", "fail", "too-late", CC, f"{CC}/voter-roll",
           lambda c: c.change("notices", paper(CC, "voter-roll"), published_on=date(2016, 10, 1))),
    Breach("nomination.lists", "fail", "too-late", CC, f"{CC}/deputies-preliminary",
           lambda c: c.change("notices", paper(CC, "deputies-preliminary"),
                              published_on=date(2016, 10, 6))),
    Breach("nomination.lists", "fail", "too-late", TC, f"{TC}/deputies-final",
           lambda c: c.change("notices", paper(TC, "deputies-final"),
                              published_on=date(2016, 10, 14))),
    Breach("slate.deliberation", "not_applicable", "township", TG, TG, lambda c: None),
    Breach("slate.deliberation", "not_applicable", "cppcc", PC, PC, lambda c: None),
    Breach("slate.deliberation", "missing", "not-ended", GC, GC,
           lambda c: c.change("deliberations", {"unit": GC}, closed_on=NOT_YET)),
    Breach("slate.deliberation", "fail", "too-short", GC, GC,
           lambda c: c.change("deliberations", {"unit": GC}, opened_on=date(2016, 11, 19))),
    Breach("slate.deliberation", "fail", "too-short", GC, GC,
           lambda c: c.change("deliberations", {"unit": GC}, closed_on=date(2016, 11, 1))),
    Breach("slate.deliberation", "fail", "on-the-day-of-the-vote", GC, GC,
           lambda c: voted(c, GC, voted_on=date(2016, 11, 19))),
    Breach("nomination.recommendation", "missing", "no-calendar", CC, f"{CC}/reference-list",
           lambda c: c.drop("calendar", unit=CC)),
    Breach("nomination.recommendation", "missing", "no-document", CC, f"{CC}/reference-list",
           lambda c: c.drop("documents", **paper(CC, "reference-list"))),
    Breach("nomination.recommendation", "fail", "out-of-order", CC, f"{CC}/recommendation-meeting",
           lambda c: c.change("documents", paper(CC, "recommendation-meeting"),
                              issued_on=date(2016, 9, 2))),
    Breach("nomination.recommendation", "fail", "wrong-organ", CC, f"{CC}/reference-list",
           lambda c: c.change("documents", paper(CC, "reference-list"),
                              issued_by="party-committee")),
    Breach("nomination.recommendation", "fail", "outdated", CC, f"{CC}/recommendation-meeting",
           several(*(
               lambda c, kind=kind: c.change("documents", paper(CC, kind),
                                             issued_on=date(2015, 11, 19))
               for kind in ("recommendation-talks", "reference-list", "recommendation-meeting")))),
    Breach("nomination.proposals", "missing", "no-proposal", CC, f"{CC}-chair",
           lambda c: c.change("candidates", person(CC, "chair-0"), status="from-the-floor")),
    Breach("nomination.proposals", "fail", "unknown-post", CC, f"{GC}-head",
           lambda c: c.change("candidates", {"candidate": RIVAL}, post=f"{GC}-head")),
    Breach("nomination.consultation", "missing", "no-document", GC, f"{GC}/consultation",
           lambda c: c.drop("documents", **paper(GC, "consultation"))),
    Breach("nomination.consultation", "fail", "wrong-organ", PC, f"{PC}/consultation",
           lambda c: c.change("documents", paper(PC, "consultation"),
                              issued_by="cppcc-party-group")),
    Breach("slate.letter", "not_applicable", "no-letter-of-a-cppcc", PC,
           f"{PC}/recommendation-letter", lambda c: None),
    Breach("slate.letter", "missing", "no-document", GC, f"{GC}/recommendation-letter",
           lambda c: c.drop("documents", **paper(GC, "recommendation-letter"))),
    Breach("slate.letter", "missing", "no-document", GC, f"{GC}/consultation",
           lambda c: c.drop("documents", **paper(GC, "consultation"))),
    Breach("slate.letter", "fail", "wrong-organ", CC, f"{CC}/recommendation-letter",
           lambda c: c.change("documents", paper(CC, "recommendation-letter"),
                              issued_by="united-front")),
    Breach("slate.letter", "fail", "out-of-order", CC, f"{CC}/recommendation-letter",
           lambda c: c.change("documents", paper(CC, "recommendation-letter"),
                              issued_on=date(2016, 9, 9))),
    Breach("slate.letter", "fail", "before-decision", GC, f"{GC}/recommendation-letter",
           lambda c: c.add("committee_votes", unit=GC, committee_size=9, present=9, in_favour=9,
                           conflicted_present=0, decided_on=date(2016, 11, 19))),
    Breach("slate.letter", "fail", "before-notice-over", GC, f"{GC}/recommendation-letter",
           lambda c: c.add("public_notices", candidate=candidate(GC, "head-0"), exemption="none",
                           opened_on=date(2016, 9, 6), closed_on=date(2016, 9, 13))),
    Breach("slate.membership", "not_applicable", "no-cppcc", GC, f"{GC}/membership-agreed",
           lambda c: None),
    Breach("slate.membership", "missing", "no-document", PC, f"{PC}/membership-decided",
           lambda c: c.change("documents", paper(PC, "membership-decided"), issued_on=NOT_YET)),
    Breach("slate.membership", "fail", "wrong-organ", PC, f"{PC}/membership-agreed",
           lambda c: c.change("documents", paper(PC, "membership-agreed"),
                              issued_by="cppcc-standing-committee")),
    Breach("slate.membership", "fail", "out-of-order", PC, f"{PC}/membership-decided",
           lambda c: c.change("documents", paper(PC, "membership-decided"),
                              issued_on=date(2016, 9, 30))),
    Breach("slate.membership", "missing", "no-calendar", PC, f"{PC}/membership-decided",
           lambda c: c.drop("calendar", unit=PC)),
    Breach("slate.membership", "missing", "not-published", PC, f"{PC}/membership-decided",
           lambda c: c.drop("notices", **paper(PC, "membership"))),
    Breach("slate.membership", "fail", "before-decided", PC, f"{PC}/membership-decided",
           lambda c: c.change("notices", paper(PC, "membership"),
                              published_on=date(2016, 10, 4))),
    Breach("slate.membership", "fail", "too-late", PC, f"{PC}/membership-decided",
           lambda c: c.change("notices", paper(PC, "membership"),
                              published_on=date(2016, 11, 21))),
)  # fmt: skip

BREACHES = (*SLATE, *CONDUCT, *PAPERS)
