"""What coordinators see in the Prefect UI besides runs: pages as artifacts under stable keys.

Rules: pages are made from the ledger, so that editing or deleting one changes nothing; they hold
ids, terms, counts and jurisdiction names, never people's data; a new version is made only where the
content is not what stands.
"""
