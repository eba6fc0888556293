"""Every system of our own contract: what it says arrives unchanged, what it is told is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters import systems
from adapters.contract import Contract, ContractAdapter
from adapters.http import TRIES, Client, Endpoint
from adapters.port import LinkError, Order, Report
from adapters.secret import Secret
from console.desk.ruleset import load
from fixtures.backends import describe
from fixtures.backends.contract import Backend
from fixtures.backends.sayings import saying
from tests.scale import examples

NOW = 1_795_500_000_000
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30)


def contract(system: str) -> Contract:
    made = import_module(f"adapters.{system}").CONTRACT
    assert isinstance(made, Contract)
    return made


def pair(
    system: str, auth: str = "bearer", word: str = "s3cret"
) -> tuple[Backend, ContractAdapter]:
    backend = Backend(contract(system), Secret("s3cret"), now=lambda: NOW)
    client = Client(Endpoint("http://it/", Secret(word), auth), httpx.ASGITransport(app=backend))
    return backend, ContractAdapter(backend.contract, client)


def order(system: str, action: str, key: str = "XS-1:a:1") -> Order:
    body: dict[str, str | int | float | None] = {"at": NOW, "seat": "一席", "words": "属实"}
    return Order(key, system, action, "XS-20261124-0001", body)


FEEDING = [name for name in systems.CONTRACTS if contract(name).feeds]


@pytest.mark.parametrize("system", FEEDING)
@given(text=WORDS, place=WORDS, phone=WORDS, fact=WORDS, n=st.integers(0, 10**9))
def test_there_and_back_is_the_same(
    system: str, text: str, place: str, phone: str, fact: str, n: int
) -> None:
    feed = contract(system).feeds[0]
    facts = {
        "level" if system == "fraudguard" else "note": "高" if system == "fraudguard" else fact
    }
    facts = {name: value for name, value in facts.items() if value}
    said = Report(
        system, f"n{n}", text or "x", NOW - n, place=place, phone=phone, priority=1, facts=facts
    )
    if system == "fraudguard":
        said = Report(
            system,
            f"n{n}",
            text or "x",
            NOW - n,
            "fraud.warning",
            place,
            phone=phone,
            priority=1,
            facts=facts,
            amount_at_risk=n,
        )
    item = feed.item(said)
    again = feed.report(feed.model.model_validate_json(item.model_dump_json()))
    assert again == said


@pytest.mark.parametrize("auth", ["bearer", "hmac"])
@pytest.mark.parametrize("system", FEEDING)
async def test_pages_follow_each_other_and_nothing_is_lost(system: str, auth: str) -> None:
    backend, adapter = pair(system, auth)
    for n in range(230):
        backend.publish(Report(system, f"n{n}", f"第 {n} 件", NOW))
    cursor, ids = "", []
    while True:
        page = await adapter.feed(cursor)
        ids += [one.source_id for one in page.reports]
        cursor = page.cursor
        if not page.more:
            break
    assert ids == [f"n{n}" for n in range(230)]
    assert not (await adapter.feed(cursor)).reports


@pytest.mark.parametrize("system", systems.CONTRACTS)
async def test_every_action_is_taken_once(system: str) -> None:
    backend, adapter = pair(system)
    for n, action in enumerate(adapter.contract.by_action):
        wire = order(system, action, f"k{n}:拆/1")
        assert await adapter.ask(wire) is None
        first = await adapter.send(wire)
        assert (first.state, bool(first.reference)) == ("confirmed", True)
        assert await adapter.send(wire) == first
    assert len(backend.ledger.all_told()) == len(adapter.contract.by_action)


async def test_what_a_system_does_not_do_is_refused() -> None:
    _, adapter = pair("alarm110")
    assert (await adapter.send(order("alarm110", "no_such_thing"))).state == "refused"


def test_playbooks_ask_for_nothing_that_a_system_does_not_take() -> None:
    for playbook in load().playbooks:
        for step in playbook.steps:
            if step.order and step.order[0] in systems.CONTRACTS:
                system, action = step.order[:2]
                assert action in contract(system).by_action, (playbook.id, step.id)


@pytest.mark.parametrize("auth", ["bearer", "hmac"])
async def test_a_wrong_secret_opens_nothing_and_is_never_shown(auth: str) -> None:
    _, adapter = pair("fraudguard", auth, "wrong-word")
    with pytest.raises(LinkError) as fault:
        await adapter.feed("")
    assert fault.value.kind == "rights"
    assert "wrong-word" not in repr(fault.value) + repr(adapter.__dict__)


Handler = Callable[[httpx.Request], httpx.Response]


def answering(handler: Handler) -> ContractAdapter:
    async def no_pause(_: float) -> None:
        return None

    client = Client(
        Endpoint("http://it/", max_bytes=5_000), httpx.MockTransport(handler), pause=no_pause
    )
    return ContractAdapter(contract("alarm110"), client)


BAD: dict[str, tuple[Callable[[], httpx.Response], str]] = {
    "its own fault": (lambda: httpx.Response(500), "server"),
    "too often": (lambda: httpx.Response(429, headers={"retry-after": "7"}), "busy"),
    "elsewhere": (
        lambda: httpx.Response(302, headers={"location": "http://evil.example/x"}),
        "redirect",
    ),
    "cut off": (lambda: httpx.Response(200, text='{"items": [{"id"'), "unreadable"),
    "another schema": (lambda: httpx.Response(200, json={"alerts": []}), "schema"),
    "no object": (lambda: httpx.Response(200, json=[1]), "schema"),
    "endless": (lambda: httpx.Response(200, content=b"x" * 9_000), "too_large"),
    "not there": (lambda: httpx.Response(404, json={}), "missing"),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_fault_is_named(name: str) -> None:
    make, kind = BAD[name]
    with pytest.raises(LinkError) as fault:
        await answering(lambda _: make()).feed("")
    assert fault.value.kind == kind
    if kind == "busy":
        assert fault.value.wait_s == 7


async def test_items_that_cannot_be_read_keep_the_others_company() -> None:
    good = {"id": "1", "at": "2026-11-24T11:00:00+08:00", "text": "好"}
    items = [good, {"id": "2"}, 7, {**good, "id": "3", "at": "yesterday"}, {**good, "id": "4"}]
    page = await answering(
        lambda _: httpx.Response(200, json={"items": items, "next_cursor": "5", "more": False})
    ).feed("")
    assert [one.source_id for one in page.reports] == ["1", "4"]
    assert len(page.unread) == 3
    assert page.unread[0].reason == "at: Field required"


async def test_years_that_nobody_lives_in_are_read() -> None:
    items = [
        {"id": str(year), "at": f"{year:04d}-01-02T00:00:00+00:00", "text": "x"}
        for year in (1, 9999)
    ]
    page = await answering(
        lambda _: httpx.Response(200, json={"items": items, "next_cursor": "2"})
    ).feed("")
    assert [one.source_id for one in page.reports] == ["1", "9999"]


async def test_it_is_left_alone_after_many_faults() -> None:
    asked = 0

    def down(_: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        raise httpx.ConnectError("nobody")

    adapter = answering(down)
    kinds = []
    for _ in range(7):
        with pytest.raises(LinkError) as fault:
            await adapter.feed("")
        kinds.append(fault.value.kind)
        assert not fault.value.arrived
    assert kinds == ["unreachable"] * 5 + ["resting"] * 2
    assert asked == 5 * TRIES


@pytest.mark.parametrize("system", FEEDING)
def test_a_simulated_system_has_something_to_say(system: str) -> None:
    import random

    report = saying(system, random.Random(1), 1, NOW)
    assert report is not None, system
    assert report.source == system


@pytest.mark.parametrize("system", systems.CONTRACTS)
def test_the_description_is_made_from_the_models(system: str) -> None:
    written = (describe.FOLDER / f"{system}.yaml").read_text("utf-8")
    assert written == describe.text_of(system), "python -m fixtures.backends.describe writes it"


@pytest.mark.parametrize("system", systems.CONTRACTS)
@settings(max_examples=examples(20), suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_whatever_is_asked_the_answer_is_one_that_is_described(
    system: str, data: st.DataObject
) -> None:
    backend = Backend(contract(system), now=lambda: NOW)
    paths = describe.describe(backend.contract)["paths"]
    path = data.draw(st.sampled_from(sorted(paths)))
    ((method, described),) = paths[path].items()
    word = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=9)
    for name in ("id", "key", "name"):
        path = path.replace(f"{{{name}}}", data.draw(word))
    names = [action.action for action in backend.contract.actions]
    value = st.one_of(st.text(max_size=9), st.integers(), st.none(), st.sampled_from(names or [""]))
    body = st.dictionaries(
        st.sampled_from(["action", "incident", "at", "words", "amount"]), value, max_size=5
    ).map(lambda said: json.dumps(said).encode())
    transport = httpx.ASGITransport(app=backend)
    async with httpx.AsyncClient(transport=transport, base_url="http://it") as client:
        answer = await client.request(
            method,
            path,
            params=data.draw(st.dictionaries(st.sampled_from(["cursor", "limit"]), word)),
            headers={"Idempotency-Key": data.draw(word)} if method == "post" else {},
            content=data.draw(st.one_of(body, st.binary(max_size=20)))
            if method == "post"
            else None,
        )
    assert str(answer.status_code) in {*described["responses"], "404"}
