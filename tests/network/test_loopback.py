"""No connection leaves loopback: in the main job's flows, in serving, in the tests themselves."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import pytest_socket

from schemas.vocabulary import Stage
from tests.network.calls import outside, reached, tracer
from tests.support import cycle
from tests.support.patience import PATIENCE
from tests.support.programs import needs
from tests.support.signing import sign_all

SCOPE = "640302103"
# Addresses that documentation has for itself: nobody answers there.
NOBODY, NOBODY6 = "192.0.2.1", "2001:db8::1"


def line(call: str, family: str, rest: str) -> str:
    return f"7 {call}(3, {{sa_family={family}{rest}}}, 16) = 0"


def inet(port: int, address: str) -> str:
    return f', sin_port=htons({port}), sin_addr=inet_addr("{address}")'


def inet6(port: int, address: str) -> str:
    name = f'inet_pton(AF_INET6, "{address}", &sin6_addr)'
    return f", sin6_port=htons({port}), sin6_flowinfo=htonl(0), {name}, sin6_scope_id=0"


INSIDE = (
    line("connect", "AF_UNIX", ', sun_path="/var/run/nscd/socket"'),
    line("sendto", "AF_NETLINK", ", nl_pid=0, nl_groups=00000000"),
    line("connect", "AF_INET", inet(4200, "127.0.0.1")),
    line("connect", "AF_INET6", inet6(4200, "::1")),
    '7 sendto(4, "GET /api/health "..., 120, 0, NULL, 0) = 120',
    "7 <... connect resumed>) = 0",
)
OUTSIDE = (
    line("connect", "AF_INET", inet(443, "93.184.216.34")),
    line("connect", "AF_INET", inet(443, "10.0.0.1")),
    line("connect", "AF_INET", inet(443, "0.0.0.0")),  # noqa: S104
    line("connect", "AF_INET", inet(53, "127.0.0.53")),
    line("sendto", "AF_INET6", inet6(443, "2001:db8::1")),
    line("connect", "AF_INET6", inet6(443, "::ffff:192.0.2.1")),
    line("connect", "AF_PACKET", ""),
    "7 connect(3, {sa_family=AF_INET, sin_port=htons(80)}, 16 <unfinished ...>",
    '7 sendmmsg(4, [{msg_hdr={msg_name={sa_family=AF_INET, sin_port=htons(53), '
    'sin_addr=inet_addr("10.0.0.1")}, msg_namelen=16}}], 1, 0) = 1',
)  # fmt: skip


@pytest.mark.parametrize("shown", INSIDE)
def test_what_stays_on_this_machine_is_let_through(shown: str, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    trace.write_text(f"{shown}\n", encoding="utf-8")
    assert outside(trace) == []


@pytest.mark.parametrize("shown", OUTSIDE)
def test_what_leaves_this_machine_is_named(shown: str, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    trace.write_text(f"{INSIDE[0]}\n{shown}\n", encoding="utf-8")
    assert outside(trace) == [shown]


@needs("strace")
def test_a_child_is_seen_too(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    # A datagram socket that is connected sends nothing yet.
    reach = f"import socket; socket.socket(type=socket.SOCK_DGRAM).connect(({NOBODY!r}, 9))"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {reach!r}])"
    subprocess.run((*tracer(trace), sys.executable, "-c", child), check=False, capture_output=True)
    (found,) = outside(trace)
    assert NOBODY in found


@needs("strace")
@pytest.mark.server
@pytest.mark.long
def test_the_flows_of_the_main_job_connect_to_nothing(tmp_path: Path) -> None:
    home = cycle.small_home(tmp_path / "home", planted=True)
    cycle.launch(home, Stage.PLAN, SCOPE)
    sign_all(home, Stage.PLAN, SCOPE)
    trace = tmp_path / "trace"
    on = ("--home", str(home.path), "--scope", SCOPE, "--day", cycle.ON.isoformat())
    own = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    own.pop("PREFECT_HOME", None)
    program = (str(Path(sysconfig.get_path("scripts"), "termgate")), "run", "cycle", *on)
    done = subprocess.run(
        (*tracer(trace), *program), env=own, check=False, capture_output=True, timeout=PATIENCE
    )
    assert done.returncode == 3, done.stderr[-3000:]
    assert reached(trace) == set()
    assert outside(trace) == []


@pytest.mark.parametrize("address", [NOBODY, NOBODY6])
def test_tests_cannot_connect_to_anything_else(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with (
        socket.socket(family) as made,
        pytest.warns(UserWarning, match="tried to use socket"),
        pytest.raises(pytest_socket.SocketConnectBlockedError),
    ):
        made.connect((address, 80))
