"""The parts of the HTML report: pictures, tables, data, and the files that it is put together from.

Rules: everything that is shown goes through `markup`, which escapes it; every picture and figure
names its ledger entries; words stand in both languages and the page shows one of them.
"""
