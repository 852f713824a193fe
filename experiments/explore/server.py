"""The page over HTTP, for this machine alone: only GET, only loopback, every request checked before it is solved."""

import json
import shlex
import socket
import sys
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

from experiments.explore.messages import BASELINE_OF_THIS_ECONOMY, charts, data_file, message_of
from experiments.explore.request_queue import Busy, Superseded
from experiments.explore.view import FILE, described, moved_numbers, read_view, scenario_file
from experiments.request.errors import InputError
from model.transition.solutions import BASELINE

HOST = "127.0.0.1"
PAGE = Path(__file__).parent / "page"
FILES = {
    "/": ("index.html", "text/html"),
    "/app.js": ("app.js", "text/javascript"),
    "/format.js": ("format.js", "text/javascript"),
    "/charts.js": ("charts.js", "text/javascript"),
    "/settings.js": ("settings.js", "text/javascript"),
    "/lines.js": ("lines.js", "text/javascript"),
    "/style.css": ("style.css", "text/css"),
}
LONGEST_REQUEST = 2000  # letters
LONGEST_NAME = 40  # of a window
OF_THE_ASKER = ("window", "beyond")  # in a query, beside the setting
MOST_CONNECTIONS, MOST_IN_LINE = 32, 512  # with a thread of their own, and not yet taken from the system's list
CONNECTION_SECONDS = 10  # without a letter from a client, or for it to take an answer
HANG_UP_SECONDS = 1  # for a thread to end whose connection was cut
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Explorer(ThreadingHTTPServer):
    """Serves the page; `ask(view, window, beyond)` gives an `Answer`, in the thread of the desk, `nearby()` what is known beforehand.

    `program` is a text that is another one for another economy or other code.
    """

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = MOST_IN_LINE

    def __init__(self, port, schema, stops, overrides, ask, caption, program, nearby=dict):
        super().__init__((HOST, port), Handler)
        self.schema, self.stops, self.overrides, self.ask = schema, stops, overrides, ask
        self.program, self.nearby = {"caption": caption, "program": program}, nearby
        self.room = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._silent, self._lock = {}, threading.Lock()  # connections that have not asked yet, the oldest first
        names = (HOST, "localhost")
        self.names = {f"{name}:{self.server_port}" for name in names} | (
            set(names) if self.server_port == 80 else set()
        )

    def process_request(self, request, client_address):
        """One more thread; where all are taken, in place of the client that has not asked for longest, else it is told so."""
        if not self._has_room():
            request.sendall(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            self.shutdown_request(request)
            return
        with self._lock:
            self._silent[request] = None
        super().process_request(request, client_address)

    def asked(self, request):
        """This connection has asked: it is answered, however many others come."""
        with self._lock:
            self._silent.pop(request, None)

    def _has_room(self):
        if self.room.acquire(blocking=False):
            return True
        with self._lock:
            oldest = next(iter(self._silent), None)
            self._silent.pop(oldest, None)
        if oldest is None:
            return False
        with suppress(OSError):  # it has just left by itself
            oldest.shutdown(socket.SHUT_RDWR)
        return self.room.acquire(timeout=HANG_UP_SECONDS)

    def process_request_thread(self, request, client_address):
        """The thread of a connection, which gives its room back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.asked(request)
            self.room.release()

    def handle_error(self, request, client_address):
        """A connection that breaks is the client's affair; anything else is said in one line."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError | TimeoutError | socket.timeout):
            print(f"error: {type(error).__name__}: {error}", file=sys.stderr, flush=True)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server_version, sys_version = "TwoEconomies", ""
    timeout = CONNECTION_SECONDS

    def parse_request(self):
        """Read the request; from then on the connection is kept."""
        read = super().parse_request()
        self.server.asked(self.request)
        return read

    def do_GET(self):
        """A file of the page, what it can move, or a view solved."""
        if self.headers.get("Host") not in self.server.names:
            return self._say(403, {"status": "error", "reason": "this page answers to 127.0.0.1 and localhost alone"})
        if len(self.path) > LONGEST_REQUEST:
            return self._say(414, {"status": "error", "reason": f"a request has at most {LONGEST_REQUEST} letters"})
        if self.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            return self._say(403, {"status": "error", "reason": "asked by another page"})
        path, _, text = self.path.partition("?")
        if path in FILES:
            name, kind = FILES[path]
            return self._send(200, kind, (PAGE / name).read_bytes())
        if path == "/settings":
            told = {"overrides": shlex.join(self.server.overrides), "charts": charts()}
            return self._say(200, self.server.program | told | described(self.server.stops))
        if path == "/nearby":
            return self._say(200, self.server.nearby())
        answers = {"/solve": self._solve, "/scenario": self._scenario, "/data": self._data}
        if path not in answers:
            return self._say(404, {"status": "error", "reason": f"nothing at {path[:60]!r}"})
        try:
            query = _query(text)
            return answers[path](query)
        except InputError as error:
            return self._say(400, {"status": "error", "reason": "; ".join(error.sentences)})
        except Superseded:
            return self._say(409, {"status": "superseded", "reason": "the same window asked for something newer"})
        except Busy:
            return self._say(503, {"status": "busy", "reason": "too many windows wait; try again"})
        except ConnectionError:
            raise
        except Exception as error:  # the page must hear that there is no answer
            print(f"error: {path}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
            return self._say(500, {"status": "error", "reason": "the program failed; its terminal says how"})

    def _solve(self, query):
        return self._say(200, self.server.program | message_of(self._answer(query)))

    def _data(self, query):
        answer = self._answer(query | {"beyond": "yes"})
        query = {name: value for name, value in query.items() if name not in OF_THE_ASKER}
        moved = moved_numbers(read_view(self.server.schema, query), self.server.stops)
        text = data_file(answer, BASELINE_OF_THIS_ECONOMY if moved else BASELINE)
        self._send(200, "text/csv", text.encode(), "two_economies_view.csv")

    def _scenario(self, query):
        query = {name: value for name, value in query.items() if name not in OF_THE_ASKER}
        text = scenario_file(read_view(self.server.schema, query), self.server.stops, self.server.overrides)
        self._send(200, "application/yaml", text.encode(), FILE)

    def _answer(self, query):
        view = {name: value for name, value in query.items() if name not in OF_THE_ASKER}
        window = query.get("window", "")[:LONGEST_NAME] or object()
        return self.server.ask(read_view(self.server.schema, view), window, query.get("beyond") == "yes")

    def _say(self, status, content):
        self._send(status, "application/json", json.dumps(content, allow_nan=False).encode())

    def _send(self, status, kind, body, file=None):
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if file:
            self.send_header("Content-Disposition", f'attachment; filename="{file}"')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nothing: a line for every move would hide what matters."""


def _query(text):
    """`{name: value}` of a query; raises InputError where it cannot be read or names something twice."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text))
    except ValueError as error:
        raise InputError(f"setting: {error}") from None
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError([f"setting.{name}: given twice" for name in twice])
    return dict(pairs)
