"""CAP 1.2: what is read, what is refused and why, and that writing and reading agree."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import cap, safe_xml
from adapters.cap import Alert, CapError, MsgType, Scope, Status, parse, write
from tests.adapters.cap_messages import WHOLE, alerts, bent

DATA = Path(__file__).parents[1] / "data" / "cap"
SENT = 1_647_829_800_000  # 2022-03-21 10:30 in Beijing


def refused(data: bytes) -> tuple[str, str]:
    """Element and reason with which a message is refused."""
    with pytest.raises(CapError) as raised:
        parse(data)
    assert raised.value.reason in cap.REASONS + safe_xml.REASONS
    return raised.value.element, raised.value.reason


def warned(data: bytes) -> list[tuple[str, str]]:
    """What was odd in a message."""
    odd = parse(data).warnings
    assert all(one.reason in cap.WARNINGS for one in odd)
    return [(one.element, one.reason) for one in odd]


class TestRealFiles:
    """The four that public services and their tools have made."""

    def test_two_languages_are_one_alert(self) -> None:
        alert = parse((DATA / "canada.cap").read_bytes())
        assert alert.languages == ("en-CA", "fr-CA")
        assert alert.warnings == ()
        assert alert.msg_type is MsgType.UPDATE
        assert [one.identifier for one in alert.references] == [
            "2.49.0.1.124.a3f342a4.2012",
            "2.49.0.1.124.60f31a3a.2012",
        ]
        standing = cap.resolve([alert]).actual
        assert len(standing) == 1
        assert alert.in_language("fr")[0].headline == "veille d'orages violents"
        assert alert.in_language("zh-CN", "en")[0].event == "thunderstorm"
        assert alert.in_language("zh-CN")[0].language == "en-CA"
        assert alert.is_over
        assert len(alert.infos[0].areas[1].polygons[0]) == 38

    def test_two_blocks_of_one_language_are_both_kept(self) -> None:
        alert = parse((DATA / "australia.cap").read_bytes())
        assert alert.warnings == ()
        blocks = alert.in_language("en-au")
        assert [one.areas[0].geocodes[0].value for one in blocks] == ["AU-NSW", "2642"]
        assert blocks[0].areas[0].circles[0].centre == cap.Point(-35.3888, 147.0598)
        assert blocks[0].areas[0].circles[0].radius == 25
        assert cap.Pair("AllocatedResources", "") in blocks[0].parameters
        assert not alert.is_over

    def test_a_missing_element_is_named(self) -> None:
        assert refused((DATA / "invalid.cap").read_bytes()) == ("scope", "missing")

    def test_the_version_before_is_read_with_a_warning(self) -> None:
        data = (DATA / "no_optional_fields.cap").read_bytes()
        assert warned(data) == [("alert", "version")]
        assert parse(data).sent == 1_283_231_365_000
        assert parse(write(parse(data))) == parse(data)

    def test_the_others_survive_writing(self) -> None:
        for name in ("canada.cap", "australia.cap"):
            alert = parse((DATA / name).read_bytes())
            assert parse(write(alert, 0)) == alert


class TestReading:
    """A message with everything in it, and each rule broken once."""

    def test_everything_is_read(self) -> None:
        alert = parse(WHOLE.encode())
        info = alert.infos[0]
        assert (alert.sent, alert.status, alert.scope) == (SENT, Status.ACTUAL, Scope.RESTRICTED)
        assert alert.addresses == ("zhiban", "防汛 办")
        assert alert.references[0].sent == SENT - 5_400_000
        assert info.expires == SENT + 12 * 3_600_000
        assert info.resources[0].size == 1024
        assert info.areas[0].polygons[0][0] == info.areas[0].polygons[0][-1]
        assert (info.areas[0].altitude, info.areas[0].ceiling) == (100, 200.5)
        assert alert.warnings == ()
        assert parse(write(alert)) == alert

    @pytest.mark.parametrize(
        "element", ["identifier", "sender", "sent", "status", "msgType", "scope"]
    )
    def test_each_required_element(self, element: str) -> None:
        start, end = WHOLE.index(f"<{element}>"), WHOLE.index(f"</{element}>")
        gone = WHOLE[:start] + WHOLE[end + len(element) + 3 :]
        assert refused(gone.encode()) == (element, "missing")
        emptied = WHOLE[: start + len(element) + 2] + " " + WHOLE[end:]
        assert refused(emptied.encode()) == (element, "empty")

    @pytest.mark.parametrize(
        ("old", "new", "element", "reason"),
        [
            ("<identifier>3301", "<identifier>33 01", "identifier", "characters"),
            ("<identifier>3301", "<identifier>33,01", "identifier", "characters"),
            ("<sender>x", "<sender>&lt;x", "sender", "characters"),
            ("<sender>x", "<sender>x&amp;", "sender", "characters"),
            ("<status>Actual", "<status>actual", "status", "value"),
            ("<msgType>Update", "<msgType>New", "msgType", "value"),
            ("<sent>2022-03-21T10:30:00+08:00", "<sent>2022-03-21T02:30:00Z", "sent", "time.zone"),
            ("<sent>2022-03-21T10:30:00+08:00", "<sent>2022-03-21T10:30:00", "sent", "time.zone"),
            ("<sent>2022-03-21T", "<sent>2022-03-21 ", "sent", "time"),
            ("<sent>2022-03-21T10:30:00", "<sent>2022-03-21T10:30:00.5", "sent", "time"),
            ("<sent>2022-03-21", "<sent>2022-02-30", "sent", "time"),
            ("<onset>2022-03-21", "<onset>２０２２-03-21", "onset", "time"),
            ("<expires>2022-03-21T22:30:00+08:00", "<expires>tonight", "expires", "time"),
            ("xample,33010941600000_", "xample;33010941600000_", "references", "reference"),
            ("09:00:00+08:00</ref", "09:00:00Z</ref", "references", "reference"),
            ("20220321090000,", "20220321103000_0,", "references", "reference.self"),
            ("<restriction>防汛成员单位</restriction>", "", "restriction", "missing"),
            ("<language>zh-CN", "<language>zh_CN", "language", "language"),
            ("<category>Met", "<category>Weather", "category", "value"),
            ("<category>Met</category>", "", "category", "missing"),
            ("<category>Met", "<category>", "category", "empty"),
            ("<event>暴雨</event>", "", "event", "missing"),
            ("<severity>Severe", "<severity>Red", "severity", "value"),
            ("<valueName>code</valueName>", "", "valueName", "missing"),
            ("<valueName>code", "<valueName>", "valueName", "empty"),
            ("<mimeType>image/png</mimeType>", "", "mimeType", "missing"),
            ("<size>1024", "<size>1 KB", "size", "number"),
            ("<areaDesc>河上镇</areaDesc>", "", "areaDesc", "missing"),
            ("30.1,120.2 30.0,120.1<", "30.1,120.2 30.0,120.2<", "polygon", "polygon.open"),
            ("30.1,120.1 30.1,120.2 30.0", "30.1,120.1 30.0", "polygon", "polygon.points"),
            ("<polygon>30.0,120.1 ", "<polygon>30.0 120.1 ", "polygon", "pair"),
            ("<polygon>30.0,", "<polygon>nan,", "polygon", "pair"),
            ("<polygon>30.0,", "<polygon>3e1,", "polygon", "pair"),
            ("<polygon>30.0,120.1", "<polygon>120.1,30.0", "polygon", "range"),
            ("30.05,120.15 5<", "30.05,120.15<", "circle", "pair"),
            ("30.05,120.15 5<", "30.05,180.15 5<", "circle", "range"),
            ("30.05,120.15 5<", "30.05,120.15 -5<", "circle", "range"),
            ("30.05,120.15 5<", "30.05,120.15 far<", "circle", "number"),
            ("<altitude>100</altitude>", "", "ceiling", "altitude"),
            ("<altitude>100", "<altitude>high", "altitude", "number"),
            ("<note>更新<", "<note><b>更新</b><", "note", "nested"),
            ("<info>", "<info>暴雨", "info", "loose_text"),
            ("<note>更新</note>", "<note>a</note><note>b</note>", "note", "twice"),
            ("<note>更新</note>", "<notes>更新</notes>", "notes", "unknown"),
            ("<source>萧山区气象台</source>\n  <scope>Restricted</scope>",
             "<scope>Restricted</scope><source>x</source>", "source", "order"),
            ("cap:1.2", "cap:1.3", "alert", "namespace"),
        ],
    )  # fmt: skip
    def test_each_rule(self, old: str, new: str, element: str, reason: str) -> None:
        assert refused(bent(old, new)) == (element, reason)

    def test_a_private_message_says_to_whom(self) -> None:
        data = bent("Restricted", "Private").decode().replace('zhiban "防汛 办"', "")
        assert refused(data.encode()) == ("addresses", "missing")

    @pytest.mark.parametrize("kind", ["Cancel", "Ack", "Error"])
    def test_who_acts_on_others_names_them(self, kind: str) -> None:
        start, end = WHOLE.index("<references>"), WHOLE.index("<incidents>")
        text = WHOLE[:start] + WHOLE[end:]
        assert refused(bent("Update", kind, text)) == ("references", "missing")
        assert warned(text.encode()) == [("references", "references")]

    def test_the_path_leads_there(self) -> None:
        with pytest.raises(CapError) as raised:
            parse(bent("<circle>30.05", "<circle>95"))
        assert raised.value.where == "info[1].area[1].circle[1]"
        with pytest.raises(CapError) as raised:
            parse(bent("<urgency>Expected</urgency>", ""))
        assert raised.value.where == "info[1].urgency"

    @pytest.mark.parametrize(
        ("old", "new", "odd"),
        [
            ("<sent>2022-03-21T10:30:00+08", "<sent>2022-03-21T02:30:00+00", ("sent", "time.utc")),
            ("<certainty>Likely", "<certainty>Very Likely", ("certainty", "very_likely")),
            ("<web>https://", "<web>", ("web", "address")),
            ("<ceiling>200.5", "<ceiling>20", ("ceiling", "ceiling")),
            ("<expires>2022-03-21T22", "<expires>2022-03-21T09", ("expires", "expires")),
            ("<onset>2022-03-21T12:00:00+08:00", "<onset>", ("onset", "empty")),
            ("</alert>", '<x xmlns="urn:x"/></alert>', ("x", "foreign")),
            (
                "</alert>",
                '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><a/></Signature></alert>',
                ("Signature", "signature"),
            ),
        ],
    )
    def test_what_is_odd_is_read_and_said(self, old: str, new: str, odd: tuple[str, str]) -> None:
        assert warned(bent(old, new)) == [odd]

    def test_zones(self) -> None:
        for written in ("2022-03-21T02:30:00-00:00", "2022-03-20T21:00:00-05:30"):
            assert parse(bent("2022-03-21T10:30:00+08:00</sent", f"{written}</sent")).sent == SENT

    def test_no_language_is_american_english(self) -> None:
        assert parse(bent("<language>zh-CN</language>", "")).infos[0].language == "en-US"

    def test_a_chinese_encoding(self) -> None:
        text = WHOLE.replace('encoding="UTF-8"', 'encoding="GB2312"')
        assert parse(text.encode("gbk")) == parse(WHOLE.encode())
        assert parse(WHOLE.replace("UTF-8", "UTF-16").encode("utf-16")) == parse(WHOLE.encode())


class TestHostile:
    """Documents that are made to hurt."""

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "xml.broken"),
            (b"\x00\xff\xfe", "xml.broken"),
            (b"not xml", "xml.broken"),
            (WHOLE.encode()[:-20], "xml.broken"),
            (b'<!DOCTYPE a [<!ENTITY b "c">]><alert>&b;</alert>', "xml.doctype"),
            (b'<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd"><alert/>', "xml.doctype"),
            (b"<alert>&nothing;</alert>", "xml.broken"),
            (b"<a>" * 100_000, "xml.deep"),
            (b"<a>" + b" " * 10_000_000 + b"</a>", "xml.large"),
            (b'<?xml version="1.0" encoding="klingon"?><alert/>', "xml.encoding"),
            (b'<?xml version="1.0" encoding="gbk"?><alert>\xff\xff</alert>', "xml.encoding"),
            (b"<alerts/>", "root"),
            (b"<alert/>", "namespace"),
        ],
        ids=lambda value: str(value)[:30],
    )
    def test_is_refused(self, data: bytes, reason: str) -> None:
        assert refused(data) == ("alert", reason)

    @given(st.binary(max_size=200))
    def test_rubbish_is_refused_and_nothing_else_happens(self, data: bytes) -> None:
        with pytest.raises(CapError):
            parse(data)

    @given(st.data())
    def test_a_torn_message_is_refused_or_read(self, data: st.DataObject) -> None:
        whole = WHOLE.encode()
        at = data.draw(st.integers(0, len(whole) - 1))
        torn = whole[:at] + data.draw(st.binary(max_size=3)) + whole[at + 1 :]
        try:
            reason = ""
            parse(torn)
        except CapError as error:
            reason = error.reason
        assert reason in ("", *cap.REASONS, *safe_xml.REASONS)


class TestWriting:
    """What is written is lawful and the same."""

    @given(alerts, st.integers(-14 * 60, 14 * 60))
    def test_is_read_back_the_same(self, alert: Alert, offset: int) -> None:
        back = parse(write(alert, offset))
        assert back == alert
        assert back.warnings == ()

    def test_utc_is_minus_zero(self) -> None:
        assert b"T02:30:00-00:00</sent>" in write(parse(WHOLE.encode()), 0)
        assert b"T10:30:00+08:00</sent>" in write(parse(WHOLE.encode()))

    @pytest.mark.parametrize(
        ("changed", "element"),
        [
            ({"identifier": "a b"}, "identifier"),
            ({"identifier": ""}, "identifier"),
            ({"sender": "a,b"}, "sender"),
            ({"sent": SENT + 1}, "sent"),
            ({"sent": 10**18}, "sent"),
            ({"note": "\x1b[2J"}, "note"),
            ({"note": "\ud800"}, "note"),
            ({"note": "a\rb"}, "note"),
            ({"addresses": ('a" b',)}, "addresses"),
            ({"restriction": ""}, "restriction"),
            ({"references": ()}, "references"),
        ],
    )
    def test_what_is_not_lawful_is_not_written(
        self, changed: dict[str, object], element: str
    ) -> None:
        alert = replace(parse(WHOLE.encode()), **changed)  # type: ignore[arg-type]
        with pytest.raises(CapError) as raised:
            write(alert)
        assert raised.value.element == element


class TestChineseIdentifier:
    """ZZZZZZDDDUUUXX_YYYYMMDDhhmmss_N."""

    def test_with_and_without_a_serial(self) -> None:
        made = cap.chinese_identifier("33010941600000_20220321103000_3")
        assert made == cap.ChineseIdentifier("330109", "416", "000", "00", SENT, 3)
        without = cap.chinese_identifier("33010941600000_20220321103000")
        assert without is not None
        assert (without.entered, without.serial) == (SENT, None)

    @pytest.mark.parametrize(
        "other",
        [
            "2.49.0.1.124.6bddbc91.2012",
            "33010941600000_20220231103000",
            "33010941600000_20220321103000_",
            "3301094160000_20220321103000",
            "３3010941600000_20220321103000",
        ],
    )
    def test_others_are_not(self, other: str) -> None:
        assert cap.chinese_identifier(other) is None
