"""What things are: register rows, policy packs, findings, decisions and hand-off suites.

Nothing here reads or writes anything, and nothing here imports the other rooms of the house.
"""
