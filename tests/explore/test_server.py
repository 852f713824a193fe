"""The server: what is asked wrongly is answered in words, and it answers to this machine alone."""

import http.client
import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from calibration.inputs import load_inputs
from experiments.answer.certificate import Solved
from experiments.explore.request_queue import Busy, Superseded
from experiments.explore.server import CONNECTION_SECONDS, FILES, LONGEST_REQUEST, MOST_CONNECTIONS, Explorer
from experiments.explore.solver import Answer
from experiments.explore.view import schema_of, stops_of
from experiments.request.errors import InputError
from model.equilibrium.outcomes.register import UNITS
from model.solvers.outcome import Code, Outcome

STOPS = stops_of(load_inputs(name="us_2026q1"))
CERTIFICATE = {
    "converged": True, "reason": "", "max_residual": 1e-11, "walras": 1e-13, "gdp_identity": 1e-13,
    "complementarity_gap": 1e-10, "unusual": ["Rent of a connection is 30 c/kWh; usual is 0 to 25"], "stable_roots": 73, "predetermined": 73, "horizon_gap": None, "newton_iterations": 5,
}  # fmt: skip


def solved(level, certificate=CERTIFICATE):
    values = {name: np.full((240, len(axis)) if axis else 240, level) for name, (_, axis) in UNITS.items()}
    return Solved("view", "A view.", Outcome(Code.CONVERGED, ""), values, certificate=certificate)


def ask(view, window, beyond):
    """Stands in for the solver: the subsidy decides what happens."""
    if view.ai_subsidy == 1:
        raise Superseded
    if view.ai_subsidy == 2:
        raise Busy
    if view.ai_subsidy == 3:
        raise InputError("setting: no such thing")
    if view.ai_subsidy == 6:
        raise RuntimeError("secret path /home/somebody")
    if view.ai_subsidy == 4 or (view.ai_subsidy == 7 and beyond):
        refusal = {"converged": False, "reason": "no equilibrium; raise grid"}
        return Answer(
            solved(100.0), Solved("view", "", Outcome(Code.DIVERGED, ""), certificate=refusal), None, None, 0.1
        )
    return Answer(solved(100.0), solved(101.0), None, None, 0.1)


@pytest.fixture(scope="module")
def server():
    told = {"responses": {"grid": []}, "message": None, "bands": None}
    overrides = ["calibration=us_2026q1", "economy.energy={a: 1}"]
    explorer = Explorer(0, schema_of(STOPS), STOPS, overrides, ask, "A caption", "A program", lambda: told)
    thread = threading.Thread(target=explorer.serve_forever)
    thread.start()
    yield explorer
    explorer.shutdown()
    explorer.server_close()
    thread.join(5)


def get(server, path, method="GET", host=None):
    """`(status, headers, body)`."""
    connection = http.client.HTTPConnection(*server.server_address, timeout=10)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host or f"127.0.0.1:{server.server_port}")
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers, body


def test_it_listens_on_loopback_alone(server):
    assert server.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize("path", FILES)
def test_the_page_comes_with_a_policy_that_lets_nothing_out(server, path):
    status, headers, body = get(server, path)
    assert status == 200 and body
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert b"http://" not in body.replace(b"http://www.w3.org/2000/svg", b"") and b"https://" not in body


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/solve?ai_subsidy=31", 400, "less than or equal to 30"),
        ("/solve?ai_subsidy=5&ai_subsidy=6", 400, "given twice"),
        ("/solve?colour=red", 400, "no such key"),
        ("/solve?%%%", 400, "bad query field"),
        ("/solve?ai_subsidy=inf", 400, "finite"),
        ("/solve?ai_subsidy=1", 409, "something newer"),
        ("/solve?ai_subsidy=2", 503, "try again"),
        ("/solve?ai_subsidy=3", 400, "no such thing"),
        ("/solve?" + "a" * LONGEST_REQUEST, 414, "at most"),
        ("http://[", 404, "nothing at"),
        ("/../../etc/passwd", 404, "nothing at"),
        ("/app.js/../server.py", 404, "nothing at"),
    ],
)
def test_what_is_asked_wrongly_is_answered_in_words(server, path, status, words):
    found, _, body = get(server, path)
    assert found == status
    assert words in json.loads(body)["reason"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1.evil.example:80"])
def test_another_name_for_this_machine_is_refused(server, host):
    assert get(server, "/solve", host=host)[0] == 403


def test_another_page_may_not_ask(server):
    connection = http.client.HTTPConnection(*server.server_address, timeout=10)
    connection.request("GET", "/solve", headers={"Sec-Fetch-Site": "cross-site"})
    assert connection.getresponse().status == 403
    connection.close()


def test_a_failure_inside_is_an_answer_that_gives_nothing_away(server, capsys):
    status, _, body = get(server, "/solve?ai_subsidy=6")
    assert status == 500 and b"secret" not in body
    assert get(server, "/solve?ai_subsidy=5")[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_but_get(server, method):
    assert get(server, "/solve", method)[0] == 501


def test_an_answer_has_numbers_and_certificate(server):
    status, _, body = get(server, "/solve?ai_subsidy=5&window=w")
    answer = json.loads(body)
    assert status == 200 and answer["status"] == "certified" and answer["checked"] is False
    assert answer["certificate"]["horizon_gap"] is None and answer["certificate"]["stable_roots"] == 73
    assert answer["lines"]["gdp_real"][0] == 101 and len(answer["quarters"]) == len(answer["lines"]["wage[low]"])
    row = next(row for row in answer["numbers"]["rows"] if row["outcome"] == "gdp_real")
    assert row["values"] == ["1.00"] * 5 and row["name"] == "Real GDP"
    assert answer["flags"] == ["Rent of a connection is 30 c/kWh; usual is 0 to 25"]


def test_every_answer_says_of_which_program_it_is(server):
    settings, answer = (json.loads(get(server, path)[2]) for path in ("/settings", "/solve?ai_subsidy=5"))
    assert (
        settings["caption"] == answer["caption"] == "A caption"
        and settings["program"] == answer["program"] == "A program"
    )
    assert settings["overrides"] == "calibration=us_2026q1 'economy.energy={a: 1}'"


def test_settings_name_every_line_that_an_answer_has(server):
    settings = json.loads(get(server, "/settings")[2])
    keys = {line["key"] for chart in settings["charts"] for line in chart["lines"]}
    assert keys == set(json.loads(get(server, "/solve?ai_subsidy=5&window=w")[2])["lines"])
    changes = {chart["title"]: chart["change"] for chart in settings["charts"]}
    assert (
        changes["Real GDP"] == "%"
        and changes["Unemployment"] == "points"
        and changes["Rent of a connection"] == "c/kWh"
    )


def test_what_is_known_beforehand_is_told(server):
    assert json.loads(get(server, "/nearby")[2]) == {"responses": {"grid": []}, "message": None, "bands": None}


def test_a_view_without_solution_has_a_reason_and_no_number(server):
    answer = json.loads(get(server, "/solve?ai_subsidy=4")[2])
    refusal = {"status": "refused", "reason": "no equilibrium; raise grid", "seconds": 0.1}
    assert answer == refusal | server.program


def test_files_to_keep(server):
    status, headers, body = get(server, "/scenario?ai_subsidy=5")
    assert status == 200 and b"sA" in body and "attachment" in headers["Content-Disposition"]
    status, headers, body = get(server, "/data?ai_subsidy=5")
    assert status == 200 and b"view,gdp_real,2026Q1,101.0," in body and b"\nbaseline,gdp_real," in body
    other = get(server, "/data?ai_subsidy=5&ai_speed=4")[2]
    assert b"\nbaseline_of_this_economy,gdp_real,2026Q1,100.0," in other and b"\nbaseline," not in other
    for lost_at_once_or_past_its_horizon in (4, 7):
        assert b"not solved: no equilibrium" in get(server, f"/data?ai_subsidy={lost_at_once_or_past_its_horizon}")[2]


def test_a_connection_that_says_nothing_does_not_stop_the_others(server):
    slow = [socket.create_connection(server.server_address) for _ in range(2 * MOST_CONNECTIONS)]
    for i, connection in enumerate(slow):
        connection.sendall(b"GET / HTTP/1.1\r\nX: " if i % 2 else b"")
    started = time.monotonic()
    assert [get(server, "/solve?ai_subsidy=5")[0] for _ in range(5)] == 5 * [200]
    assert time.monotonic() - started < CONNECTION_SECONDS
    for connection in slow:
        connection.close()


def test_many_at_the_same_moment_are_all_answered(server):
    with ThreadPoolExecutor(200) as crowd:
        found = list(crowd.map(lambda _: get(server, "/style.css")[0], range(400)))
    assert set(found) <= {200, 503} and found.count(200) >= MOST_CONNECTIONS
