"""Ask lists: what is missing or wrong, as workbooks to fill in and hand in."""
