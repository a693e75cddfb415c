"""The reference cycle: a generator, its output as a book, planted faults and what mends them.

Rules: seeded and free of real people, so that anybody makes the same book again
(`python -m data.reference`); every figure of the source article is in it. One city is 116 units;
more cities and any number of candidates per unit are made for measurements.
"""

from data.reference.base import REFERENCE_ON, REFERENCE_SEED, Row, Rows, Size
from data.reference.cycle import each_city, generate
from data.reference.faults import Fault, faults, planted
from data.reference.figures import Figure, figures
from data.reference.signing import gate_signers, signers

__all__ = [
    "REFERENCE_ON",
    "REFERENCE_SEED",
    "Fault",
    "Figure",
    "Row",
    "Rows",
    "Size",
    "each_city",
    "faults",
    "figures",
    "gate_signers",
    "generate",
    "planted",
    "signers",
]
