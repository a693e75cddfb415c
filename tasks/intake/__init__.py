"""Facts in (报送): strict reading of books and submissions, set checks, quarantine, templates.

Rules: nothing is converted silently and nothing is dropped silently. Input whose shape is wrong is
refused whole, in one line; a row that breaks a rule is rejected with its row, column, value and
reason; accepted and rejected rows together are always the rows delivered.
"""
