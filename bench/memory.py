"""The bench's scales: memory of a process and of everything it started, from /proc."""

import re
from dataclasses import dataclass
from pathlib import Path

_FIELD = re.compile(r"^(Rss|Pss):\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Memory:
    """Memory in bytes: resident, and proportional (shared pages divided by their users)."""

    rss: int
    pss: int


def tree_memory(pid: int) -> Memory:
    """Memory of the process `pid` and all its descendants together."""
    rss = pss = 0
    for member in _tree(pid):
        text = Path(f"/proc/{member}/smaps_rollup").read_text()
        found = {name: int(kilobytes) * 1024 for name, kilobytes in _FIELD.findall(text)}
        rss += found["Rss"]
        pss += found["Pss"]
    return Memory(rss, pss)


def _tree(root: int) -> list[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended while we looked
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    tree = [root]
    for member in tree:
        tree += [child for child, parent in parents.items() if parent == member]
    return tree
