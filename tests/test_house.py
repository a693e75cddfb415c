"""The house keeps its order: which way imports run, what files may say, how long they may be."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from deployments.commands import COMMANDS
from tests.support.forks import Ended, Forks
from tests.support.tree import PACKAGES, ROOT, dotted, kept_files, modules

LONGEST_FILE = 400
HEAVY = ("prefect", "pandas", "great_expectations")

# A tree and the names of contracts → how the linter ended.
Linter = Callable[..., Ended]


# Imports


@pytest.fixture(scope="module")
def linter() -> Iterator[Linter]:
    """Hold a tree against the contracts of our pyproject.toml, or against some of them."""
    with Forks("importlinter.cli", "lint_imports") as forks:

        def held(tree: Path, *contracts: str) -> Ended:
            settings = str(ROOT / "pyproject.toml")
            return forks.call(
                tree,
                config_filename=settings,
                limit_to_contracts=contracts,
                no_cache=True,
                no_logo=True,
            )

        yield held


@pytest.fixture
def model_house(tmp_path: Path) -> Path:
    """A small tree that keeps every contract and uses what each allows."""
    files = {
        "schemas/__init__.py": "",
        "data/__init__.py": "import schemas, pandas, sqlite3",
        "tasks/__init__.py": "",
        "tasks/gate.py": "import data, prefect",
        "tasks/handoff.py": "import great_expectations",
        "tasks/checks/__init__.py": "from tasks.checks import registry",
        "tasks/checks/registry.py": "import schemas, pandas",
        "flows/__init__.py": "import prefect\nfrom tasks import gate, handoff",
        "deployments/__init__.py": "",
        "deployments/cli.py": "from deployments import read\ndef run():\n    import flows",
        "deployments/read.py": "import data",
        "deployments/gates.py": "import data",
        "deployments/inbox.py": "import data",
        "deployments/audits.py": "import data",
        "tests/__init__.py": "import deployments.cli",
    }
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n", encoding="utf-8")
    return tmp_path


def test_imports_keep_the_contracts(linter: Linter) -> None:
    held = linter(ROOT)
    assert held.code == 0, held.said


def test_the_contracts_allow_what_the_design_allows(linter: Linter, model_house: Path) -> None:
    held = linter(model_house)
    assert held.code == 0, held.said


@pytest.mark.parametrize(
    ("contract", "module", "line"),
    [
        ("layers", "schemas/__init__.py", "import data"),
        ("layers", "data/__init__.py", "from tasks import gate"),
        ("layers", "tasks/gate.py", "import flows"),
        ("layers", "flows/__init__.py", "import deployments"),
        ("layers", "deployments/cli.py", "import tests"),
        ("no-orchestrator", "schemas/__init__.py", "from prefect import task"),
        ("no-orchestrator", "data/__init__.py", "import prefect.client"),
        ("no-orchestrator", "tasks/checks/registry.py", "import prefect"),
        ("one-validator", "schemas/__init__.py", "import great_expectations"),
        ("one-validator", "tasks/gate.py", "from great_expectations import core"),
        ("one-validator", "flows/__init__.py", "import great_expectations"),
        ("one-validator", "deployments/cli.py", "import great_expectations"),
        ("pure-checks", "tasks/checks/registry.py", "import data"),
        ("pure-checks", "tasks/checks/registry.py", "from tasks import gate"),
        ("pure-checks", "tasks/checks/registry.py", "import sqlite3"),
        ("quick-reading", "deployments/read.py", "import pandas"),
        ("quick-reading", "deployments/gates.py", "import prefect"),
        ("quick-reading", "deployments/inbox.py", "import pandas"),
        ("quick-reading", "deployments/audits.py", "import great_expectations"),
    ],
)
@pytest.mark.parametrize("late", [False, True], ids=["at import", "in a function"])
def test_the_contracts_forbid(
    linter: Linter, model_house: Path, contract: str, module: str, line: str, late: bool
) -> None:
    planted = f"def later():\n    {line}\n" if late else f"{line}\n"
    with (model_house / module).open("a", encoding="utf-8") as file:
        file.write(planted)
    held = linter(model_house, contract)
    assert held.code == 1, held.said
    assert "BROKEN" in held.said


def loaded_by(*names: str) -> set[str]:
    """What a fresh process has loaded after importing these modules."""
    program = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)\n"
    show = "print(*sys.modules, sep='\\n')"
    run = subprocess.run(
        (sys.executable, "-c", program + show, *names),
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return set(run.stdout.split())


@pytest.mark.parametrize("module", ["deployments.read", "deployments.cli"])
def test_reading_commands_load_nothing_heavy(module: str) -> None:
    assert loaded_by(module).isdisjoint(HEAVY)


def test_the_command_line_loads_no_command() -> None:
    functions = {place.partition(":")[0] for place, _ in COMMANDS.values()}
    ours = {f"deployments.{module}" for module in functions}
    assert len(ours) > 10
    assert loaded_by("deployments.cli").isdisjoint(ours)


@pytest.mark.parametrize("package", ["schemas", "data", "tasks/checks"])
def test_auditing_and_replaying_load_no_orchestrator(package: str) -> None:
    top = package.partition("/")[0]
    names = [dotted(path) for path in modules(top) if path.is_relative_to(package)]
    assert names, f"{package} has no modules"
    assert loaded_by(*names).isdisjoint({"prefect", "great_expectations"})


# Files

# Written in parts, so that this file does not find itself.
LEAKS = re.compile(
    "|".join(
        (
            r"pypi" r"\.(?:org|python)",
            r"python" r"hosted\.",
            r"npm" r"js\.",
            r"debian" r"\.org",
            r"(?<![\w.])/ro" r"ot\b",
            r"(?<![\w.])/wo" r"rk/",
            r"(?<![\w.])/ho" r"me/\w",
            r"(?<![\w.])/Us" r"ers/\w",
            r"/opt/(?:wheels|py" r"pi)",
        )
    ).encode()
)


def leaks(content: bytes) -> list[str]:
    """Registry addresses and paths of a machine in a file's bytes."""
    return [found.decode() for found in LEAKS.findall(content)]


def contents(file: Path) -> bytes:
    """A file's bytes; a workbook's as it was before it was packed."""
    if not zipfile.is_zipfile(file):
        return file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def test_no_file_names_a_registry_or_a_path_of_a_machine() -> None:
    files = kept_files()
    assert Path("pyproject.toml") in files
    found = {str(path): leaks(contents(ROOT / path)) for path in files}
    assert {path: what for path, what in found.items() if what} == {}


@pytest.mark.parametrize(
    "parts",
    [
        ("https://pypi", ".org/simple"),
        ("https://files.python", "hosted.org/x"),
        ("https://registry.npm", "js.org"),
        ("at /ro", "ot/.venv"),
        ("cd /wo", "rk/main"),
        ("/ho", "me/somebody"),
        ("file:///opt/", "wheels"),
    ],
)
def test_a_leak_is_found(parts: tuple[str, str]) -> None:
    assert leaks("".join(parts).encode())


def test_what_is_no_leak_passes() -> None:
    assert leaks(b"TERMGATE_HOME=./home/prefect; the network; https://example.org/work/") == []


@pytest.mark.parametrize("lock", ["requirements.lock", "deployments/requirements.lock"])
def test_the_lock_names_no_source_and_hashes_everything(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    requirements = [line for line in lines if not line.startswith(" ")]
    assert len(requirements) > 100
    assert all(re.match(r"[a-z0-9-]+(\[[a-z0-9,-]+\])?==\S+ .*\\$", line) for line in requirements)
    hashes = [line for line in lines if line.startswith(" ")]
    assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line) for line in hashes)


def test_the_lock_holds_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = list(project["project"]["dependencies"])
    for extra in project["project"].get("optional-dependencies", {}).values():
        asked += extra
    for group in project["dependency-groups"].values():
        asked += [one for one in group if isinstance(one, str)]
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([a-z0-9-]+)(?:\[[^]]*\])?==(\S+)", text, re.MULTILINE))
    for requirement in map(Requirement, asked):
        assert locked[requirement.name.lower()] in requirement.specifier, "run make lock"


def test_the_license_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Version 2.0, January 2004" in text
    assert [f"   {number}. " in text for number in range(1, 10)] == [True] * 9
    assert "limitations under the License." in text


@pytest.mark.parametrize("package", [*PACKAGES, "tests"])
def test_every_module_says_what_it_is_for(package: str) -> None:
    files = modules(package)
    assert Path(package, "__init__.py") in files
    silent = [
        str(path)
        for path in files
        if not ast.get_docstring(ast.parse((ROOT / path).read_text(encoding="utf-8")))
    ]
    assert silent == []


# Names

# What the code called a message, a decision in force, what is expected, how a signer was shown a
# decision: each has a term of the field. Tellers and standing committees are the law's own words.
NO_NAMES = frozenset(
    re.split(
        " ",
        "told tell tells telling tellings standing standings awaited turn turns turned looking",
    )
)
TERMS = re.compile("STANDING_COMMITTEE")


def identifiers(source: str) -> set[str]:
    """Every name in some Python, of whatever is defined, used, imported or given by keyword."""
    return {
        name
        for node in ast.walk(ast.parse(source))
        if not isinstance(node, ast.Constant)
        for field, value in ast.iter_fields(node)
        if field != "type_comment"
        for name in (value if isinstance(value, list) else [value])
        if isinstance(name, str)
    }


def unfit(names: set[str]) -> set[str]:
    """The names with a word that is no name, whole between underscores or capitals."""
    return {
        name
        for name in names
        for word in re.findall("[A-Z]+(?![a-z])|[A-Z]?[a-z]+", TERMS.sub("", name))
        if word.lower() in NO_NAMES
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_names_are_the_terms_of_the_field(package: str) -> None:
    files = modules(package)
    assert files
    found = {
        str(path): unfit(identifiers((ROOT / path).read_text(encoding="utf-8")) | {path.stem})
        for path in files
    }
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "source",
    [
        "told = 1",
        "def tell(): pass",
        "class Standing: pass",
        "class InTurn: pass",
        "def f(_told_anew): pass",
        "f(told=1)",
        "one.standings",
        "from data.looking import f",
        "import data as told",
        "try: pass\nexcept E as told: pass",
        "match one:\n    case [*told]: pass",
        "STANDING = 1",
    ],
)
def test_a_name_that_is_no_term_is_found(source: str) -> None:
    assert len(unfit(identifiers(source))) == 1


def test_terms_of_the_law_and_words_inside_others_are_names() -> None:
    source = "COUNTY_STANDING_COMMITTEE = TELLER = outstanding = returns = untold = 'told'"
    assert unfit(identifiers(source)) == set()


# Waiting. These have deadlines of their own: they print, or are what others wait by.
CLOCKS = ("tests/support/patience.py", "tests/benchmarks/", "__main__.py")


def limits(source: str) -> list[int]:
    """Lines of a test that give up after a number of seconds written there, or read the clock."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            waits = isinstance(node.func, ast.Attribute) and node.func.attr in ("wait", "join")
            given = [word.value for word in node.keywords if word.arg == "timeout"]
            given += node.args if waits else []
            # Up to a second is a pause between two looks.
            numbers = [one for one in given if isinstance(one, ast.Constant)]
            found += [
                one.lineno
                for one in numbers
                if isinstance(one.value, int | float) and one.value > 1
            ]
        elif isinstance(node, ast.Compare):
            read = [one for one in ast.walk(node) if isinstance(one, ast.Attribute)]
            found += [one.lineno for one in read if one.attr in ("monotonic", "perf_counter")]
    return found


def test_tests_are_patient_in_one_place() -> None:
    files = [path for path in modules("tests") if not any(one in str(path) for one in CLOCKS)]
    found = {str(path): limits((ROOT / path).read_text(encoding="utf-8")) for path in files}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    ["run(timeout=60)", "process.wait(30)", "while time.monotonic() < end: pass"],
)
def test_impatience_is_found(source: str) -> None:
    assert limits(source) == [1]
    assert limits(source.replace("60", "PATIENCE").replace("30", "PATIENCE")) == [1] * (
        "monotonic" in source
    )


@pytest.mark.parametrize("package", PACKAGES)
def test_files_stay_short(package: str) -> None:
    files = modules(package)
    assert files
    lengths = {
        str(path): len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in files
    }
    assert {path: lines for path, lines in lengths.items() if lines >= LONGEST_FILE} == {}
