"""What is served and where: options that do not go together, and where the secret goes."""

from pathlib import Path

import pytest

from data.home import Home
from deployments.serving.lifetime import alone, bound
from deployments.serving.settings import (
    PASSWORD,
    ServeRefused,
    environment,
    loopback,
    password_from,
    plan_of,
    prepare,
)

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


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "termgate.example", "::"])  # noqa: S104
def test_a_network_needs_a_password(home: Home, host: str) -> None:
    with pytest.raises(ServeRefused, match="needs a password"):
        plan_of(home, host=host)
    assert plan_of(home, host=host, password=SECRET).host == host


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"api": "http://127.0.0.1:1/api", "port": 4201}, "do not go with it"),
        ({"api": "127.0.0.1:4200/api"}, "starts with http"),
        ({"api": "ftp://127.0.0.1/api"}, "starts with http"),
        ({"address": "termgate.example"}, "starts with http"),
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
    plan = plan_of(home, password=SECRET)
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
