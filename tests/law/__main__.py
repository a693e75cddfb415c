"""`python -m tests.law`: write the table of articles and cases."""

from tests.law.coverage import TABLE, table

if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
