"""The stages of a term change (换届) as Prefect flows, and the whole cycle."""
