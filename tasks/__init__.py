"""The work: checks (pure), evaluation, gates, hand-offs, intake, publishing to the UI."""
