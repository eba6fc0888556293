"""Compiles the message catalogues: at build time for the package, by hand for a checkout.

The build (``pip install .``, ``pip install -e .``, ``python -m build``) runs `CatalogueHook`;
``python -m hatch_build`` does the same in place for somebody who has changed a ``.po`` file.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def catalogues(root: Path) -> list[Path]:
    """Every ``.po`` file below the checkout `root`."""
    return sorted(root.glob("console/locale/*/LC_MESSAGES/*.po"))


def stale(source: Path) -> bool:
    """Whether the ``.mo`` beside `source` is missing or older."""
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns


def compile_catalogue(source: Path) -> Path:
    """Write the ``.mo`` beside `source` and return its path.

    Entries marked fuzzy are left out, as gettext does.

    Raises:
        babel.messages.pofile.PoFileError: the file is not a ``.po`` file (names the line).
    """
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parent.parent.name, abort_invalid=True)
    compiled = source.with_suffix(".mo")
    # Written aside and renamed: somebody may be reading the old one.
    aside = compiled.with_name(f"{compiled.name}.{os.getpid()}")
    with aside.open("wb") as file:
        write_mo(file, catalogue)
    aside.replace(compiled)
    return compiled


class CatalogueHook(BuildHookInterface[Any]):
    """The build backend's hook (see ``[tool.hatch.build.hooks.custom]``)."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every catalogue and hand the results to the build.

        Args:
            version: the kind of build ("standard", "editable"); both need the catalogues.
            build_data: the backend's; ``artifacts`` names files that git ignores.
        """
        root = Path(self.root)
        compiled = [compile_catalogue(source) for source in catalogues(root)]
        build_data["artifacts"].extend(path.relative_to(root).as_posix() for path in compiled)


def main() -> int:
    """Compile the catalogues that have changed."""
    for source in catalogues(Path(__file__).parent):
        if stale(source):
            print(compile_catalogue(source).relative_to(Path(__file__).parent))
    return 0


if __name__ == "__main__":
    sys.exit(main())
