"""What is served, where, and the environment that says so to every process of it.

Rules: loopback unless told otherwise. Our own server always has a password, which comes from a file
or from `TERMGATE_PASSWORD`, else is made at the first start and kept in the home for its user
alone; it is passed on in the environment only and is never on a command line. Telemetry is off, no
server is ever started behind one's back, and other pages' origins are refused. Prefect reads its
environment once, at import; the names in it are those that no `.env` or `prefect.toml` overrules.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
import stat
from collections.abc import MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from data.blobs import write_durably
from data.home import DESK, VARIABLE, Home
from deployments.embedded import API, SETTINGS
from schemas.text import Refusal, Text

PASSWORD = "TERMGATE_PASSWORD"  # noqa: S105 (the variable's name)
PORT, DESK_PORT = 4200, 4210
_LAST_PORT = 65535
_LONGEST = 1024
# Prefect sends none more often; a run that is silent for three of them is dead.
HEARTBEAT_SECONDS = 30

SERVED = {
    **SETTINGS,
    "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
    "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "true",
    # Our worker cancels what it runs.
    "PREFECT_WORKER_ENABLE_CANCELLATION": "false",
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
}


# A certificate of nobody's, never valid, the only one that clients of our own server read: they ask
# it without TLS, and to read those of all authorities, as they do three times in each run, takes
# longer than to decide a gate.
_NOBODY = """\
-----BEGIN CERTIFICATE-----
MIHiMIGVoAMCAQICAQEwBQYDK2VwMBsxGTAXBgNVBAMMEHRlcm1nYXRlOiBub2Jv
ZHkwHhcNMDAwMTAxMDAwMDAwWhcNMDAwMTAxMDAwMDAwWjAbMRkwFwYDVQQDDBB0
ZXJtZ2F0ZTogbm9ib2R5MCowBQYDK2VwAyEAJBEk9LPMojNFcmuQskgNgMok+1wQ
hmNX+7RVfdaAHwcwBQYDK2VwA0EAbppmRogfvNaDHr67wnf3ZcYLPEilenvS2S8B
qsEak5N3xFQzWm4lj2A5pwUzwaguoqixG+0aV1lPztqnqX6zCQ==
-----END CERTIFICATE-----
"""


class ServeRefused(Refusal):
    """Something that cannot be served as asked."""


@dataclass(frozen=True)
class Plan:
    """What is served and where.

    `api` names a server that runs already, `address` how others reach ours. The desk is for this
    machine alone; for others one is served by itself, behind TLS.
    """

    home: Home
    host: str = "127.0.0.1"
    port: int = PORT
    address: str | None = None
    api: str | None = None
    desk_port: int = DESK_PORT

    @property
    def desk_origins(self) -> tuple[str, ...]:
        """Every origin that the desk may be opened under, its own name first."""
        return tuple(f"http://{name}:{self.desk_port}" for name in ("127.0.0.1", "localhost"))

    @property
    def origin(self) -> str:
        """Where the pages are, as other machines reach them: scheme, host and port."""
        return self.address or f"http://{_quoted(_reachable(self.host))}:{self.port}"

    @property
    def origins(self) -> tuple[str, ...]:
        """Every origin that the pages may be opened under."""
        own = [f"http://{_quoted(_reachable(self.host))}:{self.port}"]
        if loopback(_reachable(self.host)):
            own += [f"http://{name}:{self.port}" for name in ("127.0.0.1", "localhost")]
        return tuple(dict.fromkeys([self.origin, *own]))

    @property
    def api_url(self) -> str:
        """The address of the API as the processes of this machine call it."""
        return self.api or f"http://{_quoted(_reachable(self.host))}:{self.port}/api"


def loopback(host: str) -> bool:
    """Whether a host is this machine and nobody else's."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _reachable(host: str) -> str:
    """Where this machine reaches what listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def _quoted(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def plan_of(
    home: Home,
    *,
    host: str | None = None,
    port: int | None = None,
    address: str | None = None,
    api: str | None = None,
    desk_port: int | None = None,
) -> Plan:
    """What is to be served, checked.

    Raises:
        ServeRefused: the options do not go together, or one is no address or port.
    """
    api = api or os.environ.get(API)
    if api and (host or port or address or desk_port):
        raise ServeRefused(
            Text(
                "--api（或 PREFECT_API_URL）指定了已有服务器，不能再用 --host、--port、--address、"
                "--desk-port",
                "--api (or PREFECT_API_URL) names a server that runs already; --host, --port, "
                "--address and --desk-port do not go with it",
            )
        )
    for option, given in (("--port", port), ("--desk-port", desk_port)):
        if given is not None and not 0 < given <= _LAST_PORT:
            raise ServeRefused(
                Text(f"{option} {given}：应在1至65535之间", f"{option} {given}: must be 1 to 65535")
            )
    if api:
        _address("--api", api)
    origin = address and origin_of(address)
    return Plan(home, host or "127.0.0.1", port or PORT, origin, api, desk_port or DESK_PORT)


def _address(name: str, url: str) -> SplitResult:
    """An address, taken apart.

    Raises:
        ServeRefused: it is none.
    """
    with suppress(ValueError):
        parts = urlsplit(url)
        # Looked at for what it raises: a port that is no number.
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts
    raise ServeRefused(
        Text(
            f"{name} {url}：应为 http:// 或 https:// 开头的地址",
            f"{name} {url}: an address that starts with http:// or https:// was expected",
        )
    )


def origin_of(address: str) -> str:
    """An address as browsers name it as an origin.

    Raises:
        ServeRefused: it is none, or has more to it: the pages stand at the top of their host.
    """
    parts = _address("--address", address)
    if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username is not None:
        raise ServeRefused(
            Text(
                f"--address {address}：只能是主机和端口，界面不能放在路径之下",
                f"--address {address}: only a host and a port; the pages cannot stand under a path",
            )
        )
    usual = {"http": 80, "https": 443}[parts.scheme]
    port = f":{parts.port}" if parts.port not in (None, usual) else ""
    return f"{parts.scheme}://{_quoted(parts.hostname or '')}{port}"


def kept_password(plan: Plan) -> Path | None:
    """The file with the password that was made at the first start of our own server.

    None where another is given, or the server is another.
    """
    if plan.api or os.environ.get(PASSWORD):
        return None
    file = plan.home.path / "serve.password"
    if not file.exists():
        write_durably(file, f"{secrets.token_urlsafe(24)}\n".encode())
    return file


def password_from(file: Path | None) -> str | None:
    """The password of the API, from a file or the environment; None where none is set.

    Raises:
        ServeRefused: the file can be read by others, or the password is not one line of ASCII.
    """
    if file is None:
        return _usable(os.environ.get(PASSWORD) or None, PASSWORD)
    with file.open("rb") as opened:
        if stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & 0o077:
            raise ServeRefused(
                Text(
                    f"{file}：其他人可以读写这个口令文件，不予使用；运行 chmod 600 {file}",
                    f"{file}: others may read or write this password file and it is not used; "
                    f"run `chmod 600 {file}`",
                )
            )
        content = opened.read(_LONGEST + 1)
    text = content.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
    return _usable(text, str(file))


def _usable(password: str | None, where: str) -> str | None:
    if password is None:
        return None
    plain = password.isascii() and password.isprintable() and password == password.strip()
    if not password or not plain or len(password) > _LONGEST:
        raise ServeRefused(
            Text(
                f"{where}：口令应为一行ASCII字符，首尾无空格",
                f"{where}: a password is one line of ASCII without blanks around it",
            )
        )
    return password


def _certificates(plan: Plan) -> Path:
    """The file of certificates by which clients know our own server, which has none."""
    return plan.home.prefect / "certificates.pem"


def environment(plan: Plan, password: str | None) -> dict[str, str]:
    """What the environment says to the server, the runs and the client.

    What the user's own environment says besides (a database for Prefect, say) is left as it is.
    """
    found = {
        **SERVED,
        "PREFECT_HOME": str(plan.home.prefect),
        API: plan.api_url,
        VARIABLE: str(plan.home.path),
        # A process of Python's own that outlives a killed serve would tell what it cleans up.
        "PYTHONWARNINGS": "ignore:resource_tracker:UserWarning",
    }
    if not plan.api:
        found |= {
            "PREFECT_API_SSL_CERT_FILE": str(_certificates(plan)),
            DESK: os.environ.get(DESK) or plan.desk_origins[0],
            "PREFECT_SERVER_UI_API_URL": f"{plan.origin}/api",
            "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": ",".join(plan.origins),
        }
    if password:
        found["PREFECT_API_AUTH_STRING"] = password
        if not plan.api:
            found["PREFECT_SERVER_API_AUTH_STRING"] = password
    return found


def prepare(plan: Plan, password: str | None, into: MutableMapping[str, str] = os.environ) -> None:
    """Put the environment in place, before Prefect is imported; the password's own name goes."""
    plan.home.prefect.mkdir(parents=True, exist_ok=True)
    if not plan.api:
        _certificates(plan).write_text(_NOBODY, encoding="ascii")
    into.update(environment(plan, password))
    into.pop(PASSWORD, None)
    # A profile of the user's may name another server.
    into.pop("PREFECT_PROFILE", None)
