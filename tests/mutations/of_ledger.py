"""Mutations of what anybody can check: chain, state, acts, decisions, checkpoints, receipts."""

from __future__ import annotations

from tests.mutations.mutation import Mutation, mutating

STATE = "tests/data/test_verify.py::test_an_edit_of_the_state_is_found"
BUNDLE = "tests/data/test_bundle.py"
TAMPERING = "tests/tamper/test_tampering.py::test_an_attack_is_detected_and_named"
NEIGHBOURS = (
    f"{TAMPERING}[file two checkpoints one behind the other, leave the newer out of the bundle]"
)

_chain = mutating("data/verify_chain.py", "tests/data/test_verify_chain.py")
_acts = mutating("data/verify_acts.py", "tests/data/test_verify_acts.py")
_decisions = mutating("data/verify_decisions.py", "tests/data/test_verify_decisions.py")
_checkpoints = mutating("data/checkpoints.py", "tests/data/test_checkpoints.py")
_merkle = mutating("schemas/merkle.py", "tests/data/test_merkle.py")
_receipts = mutating("data/receipts.py", "tests/data/test_receipts.py")


def single(name: str, rule: str, before: str, after: str, *tests: str) -> Mutation:
    """A mutation of the verifier of one file."""
    return Mutation(name, rule, "docs/verify_bundle.py", before, after, tests)


CHAIN = (
    _chain(
        "entry-hash",
        "The bytes of an entry have the hash on record.",
        "if hashlib.sha256(body).hexdigest() != name:",
        "if not name:",
        "test_a_changed_byte_names_its_entry",
    ),
    _chain(
        "rows-cut-off",
        "A ledger has as many entries as its head says.",
        "if head[0] > count:",
        "if head[0] > count + 1:",
        "test_a_removed_entry_is_named",
    ),
    _chain(
        "link",
        "An entry names the hash of the one before it.",
        'if entry.get("prev") != previous:',
        'if not entry.get("prev"):',
        "test_an_entry_rewritten_with_its_hash_names_its_entry",
    ),
    Mutation(
        "entry-read",
        "An entry is read only if its bytes have the hash on record.",
        "data/ledger.py",
        "    if digest(body) != name:\n",
        "    if not name:\n",
        ("tests/data/test_status.py::test_what_no_entry_says_is_not_shown",),
    ),
    Mutation(
        "state-follows",
        "A state table says what the entries say.",
        "data/verify_state.py",
        "        if found != rows:\n",
        "        if len(found) != len(rows):\n",
        (STATE,),
    ),
    Mutation(
        "units-follow",
        "No unit can be hidden.",
        "data/verify_state.py",
        "digest(canonical(units)) != listed",
        "not listed",
        ("tests/data/test_verify.py::test_a_unit_cannot_be_hidden",),
    ),
    Mutation(
        "blob-hash",
        "A blob is what its name says.",
        "data/blobs.py",
        "        if digest(content) != name:\n",
        "        if content is None:\n",
        ("tests/data/test_blobs.py::test_a_changed_blob_is_an_error_that_names_it",),
    ),
)

ACTS = (
    _acts(
        "act-by-a-live-key",
        "A key signs from its own entry until it is replaced or revoked.",
        "_need(key.officer == officer, key.signs_at(seq))",
        "_need(key.officer == officer)",
        "test_a_gate_is_signed_with_a_key_that_signs_by_then",
    ),
    _acts(
        "act-once",
        "A payload is recorded once.",
        "_need(built == payload, name not in folded.payloads)",
        "_need(built == payload)",
        "test_no_act_stands_twice",
    ),
    Mutation(
        "signature-holds",
        "Every signature holds.",
        "schemas/envelopes.py",
        "all(holds(public, signatures[name], message) for name, public in wanted.items())",
        "all(signatures[name] and message for name in wanted)",
        (
            "tests/data/test_verify_acts.py"
            "::test_no_byte_of_a_payload_or_signature_can_be_another",
        ),
    ),
)

DECISIONS = (
    _decisions(
        "decided-on-what-was-signed",
        "A signature that is counted is for the evidence of the decision.",
        '    _need(all(told.evidence == entry["evidence"] for told in signed))\n',
        "",
        "test_an_open_gate_is_signed",
    ),
    _decisions(
        "decided-since",
        "A signature from before a closing is not counted.",
        'one > entry["since"]',
        "one > 0",
        "test_a_sign_off_from_before_a_closing_does_not_count_on_the_same_evidence",
    ),
    _decisions(
        "decided-with-a-revoked-key",
        "A signature of a revoked key is not counted.",
        '_need(told.entry["kind"] in kinds and self._unrevoked(told, seq))',
        '_need(told.entry["kind"] in kinds)',
        "test_a_revoked_key_s_signature_does_not_count",
    ),
    _decisions(
        "decided-on-an-expired-waiver",
        "A waiver that is counted has not expired.",
        'told.entry["until"] >= entry["on"]',
        'told.entry["until"]',
        "test_an_expired_or_withdrawn_waiver_is_not_in_force",
    ),
    _decisions(
        "decided-behind-a-closed-gate",
        "No gate is open behind a closed one.",
        'self.decided[unit, one]["outcome"] == Outcome.OPEN.value',
        'self.decided[unit, one]["outcome"]',
        "test_no_gate_is_open_behind_a_closed_one",
    ),
    _decisions(
        "open-with-something-missing",
        "A gate that misses something is not open.",
        "Status.PASS.value in said and Status.MISSING.value not in said",
        "Status.PASS.value in said",
        "test_a_gate_that_misses_something_is_not_open",
    ),
    _decisions(
        "closing-entry-of-another-decision",
        "A stage ends on the decision that stands.",
        'entry["decision"] == before["seq"] and before["outcome"]',
        'entry["decision"] and before["outcome"]',
        "test_a_closing_entry_says_what_its_decision_says",
    ),
)

CHECKPOINTS = (
    _checkpoints(
        "checkpoint-organs",
        "Officers of two organs sign a checkpoint.",
        "ORGANS = 2",
        "ORGANS = 1",
        "test_two_organs_complete_it",
    ),
    _checkpoints(
        "checkpoint-of-another-history",
        "Nobody signs a checkpoint of other entries.",
        "size > len(log.leaves) or root(log.leaves[:size]) != checkpoint.root",
        "size > len(log.leaves)",
        "test_another_history_s_is_refused",
    ),
    Mutation(
        "rolled-back",
        "A ledger shorter than a checkpoint that somebody kept was rolled back.",
        "data/verify_checkpoints.py",
        "        if checkpoint.size > len(log.leaves):\n"
        '            return Fault(len(log.leaves) + 1, "rolled-back")\n',
        "        if checkpoint.size > len(log.leaves):\n            continue\n",
        (f"{BUNDLE}::test_a_ledger_rolled_back_is_told_by_what_was_kept",),
    ),
    Mutation(
        "rewritten",
        "Entries other than those a checkpoint was signed for were rewritten.",
        "data/verify_checkpoints.py",
        "return self._found[checkpoint.size] == checkpoint.root",
        "return checkpoint.size in self._found",
        (
            f"{BUNDLE}::test_kept_checkpoints_tell_what_was_rewritten",
            f"{BUNDLE}::test_checkpoints_on_record_tell_what_was_rewritten",
        ),
    ),
    Mutation(
        "neighbouring-checkpoint-left-out",
        "A bundle shows the newest checkpoint on record, however near the one before is.",
        "data/verify_checkpoints.py",
        "if largest > newest else None",
        "if largest > newest + 1 else None",
        (NEIGHBOURS,),
    ),
    Mutation(
        "bundle-whole",
        "A bundle has no byte that its members do not have.",
        "data/verify.py",
        "if fault is None and not bundle.whole(content):",
        "if fault is None and not content:",
        (f"{BUNDLE}::test_no_file_cut_or_longer_holds",),
    ),
    _merkle(
        "leaf-and-node",
        "Leaves and nodes are hashed apart (RFC 6962).",
        'return sha256(b"\\x00" + content).digest()',
        'return sha256(b"\\x01" + content).digest()',
        "test_leaves_and_nodes_are_hashed_apart",
    ),
    _merkle(
        "inclusion-proof",
        "A proof has not one hash more than it needs.",
        "return node if next(steps, None) is None else None",
        "return node",
        "test_no_other_leaf_place_size_or_proof_is_included",
    ),
    _merkle(
        "consistency-proof",
        "A proof of consistency leads to the old root too.",
        "(before, after) == (old, new)",
        "after == new",
        "test_no_other_history_is_consistent",
    ),
    _receipts(
        "receipt-proof",
        "The entry of a receipt is in its checkpoint.",
        '_need(includes(leaf, entry["seq"] - 1, size, proof, checkpoint.root), "proof")',
        '_need(includes(leaf, entry["seq"] - 1, size, proof, checkpoint.root) or proof, "proof")',
        "test_no_byte_can_be_another",
    ),
    _receipts(
        "receipt-of-two",
        "Two officers signed the checkpoint of a receipt.",
        "len({key.name for key in keys}) >= ORGANS",
        "len(list(keys)) >= ORGANS",
        "test_one_officer_with_two_keys_is_one",
    ),
)

SINGLE_FILE = (
    single(
        "single-file-entry-hash",
        "The bytes of an entry have the hash on record.",
        "        need(sha256(body) == name)\n",
        "",
        f"{TAMPERING}[edit an entry, keep its hash]",
    ),
    single(
        "single-file-rows-cut-off",
        "A ledger has as many entries as its head says.",
        "        need(int(number) == self.n, *",
        "        need(int(number) >= self.n, *",
        f"{TAMPERING}[cut the tail]",
    ),
    single(
        "single-file-two-organs",
        "Officers of two organs sign a checkpoint.",
        "None not in organs and len(organs) > 1",
        "None not in organs",
        f"{TAMPERING}[file a checkpoint by one organ alone]",
    ),
    single(
        "single-file-neighbouring-checkpoint-left-out",
        "A bundle shows the newest checkpoint on record, however near the one before is.",
        "bundled)]) >= newest,",
        "bundled)]) >= newest - 1,",
        NEIGHBOURS,
    ),
    single(
        "single-file-rewritten",
        "Entries other than those a checkpoint was signed for were rewritten.",
        "c.root == self.root(c.size)",
        "self.root(c.size)",
        f"{TAMPERING}[fork: another history from some entry on, all keys at hand]",
    ),
    single(
        "single-file-act-once",
        "A payload is recorded once.",
        "        need(self.payloads.setdefault(payload, k) == k)\n",
        "",
        f"{TAMPERING}[record an act a second time]",
    ),
    single(
        "single-file-evidence",
        "A signature that is counted is for the evidence of the decision.",
        ' and self.signed[a][0] == e["evidence"])',
        ")",
        "tests/tamper/test_tampering.py::test_an_attack_is_detected_and_named",
    ),
    single(
        "single-file-large-s",
        "A signature has one form (RFC 8032).",
        "return s < L and ",
        "return ",
        "tests/tamper/test_ed25519.py::test_a_larger_s_is_refused",
    ),
)

OF_LEDGER = (*CHAIN, *ACTS, *DECISIONS, *CHECKPOINTS, *SINGLE_FILE)
