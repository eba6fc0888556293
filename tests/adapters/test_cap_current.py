"""Which alerts stand after updates and cancels, and the index they are published in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import cap
from adapters.cap import Alert, CapError, MsgType, Reference, Scope, Status, resolve
from adapters.cap.link import sort_out
from tests.adapters.cap_messages import WHOLE, alerts

INFO = replace(cap.parse(WHOLE.encode()).infos[0], expires=None)


def said(
    name: str,
    sent: int,
    *named: Alert,
    kind: MsgType = MsgType.ALERT,
    status: Status = Status.ACTUAL,
    expires: int | None = None,
) -> Alert:
    """A message of one sender at second `sent`."""
    return Alert(
        identifier=name,
        sender="office",
        sent=sent * 1000,
        status=status,
        msg_type=kind,
        scope=Scope.PUBLIC,
        references=tuple(one.reference for one in named),
        infos=(replace(INFO, expires=expires),),
    )


FIRST = said("first", 1)
SECOND = said("second", 2, FIRST, kind=MsgType.UPDATE)
THIRD = said("third", 3, SECOND, kind=MsgType.UPDATE)
CANCEL = said("cancel", 4, THIRD, kind=MsgType.CANCEL)


class TestResolve:
    """Updates replace, cancels end."""

    def test_an_update_replaces_and_knows_what_it_began_with(self) -> None:
        (one,) = resolve([FIRST, SECOND, THIRD]).actual
        assert one.alert is THIRD
        assert one.first == FIRST.reference
        assert one.earlier == (FIRST.reference, SECOND.reference)

    def test_a_cancel_ends_the_line(self) -> None:
        current = resolve([FIRST, SECOND, THIRD, CANCEL])
        assert current.actual == ()
        assert [one.first for one in current.cancelled] == [FIRST.reference]

    def test_what_is_named_and_not_seen_is_kept(self) -> None:
        assert resolve([SECOND]).actual[0].first == FIRST.reference
        assert resolve([CANCEL]).cancelled[0].first == THIRD.reference

    def test_a_cancelled_alert_does_not_come_back_with_an_old_page(self) -> None:
        assert resolve([CANCEL, FIRST, THIRD, FIRST, SECOND]).actual == ()

    @pytest.mark.parametrize("status", [one for one in Status if one is not Status.ACTUAL])
    def test_what_is_no_actual_alert_is_kept_apart_and_touches_none(self, status: Status) -> None:
        test = said("test", 5, status=status)
        cancel = said("end", 6, FIRST, kind=MsgType.CANCEL, status=status)
        same_name = said("first", 7, status=status)
        current = resolve([FIRST, test, cancel, same_name])
        assert [one.alert for one in current.actual] == [FIRST]
        assert [one.alert for one in current.apart] == [test, same_name]
        assert current.cancelled == ()

    def test_answers_are_no_alerts(self) -> None:
        answer = said("answer", 5, FIRST, kind=MsgType.ACK)
        assert [one.alert for one in resolve([answer, FIRST]).actual] == [FIRST]

    def test_an_alert_expires_when_all_of_it_has(self) -> None:
        short = said("short", 1, expires=5_000)
        both = replace(short, identifier="both", infos=(short.infos[0], INFO))
        current = resolve([short, both, FIRST], now=5_000)
        assert [one.alert for one in current.expired] == [short]
        assert [one.alert for one in current.actual] == [both, FIRST]
        assert resolve([short], now=4_999).expired == ()
        assert resolve([short]).expired == ()

    def test_a_ring_makes_nothing_vanish(self) -> None:
        one = said("a", 1, kind=MsgType.UPDATE)
        other = said("b", 1, one, kind=MsgType.UPDATE)
        one = replace(one, references=(other.reference,))
        assert len(resolve([one, other]).actual) == 1

    def test_nobody_acts_on_the_future(self) -> None:
        early = said("early", 0, FIRST, kind=MsgType.CANCEL)
        assert [one.alert for one in resolve([early, FIRST]).actual] == [FIRST]

    @given(st.permutations([FIRST, SECOND, THIRD, CANCEL, said("other", 2)]))
    def test_the_order_of_arrival_does_not_matter(self, many: list[Alert]) -> None:
        assert resolve(many) == resolve([FIRST, SECOND, THIRD, CANCEL, said("other", 2)])

    @given(st.lists(alerts, max_size=6))
    def test_alerts_that_replace_nothing_all_stand(self, many: list[Alert]) -> None:
        current = resolve(many)
        names = {(one.status, one.sender, one.identifier) for one in many}
        assert len(current.actual) + len(current.apart) == len(names)
        assert all(one.alert.status is Status.ACTUAL for one in current.actual)


class TestIndex:
    """The Atom feed."""

    def make(self, *many: Alert) -> bytes:
        return cap.atom(
            many,
            address="https://zhiban.example/alerts",
            title="预警",
            author="萧山",
            updated=7_500,
            link=lambda one: f"https://zhiban.example/alerts/{one.identifier}.cap",
        )

    def test_is_read_back(self) -> None:
        index = cap.parse_atom(self.make(FIRST, SECOND))
        assert (index.id, index.title, index.updated) == (
            "https://zhiban.example/alerts",
            "预警",
            7_000,
        )
        assert index.entries[1] == cap.Entry(
            id="https://zhiban.example/alerts/second.cap",
            title="暴雨橙色预警",
            updated=2_000,
            link="https://zhiban.example/alerts/second.cap",
            summary="3 小时内降雨量 50 毫米以上",
        )

    def test_an_alert_without_words_has_its_name(self) -> None:
        bare = replace(FIRST, infos=())
        assert cap.parse_atom(self.make(bare)).entries[0].title == "first"

    def test_others_feeds(self) -> None:
        index = cap.parse_atom(
            b"""<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id><title>t</title>
            <updated>2022-03-21T02:30:00.123Z</updated><link rel="next" href="?page=2"/>
            <entry><id>https://a.example/1</id><title>no link</title><updated>?</updated></entry>
            <entry><id>urn:2</id><link href="page.html" type="text/html"/>
            <link rel="alternate" type="application/cap+xml" href="2.cap"/></entry></feed>"""
        )
        assert index.updated == 1_647_829_800_000
        assert index.next == "?page=2"
        assert [one.link for one in index.entries] == ["https://a.example/1", "2.cap"]
        assert index.entries[0].updated is None

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (WHOLE.encode(), "root"),
            (b"<!DOCTYPE feed><feed/>", "xml.doctype"),
            (b"<feed>", "xml.broken"),
        ],
    )
    def test_what_is_no_feed_is_refused(self, data: bytes, reason: str) -> None:
        with pytest.raises(CapError) as raised:
            cap.parse_atom(data)
        assert (raised.value.element, raised.value.reason) == ("feed", reason)

    def test_what_xml_cannot_write_is_not_written(self) -> None:
        with pytest.raises(CapError):
            self.make(replace(FIRST, infos=(replace(INFO, headline="\x1b"),)))


def test_reference_names_by_sender_and_identifier() -> None:
    assert Reference("a", "b", 1).key == Reference("a", "b", 2).key


ALONE = WHOLE.replace("<msgType>Update</msgType>", "<msgType>Alert</msgType>").replace(
    WHOLE[WHOLE.index("  <references>") : WHOLE.index("  <incidents>")], ""
)


@pytest.mark.parametrize(
    ("old", "new", "raises"),
    [
        ("<urgency>Expected</urgency>", "<urgency>Past</urgency>", True),
        ("<responseType>Prepare</responseType>", "<responseType>AllClear</responseType>", False),
    ],
)
def test_what_has_happened_is_an_alert_and_an_all_clear_is_none(
    old: str, new: str, raises: bool
) -> None:
    """An earthquake is over when it is told, and needs every officer."""
    text = ALONE.replace(old, new).encode()
    reports, kept = sort_out([(cap.parse(text), text)])
    assert (len(reports), [one.reason for one in kept]) == ((1, []) if raises else (0, ["expired"]))
