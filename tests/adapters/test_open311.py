"""Open311: JSON and XML mean the same, feeds lose and double nothing, orders are done once."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import safe_xml
from adapters.http import TRIES, Client, Endpoint
from adapters.open311 import documents, model, moments, wire
from adapters.open311.client import Open311Adapter
from adapters.open311.meaning import report_of, report_of_update, request_of, update_of
from adapters.open311.model import More, ServiceRequest, Update
from adapters.open311.place import Place, place_of
from adapters.port import LinkError, Report
from adapters.secret import Secret
from console.linking import adapters_of
from console.settings import load
from fixtures.backends import describe
from tests.adapters.geo import (
    NOW,
    SYSTEMS,
    Clock,
    a_request,
    adapter,
    an_order,
    backend,
    everything,
    profile,
    validator,
)

FORMS = tuple(wire.FORMATS)
MINUTE, DAY = 60_000, 86_400_000
ANY = st.text(max_size=40)
WORDS = st.text(min_size=1, max_size=40).filter(lambda text: bool(wire.tidy(text)))
MOMENTS = st.integers(-62_135_596_800_000, 253_402_300_799_999)
REQUESTS = st.builds(
    ServiceRequest,
    id=WORDS,
    status=st.sampled_from(["open", "closed"]),
    service_code=WORDS,
    requested=MOMENTS,
    updated=st.none() | MOMENTS,
    expected=st.none() | MOMENTS,
    service_name=ANY,
    description=ANY,
    status_notes=ANY,
    agency=ANY,
    notice=ANY,
    address=ANY,
    lat=st.none() | st.floats(-90, 90),
    lon=st.none() | st.floats(-180, 180),
    media_url=st.sampled_from(["", "http://it/hotline/media/1.jpg", "http://x.example/2.jpg"]),
    more=st.builds(
        More,
        incident=ANY,
        person=ANY,
        phone=ANY,
        town=ANY,
        stage=ANY,
        priority=st.none() | st.integers(1, 4),
        amount=st.none() | st.integers(0, 10**9),
        photos=st.lists(WORDS, max_size=3).map(tuple),
        facts=st.dictionaries(WORDS, WORDS, max_size=3).map(lambda d: tuple(d.items())),
    ),
)


def read_back(form: str, one: ServiceRequest) -> ServiceRequest:
    body = documents.requests(form, [model.write_request(one)])
    [thing] = wire.things(body, form)
    return model.request(wire.node_of(thing))


class TestTwoFormatsOneMeaning:
    @given(one=REQUESTS)
    def test_a_request_in_both_is_the_same_report(self, one: ServiceRequest) -> None:
        as_json, as_xml = read_back("json", one), read_back("xml", one)
        assert as_json == as_xml
        it = profile("hotline12345")
        report = report_of(it, "http://it/hotline/", as_json)
        assert report == report_of(it, "http://it/hotline/", as_xml)
        assert report.source_id == wire.tidy(one.id)
        assert (as_json.requested, as_json.expected) == (one.requested, one.expected)

    @given(
        event=ANY,
        text=ANY,
        about=WORDS,
        at=MOMENTS,
        facts=st.dictionaries(WORDS, WORDS, max_size=3),
    )
    def test_an_update_too(
        self, event: str, text: str, about: str, at: int, facts: dict[str, str]
    ) -> None:
        one = Update("u1", about, event, at, text, more=More(facts=tuple(facts.items())))
        read = [
            model.update(wire.node_of(thing))
            for form in FORMS
            for thing in wire.things(
                wire.write(form, "updates", "update", [model.write_update(one)]), form
            )
        ]
        assert read[0] == read[1]
        said = [report_of_update(profile("citymgmt"), "http://it/", update) for update in read]
        assert said[0] == said[1]

    @given(text=WORDS, place=ANY, phone=ANY, fact=WORDS, number=st.integers(0, 10**9))
    def test_there_and_back_is_the_same(
        self, text: str, place: str, phone: str, fact: str, number: int
    ) -> None:
        said = Report(
            "hotline12345",
            f"n{number}",
            wire.tidy(text),
            NOW - number,
            category="request.consult",
            place=wire.tidy(place),
            phone=wire.tidy(phone),
            priority=3,
            amount_at_risk=number,
            facts={"household": wire.tidy(fact), "stage": "受理"},
        )
        it = profile("hotline12345")
        assert report_of(it, "http://it/", read_back("xml", request_of(it, said))) == said
        later = Report("hotline12345", "u1", "催办", NOW, refers="n1", event="urged")
        assert report_of_update(it, "http://it/", update_of(later)) == later

    @given(at=MOMENTS, offset=st.sampled_from([0, 480, -330, 840]))
    def test_a_moment_is_read_as_it_was_written(self, at: int, offset: int) -> None:
        assert moments.read(moments.write(at, offset)) == at

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "2026-11-24",
            "2026-11-24T08:00:00",
            "2026-13-01T00:00Z",
            "2026-11-24T08:00+99:00",
            "x",
        ],
    )
    def test_what_is_no_moment_is_refused(self, text: str) -> None:
        with pytest.raises(moments.MomentError):
            moments.read(text)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("system", SYSTEMS)
class TestFeed:
    @pytest.mark.parametrize("extended", [True, False])
    async def test_many_with_one_timestamp_come_once_each(
        self, system: str, form: str, extended: bool
    ) -> None:
        clock = Clock()
        there = backend(system, clock, extended=extended)
        for n in range(250):
            there.publish(a_request(system, f"n{n}"))
        here = adapter(there, form, clock)
        found, place = await everything(here)
        assert sorted(one.source_id for one in found) == sorted(f"n{n}" for n in range(250))
        assert (await everything(here, place))[0] == []
        clock.at += MINUTE
        there.publish(a_request(system, "late"))
        again, place = await everything(here, place)
        assert [one.source_id for one in again] == ["late"]
        assert (await everything(here, place))[0] == []

    async def test_what_shows_up_late_is_not_lost(self, system: str, form: str) -> None:
        """By time alone: its own time lies before the latest that was read."""
        clock = Clock()
        there = backend(system, clock, extended=False)
        there.publish(a_request(system, "n1"))
        here = adapter(there, form, clock)
        _, place = await everything(here)
        clock.at += 10 * MINUTE
        there.publish(a_request(system, "n2"))
        assert [one.source_id for one in (await everything(here, place))[0]] == ["n2"]
        _, place = await everything(here, place)
        clock.at -= 5 * MINUTE
        there.publish(a_request(system, "n3"))
        clock.at += 5 * MINUTE
        found, place = await everything(here, place)
        assert [one.source_id for one in found] == ["n3"]
        assert (await everything(here, place))[0] == []

    async def test_an_update_never_comes_before_what_it_is_about(
        self, system: str, form: str
    ) -> None:
        there = backend(system)
        here = adapter(there, form)
        _, place = await everything(here)
        for n in range(150):
            there.publish(a_request(system, f"n{n}"))
            there.publish(Report(system, f"u{n}", "催办", NOW, refers=f"n{n}", event="urged"))
        found, place = await everything(here, place)
        seen: set[str] = set()
        for one in found:
            assert not one.refers or one.refers in seen
            seen.add(one.source_id)
        assert len(found) == len(seen) == 300
        assert (await everything(here, place))[0] == []

    async def test_pages_without_updates_lose_none_of_them(self, system: str, form: str) -> None:
        there = backend(system)
        there.publish(a_request(system))
        there.publish(Report(system, "u1", "督办", NOW, refers="n1", event="supervised"))
        found, _ = await everything(adapter(there, form))
        assert [(one.source_id, one.refers, one.event) for one in found] == [
            ("n1", "", ""),
            ("u1", "n1", "supervised"),
        ]

    async def test_a_photo_is_fetched_from_the_system_alone(self, system: str, form: str) -> None:
        there = backend(system)
        there.ledger.add_photo("1.jpg", "image/jpeg", b"\xff\xd8\xff\xe0jpeg")
        there.publish(a_request(system, photos=("1.jpg", "2.jpg")))
        here = adapter(there, form)
        [one], _ = await everything(here)
        assert one.photos == ("media/1.jpg", "media/2.jpg")
        assert (await here.fetch(one.photos[0])).data == b"\xff\xd8\xff\xe0jpeg"
        for photo, kind in (
            ("media/2.jpg", "missing"),
            ("http://elsewhere.example/1.jpg", "unsupported"),
            ("/etc/passwd", "unsupported"),
            ("media/../../x", "unsupported"),
        ):
            with pytest.raises(LinkError) as fault:
                await here.fetch(photo)
            assert fault.value.kind == kind


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("system", SYSTEMS)
class TestOrders:
    async def test_every_action_is_taken_once(self, system: str, form: str) -> None:
        there = backend(system)
        here = adapter(there, form)
        for n, action in enumerate(here.profile.actions):
            wanted = an_order(system, action, f"k{n}:拆/1", their_id=f"n{n}/拆")
            assert await here.ask(wanted) is None
            first = await here.send(wanted)
            assert (first.state, bool(first.reference)) == ("confirmed", True), action
            assert await here.send(wanted) == first
            assert await here.ask(wanted) == first
        told = there.ledger.all_told()
        assert [one.id for one in told] == [f"n{n}/拆" for n in range(len(here.profile.actions))]
        assert (await here.send(an_order(system, "launch"))).state == "refused"

    async def test_a_matter_that_is_handed_over_comes_back_as_ours(
        self, system: str, form: str
    ) -> None:
        there = backend(system)
        here = adapter(there, form)
        order = an_order(
            system,
            "transfer",
            their_id="",
            text="小区停水",
            place="金城路",
            category="request.help",
        )
        receipt = await here.send(order)
        found, _ = await everything(here)
        assert [(one.source_id, one.refers, one.event) for one in found] == [
            (receipt.reference, "XS-20261124-0001", "registered")
        ]

    async def test_more_than_the_rules_allow_is_refused_with_words(
        self, system: str, form: str
    ) -> None:
        there = backend(system)
        there.publish(a_request(system))
        here = adapter(there, form)
        said = [await here.send(an_order(system, "return", f"r{n}")) for n in range(3)]
        assert [one.state for one in said] == ["confirmed", "confirmed", "refused"]
        assert "2" in said[2].words
        before = there.stands("n1").expected
        days = (("5", "confirmed"), ("6", "refused"), ("5", "confirmed"), ("1", "refused"))
        for n, (asked, state) in enumerate(days):
            got = await here.send(an_order(system, "extend", f"e{n}", days=asked))
            assert got.state == state, (asked, got)
        assert there.stands("n1").expected == before + 14 * DAY

    async def test_it_urges_before_the_date_and_supervises_after_it(
        self, system: str, form: str
    ) -> None:
        clock = Clock()
        there = backend(system, clock)
        here = adapter(there, form, clock)
        there.publish(a_request(system))
        _, place = await everything(here)
        clock.at = there.stands("n1").expected - DAY + 1
        found, place = await everything(here, place)
        assert [(one.refers, one.event) for one in found] == [("n1", "urged")]
        clock.at += DAY
        found, place = await everything(here, place)
        assert [(one.refers, one.event) for one in found] == [("n1", "supervised")]
        clock.at += 9 * DAY
        assert (await everything(here, place))[0] == []


async def test_after_the_end_12345_calls_back_and_the_city_rates() -> None:
    for system, event in (("hotline12345", "satisfied"), ("citymgmt", "appraised")):
        clock = Clock()
        there = backend(system, clock)
        here = adapter(there, "xml", clock)
        there.publish(a_request(system))
        await here.send(an_order(system, "finish"))
        _, place = await everything(here)
        clock.at += 3 * 60 * MINUTE
        [one], _ = await everything(here, place)
        assert (one.event, one.refers, one.facts["stage"]) == (event, "n1", "评价")


class TestStandard:
    """What anybody's client gets from the simulators."""

    async def get(self, system: str, path: str) -> httpx.Response:
        there = backend(system)
        there.publish(
            a_request(system, lat=30.1, lon=120.2, facts={"expected": "2026-12-01T08:00Z"})
        )
        transport = httpx.ASGITransport(app=there)
        bearer = {"Authorization": "Bearer s3cret"}
        async with httpx.AsyncClient(transport=transport, base_url="http://it/") as client:
            return await client.get(path, headers=bearer)

    @pytest.mark.parametrize("system", SYSTEMS)
    @pytest.mark.parametrize(
        ("path", "schema"),
        [
            ("services", "services"),
            ("services/QT", "service-definition"),
            ("requests", "requests"),
            ("requests/n1", "requests"),
        ],
    )
    async def test_answers_keep_to_the_schemas(self, system: str, path: str, schema: str) -> None:
        said = await self.get(system, f"{path}.json")
        assert said.status_code == 200
        assert [error.message for error in validator(schema).iter_errors(said.json())] == []
        as_xml = await self.get(system, f"{path}.xml")
        assert as_xml.headers["content-type"] == "text/xml; charset=utf-8"
        root = safe_xml.read(as_xml.content)
        value = said.json()
        if isinstance(value, list):
            assert [wire.of_json(one) for one in value] == [
                _filled(wire.node_of(one), wire.of_json(value[0])) for one in root
            ]

    def test_the_schemas_do_refuse(self) -> None:
        assert not validator("requests").is_valid([{"service_request_id": "1", "status": "open"}])

    @pytest.mark.parametrize("system", SYSTEMS)
    async def test_discovery_and_errors(self, system: str) -> None:
        said = (await self.get(system, "discovery.json")).json()
        assert said["endpoints"][0]["specification"] == documents.SPECIFICATION
        root = safe_xml.read((await self.get(system, "discovery.xml")).content)
        assert (root.tag, [one.tag for one in root]) == ("discovery", list(said))
        for path, status in (
            ("requests/none.json", 404),
            ("services/none.json", 404),
            ("requests.json?start_date=yesterday", 400),
            ("requests.json?page=0", 400),
            ("requests.json?status=lost", 400),
        ):
            answer = await self.get(system, path)
            assert answer.status_code == status, path
            assert [sorted(one) for one in answer.json()] == [["code", "description"]]

    @pytest.mark.parametrize("system", SYSTEMS)
    async def test_questions_are_answered(self, system: str) -> None:
        code = "SJ" if system == "citymgmt" else "TS"
        for question, many in (
            ("status=open", 1),
            ("status=closed", 0),
            (f"service_code={code},XX", 1),
            ("service_code=XX", 0),
            ("service_request_id=n1,n2", 1),
            ("start_date=2026-11-24T00:00:00Z&end_date=2026-11-25T00:00:00+08:00", 1),
            ("end_date=2026-11-23T00:00:00Z", 0),
            ("updated_after=2026-11-25T00:00:00Z", 0),
            ("page=2&page_size=1", 0),
        ):
            answer = await self.get(system, f"requests.json?{question}")
            assert len(answer.json()) == many, question


def _filled(node: dict[str, wire.Node], like: wire.Node) -> wire.Node:
    """XML cannot tell an empty text from an empty list."""
    assert isinstance(like, dict)
    return {name: node.get(name, "") for name in like}


Handler = Callable[[httpx.Request], httpx.Response]


def answering(handler: Handler, form: str = "json") -> Open311Adapter:
    async def no_pause(_: float) -> None:
        return None

    endpoint = Endpoint("http://it/", Secret("s3cret"), max_bytes=1_000_000, format=form)
    client = Client(endpoint, httpx.MockTransport(handler), pause=no_pause)
    return Open311Adapter(profile("hotline12345"), client, lambda: NOW / 1_000)


GOOD: dict[str, object] = {
    "service_request_id": "g1",
    "status": "open",
    "service_code": "TS",
    "requested_datetime": "2026-11-24T02:00:00Z",
}


class TestHostile:
    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"service_request_id": "x" * 10_000}, "service_request_id"),
            ({"service_request_id": None}, "service_request_id"),
            ({"service_request_id": {"a": 1}}, "service_request_id"),
            ({"status": "lost"}, "status"),
            ({"requested_datetime": "2026-11-24 08:00"}, "requested_datetime"),
            ({"requested_datetime": "24.11.2026"}, "requested_datetime"),
            ({"requested_datetime": 1_795_500_000}, "requested_datetime"),
            ({"lat": 91}, "lat"),
            ({"lat": float("nan")}, "lat"),
            ({"long": "far"}, "long"),
            ({"extended_attributes": {"priority": 9}}, "priority"),
            ({"extended_attributes": {"amount": -1}}, "amount"),
            ({"description": [[[[[[[[[[1]]]]]]]]]]}, "nested"),
        ],
    )
    async def test_one_that_cannot_be_read_stops_no_other(
        self, change: dict[str, object], why: str
    ) -> None:
        body = json.dumps([{**GOOD, **change}, GOOD])
        page = await answering(_json(body)).feed("")
        assert [one.source_id for one in page.reports] == ["g1"]
        assert [why in one.reason for one in page.unread] == [True]
        assert page.unread[0].raw
        # It is shown once, however often it is read.
        assert (await answering(_json(body)).feed(page.cursor)).unread == ()

    @pytest.mark.parametrize("year", ["0001", "9999"])
    async def test_a_year_out_of_time_does_not_move_the_place(self, year: str) -> None:
        odd = {**GOOD, "service_request_id": "odd", "updated_datetime": f"{year}-01-01T00:00:00Z"}
        page = await answering(_json(json.dumps([odd, GOOD]))).feed("")
        assert len(page.reports) == 2
        assert place_of(page.cursor).after == moments.read("2026-11-24T02:00:00Z")
        far = {**GOOD, "requested_datetime": f"{year}-12-31T23:59:59-14:00"}
        assert len((await answering(_json(json.dumps([far]))).feed("")).reports) == 1

    @pytest.mark.parametrize(
        ("form", "body", "media", "kind"),
        [
            ("json", b'{"service_requests": []}', "application/json", "schema"),
            ("json", b"[1, 2", "application/json", "unreadable"),
            ("json", b"[" * 100_000, "application/json", "unreadable"),
            ("json", b"<html>moved</html>", "text/html", "unreadable"),
            ("json", b"[]" + b" " * 1_100_000, "application/json", "too_large"),
            ("xml", b"<service_requests>", "text/xml", "unreadable"),
            ("xml", b"[]", "application/json", "unreadable"),
            (
                "xml",
                b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><service_requests>&c;'
                b"</service_requests>",
                "text/xml",
                "unreadable",
            ),
            (
                "xml",
                b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
                "text/xml",
                "unreadable",
            ),
            ("xml", b"<a>" * 5_000, "text/xml", "unreadable"),
        ],
    )
    async def test_an_answer_that_is_none_concerns_only_the_link(
        self, form: str, body: bytes, media: str, kind: str
    ) -> None:
        def handler(_: httpx.Request) -> httpx.Response:
            return httpx.Response(200, headers={"content-type": media}, content=body)

        with pytest.raises(LinkError) as fault:
            await answering(handler, form).feed("")
        assert fault.value.kind == kind
        assert "root:" not in str(fault.value)

    async def test_a_server_that_knows_no_pages_and_no_times_is_read_once(self) -> None:
        many = [{**GOOD, "service_request_id": f"g{n}"} for n in range(5_000)]
        here = answering(_json(json.dumps(many)))
        found, place = await everything(here)
        assert len(found) == 5_000
        assert (await everything(here, place))[0] == []
        assert len(place) < 40_000
        # One that changes without saying when is seen to have changed.
        many[-1]["status"] = "closed"
        found, place = await everything(answering(_json(json.dumps(many))), place)
        assert dict(found[-1].facts) == {"status": "closed"}

    async def test_a_place_that_fills_the_store_is_refused(self) -> None:
        def handler(_: httpx.Request) -> httpx.Response:
            return httpx.Response(200, headers={"x-next-cursor": "9" * 50_000}, json=[])

        with pytest.raises(LinkError) as fault:
            await answering(handler).feed("")
        assert fault.value.kind == "schema"

    async def test_a_server_that_forgets_our_extension_is_read_by_time(self) -> None:
        there = backend("citymgmt")
        there.publish(a_request("citymgmt"))
        _, place = await everything(adapter(there))
        there.extended = False
        found, place = await everything(adapter(there), place)
        assert [one.source_id for one in found] == ["n1"]
        assert (await everything(adapter(there), place))[0] == []

    async def test_pages_that_move_while_they_are_read_lose_nothing(self) -> None:
        """What changes goes to another page, and something else is then on no page at all."""
        shown = [
            {
                **GOOD,
                "service_request_id": f"g{n}",
                "updated_datetime": f"2026-11-24T02:{n // 60:02}:{n % 60:02}Z",
            }
            for n in range(150)
        ]

        def handler(request: httpx.Request) -> httpx.Response:
            page = int(request.url.params["page"])
            answer = shown[(page - 1) * 100 : page * 100]
            if page == 1 and shown[0]["service_request_id"] == "g0":
                shown.append(shown.pop(0))
            return httpx.Response(200, json=answer)

        found, _ = await everything(answering(handler))
        assert {one.source_id for one in found} == {f"g{n}" for n in range(150)}

    @pytest.mark.parametrize(
        "cursor", ["", "{", "[]", "7", '{"page": "x"}', '{"seen": [1]}', '{"after": "no"}', "💥"]
    )
    def test_a_place_that_is_none_is_the_beginning(self, cursor: str) -> None:
        assert place_of(cursor) == Place()

    async def test_an_answer_that_was_lost_is_asked_for(self) -> None:
        there = backend("hotline12345")
        real = httpx.ASGITransport(app=there)
        lost = iter([True] * TRIES)

        class Losing(httpx.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                answer = await real.handle_async_request(request)
                if request.method == "POST" and next(lost, False):
                    raise httpx.ReadTimeout("lost", request=request)
                return answer

        async def no_pause(_: float) -> None:
            return None

        endpoint = Endpoint("http://it/", Secret("s3cret"))
        here = Open311Adapter(there.profile, Client(endpoint, Losing(), pause=no_pause))
        order = an_order("hotline12345", "answer")
        with pytest.raises(LinkError):
            await here.send(order)
        receipt = await here.ask(order)
        assert receipt is not None
        assert receipt.state == "confirmed"
        assert len(there.ledger.all_told()) == 1

    @pytest.mark.parametrize("form", FORMS)
    async def test_a_wrong_secret_opens_nothing(self, form: str) -> None:
        here = adapter(backend("citymgmt"), form, word="wrong-word")
        with pytest.raises(LinkError) as fault:
            await here.feed("")
        assert fault.value.kind == "rights"
        with pytest.raises(LinkError):
            await here.send(an_order("citymgmt", "sign"))
        assert "wrong-word" not in repr(fault.value) + repr(here.__dict__)


def _json(body: str) -> Handler:
    return lambda _: httpx.Response(
        200, headers={"content-type": "application/json"}, content=body.encode()
    )


def test_the_settings_say_which_format_is_spoken() -> None:
    links = {"citymgmt": {"format": "xml"}}
    made = adapters_of(load(systems="http://127.0.0.1:9", links=links))
    forms = {name: getattr(made[name], "form", "") for name in SYSTEMS}
    assert forms == {"hotline12345": "json", "citymgmt": "xml"}


@pytest.mark.parametrize("name", [*describe.OPEN311, describe.CENTER])
def test_the_description_is_what_is_written(name: str) -> None:
    written = (describe.FOLDER / f"{name}.yaml").read_text("utf-8")
    assert written == describe.text_of(name), "python -m fixtures.backends.describe writes it"
