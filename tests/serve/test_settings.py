"""What is served and where: options that do not go together, and where the secret goes."""

import ssl
import stat
from pathlib import Path

import pytest
from prefect import flow, task
from prefect.settings import (
    PREFECT_FLOWS_DEFAULT_RETRIES,
    PREFECT_TASKS_DEFAULT_RETRIES,
    Settings,
    temporary_settings,
)

from data.home import Home
from deployments import cli
from deployments.serving.lifetime import alone, bound
from deployments.serving.settings import (
    PASSWORD,
    ServeRefused,
    environment,
    kept_password,
    loopback,
    password_from,
    plan_of,
    prepare,
)
from deployments.serving.warm import nothing
from flows.stage_flow import UNCHECKED
from tasks.running import UNCACHED
from tests.support import cycle

SECRET = "Kx9-open-sesame"  # noqa: S105


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A folder that may be served, with nothing said by the environment."""
    for name in (PASSWORD, "PREFECT_API_URL"):
        monkeypatch.delenv(name, raising=False)
    return Home(tmp_path)


def test_without_options_only_this_machine_reaches_it(home: Home) -> None:
    plan = plan_of(home)
    assert (plan.host, plan.port, plan.origin) == ("127.0.0.1", 4200, "http://127.0.0.1:4200")
    assert plan.api_url == "http://127.0.0.1:4200/api"
    assert set(plan.origins) == {"http://127.0.0.1:4200", "http://localhost:4200"}


def test_a_password_is_made_once_and_kept_for_its_user_alone(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(home, host="0.0.0.0")  # noqa: S104
    file = kept_password(plan)
    assert file
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    made = password_from(file)
    assert made
    assert len(made) >= 32
    assert password_from(kept_password(plan)) == made
    assert password_from(kept_password(plan_of(Home(home.path / "other")))) != made
    assert kept_password(plan_of(home, api="http://127.0.0.1:1/api")) is None
    monkeypatch.setenv(PASSWORD, SECRET)
    assert kept_password(plan) is None


def test_an_address_is_an_origin_as_browsers_name_it(home: Home) -> None:
    for given in ("https://Termgate.example", "https://termgate.example:443/"):
        assert plan_of(home, address=given).origin == "https://termgate.example"
    assert plan_of(home, address="http://[::1]:8080").origin == "http://[::1]:8080"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"api": "http://127.0.0.1:1/api", "port": 4201}, "do not go with it"),
        ({"api": "127.0.0.1:4200/api"}, "starts with http"),
        ({"api": "ftp://127.0.0.1/api"}, "starts with http"),
        ({"address": "termgate.example"}, "starts with http"),
        ({"address": "https://termgate.example:x"}, "starts with http"),
        ({"address": "https://[termgate.example"}, "starts with http"),
        ({"address": "https://termgate.example/pages"}, "only a host and a port"),
        ({"address": "https://termgate.example?x=1"}, "only a host and a port"),
        ({"address": "https://me@termgate.example"}, "only a host and a port"),
        ({"port": 0}, "1 to 65535"),
        ({"port": 65536}, "1 to 65535"),
    ],
)
def test_wrong_options_are_told(home: Home, options: dict[str, object], said: str) -> None:
    with pytest.raises(ServeRefused, match=said):
        plan_of(home, **options)  # type: ignore[arg-type]


def test_the_api_that_runs_may_stand_in_the_environment(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
    assert plan_of(home).api == "http://127.0.0.1:1/api"
    with pytest.raises(ServeRefused):
        plan_of(home, port=4201)


def test_the_password_goes_by_the_environment_only(home: Home) -> None:
    plan = plan_of(home)
    said = environment(plan, SECRET)
    assert {name for name, value in said.items() if SECRET in value} == {
        "PREFECT_API_AUTH_STRING",
        "PREFECT_SERVER_API_AUTH_STRING",
    }
    assert said["PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED"] == "true"
    into = {PASSWORD: SECRET, "PREFECT_PROFILE": "cloud", "OTHER": "1"}
    prepare(plan, SECRET, into)
    assert PASSWORD not in into
    assert "PREFECT_PROFILE" not in into
    assert into["OTHER"] == "1"


def test_clients_of_our_server_read_one_certificate_and_those_of_another_all(home: Home) -> None:
    into: dict[str, str] = {}
    prepare(plan_of(home), SECRET, into)
    read = ssl.create_default_context(cafile=into["PREFECT_API_SSL_CERT_FILE"])
    # It would vouch for nobody, were it ever asked.
    assert read.cert_store_stats() == {"x509": 1, "crl": 0, "x509_ca": 0}
    elsewhere = environment(plan_of(home, api="https://prefect.example.org/api"), SECRET)
    assert "PREFECT_API_SSL_CERT_FILE" not in elsewhere


def test_a_server_that_runs_is_told_no_password_of_ours(home: Home) -> None:
    said = environment(plan_of(home, api="http://127.0.0.1:1/api"), SECRET)
    assert "PREFECT_SERVER_API_AUTH_STRING" not in said
    assert said["PREFECT_API_URL"] == "http://127.0.0.1:1/api"


def test_a_password_is_read_from_a_file_of_ones_own(home: Home) -> None:
    file = home.path / "password"
    file.write_text(f"{SECRET}\n")
    file.chmod(0o640)
    with pytest.raises(ServeRefused, match="chmod 600") as refused:
        password_from(file)
    assert SECRET not in str(refused.value)
    file.chmod(0o600)
    assert password_from(file) == SECRET


@pytest.mark.parametrize("text", ["", "\n", "two\nlines", " blank", "blank ", "口令", "x" * 1025])
def test_what_is_no_password_is_refused(home: Home, text: str) -> None:
    file = home.path / "password"
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(ServeRefused, match="one line of ASCII"):
        password_from(file)


def test_no_password_is_none(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    assert password_from(None) is None
    monkeypatch.setenv(PASSWORD, "")
    assert password_from(None) is None
    monkeypatch.setenv(PASSWORD, SECRET)
    assert password_from(None) == SECRET


def test_loopback_is_this_machine() -> None:
    assert all(map(loopback, ("127.0.0.1", "127.9.9.9", "::1", "localhost")))
    assert not any(map(loopback, ("0.0.0.0", "::", "10.0.0.1", "localhost.example")))  # noqa: S104


def test_a_home_is_its_users_alone(tmp_path: Path) -> None:
    made = cycle.small_home(tmp_path / "made" / "home")
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o700
    assert stat.S_IMODE(made.ledger_file.stat().st_mode) == 0o600
    made.path.chmod(0o755)
    with alone(made):
        assert stat.S_IMODE(made.path.stat().st_mode) == 0o700


def test_a_home_is_served_once(home: Home) -> None:
    with alone(home), pytest.raises(ServeRefused, match="stop that one first"), alone(home):
        pass
    with alone(home):
        pass


def test_a_port_in_use_is_told() -> None:
    with bound("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeRefused, match="another --port"):
            bound("127.0.0.1", port)
    with pytest.raises(ServeRefused, match="cannot listen"):
        bound("192.0.2.7", port)


SAID_ELSEWHERE = """
PREFECT_SERVER_CSRF_PROTECTION_ENABLED=false
PREFECT_SERVER_CORS_ALLOWED_ORIGINS=*
PREFECT_SERVER_API_AUTH_STRING=theirs
PREFECT_SERVER_EPHEMERAL_ENABLED=true
PREFECT_SERVER_ANALYTICS_ENABLED=true
PREFECT_API_URL=http://192.0.2.7/api
PREFECT_FLOWS_DEFAULT_RETRIES=3
PREFECT_TASKS_DEFAULT_RETRIES=3
"""


def test_what_a_file_says_steers_neither_server_nor_run(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(home)
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text(SAID_ELSEWHERE)
    for name, value in environment(plan, SECRET).items():
        monkeypatch.setenv(name, value)
    found = Settings()
    assert found.flows.default_retries == 3, "the file is read"
    assert found.server.api.csrf_protection_enabled
    assert found.server.api.cors_allowed_origins == ",".join(plan.origins)
    assert found.server.api.auth_string
    assert found.server.api.auth_string.get_secret_value() == SECRET
    assert not found.server.ephemeral.enabled
    assert not found.server.analytics_enabled
    assert found.api.url == plan.api_url
    retried = {PREFECT_FLOWS_DEFAULT_RETRIES: 3, PREFECT_TASKS_DEFAULT_RETRIES: 3}
    with temporary_settings(retried):
        assert flow(**UNCHECKED)(nothing).retries == 0
        assert task(**UNCACHED)(nothing).retries == 0


@pytest.mark.parametrize(
    ("file", "content", "named"),
    [
        (".env", "PREFECT_API_REQUEST_TIMEOUT=soon", "PREFECT_API_REQUEST_TIMEOUT"),
        ("prefect.toml", '[server.api]\nport = "x"', "PREFECT_SERVER_API_PORT"),
        ("prefect.toml", "[api", "prefect.toml"),
    ],
)
def test_a_setting_that_does_not_hold_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    file: str,
    content: str,
    named: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(file).write_text(content)

    monkeypatch.setattr(cli, "app", lambda *_, **__: Settings())
    assert cli.run_command([]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert named in line
