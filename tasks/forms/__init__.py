"""Cadre approval forms (干部任免审批表): read, and laid out as rows to fill in."""
