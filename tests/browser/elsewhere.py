"""A page of another origin that tries everything a page can do to a served system.

Rules: it knows all that an insider knows (addresses, ids, bodies), and says what it got to read.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_SCRIPT = """
const api = %(api)s, deployment = %(deployment)s, run = %(run)s;
const launch = `${api}/deployments/${deployment}/create_flow_run`;
const open = JSON.stringify({force: true, state: {type: "COMPLETED", name: "Open"}});
const attempts = {
  token: () => fetch(`${api}/csrf-token?client=elsewhere`),
  read: () => fetch(`${api}/flow_runs/${run}`),
  "read with the password": () => fetch(`${api}/flow_runs/${run}`, {credentials: "include"}),
  launch: () => fetch(launch, {method: "POST", body: "{}",
    headers: {"Content-Type": "application/json"}}),
  "launch with a token made up": () => fetch(launch, {method: "POST", body: "{}", headers: {
    "Content-Type": "application/json", "Prefect-Csrf-Token": "x", "Prefect-Csrf-Client": "x"}}),
  "launch as text": () => fetch(launch, {method: "POST", mode: "no-cors", body: "{}"}),
  "set a state": () => fetch(`${api}/flow_runs/${run}/set_state`,
    {method: "POST", mode: "no-cors", body: open}),
  delete: () => fetch(`${api}/deployments/${deployment}`, {method: "DELETE"}),
  edit: () => fetch(`${api}/deployments/${deployment}`, {method: "PATCH", body: "{}"}),
  beacon: async () => { navigator.sendBeacon(launch, "{}"); throw "never read"; },
  socket: () => new Promise((ready, refused) => {
    const socket = new WebSocket(`${api.replace("http", "ws")}/events/in`);
    socket.onopen = () => ready({ok: true, type: "socket"});
    socket.onerror = refused;
  }),
  form: () => new Promise((_, done) => {
    const form = document.createElement("form");
    form.method = "POST"; form.enctype = "text/plain"; form.target = "frame"; form.action = launch;
    const field = document.createElement("input");
    field.name = '{"parameters": {}, "a": "'; field.value = '"}';
    form.append(field); document.body.append(form);
    document.querySelector("iframe").onload = () => done("never read");
    form.submit();
  }),
};
(async () => {
  const got = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    try { const answer = await attempt(); got[name] = answer.ok || answer.type; }
    catch (refused) { got[name] = "refused"; }
  }
  window.got = got;
})();
"""


def _page(api: str, deployment: str, run: str) -> bytes:
    given = {"api": api, "deployment": deployment, "run": run}
    script = _SCRIPT % {name: json.dumps(value) for name, value in given.items()}
    page = (
        f"<!doctype html><meta charset=utf-8><iframe name=frame></iframe><script>{script}</script>"
    )
    return page.encode()


@contextmanager
def page_elsewhere(api: str, deployment: str, run: str) -> Iterator[str]:
    """The address of the page, on another port of this machine."""
    content = _page(api, deployment, run)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as elsewhere:
        threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{elsewhere.server_port}/"
        finally:
            elsewhere.shutdown()
