"""No password is shown: not in an address, not in a driver's words."""

from __future__ import annotations

import pytest

from adapters.port import LinkError
from adapters.secret import redacted
from console.domain.message import Problem
from console.store.engine import as_url, open_store, shown

SECRET = "hunter2"


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://zhiban:{SECRET}@db/zhiban",
        f"postgresql+psycopg://zhiban:{SECRET}@db:5432/zhiban",
        f"postgresql://db/zhiban?user=zhiban&password={SECRET}&sslmode=require",
        f"postgresql://db/zhiban?sslpassword={SECRET}",
        f"https://oapi.example/robot/send?access_token={SECRET}&sign={SECRET}",
        f"mqtts://t:{SECRET}@127.0.0.1:8883",
        f"https://user:p@{SECRET}@host/",
        f"connection failed: host=db password='{SECRET} {SECRET}' user=x",
        f'{{"password": "{SECRET}"}}',
        f"ZHIBAN_SECRET_DINGTALK={SECRET}",
        f"PASSWORD = {SECRET}",
    ],
)
def test_is_masked(text: str) -> None:
    said = redacted(text)
    assert SECRET not in said
    assert "***" in said
    assert redacted(said) == said
    assert SECRET not in str(LinkError("unreachable", text))


@pytest.mark.parametrize(
    "text",
    [
        "https://host/path?page=2",
        "mqtt://127.0.0.1:1883",
        "/home/a/zhiban.sqlite",
        "FATAL: password authentication failed for user",
        "The secret is not accepted: ask for a new one.",
        "12:30 user@host",
    ],
)
def test_the_rest_stays(text: str) -> None:
    assert redacted(text) == text


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://nobody:{SECRET}@127.0.0.1:1/none",
        f"postgresql://127.0.0.1:1/none?user=nobody&password={SECRET}",
        f"postgresql://127.0.0.1:1/none?user=nobody&password={SECRET}&nonsense=1",
        f"postgresql://nobody:{SECRET}@127.0.0.1:port/none",
        f"mysql://nobody:{SECRET}@127.0.0.1/none?password={SECRET}",
    ],
)
def test_a_store_that_cannot_be_opened(url: str) -> None:
    with pytest.raises(Problem) as refused:
        open_store(url, busy=0.1)
    assert SECRET not in str(refused.value.args)
    error: BaseException | None = refused.value
    if "port/" not in url and "mysql" not in url:
        assert SECRET not in shown(as_url(url))
    assert error is not None
