"""The center's own Open311 endpoint: what is shown, what is not, and how much at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from adapters import safe_xml
from adapters.http import Client, Endpoint
from adapters.open311 import wire
from adapters.open311.client import Open311Adapter
from adapters.port import Report
from console import listening, open311
from console.desk.desk import Desk
from console.domain.clock import DAY, MINUTE, FixedClock
from console.domain.incident import full_number
from console.domain.message import msg
from console.store import incidents, journal
from console.store.engine import StoreProblem
from tests.adapters.geo import everything, profile, validator
from tests.loops.live import serving
from tests.store.floor import START, desk_at, ok

PUBLIC = (
    Report(
        "hotline12345",
        "p1",
        "周某投诉12幢3单元401室装修, 电话19900001111",
        START - 30 * MINUTE,
        category="request.complaint",
        place="北干街道金城路12号3幢401室",
        lat=30.17654,
        lon=120.27321,
        caller="周某",
        phone="19900001111",
        amount_at_risk=4_321,
        facts={"household": "赵某"},
    ),
    Report(
        "citymgmt",
        "p2",
        "井盖松动",
        START - 20 * MINUTE,
        category="city.facility",
        place="新塘街道育才东路88号",
    ),
    Report("hotline12345", "p3", "怎么办居住证", START - 10 * MINUTE, category="request.consult"),
)
SECRET = (
    Report(
        "alarm110", "s1", "有人打架", START - 9 * MINUTE, category="order.fight", place="金城路1号"
    ),
    Report(
        "alarm110", "s2", "被骗四万", START - 8 * MINUTE, category="fraud.case", place="金城路2号"
    ),
    Report("hotline12345", "s3", "举报某厂", START - 7 * MINUTE, category="request.report"),
    Report(
        "hotline12345",
        "s4",
        "求助",
        START - 6 * MINUTE,
        category="request.help",
        place="金城路777号",
        facts={"secret": "是"},
    ),
    Report("alarm110", "s5", "胸痛", START - 5 * MINUTE, category="medical", place="金城路3号"),
)
UNSAID = ("周某", "赵某", "19900001111", "401", "12号", "88号", "4321", "装修", "30.176", "120.273")


@pytest.fixture
def desk(store_url: str) -> Iterator[Desk]:
    made = desk_at(store_url, clock=FixedClock(START))
    with made.writing("system") as work:
        from console.desk import intake

        for report in (*PUBLIC, *SECRET):
            intake.take_in(work, report)
    yield made
    made.store.close()


def number(desk: Desk, source: str, source_id: str) -> str:
    with desk.store.read() as tx:
        known = incidents.known_source(tx, source, source_id)
    assert known is not None
    return full_number(desk.store.district, known[0])


def mounted(desk: Desk) -> Starlette:
    return Starlette(routes=[Mount("/open311/v2", app=open311.app(desk))])


def ask(desk: Desk, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app=mounted(desk))
        async with httpx.AsyncClient(transport=transport, base_url="http://it") as client:
            return await client.request(method, f"/open311/v2/{path}", headers=headers)

    return asyncio.run(go())


def listed(desk: Desk, question: str = "") -> list[dict[str, Any]]:
    answer = ask(desk, f"requests.json{question}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


class TestShown:
    def test_what_is_public_and_nothing_else(self, desk: Desk) -> None:
        ids = [one["service_request_id"] for one in listed(desk)]
        assert ids == [
            number(desk, one.source, one.source_id) for one in (PUBLIC[2], PUBLIC[1], PUBLIC[0])
        ]
        for one in SECRET:
            hidden = number(desk, one.source, one.source_id)
            assert ask(desk, f"requests/{hidden}.json").status_code == 404
            assert listed(desk, f"?service_request_id={hidden}") == []

    def test_of_each_only_the_road_and_about_where(self, desk: Desk) -> None:
        first, second = (
            listed(desk, f"?service_request_id={number(desk, one.source, one.source_id)}")[0]
            for one in PUBLIC[:2]
        )
        assert (first["address"], first["lat"], first["long"]) == ("北干街道金城路", 30.18, 120.27)
        assert (second["address"], second["lat"]) == ("新塘街道育才东路", None)
        assert (first["status"], first["service_code"]) == ("open", "request.complaint")
        assert (first["service_name"], first["agency_responsible"]) == ("投诉", "12345 热线")
        assert first["description"] is None
        assert first["requested_datetime"] == "2026-11-24T13:30:00+08:00"
        assert first["expected_datetime"] > first["requested_datetime"]

    @pytest.mark.parametrize("form", ["json", "xml"])
    def test_no_person_and_no_house_is_named_anywhere(self, desk: Desk, form: str) -> None:
        one = number(desk, "hotline12345", "p1")
        for path in (f"requests.{form}", f"requests/{one}.{form}", f"services.{form}"):
            said = ask(desk, path).text
            assert [word for word in UNSAID if word in said] == []

    def test_it_follows_what_becomes_of_it(self, desk: Desk) -> None:
        one = number(desk, "citymgmt", "p2")
        before = listed(desk, f"?service_request_id={one}")[0]
        assert isinstance(desk.clock, FixedClock)
        desk.clock.advance(MINUTE)
        ok(desk, f"接 {one}")
        ok(desk, f"结 {one}")
        after = listed(desk, f"?service_request_id={one}")[0]
        assert (before["status"], after["status"]) == ("open", "closed")
        assert after["updated_datetime"] == "2026-11-24T14:01:00+08:00"
        assert after["expected_datetime"] is None
        assert one not in [other["service_request_id"] for other in listed(desk, "?status=open")]
        assert [other["service_request_id"] for other in listed(desk, "?status=closed")] == [one]

    def test_nothing_is_written(self, desk: Desk) -> None:
        with desk.store.read() as tx:
            head = journal.head(tx)
        for path in ("requests.json", "services.xml", "discovery.json"):
            assert ask(desk, path).status_code == 200
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            answer = ask(desk, "requests.json", method)
            assert answer.status_code == 405
            assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
            assert answer.json()[0]["code"] == 405
        with desk.store.read() as tx:
            assert journal.head(tx) == head


class TestStandard:
    def test_answers_keep_to_the_schemas(self, desk: Desk) -> None:
        one = number(desk, "citymgmt", "p2")
        for path, schema in (
            ("services", "services"),
            ("services/request.complaint", "service-definition"),
            ("requests", "requests"),
            (f"requests/{one}", "requests"),
        ):
            said = ask(desk, f"{path}.json")
            assert said.headers["content-type"] == "application/json; charset=utf-8"
            assert said.json()
            assert [e.message for e in validator(schema).iter_errors(said.json())] == [], path

    @pytest.mark.parametrize(
        ("path", "root", "member"),
        [
            ("services", "services", "service"),
            ("requests", "service_requests", "request"),
            ("requests/none", "errors", "error"),
            ("requests/none?lang=x", "errors", "error"),
        ],
    )
    def test_xml_says_what_json_says(self, desk: Desk, path: str, root: str, member: str) -> None:
        resource, _, question = path.partition("?")
        as_json = ask(desk, f"{resource}.json?{question}").json()
        answer = ask(desk, f"{resource}.xml?{question}")
        assert answer.headers["content-type"] == "text/xml; charset=utf-8"
        assert answer.content.startswith(b"<?xml")
        as_xml = safe_xml.read(answer.content)
        assert (as_xml.tag, {one.tag for one in as_xml}) == (root, {member})
        assert [wire.node_of(one) for one in as_xml] == [wire.node_of(one) for one in as_json]

    def test_discovery_leads_here(self, desk: Desk) -> None:
        said = ask(desk, "discovery.json").json()
        [endpoint] = said["endpoints"]
        assert endpoint["url"] == "http://it/open311/v2/"
        assert endpoint["formats"] == ["text/xml", "application/json"]
        root = safe_xml.read(ask(desk, "discovery.xml").content)
        assert [one.text for one in root.iter("format")] == endpoint["formats"]

    def test_any_client_of_the_standard_can_read_it(self, desk: Desk) -> None:
        with serving({"v2": open311.app(desk)}) as base:  # type: ignore[dict-item]

            async def read(form: str) -> list[Report]:
                client = Client(Endpoint(f"{base}/v2/", auth="none", format=form))
                here = Open311Adapter(profile("citymgmt"), client, lambda: START / 1_000)
                found, place = await everything(here)
                assert (await everything(here, place))[0] == []
                await here.close()
                return found

            as_json, as_xml = asyncio.run(read("json")), asyncio.run(read("xml"))
        assert as_json == as_xml
        assert len(as_json) == len(PUBLIC)

    def test_words_are_in_the_language_that_is_asked_for(self, desk: Desk) -> None:
        for header, name in (("en-GB,en;q=0.9", "Complaint"), ("fr, zh-CN", "投诉"), ("", "投诉")):
            said = ask(desk, "services.json", **{"accept-language": header}).json()
            names = {one["service_code"]: one["service_name"] for one in said}
            assert names["request.complaint"] == name
        assert not set(names) & {"request.report", "order.fight", "fraud.case", "medical"}


class TestDoor:
    def test_it_stands_behind_the_gateways_door(self, desk: Desk) -> None:
        door = listening.Listener(listening.app(listening.parts(desk, {})), "127.0.0.1:0")
        base = door.start()
        try:
            for form in ("json", "xml"):
                answer = httpx.get(f"{base}/open311/v2/requests.{form}", trust_env=False)
                assert answer.status_code == 200
                assert number(desk, "citymgmt", "p2") in answer.text
            [endpoint] = httpx.get(f"{base}/open311/v2/discovery.json", trust_env=False).json()[
                "endpoints"
            ]
            assert endpoint["url"] == f"{base}/open311/v2/"
        finally:
            door.stop()

    def test_a_store_that_is_not_to_be_had_is_said(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def gone() -> None:
            raise StoreProblem(msg("store.missing", store="x"))

        monkeypatch.setattr(desk.store, "read", gone)
        answer = ask(desk, "requests.json")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert answer.json()[0]["code"] == 503


class TestBounds:
    def test_questions(self, desk: Desk) -> None:
        for question, many in (
            ("status=open,closed", 3),
            ("service_code=request", 2),
            ("service_code=city.facility,request.consult", 2),
            ("service_code=crime", 0),
            ("service_code=%25", 0),
            ("start_date=2026-11-24T05:35:00Z", 2),
            ("start_date=2026-11-24T13:35:00+08:00", 2),
            ("start_date=2026-11-24T13:35:00%2B08:00&end_date=2026-11-24T05:45:00Z", 1),
            ("end_date=2026-11-24T05:00:00Z", 0),
            ("start_date=2026-11-25T00:00:00Z&end_date=2026-11-24T00:00:00Z", 0),
            ("start_date=0001-01-01T00:00:00Z", 0),
            ("end_date=9999-12-31T23:59:59Z", 0),
            ("page=2&page_size=2", 1),
            ("page=3&page_size=2", 0),
            ("service_request_id=XS-1,nothing,XS-20261124-9999", 0),
        ):
            assert len(listed(desk, f"?{question}")) == many, question

    def test_what_is_too_much_or_cannot_be_read_is_said(self, desk: Desk) -> None:
        for question in (
            "start_date=yesterday",
            "start_date=2026-11-24",
            "start_date=2026-01-01T00:00:00Z&end_date=2026-11-24T00:00:00Z",
            "status=lost",
            "page=0",
            "page=-1",
            "page=x",
            "page=１",
            "page_size=0",
            "service_request_id=" + "a," * 101,
        ):
            answer = ask(desk, f"requests.json?{question}")
            assert answer.status_code == 400, question
            [error] = answer.json()
            assert error["code"] == 400
            assert error["description"]
            assert "open311." not in error["description"]

    def test_a_page_that_is_too_far_is_not_there(self, desk: Desk) -> None:
        for question in ("page=101&page_size=100", "page=201", "page=99999999999999999999"):
            answer = ask(desk, f"requests.json?{question}")
            assert answer.status_code == 404, question
            assert "10,000" in answer.json()[0]["description"]
        assert listed(desk, "?page=100&page_size=100") == []

    def test_no_page_is_larger_than_the_most(self, desk: Desk) -> None:
        from console.desk import intake

        with desk.writing("system") as work:
            for n in range(open311.MOST + 20):
                intake.take_in(
                    work,
                    Report("citymgmt", f"m{n}", "垃圾", START - DAY + n, category="city.street"),
                    by_hand=True,
                )
        pages = [
            [one["service_request_id"] for one in listed(desk, f"?page={page}&page_size=100000")]
            for page in (1, 2, 3)
        ]
        assert [len(page) for page in pages] == [open311.MOST, 23, 0]
        assert len({id_ for page in pages for id_ in page}) == open311.MOST + 23

    @pytest.mark.parametrize(
        "path",
        [
            "requests.txt",
            "requests",
            "",
            "nothing.json",
            "requests/.json",
            "requests/a%00b.json",
            "requests/" + "9" * 5_000 + ".json",
            "services/%E2%98%83.xml",
            "requests/..%2f..%2fx.json",
        ],
    )
    def test_what_is_not_there_is_said_in_a_document(self, desk: Desk, path: str) -> None:
        answer = ask(desk, path)
        assert answer.status_code == 404
        if answer.headers["content-type"].startswith("application/json"):
            assert [one["code"] for one in answer.json()] == [404]
        else:
            assert safe_xml.read(answer.content).tag == "errors"
