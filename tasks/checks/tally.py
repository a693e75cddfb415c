"""Who is elected, recomputed from the counted votes of all posts at once (domain §10).

Rules: whoever has more than half of all members is accepted; more accepted than seats: those with
most votes; a tie at the last seat elects none of the tied, who are voted on again by themselves,
and then the most votes suffice (地方组织法 art. 29), unless the others have withdrawn and one alone
is left. Votes are taken in their order: seats once filled stay filled, and nobody is elected twice.
A winner who was struck off afterwards was elected all the same, and leaves the seat open.
"""

from __future__ import annotations

import pandas as pd

from tasks.checks.judge import known

NEEDED = ("post", "round", "candidate", "votes", "members", "seats", "tie_break", "struck_off")
CANDIDACY = ["post", "candidate"]


def _among(rows: pd.DataFrame, others: pd.DataFrame) -> pd.Series:
    """Which `rows` are of a post and candidate of `others`."""
    pairs = pd.MultiIndex.from_frame(rows[CANDIDACY])
    return pd.Series(pairs.isin(pd.MultiIndex.from_frame(others[CANDIDACY])), index=rows.index)


def one_vote(votes: pd.DataFrame, accepted: pd.Series, seats: pd.Series) -> pd.DataFrame:
    """One vote on each post: whom the seats take (`elected`), who ties at the last (`tied`)."""
    pool = votes.loc[accepted].groupby("post")["votes"]
    # With those of equal votes counted in: inside the seats, or only partly inside.
    last = pool.rank(method="max", ascending=False).reindex(votes.index)
    first = pool.rank(method="min", ascending=False).reindex(votes.index)
    elected = known(last <= seats, unknown=False)
    tied = known((first <= seats) & (last > seats), unknown=False)
    return pd.DataFrame({"elected": elected, "tied": tied}, index=votes.index)


def elect(votes: pd.DataFrame) -> pd.DataFrame:
    """The outcome of every vote on every post.

    `votes` has a row per post, round and candidate (`NEEDED`; `seats` are the post's). Added are
    `accepted`, `elected`, `tied`, and from earlier votes `elected_before` and `tied_before`.
    """
    done: list[pd.DataFrame] = []
    winners = pending = votes.iloc[:0]
    for number in sorted(votes["round"].unique()):
        now = votes[votes["round"] == number]
        elected_before, tied_before = _among(now, winners), _among(now, pending)
        majority = known(now["votes"] * 2 > now["members"], unknown=False)
        rivals = tied_before.groupby(now["post"]).transform("sum") > 1
        most_suffice = now["tie_break"].astype(bool) & rivals
        accepted = majority.where(~now["tie_break"].astype(bool), majority & tied_before)
        accepted = accepted.where(~most_suffice, tied_before) & ~elected_before
        sitting = winners[~winners["struck_off"].astype(bool)]
        filled = now["post"].map(sitting["post"].value_counts()).fillna(0)
        outcome = one_vote(now, accepted, now["seats"].astype("float64") - filled)
        now = now.assign(
            accepted=accepted,
            elected_before=elected_before,
            tied_before=tied_before,
            elected=outcome["elected"],
            tied=outcome["tied"],
        )
        winners = pd.concat([winners, now[now["elected"]]])
        pending = pd.concat([pending[~pending["post"].isin(now["post"])], now[now["tied"]]])
        done.append(now)
    added = ("accepted", "elected_before", "tied_before", "elected", "tied")
    if not done:
        return votes.assign(**dict.fromkeys(added, pd.Series(dtype="bool")))
    return pd.concat(done).sort_index()
