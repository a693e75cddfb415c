"""Mutations of what comes in and what is told: intake, packs, status, due, replay, guard."""

from __future__ import annotations

from tests.mutations.mutation import Mutation, mutating

BOUNDS = "tests/intake/test_bounds.py"
ASKING = "tests/serve/test_asking.py"
REPLAY = "tests/replay/test_replay.py"

_sets = mutating("tasks/intake/sets.py", "tests/intake/test_sets.py")
_agreement = mutating("tasks/intake/agreement.py", "tests/intake/test_sets.py")
_cells = mutating("tasks/intake/cells.py", "tests/intake/test_rejected_rows.py")
_read = mutating("tasks/intake/cells.py", "tests/intake/test_cells_read.py")
_days = mutating("tasks/intake/days.py", "tests/intake/test_cells_read.py")
_rows = mutating("tasks/intake/taking.py", "tests/intake/test_formats.py")
_old = mutating("tasks/intake/oldworkbook.py", "tests/intake/test_formats.py")
_asked = mutating("tasks/intake/asked_rows.py", "tests/asklists/test_lists.py")
_wanted = mutating("tasks/asklists/wanted.py", "tests/asklists/test_lists.py")
_names = mutating("tasks/intake/names.py", "tests/asklists/test_lists.py")
_accept = mutating("tasks/intake/accept.py", "tests/intake/test_several_registers.py")
_look_up = mutating("tasks/intake/lookups.py", "tests/intake/test_mapped.py")
_made = mutating("tasks/intake/made_rows.py", "tests/intake/test_mapped.py")
_blank_made = mutating("tasks/intake/made_rows.py", "tests/intake/test_blanks.py")
_blank_rows = mutating("tasks/intake/taking.py", "tests/intake/test_blanks.py")
_laid = mutating("tasks/forms/laying.py", "tests/forms/test_forms.py")
_own = mutating("tasks/intake/own_sheets.py", "tests/intake/test_mapped.py")
_map = mutating("tasks/intake/mapped.py", "tests/intake/test_mapped.py")
_returned = mutating("tasks/intake/mapped.py", "tests/intake/test_mapped_books.py")
_wide = mutating("tasks/intake/wide.py", "tests/intake/test_suggesting.py")
_number = mutating("schemas/identity.py", "tests/intake/test_identity.py")
_back = mutating("tasks/intake/quarantine.py", "tests/intake/test_identity.py")
_pack = mutating("schemas/policy.py", "tests/data/test_policies.py")
_pack_file = mutating("schemas/pack_files.py", "tests/data/test_policies.py")
_adopters = mutating("schemas/pack_files.py", "tests/data/test_pack_formats.py")
_format = mutating("schemas/pack_formats.py", "tests/data/test_pack_formats.py")
_coming = mutating("tasks/deadlines.py", "tests/tasks/test_deadlines.py")
_due = mutating("tasks/due.py", "tests/tasks/test_due.py")
_record = mutating("deployments/serving/record.py", ASKING)
_runs = mutating("deployments/runs.py", ASKING)
_guard = mutating("deployments/serving/guard.py", "tests/serve/test_guard.py")

INTAKE = (
    _made(
        "rules-of-mapped-rows",
        "A row that a map makes keeps the rules of its register.",
        "        if broken is None and not problems:\n",
        "        if broken is not None and not problems:\n",
        "test_rows_by_a_map_keep_the_rules_of_their_register",
    ),
    _blank_made(
        "id-of-blanks",
        "Of a number that is blank no id is made.",
        "        if any(map(is_empty, cells)):\n",
        '        if "" in cells:\n',
        "test_blanks_are_empty_in_sheets_of_one_s_own",
    ),
    _blank_rows(
        "row-of-blanks",
        "A row of blanks is nobody's.",
        "for row in raw.rows if holds(row[1])",
        'for row in raw.rows if any(cell != "" for cell in row[1])',
        "test_rows_and_cells_of_blanks_are_empty",
    ),
    _laid(
        "birth-date-of-the-number",
        "Where form and identity number differ the form's birth date stays.",
        "if day and agrees else stated",
        "if day else stated",
        "test_a_birth_date_that_differs_stays_and_is_told",
    ),
    _laid(
        "two-forms-of-one-name",
        "Two forms of one name may be one person, which is asked.",
        "    same += [one.new for one in before if _same(form.name, one.form.name)]\n",
        "",
        "test_two_forms_of_one_name_are_asked_about",
    ),
    _look_up(
        "one-of-two",
        "Of two who fit none is guessed.",
        "        if len(fitting) == 1:\n",
        "        if fitting:\n",
        "test_two_people_with_one_name_are_asked_about_and_never_guessed",
    ),
    _look_up(
        "all-that-is-known",
        "Whoever is looked up must fit all that is given.",
        "self._known(one, key, spec) & names",
        "self._known(one, key, spec) | names",
        "test_two_people_with_one_name_are_asked_about_and_never_guessed",
    ),
    _look_up(
        "number-as-it-is-written",
        "An ID number is the same however it is written.",
        "compared_text(one.beside.get(",
        "delivered_text(one.beside.get(",
        "test_an_id_number_is_the_same_however_it_is_written",
    ),
    _map(
        "file-that-is-not-needed",
        "A file alone asks for no other of the map that it needs not.",
        "if one not in known and wanted &",
        "if one not in known or wanted &",
        "test_a_file_alone_asks_for_no_other_that_it_needs_not",
    ),
    _returned(
        "returned-sheet-left-out",
        "A sheet that came back is read, and not told as left out.",
        "without=here)",
        "without=())",
        "test_a_book_in_people_s_sheets_is_the_same_book",
    ),
    _wide(
        "one-group-alone",
        "One term above a column makes no wide sheet.",
        "if len(found) >= _FEW:",
        "if found:",
        "test_what_is_not_plainly_wide_is_no_such_sheet",
    ),
    _number(
        "check-digit",
        "A number whose check digit is another's is none.",
        "or number[-1].upper() != ric.calc_check_digit(number):",
        "or not ric.calc_check_digit(number):",
        "test_the_check_digit_is_that_of_the_standard_s_tables",
    ),
    _back(
        "number-that-is-not-read",
        "Where no number is read, none comes back whole.",
        ' if "birth_date" in delivery.places else ()',
        "",
        "test_elsewhere_it_comes_back_masked_and_says_nothing_then",
    ),
    _made(
        "birth-of-a-wrong-number",
        "A number that does not hold gives no birth date by a map.",
        'problem(reasons.WRONG_IDENTITY) if text else ""',
        '""',
        "test_an_identity_number_gives_the_birth_date_and_comes_back_to_be_mended",
    ),
    _made(
        "digits-cut-off",
        "A number whose last digits are gone finds nobody.",
        " if cut_off(cell) else None",
        " if False else None",
        "test_a_number_of_which_the_last_digits_are_gone_is_nobody_s",
    ),
    _made(
        "review-not-asked-for",
        "A review of which nothing is known is no row.",
        "        if self._rows.each and self._empty(number, group):\n",
        "        if False:\n",
        "test_a_wide_sheet_gives_a_row_for_each_review",
    ),
    _own(
        "merged-without-word",
        "Merged cells mean the same below only where the map says so.",
        "        if len(columns) == 1 and columns[0] in same:\n",
        "        if len(columns) == 1:\n",
        "test_merged_cells_mean_the_same_below_only_where_the_map_says_so",
    ),
    Mutation(
        "number-bound",
        "A number at its upper bound is taken.",
        "tasks/intake/cells.py",
        "number > high:",
        "number >= high:",
        (BOUNDS,),
    ),
    Mutation(
        "parts-of-a-workbook",
        "A workbook of as many parts as may be is read.",
        "tasks/intake/package.py",
        "len(entries) > MOST_PARTS",
        "len(entries) >= MOST_PARTS",
        (BOUNDS,),
    ),
    _cells(
        "formula",
        "A formula is no value.",
        "            return uncomputed(cell)\n",
        "            return self.read(cell.text)\n",
        "test_a_bad_cell_of_a_workbook",
    ),
    _cells(
        "broken-number",
        "A number that is not whole is no whole number.",
        "            if not number.is_integer():\n",
        "            if number < 0:\n",
        "test_a_bad_cell_of_a_workbook",
    ),
    _read(
        "two-readings",
        "What may mean two terms is none of them.",
        "        if len(known) == 1:\n",
        "        if known:\n",
        "test_a_cell_without_one_reading",
    ),
    _read(
        "village-code",
        "A code of twelve digits that names a village is no township's.",
        'r"([0-9]{6})([0-9]{3})000"',
        'r"([0-9]{6})([0-9]{3})[0-9]{3}"',
        "test_a_cell_without_one_reading",
    ),
    _days(
        "month-alone",
        "A month is not its first day.",
        "            return problem(reasons.MONTH_ALONE)\n",
        "            return _day(year, number, 1)  # type: ignore[return-value]\n",
        "test_a_cell_without_one_reading",
    ),
    _days(
        "midnight",
        "A time of day other than midnight is told.",
        "        midnight = not int(clock[1]) and not int(clock[2]) and not float(clock[3] or 0)\n",
        "        midnight = True\n",
        "test_a_cell_without_one_reading",
    ),
    _rows(
        "merged-elsewhere",
        "Merged cells mean the same below in a column of the key alone.",
        "block.left == block.right and index in self._keys and len(self._keys) > 1",
        "block.left == block.right",
        "test_other_merged_cells_are_rejected_row_by_row",
    ),
    _rows(
        "stray-cell",
        "What stands in a column without heading is not left out.",
        "        if self._blank and not self._without_stray(number, cells):\n",
        "        if False:\n",
        "test_something_in_a_column_without_heading_is_rejected",
    ),
    _asked(
        "old-list",
        "An ask list undoes nothing that was delivered after it was made.",
        "delivery.asked[number] != as_of(delivery.register, now):",
        "delivery.asked[number] is now:",
        "test_an_old_list_undoes_nothing",
    ),
    _asked(
        "same-as-on-record",
        "A row of an ask list that stands so already is not delivered again.",
        "        if number in delivery.asked and now == row:\n",
        "        if False:\n",
        "test_a_list_that_is_not_filled_in_delivers_nothing",
    ),
    _names(
        "name-beside-id",
        "A name that is not that of its id rejects the row.",
        "            if known and plain_name(given) not in",
        "            if known and not given and plain_name(given) not in",
        "test_a_name_that_is_not_the_id_s_rejects_the_row",
    ),
    _wanted(
        "consequences",
        "Nobody is asked about a row that may have to go.",
        "        if one.withdraws and len(REGISTERS[one.register].key) == 1\n",
        "        if False\n",
        "test_a_row_is_withdrawn_where_the_sheet_says_so",
    ),
    _accept(
        "sheets-of-a-file",
        "A file of which one sheet cannot be read is taken in no part.",
        "    refuse_unusable(None if dry else home, given.name, book, checked)",
        "    refuse_unusable(None, given.name, Book({}, (), frozenset()), checked)",
        "test_one_sheet_that_cannot_be_read_refuses_the_file_and_all_faults_are_told",
    ),
    Mutation(
        "broken-row",
        "A row that a line break cut in two is not taken in part.",
        "tasks/intake/taking.py",
        "        if broken or breaks:\n",
        "        if broken:\n",
        ("tests/intake/test_rejected_rows.py::test_a_row_broken_in_two_by_a_line_break",),
    ),
    _old(
        "old-formula",
        "A formula of an old workbook is no value.",
        "        if kind == _FORMULA:\n",
        "        if kind == _FORMULA and not content:\n",
        "test_an_old_workbook",
    ),
    _old(
        "old-error",
        "An error of an old workbook is not an empty cell.",
        "        elif kind == _ERROR and content[7]:\n",
        "        elif kind == _ERROR and not content:\n",
        "test_an_old_workbook",
    ),
    Mutation(
        "hidden-register",
        "A hidden sheet that bears a register's name is not left out.",
        "tasks/intake/reading.py",
        "        if one.hidden:\n            problems",
        "        if False:\n            problems",
        ("tests/intake/test_formats.py::test_a_hidden_sheet_that_is_a_register_is_refused",),
    ),
    Mutation(
        "lost-character-in-quarantine",
        "What could not be written in the quarantine is refused when it comes back.",
        "tasks/intake/quarantine.py",
        'return _NOT_IN_XML.sub("\\ufffd", text)',
        'return _NOT_IN_XML.sub("", text)',
        ("tests/intake/test_quarantine.py::test_whatever_stood_there_makes_a_workbook",),
    ),
    Mutation(
        "strict",
        "What was only read is refused where it is asked for.",
        "tasks/intake/accept.py",
        "    if strict:\n        refuse_readings(deliveries.values())\n",
        "    if strict:\n        refuse_readings([])\n",
        ("tests/intake/test_first_try.py::test_strict_refuses_what_was_only_read",),
    ),
    Mutation(
        "follows-from-another-row",
        "A row that is wrong itself is no consequence.",
        "tasks/intake/causes.py",
        "        if first is None or None in causes or first in seen:\n",
        "        if first is None or first in seen:\n",
        (
            "tests/intake/test_causes.py"
            "::test_a_row_with_a_fault_beside_the_one_that_follows_is_told_itself",
        ),
    ),
    _sets(
        "doubled-key",
        "All rows of a doubled key are rejected.",
        "        if len(same) > 1:\n",
        "        if len(same) > 2:\n",
        "test_a_doubled_key_rejects_all_its_rows",
    ),
    _sets(
        "doubles-a-rejected-row",
        "A row that doubles a rejected one is rejected too.",
        "{key: [row] for key, row in delivery.rejected_keys.items()}",
        "{}",
        "test_a_row_doubles_one_that_was_rejected_before",
    ),
    _sets(
        "hangs-on-a-rejected-row",
        "Rejecting a row rejects whatever hangs on it, to the end.",
        "        delivery = delivery.without(rejections)\n",
        "        return delivery.without(rejections)\n",
        "test_a_rejected_parent_takes_its_children_along",
    ),
    _sets(
        "withdrawn-while-referred-to",
        "What others refer to is not withdrawn.",
        "            if holder:\n",
        "            if holder and holder[0] == delivery.register:\n",
        "test_a_withdrawal_of_what_is_still_referred_to",
    ),
    _sets(
        "candidate-of-another-unit",
        "A row about a candidate is of the candidate's unit.",
        'and unit != row["unit"]',
        'and unit == row["unit"] + row["candidate"]',
        "test_a_row_about_a_candidate_of_another_unit",
    ),
    _agreement(
        "unit-named-after-its-place",
        "A unit is named after its place and its body.",
        '    if row["unit"] != expected:\n',
        '    if not row["unit"]:\n',
        "test_facts_that_do_not_agree",
    ),
    _agreement(
        "township-cppcc",
        "A township has no CPPCC.",
        "body == Body.CPPCC and len(code) == DIGITS[Level.TOWNSHIP]",
        "body == Body.CPPCC and not code",
        "test_facts_that_do_not_agree",
    ),
    Mutation(
        "delivered-by-nobody",
        "Who is no officer delivers nothing.",
        "tasks/intake/delivering.py",
        '        raise ActRefused("unknown-officer", officer)\n',
        '        return "", ""\n',
        ("tests/tasks/test_accept.py::test_who_is_no_officer_delivers_nothing",),
    ),
    Mutation(
        "withdrawn-key",
        "A withdrawn key is gone until it is delivered again.",
        "data/registers.py",
        "np.repeat(modes, every.sizes) | keys",
        "keys",
        (
            "tests/data/test_registers.py"
            "::test_the_newest_row_of_a_key_wins_and_a_withdrawn_key_is_gone",
        ),
    ),
    Mutation(
        "newest-row",
        "The newest row of a key wins.",
        "data/registers.py",
        'keys.duplicated(keep="last")',
        'keys.duplicated(keep="first")',
        (
            "tests/data/test_registers.py"
            "::test_the_newest_row_of_a_key_wins_and_a_withdrawn_key_is_gone",
        ),
    ),
)

PACKS = (
    _pack(
        "check-of-another-stage",
        "A pack names a check under its own stage.",
        "    if rule.stage is not stage:\n",
        "    if rule.stage is None:\n",
        "test_a_pack_is_refused_with_its_reason",
    ),
    _pack_file(
        "stage-without-checks",
        "No stage is without checks.",
        "            if not codes:\n",
        "            if codes is None:\n",
        "test_a_pack_is_refused_with_its_reason",
    ),
    _pack(
        "yes-for-a-number",
        "Nothing in a pack is taken for something else.",
        "model_validate_json(given, strict=True)",
        "model_validate_json(given, strict=False)",
        "test_a_pack_is_refused_with_its_reason",
    ),
    _adopters(
        "one-adopter",
        "Another pack takes two organs.",
        "ADOPTERS = 2\n",
        "ADOPTERS = 1\n",
        "test_another_pack_takes_two_organs",
    ),
    _format(
        "format-of-tomorrow",
        "No format is read that this release does not know.",
        "not FIRST <= number <= newest()",
        "not FIRST <= number",
        "test_no_other_format_is_read",
    ),
)

TOLD = (
    Mutation(
        "reached",
        "Behind a closed gate nothing is reached.",
        "data/status.py",
        "outcomes.get(stage.value, NOT_REACHED) if open_so_far else NOT_REACHED",
        "outcomes.get(stage.value, NOT_REACHED)",
        ("tests/data/test_status.py::test_behind_a_closed_gate_nothing_is_reached",),
    ),
    Mutation(
        "unsupported",
        "A hand-off whose gate was closed again is shown as unsupported.",
        "data/status.py",
        "        if outcome != Outcome.OPEN:\n",
        "        if not outcome:\n",
        ("tests/deployments/test_signing.py::test_a_gate_that_is_closed_again_says_why",),
    ),
    _coming(
        "reminded-ahead",
        "A deadline is told of from its first day ahead on.",
        "one.due <= on + AHEAD",
        "one.due < on + AHEAD",
        "test_what_comes_near_is_told_and_duties_stay_told",
    ),
    _coming(
        "reminded-on-the-day",
        "A day of the calendar is told of on the day itself.",
        "one.due >= on or",
        "one.due > on or",
        "test_what_comes_near_is_told_and_duties_stay_told",
    ),
    _due(
        "due-by-evidence",
        "A gate whose evidence changed is due.",
        "evidence is None or evidence != current.evidence",
        "evidence is None",
        "test_changed_evidence_makes_a_gate_due_that_nobody_signed",
    ),
    _due(
        "due-by-an-act",
        "A gate about which somebody acted is due.",
        "acts[-1].seq > mark or self._keys > mark",
        "self._keys > mark",
        "test_what_is_due_and_signed_ends_as_stages_launched_by_hand",
    ),
    _due(
        "due-behind-a-closed-gate",
        "A gate behind a closed one is not due.",
        "if _open(look.current((unit, stage.value)))]",
        "if look.current((unit, stage.value))]",
        "test_behind_a_closed_gate_nothing_is_due",
    ),
    _guard(
        "foreign-page",
        "A page of another origin is refused, whatever else it names.",
        "if any(origin not in self._origins for origin in named):",
        "if named and all(origin not in self._origins for origin in named):",
        "test_other_pages_do_not",
    ),
    _guard(
        "foreign-host",
        "A request under a host name that is not ours is refused.",
        "allowed_hosts=hosts",
        'allowed_hosts=["*"]',
        "test_no_request_under_another_name_gets_through",
    ),
)

REPLAYED = (
    Mutation(
        "replay-compares",
        "Every field of a past decision is compared.",
        "tasks/replaying/comparison.py",
        "if name in but or recorded.get(name) == value:",
        "if name in but or name in recorded:",
        (f"{REPLAY}::test_whatever_somebody_edited_is_named",),
    ),
    Mutation(
        "crash-excuses-its-own",
        "A crash excuses no other check.",
        "tasks/replaying/comparison.py",
        "{change.check for change in one.findings} - borne",
        "set()",
        (f"{REPLAY}::test_a_crash_does_not_excuse_another_check",),
    ),
    Mutation(
        "hand-off-of-a-closed-gate",
        "Only what stood open can have been handed on.",
        "tasks/replaying/comparison.py",
        "*found) if closed else found",
        "*found) if not outcomes else found",
        (f"{REPLAY}::test_a_hand_on_by_a_closed_gate_is_named",),
    ),
    Mutation(
        "what-if-closes",
        "A pack under which an open gate would not open closes it.",
        "tasks/replaying/whatif.py",
        "closes = old.outcome is Outcome.OPEN and not opens",
        "closes = old.outcome is Outcome.OPEN and new.outcome is Outcome.BLOCKED",
        ("tests/replay/test_what_if.py::test_what_bears_on_a_gate_being_open",),
    ),
    Mutation(
        "what-if-refused",
        "A refusal is more than a signature that is missing.",
        "tasks/replaying/whatif.py",
        "one.check == code and one.status is Status.MISSING",
        "one.check == code",
        ("tests/replay/test_what_if.py::test_what_bears_on_a_gate_being_open",),
    ),
)

ASKED = (
    _record(
        "serve-of-another-ledger",
        "A serve that works on another ledger is not asked.",
        "if record.serves != served_by(home):",
        "if not record.serves:",
        "test_a_serve_of_another_ledger_is_not_asked",
    ),
    _record(
        "record-of-others",
        "A record that a group may read or write is none.",
        "stat.S_IMODE(about.st_mode) & 0o077",
        "stat.S_IMODE(about.st_mode) & 0o007",
        "test_a_record_that_another_may_have_written_is_none",
    ),
    _record(
        "record-of-another-user",
        "A record that another user owns is none.",
        " or about.st_uid != os.geteuid()",
        "",
        "test_a_record_of_another_user_is_none",
    ),
    _record(
        "record-that-nobody-holds",
        "What a killed serve left, or a copy of it, is no serve.",
        "    raise Unusable(BROKEN_OFF)\n",
        "    return path.read_bytes()\n",
        "test_the_serve_of_a_home_is_not_that_of_its_copy",
    ),
    Mutation(
        "password-to-a-proxy",
        "The password of a serve goes to no proxy.",
        "deployments/asking.py",
        "trust_env=False",
        "trust_env=True",
        (f"{ASKING}::test_no_proxy_comes_between",),
    ),
    _runs(
        "open-as-the-server-says",
        "A run that a serve calls open is open only if the ledger shows it.",
        'served[0] == "Open" and not _open_on_record(',
        'served[0] == "Open" and None is _open_on_record(',
        "test_what_only_the_server_says_is_not_open",
    ),
    _runs(
        "open-at-some-stage",
        "A cycle is open on record only if every unit is at every stage.",
        "stand = all(one.stages[stage.value] == Outcome.OPEN",
        "stand = any(one.stages[stage.value] == Outcome.OPEN",
        "test_a_cycle_is_open_only_if_every_stage_is",
    ),
)

OF_THE_REST = (*INTAKE, *PACKS, *TOLD, *REPLAYED, *ASKED)
