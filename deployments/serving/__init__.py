"""Serving: a Prefect server, the deployments, their runs and the watch over the ledger."""
