"""Recording: decisions, objections and hand-offs are put on record; none is made here."""
