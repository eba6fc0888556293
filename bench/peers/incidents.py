"""The rows that the peers with a list show: incidents in the columns of the queue."""

from collections.abc import Iterator

COLUMNS = ("", "No", "P", "Category", "Town", "Place", "What", "Due")
_CATEGORIES = ("火警", "事故", "电诈", "求助", "隐患")
_TOWNS = ("新塘", "北干", "宁围", "城厢", "蜀山", "闻堰")
_PLACES = ("育才东路88号", "金城路高层", "建设一路路口", "市心中路12号", "通惠路地铁口")
_WHATS = ("客服诈骗四十万", "厨房冒烟", "两车有人伤", "电梯困人", "燃气味大")


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """`count` rows, numbered from 1."""
    for number in range(1, count + 1):
        yield (
            "!" if number % 7 == 0 else " ",
            str(number),
            str(number % 4 + 1),
            _CATEGORIES[number % len(_CATEGORIES)],
            _TOWNS[number % len(_TOWNS)],
            _PLACES[number % len(_PLACES)],
            _WHATS[number % len(_WHATS)],
            f"{number % 60:+03d}:{number * 7 % 60:02d}",
        )
