"""Everything a user of the Prefect UI can press: none of it opens a gate or loses a decision."""
