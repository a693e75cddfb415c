"""All checks by the code of their rule; importing this registers them."""

from __future__ import annotations

import importlib
import pkgutil

from tasks import checks
from tasks.checks.registry import CHECKS

for _module in pkgutil.iter_modules(checks.__path__):
    if _module.name != "catalogue":
        importlib.import_module(f"{checks.__name__}.{_module.name}")

__all__ = ["CHECKS"]
