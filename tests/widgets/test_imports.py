"""Widgets cost the first frame nothing but themselves."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import widgets

PROBE = """
import sys
import textual.app, textual.widget, textual.drivers.linux_driver
before = set(sys.modules)
import {modules}
print("\\n".join(sorted(set(sys.modules) - before)))
"""


def test_nothing_is_imported_that_the_smallest_app_does_not_import() -> None:
    modules = [
        f"widgets.{module.name}"
        for module in pkgutil.iter_modules(widgets.__path__)
        if module.name != "gallery"
    ]
    assert "widgets.queue_table" in modules
    run = subprocess.run(
        [sys.executable, "-c", PROBE.format(modules=", ".join(modules))],
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(run.stdout.split()) == {"widgets", *modules}
