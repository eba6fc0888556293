"""CAP messages for tests: a whole one as text to be bent, and any lawful one by chance."""

from __future__ import annotations

from hypothesis import strategies as st

from adapters.cap import (
    Alert,
    Area,
    Category,
    Certainty,
    Circle,
    Info,
    MsgType,
    Pair,
    Point,
    Reference,
    Resource,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)

WHOLE = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>33010941600000_20220321103000_0</identifier>
  <sender>xiaoshan@weather.example</sender>
  <sent>2022-03-21T10:30:00+08:00</sent>
  <status>Actual</status>
  <msgType>Update</msgType>
  <source>萧山区气象台</source>
  <scope>Restricted</scope>
  <restriction>防汛成员单位</restriction>
  <addresses>zhiban "防汛 办"</addresses>
  <code>profile-1</code>
  <note>更新</note>
  <references>xiaoshan@weather.example,33010941600000_20220321090000,2022-03-21T09:00:00+08:00</references>
  <incidents>XS-20220321-0042</incidents>
  <info>
    <language>zh-CN</language>
    <category>Met</category>
    <event>暴雨</event>
    <responseType>Prepare</responseType>
    <urgency>Expected</urgency>
    <severity>Severe</severity>
    <certainty>Likely</certainty>
    <audience>沿江居民</audience>
    <eventCode><valueName>code</valueName><value>11B03</value></eventCode>
    <effective>2022-03-21T10:30:00+08:00</effective>
    <onset>2022-03-21T12:00:00+08:00</onset>
    <expires>2022-03-21T22:30:00+08:00</expires>
    <senderName>萧山区气象台</senderName>
    <headline>暴雨橙色预警</headline>
    <description>3 小时内降雨量 50 毫米以上</description>
    <instruction>停止户外作业</instruction>
    <web>https://weather.example/42</web>
    <contact>0571-1234567</contact>
    <parameter><valueName>colour</valueName><value></value></parameter>
    <resource>
      <resourceDesc>雷达图</resourceDesc>
      <mimeType>image/png</mimeType>
      <size>1024</size>
      <uri>https://weather.example/42.png</uri>
      <derefUri>aGk=</derefUri>
      <digest>0123456789abcdef0123456789abcdef01234567</digest>
    </resource>
    <area>
      <areaDesc>河上镇</areaDesc>
      <polygon>30.0,120.1 30.1,120.1 30.1,120.2 30.0,120.1</polygon>
      <circle>30.05,120.15 5</circle>
      <geocode><valueName>GB/T 2260</valueName><value>330109</value></geocode>
      <altitude>100</altitude>
      <ceiling>200.5</ceiling>
    </area>
  </info>
</alert>
"""
"""Every element that there is, once."""


def bent(old: str, new: str, text: str = WHOLE) -> bytes:
    """The whole message with one thing changed, which must be in it exactly once."""
    assert text.count(old) == 1, (text.count(old), old)
    return text.replace(old, new).encode("utf-8")


texts = st.text("\n \t<>&'\"aé警\x7f\x85\u2028\U0001f692]", max_size=8).map(str.strip)
some_text = texts.map(lambda text: text or "x")
names = st.text("ab0:/.@_-警'>\"", min_size=1, max_size=8)
seconds = st.integers(-62_000_000_000, 253_000_000_000).map(lambda s: s * 1000)


def decimals(least: int, most: int) -> st.SearchStrategy[float]:
    """Numbers as instruments give them: to the ten-millionth."""
    return st.integers(least * 10**7, most * 10**7).map(lambda n: n / 10**7)


points = st.builds(Point, decimals(-90, 90), decimals(-180, 180))
measures = decimals(0, 1_000_000)
pairs = st.builds(Pair, some_text, texts)
words = st.lists(st.sampled_from(["a", "b c", "警 情", "d@e"]), max_size=3).map(tuple)
languages = st.sampled_from(["zh-CN", "en-US", "en", "fr-CA"])


def several(strategy: st.SearchStrategy[object], least: int = 0) -> st.SearchStrategy[object]:
    """A tuple of at most two."""
    return st.lists(strategy, min_size=least, max_size=2).map(tuple)


polygons = st.lists(points, min_size=3, max_size=6).map(lambda many: (*many, many[0]))
heights = st.none() | measures
areas = st.builds(
    Area,
    description=some_text,
    polygons=several(polygons),
    circles=several(st.builds(Circle, points, measures)),
    geocodes=several(pairs),
    altitude=heights,
)
resources = st.builds(
    Resource,
    description=some_text,
    mime_type=st.just("image/png"),
    size=st.none() | st.integers(0, 10**12),
    uri=st.just("https://a.example/b"),
    digest=st.just(""),
)
infos = st.builds(
    Info,
    categories=several(st.sampled_from(Category), 1),
    event=some_text,
    urgency=st.sampled_from(Urgency),
    severity=st.sampled_from(Severity),
    certainty=st.sampled_from(Certainty),
    language=languages,
    response_types=several(st.sampled_from(ResponseType)),
    audience=texts,
    event_codes=several(pairs),
    onset=st.none() | seconds,
    sender_name=texts,
    headline=texts,
    description=texts,
    instruction=texts,
    contact=texts,
    parameters=several(pairs),
    resources=several(resources),
    areas=several(areas),
)
alerts = st.builds(
    Alert,
    identifier=names,
    sender=names.map("s".__add__),
    sent=seconds,
    status=st.sampled_from(Status),
    msg_type=st.just(MsgType.ALERT),
    scope=st.just(Scope.PUBLIC),
    source=texts,
    addresses=words,
    codes=several(some_text),
    note=texts,
    references=several(st.builds(Reference, names.map("x".__add__), names, seconds)),
    incidents=words,
    infos=several(infos),
)
