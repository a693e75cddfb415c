"""The result report of a unit (选举结果报告单、计票报告单), printed and signed by hand.

Rules: it is made of what the unit's result was handed on by, the entry of the ledger, its decision
and the facts of that decision's position and day, and what these hand on again must have the
digest on record; the same ledger gives the same bytes. Names of people stand in the file that is
written and nowhere else.
"""
