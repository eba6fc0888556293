"""The numbers and words of the systems' rules, read together from ``systems.toml``."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from console.domain.alarm_confirm import TerminalRules, read_terminals
from console.domain.categories import Categories
from console.domain.cylinders import CylinderRules, read_cylinders
from console.domain.deadlines import Deadlines
from console.domain.hazards import HazardRules, read_hazards
from console.domain.heartbeats import HeartbeatRules, read_heartbeats
from console.domain.message import msg
from console.domain.payments import STOP, PaymentRules, read_payments
from console.domain.points import PointsRules, read_points
from console.domain.routing import RoutingRules, read_routing
from console.domain.safety_code import CodeRules, read_codes
from console.domain.tables import Document, Fault
from console.domain.wages import WageRules, read_wages
from console.domain.workorders import KINDS, WorkOrderRules, deadline_of, read_workorders


@dataclass(frozen=True)
class SystemRules:
    """One value for each table of ``systems.toml``."""

    payments: PaymentRules
    workorders: WorkOrderRules
    cylinders: CylinderRules
    wages: WageRules
    safety_code: CodeRules
    terminals: TerminalRules
    points: PointsRules
    routing: RoutingRules
    hazards: HazardRules
    heartbeat: HeartbeatRules


def parse_systems(
    text: str,
    file: str,
    categories: Categories,
    departments: Collection[str],
    deadlines: Deadlines,
) -> tuple[SystemRules, list[Fault]]:
    """Read ``systems.toml``; what it names must be in the other tables."""
    document = Document(text, file)
    root = document.root
    rules = SystemRules(
        payments=read_payments(root.table("payments"), deadlines),
        workorders=read_workorders(root.table("workorders")),
        cylinders=read_cylinders(root.table("cylinders")),
        wages=read_wages(root.table("wages")),
        safety_code=read_codes(root.table("safety_code")),
        terminals=read_terminals(root.table("terminal")),
        points=read_points(root.table("points")),
        routing=read_routing(root.table("routing")),
        hazards=read_hazards(root.table("hazards")),
        heartbeat=read_heartbeats(root.table("heartbeat")),
    )
    for kind, terminal in rules.terminals.kinds.items():
        if terminal.becomes and terminal.becomes not in categories:
            reason = msg("rules.unknown_category", category=terminal.becomes)
            document.complain(("terminal", kind, "becomes"), reason)
    for key, prefixes in (("police", rules.routing.police), ("hotline", rules.routing.hotline)):
        for prefix in prefixes:
            if prefix not in categories:
                reason = msg("rules.unknown_category", category=prefix)
                document.complain(("routing", key), reason)
    for place, tier in enumerate(rules.wages.tiers):
        for department in tier.departments:
            if department not in departments:
                reason = msg("rules.unknown_department", department=department)
                document.complain(("wages", "tier", place, "departments"), reason)
    for id_ in (STOP, *map(deadline_of, KINDS)):
        if id_ not in deadlines:
            document.complain((), msg("rules.no_deadline", deadline=id_))
    root.end()
    return rules, document.faults
