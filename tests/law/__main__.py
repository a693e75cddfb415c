"""`python -m tests.law`: write the table of articles and cases, and docs/rules.md."""

from tests.law.coverage import TABLE, table
from tests.law.rules import PAGE, page

if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
