"""The proven properties as a list: each is broken on purpose, and tests must notice.

Rules: a mutation changes one place of the product and breaks one rule that can be said in a
sentence; it names the tests that must fail for it. `python -m tests.mutations` breaks them one by
one in a copy of the tree. The list only grows: a place that is written anew keeps its mutation.
"""
