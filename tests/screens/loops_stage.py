"""Reports that are followed to their end: hazards, cylinders, wages, orders, a fraud case."""

from __future__ import annotations

from adapters.port import Report
from console.domain.clock import DAY, HOUR, MINUTE, Span
from tests.screens.stage import NOON


def _report(source: str, n: str, ago: Span, category: str, place: str, text: str) -> Report:
    return Report(source, n, text, NOON - ago, category, place)


FOLLOWED = (
    _report("hazards", "y-1", 9 * DAY, "hazard.fire", "宁围街道建设一路18号", "车间灭火器过期"),
    _report("hazards", "y-2", 3 * DAY, "hazard.work", "新街街道花木城路9号", "脚手架缺护栏"),
    _report("cylinders", "q-1", HOUR, "gas.cylinder", "城厢街道文化路5号", "一月配送五瓶"),
    _report("wages", "l-1", 2 * DAY, "wages.site", "靖江街道靖港路33号", "工地欠薪二十人"),
    _report("hotline12345", "h-9", DAY, "request.training", "北干街道山阴路2号", "机构不退费"),
    _report("platform4", "p-1", 5 * HOUR, "grid.dispute", "蜀山街道湘湖社区", "邻里纠纷"),
    _report("alarm110", "f-1", 30 * MINUTE, "fraud.case", "新塘街道育才东路88号", "转账三笔"),
)
