"""Links from Prefect's pages to the desk's, which show how everything stands."""

from __future__ import annotations

import os

from data.home import DESK


def at_desk(shown: str, path: str) -> str:
    """A Markdown link to a page of the desk; its words alone where nobody said where it is."""
    origin = os.environ.get(DESK)
    return f"[{shown}]({origin}{path})" if origin else shown
