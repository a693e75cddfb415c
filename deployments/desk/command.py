"""The command `desk`: the pages of a cycle, served alone.

Rules: loopback unless told otherwise, and elsewhere only with a certificate: browsers keep keys
for nobody who is reached in the clear. One that is told to stop stops.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from data.home import DESK, named_home
from deployments.app import HomeOption, _
from deployments.exits import DONE
from deployments.serving.lifetime import bound
from deployments.serving.settings import DESK_PORT, ServeRefused, loopback, origin_of
from deployments.show import console
from schemas.text import Text


def desk(
    *,
    host: Annotated[
        str,
        Parameter(help=_("监听地址，默认仅本机", "address to listen on (default: this one)")),
    ] = "127.0.0.1",
    port: Annotated[int, Parameter(help=_("端口", "port"))] = DESK_PORT,
    address: Annotated[
        str | None,
        Parameter(
            env_var=DESK,
            help=_(
                "其他机器打开办理台所用的地址，如 https://desk.example",
                "address under which others open the desk, as https://desk.example",
            ),
        ),
    ] = None,
    certificate: Annotated[
        Path | None, Parameter(help=_("TLS证书文件（PEM）", "file with the TLS certificate (PEM)"))
    ] = None,
    certificate_key: Annotated[
        Path | None, Parameter(help=_("证书的私钥文件（PEM）", "file with its private key (PEM)"))
    ] = None,
    home: HomeOption = None,
) -> int:
    """Serve the desk of a cycle until told to stop."""
    opened = named_home(home).of_this_release()
    origins = _origins(host, port, address, secure=certificate is not None)
    from deployments.desk.server import serve_on

    with bound(host, port) as taken:
        where = origins[0]
        text = _(f"办理台：{where}（Ctrl-C 停止）", f"the desk: {where} (Ctrl-C stops it)")
        console().print(text, soft_wrap=True)
        serve_on(taken, opened, origins, certificate, certificate_key)
    return DONE


def _origins(host: str, port: int, address: str | None, *, secure: bool) -> list[str]:
    """Every origin under which the desk may be opened, its own name first.

    Raises:
        ServeRefused: it would be reached from elsewhere in the clear.
    """
    scheme = "https" if secure else "http"
    names = ["127.0.0.1", "localhost"] if loopback(host) else [host]
    own = [f"{scheme}://{name}:{port}" for name in names]
    other = origin_of(address) if address else ""
    if not (secure or loopback(host) or other.startswith("https:")):
        raise ServeRefused(
            Text(
                f"--host {host}：其他机器只能经 TLS 打开办理台；用 --certificate，或用 --address "
                "写明前面代理的 https 地址",
                f"--host {host}: others open the desk by TLS only; give --certificate, or name the "
                "https address of the proxy before it by --address",
            )
        )
    return [other, *own] if other else own
