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
_context = mutating("data/verify_context.py", "tests/data/test_verify_decisions.py")
_verified = mutating("data/verified.py", "tests/data/test_verified.py")
_canonical = mutating("schemas/canonical.py", "tests/test_canonical.py")
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
    _chain(
        "head-hash",
        "The head names the hash of the last entry.",
        "return None if head[1] == last else",
        "return None if head[1] else",
        "test_a_chain_linked_again_is_found_by_its_head",
    ),
    _chain(
        "opened-twice",
        "A history begins once.",
        "if strict and (kind == OPENED) is not (seq == 1):",
        "if strict and seq == 1 and kind != OPENED:",
        "test_a_history_begins_once",
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
        "need(key.officer == officer, key.opens_at(seq) if opens else key.signs_at(seq))",
        "need(key.officer == officer)",
        "test_a_gate_is_signed_with_a_key_that_signs_by_then",
    ),
    Mutation(
        "vouched-by-another-organ",
        "Whoever verifies holds a vouching to be by another organ.",
        "data/acts.py",
        "return all(officer != other and organ != own for other, own in known)",
        "return all(officer != other for other, own in known)",
        ("tests/data/test_verify_acts.py::test_two_other_organs_vouch_once_each",),
    ),
    _acts(
        "act-says-what-was-signed",
        "What was signed is what the entry says, byte for byte.",
        "need(built == payload, name not in folded.payloads)",
        "need(name not in folded.payloads)",
        "test_another_statement_than_the_entry_s_does_not_hold",
    ),
    _acts(
        "withdrawal-of-another",
        "Only an own act is withdrawn.",
        'for name in ("officer", "unit", "stage")),',
        'for name in ("unit", "stage")),',
        "test_nobody_takes_back_what_another_signed_or_of_another_gate",
    ),
    Mutation(
        "signatures-too-many",
        "An envelope carries exactly the signatures of those who signed.",
        "schemas/envelopes.py",
        "signatures.keys() != wanted.keys()",
        "not signatures.keys() >= wanted.keys()",
        ("tests/authority/test_attempts.py::test_the_gate_stays_closed[one signature too many]",),
    ),
    Mutation(
        "envelope-form",
        "An envelope has no field but its own.",
        "schemas/envelopes.py",
        "enveloped.keys() == _FIELDS",
        "enveloped.keys() >= _FIELDS",
        (
            "tests/authority/test_attempts.py"
            "::test_the_gate_stays_closed[another field in the envelope]",
        ),
    ),
    Mutation(
        "base-sixty-four",
        "Bytes have one text in base64.",
        "schemas/encodings.py",
        "    if to_base64(content) != text:\n",
        "    if len(to_base64(content)) != len(text):\n",
        (
            "tests/authority/test_attempts.py"
            "::test_the_gate_stays_closed[other base64 of the signature]",
        ),
    ),
    Mutation(
        "keys-without-direction",
        "A point without a direction is no public key.",
        "schemas/ed25519.py",
        "return 1 < int.from_bytes",
        "return 0 <= int.from_bytes",
        ("tests/tamper/test_ed25519.py::test_a_public_key_has_one_encoding",),
    ),
    _acts(
        "act-once",
        "A payload is recorded once.",
        "need(built == payload, name not in folded.payloads)",
        "need(built == payload)",
        "test_no_act_stands_twice",
    ),
    Mutation(
        "signature-holds",
        "Every signature holds.",
        "schemas/envelopes.py",
        "all(holds(public, signatures[name], message) for name, public in wanted.items())",
        "all(signatures[name] and message for name in wanted)",
        ("tests/data/test_verify_acts.py::test_no_byte_of_a_payload_or_signature_can_be_another",),
    ),
)

DECISIONS = (
    _decisions(
        "decided-on-what-was-signed",
        "A signature that is counted is for the evidence of the decision.",
        'one.evidence == entry["evidence"] or act in carried',
        "True",
        "test_an_open_gate_is_signed",
    ),
    _decisions(
        "decided-since",
        "A signature from before a closing is not counted.",
        'one > entry["since"]',
        "one > 0",
        "test_a_sign_off_from_before_a_closing_does_not_count_on_the_same_evidence",
    ),
    _context(
        "decided-with-a-revoked-key",
        "A signature of a revoked key is not counted.",
        'need(valid.entry["kind"] in kinds and self._unrevoked(valid, seq))',
        'need(valid.entry["kind"] in kinds)',
        "test_a_revoked_key_s_signature_does_not_count",
    ),
    _decisions(
        "decided-on-an-expired-waiver",
        "A waiver that is counted has not expired.",
        'valid.entry["until"] >= entry["on"]',
        'valid.entry["until"]',
        "test_an_expired_or_withdrawn_waiver_is_not_in_force",
    ),
    _context(
        "decided-behind-a-closed-gate",
        "No gate is open behind a closed one.",
        'decided["outcome"] == Outcome.OPEN.value and not',
        'decided["outcome"] and not',
        "test_no_gate_is_open_behind_a_closed_one",
    ),
    _decisions(
        "decided-on-old-facts",
        "A decision rests on everything that came before it.",
        'context.moved(gate) <= entry["position"] < seq',
        '0 < entry["position"] < seq',
        "test_policy_position_and_since_are_those_of_the_history",
    ),
    _decisions(
        "open-with-something-missing",
        "A gate that misses something is not open.",
        "Status.PASS.value in said and said.isdisjoint(closed)",
        "Status.PASS.value in said",
        "test_a_gate_that_misses_something_is_not_open",
    ),
    _decisions(
        "closing-entry-of-another-decision",
        "A stage ends on the decision that stands.",
        'entry["decision"] == before["seq"] and context',
        'entry["decision"] and context',
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
        "checkpoint-filed-again",
        "No checkpoint is filed behind a larger one.",
        "if _largest_filed(log, transaction) >= checkpoint.size:",
        "if _largest_filed(log, transaction) > checkpoint.size + 1:",
        "test_an_older_one_is_not_filed_again",
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
    Mutation(
        "bundle-members",
        "The checkpoints of a bundle stand in their order, each once.",
        "data/bundle.py",
        "len(notes) != len(sizes) or ascending != sorted(set(ascending))",
        "len(notes) != len(sizes)",
        (f"{BUNDLE}::test_other_members_are_unreadable",),
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
        "min(len({one.name for one in found}), len({one.public for one in found}))",
        "len({one.public for one in found})",
        "test_one_officer_with_two_keys_is_one_and_so_is_a_key_of_two",
    ),
    Mutation(
        "key-file-of-others",
        "A private key that others may read is not used.",
        "data/keyfiles.py",
        "stat.S_IMODE(about.st_mode) & 0o077",
        "stat.S_IMODE(about.st_mode) & 0o007",
        ("tests/data/test_keyfiles.py::test_a_key_that_others_may_touch_is_refused",),
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
        '            need(self.signed[a][0] == e["evidence"] or str(a) in e["carried"])\n',
        "",
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

GONE_ON = (
    _verified(
        "bytes-of-then",
        "What was verified is hashed again each time, byte for byte.",
        "row[:2] != (seq, name) or hashlib.sha256(row[2]).hexdigest() != name",
        "row[:2] != (seq, name)",
        "test_a_changed_letter_anywhere_is_found_however_often_it_was_verified",
    ),
    _verified(
        "rewritten-as-a-whole",
        "An entry that is another one by now is a fault, however well the ledger verifies with it.",
        "    if fault is None and other:\n",
        "    if fault is None and other > len(rows):\n",
        "test_a_history_that_was_rewritten_as_a_whole_is_not_gone_on_with",
    ),
    _verified(
        "rolled-back-since",
        "Entries that are gone since they were verified are a fault.",
        "    if fault is None and other:\n",
        "    if fault is None and 0 < other <= len(rows):\n",
        "test_a_ledger_that_was_rolled_back_is_not_gone_on_with",
    ),
    _verified(
        "tail-followed",
        "What does not go on from what was verified is not followed.",
        "fault = self.take(rows) or self.keys.fault",
        "fault = (self.take(rows) and None) or self.keys.fault",
        "test_a_desk_follows_no_entry_that_does_not_go_on_from_what_it_knows",
    ),
    _verified(
        "key-followed",
        "No key is followed that its holder did not sign.",
        "fault = self.take(rows) or self.keys.fault",
        "fault = self.take(rows)",
        "test_a_desk_follows_no_key_that_its_holder_did_not_sign",
    ),
    _verified(
        "key-verified",
        "Nothing is decided where a key is on record that its holder did not sign.",
        "        or found.keys.fault\n",
        "",
        "test_nothing_is_opened_on_a_key_that_its_holder_did_not_sign",
    ),
    _verified(
        "head-of-what-is-gone-on-with",
        "Where a process goes on, the head still ends the chain.",
        "        or head_fault(heads[0] if heads else None, len(found.names), found.last)\n",
        "",
        "test_an_edit_is_told_as_a_fresh_process_tells_it",
    ),
    _verified(
        "state-of-what-is-gone-on-with",
        "Where a process goes on, the state tables still follow from the entries.",
        "        or state_fault(reader, found.state)\n",
        "",
        "test_an_edit_is_told_as_a_fresh_process_tells_it",
    ),
    _verified(
        "read-past-a-gap",
        "An entry that is gone is not read past.",
        "if len(found) != max(last - since, 0):",
        "if len(found) > max(last - since, 0):",
        "test_a_row_that_has_its_own_hash_is_not_taken_for_the_one_that_was_verified",
    ),
    _verified(
        "read-under-its-own-hash",
        "Read again, an entry is held against the hash of then.",
        "checked_entry(seq, self.names[seq - 1], bytes(body))",
        "checked_entry(seq, hashlib.sha256(bytes(body)).hexdigest(), bytes(body))",
        "test_a_row_that_has_its_own_hash_is_not_taken_for_the_one_that_was_verified",
    ),
)

CANONICAL = (
    _canonical(
        "names-by-code-points",
        "Names are in the order of UTF-16 (RFC 8785).",
        "together.isascii() or max(together)",
        "together.isascii() or bool(together) or max(together)",
        "test_what_is_plain_is_written_or_refused_as_by_rfc8785",
    ),
    _canonical(
        "left-to-the-fast-writer",
        "What is no plain JSON value is not left to a writer that takes it.",
        "        elif kind is not list and kind is not tuple:\n            return False\n",
        "        elif kind is not list and kind is not tuple:\n            continue\n",
        "test_what_is_not_plain_is_found_at_any_depth",
    ),
    _canonical(
        "fractions-by-the-fast-writer",
        "A number that is not whole is written as RFC 8785 says.",
        "frozenset({str, int, bool, type(None)})",
        "frozenset({str, int, float, bool, type(None)})",
        "test_what_is_not_plain_is_found_at_any_depth",
    ),
    _canonical(
        "large-numbers",
        "A whole number of more than 53 bits is refused.",
        "orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER",
        "orjson.OPT_SORT_KEYS",
        "test_what_is_plain_is_written_or_refused_as_by_rfc8785",
    ),
)

_ATTACK = "tests/tamper/test_tampering.py::test_an_attack_is_detected_and_named"
_AUTHORITY = "tests/authority/test_evaluators.py"
EVALUATORS = (
    Mutation(
        "decided-by-nobody",
        "A decision that no evaluator signed does not verify.",
        "data/verify_decisions.py",
        "and not is_signed(entry, folded.evaluators):",
        'and "evaluator" not in entry:',
        (_ATTACK,),
    ),
    Mutation(
        "decided-out-of-force",
        "An evaluator's key signs while it is in force, and neither before nor after.",
        "data/evaluators.py",
        'return key.signs_at(entry["seq"]) and is_signature(',
        "return is_signature(",
        (_ATTACK,),
    ),
    Mutation(
        "decided-anywhere",
        "A signed decision holds at its own place in the chain alone.",
        "data/evaluators.py",
        'if name != "signature"',
        'if name not in ("signature", "seq", "prev", "at")',
        (_ATTACK,),
    ),
    Mutation(
        "evaluator-of-one-organ",
        "Officers of two organs put an evaluator's key in force.",
        "data/verify_evaluators.py",
        "by.organ != key.organ,",
        "",
        (
            "tests/forgeries/test_forgeries.py::test_it_is_named"
            "[key an evaluator's put in force by two officers of one organ]",
        ),
    ),
    Mutation(
        "evaluator-revoked-by-anybody",
        "A discipline commission revokes an evaluator's key, and nobody else.",
        "data/verify_evaluators.py",
        "need(not key.revoked, by.organ == Organ.DISCIPLINE.value)",
        "need(not key.revoked)",
        (_ATTACK,),
    ),
    Mutation(
        "stands-unsigned",
        "A decision on record that no evaluator signed stands in for nothing.",
        "tasks/recording/recorded.py",
        "        found = is_signed(entry.as_json(), evaluators)\n",
        "        found = True\n",
        (f"{_AUTHORITY}::test_a_decision_without_the_key_stands_for_nothing",),
    ),
    Mutation(
        "stands-revoked",
        "What a revoked key decided is decided again.",
        "data/evaluators.py",
        "return key is None or bool(key.revoked)",
        "return key is None",
        (
            f"{_AUTHORITY}::test_a_revoked_key_decides_nothing_and_what_it_decided_is_confirmed_anew",
        ),
    ),
    Mutation(
        "evaluators-key-of-others",
        "A process decides with no key that others may read.",
        "data/keyfiles.py",
        "        return _own_alone(about)\n",
        '        return ""\n',
        (f"{_AUTHORITY}::test_a_key_that_others_may_touch_decides_nothing",),
    ),
)

OF_LEDGER = (
    *CHAIN, *ACTS, *DECISIONS, *CHECKPOINTS, *SINGLE_FILE, *GONE_ON, *CANONICAL, *EVALUATORS,
)  # fmt: skip
