"""Keep a cycle of this release: `python -m tests.golden`, once, when it is released.

Rules: a cycle that is kept is never made again; it has an entry of every kind that officers and
evaluators write, and the evaluator's key, which guards nothing.
"""

import sys
import tempfile
import zipfile
from pathlib import Path

from data.version import release
from tests.support.history import eventful_home

KEPT = Path(__file__).parent
# A moment that ZIP knows, so that the same files give the same archive.
MADE = (1980, 1, 1, 0, 0, 0)


def keep(path: Path) -> None:
    """Write a cycle of this release to an archive."""
    with tempfile.TemporaryDirectory() as folder:
        home = eventful_home(Path(folder) / "home").path
        with zipfile.ZipFile(path, "x", zipfile.ZIP_LZMA) as archive:
            for file in sorted(one for one in home.rglob("*") if one.is_file()):
                name = zipfile.ZipInfo(file.relative_to(home).as_posix(), MADE)
                name.compress_type = zipfile.ZIP_LZMA
                name.external_attr = 0o600 << 16
                archive.writestr(name, file.read_bytes())


if __name__ == "__main__":
    target = KEPT / f"{release()}.zip"
    if target.exists():
        sys.exit(f"{target} is kept already")
    keep(target)
