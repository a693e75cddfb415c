"""The reference cycle: a generator, its output as a book, planted faults and what mends them.

Rules: seeded and free of real people, so that anybody makes the same book again
(`python -m tests.generator`); every figure of the source article is in it. One city is 116 units;
more cities and any number of candidates per unit are made for measurements. What is made stands in
data/reference, where the main job finds it.
"""

from tests.generator.base import REFERENCE_ON, Row, Rows, Size
from tests.generator.cycle import each_city, generate
from tests.generator.faults import Fault, faults, planted
from tests.generator.signing import gate_signers, signers

__all__ = [
    "REFERENCE_ON",
    "Fault",
    "Row",
    "Rows",
    "Size",
    "each_city",
    "faults",
    "gate_signers",
    "generate",
    "planted",
    "signers",
]
