"""Loads modules otherwise than they are written, and puts changed code into loaded ones."""

from __future__ import annotations

import ast
import gc
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, FunctionType, ModuleType

from bench.mutants.sites import is_docstring


class _Loader(SourceFileLoader):
    """Compiles a module by `how`, and never writes what it compiled."""

    def __init__(self, name: str, path: str, how: Callable[[str], CodeType]) -> None:
        super().__init__(name, path)
        self.how = how

    def get_code(self, fullname: str) -> CodeType:
        return self.how(self.get_filename(fullname))


class Finder:
    """Stands first in ``sys.meta_path``: the modules named are compiled by `how`."""

    def __init__(self, names: frozenset[str], how: Callable[[str], CodeType]) -> None:
        self.names, self.how = names, how

    def install(self) -> None:
        """From now on; what is imported already stays as it is."""
        sys.meta_path.insert(0, self)

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """The spec with our loader, for a module that is named; else nothing."""
        if fullname not in self.names:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.origin is not None:
            spec.loader = _Loader(fullname, spec.origin, self.how)
        return spec


HIT = "__hit__"
LINES = 100_000
"""More lines than a module has: a line is ``module number * LINES + line``."""


def with_hits(tree: ast.Module, number: int) -> ast.Module:
    """Have every statement inside a function say first that it runs: ``__hit__(line)``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            _mark(node, number, LINES)
    return ast.fix_missing_locations(tree)


def _mark(node: ast.AST, number: int, lines: int) -> None:
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, None)
        if isinstance(block, list):
            marked: list[ast.stmt] = []
            for statement in block:
                if not is_docstring(statement) and isinstance(statement, ast.stmt):
                    marked.append(_call(number * lines + statement.lineno, statement))
                marked.append(statement)
                if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    _mark(statement, number, lines)
            block[:] = marked
    for field in ("handlers", "cases"):
        for inner in getattr(node, field, []):
            _mark(inner, number, lines)


def _call(number: int, where: ast.stmt) -> ast.stmt:
    call = ast.Call(ast.Name(HIT, ast.Load()), [ast.Constant(number)], [])
    return ast.copy_location(ast.Expr(call), where)


Functions = dict[tuple[str, str, int], list[FunctionType]]
"""The functions that exist, by file, qualified name and first line."""


def functions(files: frozenset[str]) -> Functions:
    """All functions of these files, wherever they are held."""
    found: Functions = {}
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType) and thing.__code__.co_filename in files:
            code = thing.__code__
            key = (code.co_filename, code.co_qualname, code.co_firstlineno)
            found.setdefault(key, []).append(thing)
    return found


def _codes(code: CodeType) -> list[CodeType]:
    inner = [const for const in code.co_consts if isinstance(const, CodeType)]
    return [code, *(one for each in inner for one in _codes(each))]


def put(code: CodeType, existing: Functions) -> bool:
    """Give the functions that exist the code of a module that was compiled otherwise.

    Returns whether every function took its new code, and there was one.
    """
    done = False
    for one in _codes(code):
        for function in existing.get((one.co_filename, one.co_qualname, one.co_firstlineno), []):
            if one.co_name == "<lambda>" or one == function.__code__:
                continue
            if one.co_freevars != function.__code__.co_freevars:
                return False
            function.__code__ = one
            done = True
    return done
