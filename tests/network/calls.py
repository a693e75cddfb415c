"""The addresses that a program and all its children connect or send to, as strace sees them.

Rules: whatever is not plainly this machine counts as outside, what cannot be read included; a name
looked up at a name server counts too, even at one that listens on loopback.
"""

from __future__ import annotations

import re
from pathlib import Path

NAME_SERVERS = 53
# Sockets of this machine, of the kernel, and none at all (a socket that lets go of its address).
_LOCAL = frozenset({"AF_UNIX", "AF_LOCAL", "AF_NETLINK", "AF_UNSPEC"})
_FAMILY = re.compile(r"sa_family=(\w+)")
_PORT = re.compile(r"sin6?_port=htons\((\d+)\)")
_ADDRESS = re.compile(
    r'inet_addr\("([^"]*)"\)|inet_pton\(AF_INET6, "([^"]*)"|sin6_addr=inet6_addr\("([^"]*)"\)'
)
# Calls that name an address; a call that was interrupted is taken up with its result only.
_CALL = re.compile(r"\b(connect|sendto|sendmsg|sendmmsg)\(")


def tracer(trace: Path) -> tuple[str, ...]:
    """The command that runs a program and writes down its calls, and those of its children."""
    calls = "trace=connect,sendto,sendmsg,sendmmsg"
    # Every structure in full, or an address may hide in it; nothing but these calls is stopped.
    options = ("-f", "-qq", "-v", "-s", "16", "--seccomp-bpf")
    return ("strace", *options, "-e", calls, "-o", str(trace))


def _loopback(address: str) -> bool:
    return address.startswith("127.") or address in ("::1", "::ffff:127.0.0.1")


def _outside(line: str) -> bool:
    for family in _FAMILY.findall(line):
        if family in _LOCAL:
            continue
        ports = [int(port) for port in _PORT.findall(line)]
        addresses = ["".join(groups) for groups in _ADDRESS.findall(line)]
        if family not in ("AF_INET", "AF_INET6") or not ports or not addresses:
            return True
        if NAME_SERVERS in ports or not all(map(_loopback, addresses)):
            return True
    return False


def outside(trace: Path) -> list[str]:
    """The calls of a trace that lead away from this machine, or to a name server."""
    lines = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if _CALL.search(line) and _outside(line)]


def reached(trace: Path) -> set[int]:
    """The ports of this machine that were connected to."""
    lines = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    return {
        int(port) for line in lines if "connect(" in line for port in _PORT.findall(line)
    }  # fmt: skip
