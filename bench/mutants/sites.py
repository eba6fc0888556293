"""Where a function can be changed a little, and how: the operators of the mutation.

A site is one change of one place in the body of a function or method. What a test cannot
or need not notice is no site: annotations, docstrings, defaults and decorators, protocols,
``__repr__``, logging, assertions, the words of an error, and the ids of messages.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Put = Callable[[ast.AST], None]
"""Puts another node into the place of the one that was found."""

COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
"""The boundary first, then the contrary."""

RECKONED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}

SWAPPED = {"min": "max", "max": "min", "any": "all", "all": "any"}

WORDS = frozenset({"msg", "Message"})
"""Calls whose first argument is the id of a message."""

UNTOUCHED = frozenset({"isinstance", "issubclass", "cast", "getLogger"})
"""Calls that speak of types."""

LEFT = frozenset({"__repr__", "__str__", "__init_subclass__"})


@dataclass(frozen=True)
class Site:
    """One possible change: where it is, what it makes of what, and how it is done."""

    function: str
    """The qualified name, as in ``co_qualname``."""
    first_line: int
    """Where that function begins, its decorators counted: ``co_firstlineno``."""
    line: int
    """The first line of the statement that is changed."""
    operator: str
    was: str
    becomes: str
    change: Callable[[], None]
    """Changes the tree that the site was found in."""


def sites(tree: ast.Module) -> list[Site]:
    """All sites of a module, in the order of its text."""
    return list(_Walk().block(tree.body))


def is_docstring(node: ast.AST) -> bool:
    """Whether a statement is a bare string."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str | type(...))
    )


def speaks_of_types(test: ast.expr) -> bool:
    """Whether a condition is ``TYPE_CHECKING``."""
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


class _Walk:
    """A walk through a module that knows which function and which statement it is in."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.first_line = 0
        self.depth = 0
        self.line = 0

    def block(self, statements: list[ast.stmt]) -> Iterator[Site]:
        for place, statement in enumerate(statements):
            yield from self.statement(statement, _setter(statements, place))

    def statement(self, node: ast.stmt, put: Put) -> Iterator[Site]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from self.function(node)
        elif isinstance(node, ast.ClassDef):
            if not any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases):
                self.names.append(node.name)
                yield from self.block(node.body)
                self.names.pop()
        elif isinstance(node, ast.If) and speaks_of_types(node.test):
            return
        elif not self.depth:
            for block in ("body", "orelse", "finalbody"):
                yield from self.block(getattr(node, block, []))
        elif not (is_docstring(node) or isinstance(node, ast.Assert) or _logs(node)):
            self.line = node.lineno
            yield from self.changes(node, put)
            if not isinstance(node, ast.Raise):
                yield from self.inner(node)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Site]:
        if node.name in LEFT or any("overload" in ast.unparse(d) for d in node.decorator_list):
            return
        outermost = not self.depth
        if outermost:
            self.first_line = min(n.lineno for n in (node, *node.decorator_list))
        self.names.append(node.name)
        if self.depth:
            self.names.insert(-1, "<locals>")
        self.depth += 1
        yield from self.block(node.body)
        self.depth -= 1
        self.names.pop()
        if self.depth:
            self.names.pop()

    def inner(self, node: ast.AST) -> Iterator[Site]:
        """The sites below a node that is itself done with."""
        for child, put in _children(node):
            if isinstance(child, ast.stmt):
                yield from self.statement(child, put)
            else:
                yield from self.changes(child, put)
                yield from self.inner(child)

    def site(self, operator: str, was: ast.AST, becomes: ast.AST, put: Put) -> Site:
        if isinstance(was, ast.expr | ast.stmt):
            ast.copy_location(becomes, was)
        return Site(
            ".".join(self.names),
            self.first_line,
            self.line,
            operator,
            _text(was),
            _text(becomes),
            lambda: put(becomes),
        )

    def changes(self, node: ast.AST, put: Put) -> Iterator[Site]:
        """The changes of this very node."""
        match node:
            case ast.Compare():
                yield from self.compared(node, put)
            case ast.BinOp(left, op, right) if type(op) in RECKONED:
                other = ast.BinOp(left, RECKONED[type(op)](), right)
                yield self.site("reckoning", node, other, put)
            case ast.AugAssign(aim, op, value):
                if type(op) in RECKONED:
                    changed = ast.AugAssign(aim, RECKONED[type(op)](), value)
                    yield self.site("reckoning", node, changed, put)
                yield self.site("left out", node, ast.Pass(), put)
            case ast.BoolOp(op, values):
                swapped = ast.And() if isinstance(op, ast.Or) else ast.Or()
                yield self.site("and/or", node, ast.BoolOp(swapped, values), put)
            case ast.UnaryOp(ast.Not() | ast.USub(), operand):
                yield self.site("not", node, operand, put)
            case ast.Constant(value):
                if (changed_value := _other(value)) is not None:
                    yield self.site("constant", node, ast.Constant(changed_value), put)
            case ast.Call(ast.Name(name)) if name in SWAPPED:
                call = ast.Call(ast.Name(SWAPPED[name], ast.Load()), node.args, node.keywords)
                ast.copy_location(call.func, node.func)
                yield self.site("least/most", node, call, put)
            case ast.Return(value) if value is not None and not isinstance(value, ast.Constant):
                yield self.site("return", node, ast.Return(ast.Constant(None)), put)
            case ast.If(test) | ast.IfExp(test):
                for constant in (True, False):
                    yield self.always(node, test, constant)
            case ast.While(test) if not isinstance(test, ast.Constant):
                yield self.always(node, test, False)
            case ast.comprehension(ifs=conditions):
                for place, test in enumerate(conditions):
                    yield self.site(
                        "condition", test, ast.Constant(True), _setter(conditions, place)
                    )
            case ast.Break():
                yield self.site("break/continue", node, ast.Continue(), put)
            case ast.Continue():
                yield self.site("break/continue", node, ast.Break(), put)
            case ast.Expr(ast.Call() | ast.Await()) | ast.Raise() | ast.Delete():
                yield self.site("left out", node, ast.Pass(), put)
            case ast.Assign([ast.Attribute() | ast.Subscript()]):
                yield self.site("left out", node, ast.Pass(), put)

    def always(self, node: ast.If | ast.IfExp | ast.While, test: ast.expr, value: bool) -> Site:
        def set_test(new: ast.AST) -> None:
            assert isinstance(new, ast.expr)
            node.test = new

        return self.site("condition", test, ast.Constant(value), set_test)

    def compared(self, node: ast.Compare, put: Put) -> Iterator[Site]:
        for place, op in enumerate(node.ops):
            for other in COMPARED[type(op)]:
                ops = [*node.ops]
                ops[place] = other()
                changed = ast.Compare(node.left, ops, node.comparators)
                yield self.site("comparison", node, changed, put)


def _other(value: object) -> bool | int | float | str | None:
    """Another constant of the same kind; None where there is none."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return value + "~"
    return None


def _children(node: ast.AST) -> Iterator[tuple[ast.AST, Put]]:
    """The nodes right below one that may be changed, in the order of the text."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_comment", "args") and (
            not isinstance(node, ast.Call)
        ):
            continue
        if isinstance(node, ast.JoinedStr | ast.FormattedValue) and field == "format_spec":
            continue
        if isinstance(value, ast.AST):
            yield value, _attribute(node, field)
        elif isinstance(value, list):
            for place, child in enumerate(value):
                if isinstance(child, ast.AST) and not _left(node, field, place, child):
                    yield child, _setter(value, place)


def _left(node: ast.AST, field: str, place: int, child: ast.AST) -> bool:
    """Whether a child in a list is no place to change anything."""
    if isinstance(node, ast.JoinedStr):
        return isinstance(child, ast.Constant)
    if isinstance(node, ast.Call) and field == "args":
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        return name in UNTOUCHED or (name in WORDS and place == 0)
    return False


def _logs(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(ast.Call(ast.Attribute(ast.Name("log" | "logger" | "logging")))):
            return True
    return False


def _setter(values: list[ast.stmt] | list[ast.expr] | list[ast.AST], place: int) -> Put:
    def put(new: ast.AST) -> None:
        values[place] = new  # type: ignore[call-overload]

    return put


def _attribute(node: ast.AST, field: str) -> Put:
    def put(new: ast.AST) -> None:
        setattr(node, field, new)

    return put


def _text(node: ast.AST) -> str:
    text = ast.unparse(ast.fix_missing_locations(node))
    return text.splitlines()[0][:100] if text else ""
