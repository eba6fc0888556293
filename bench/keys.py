"""The bench's keyboard: names of keys and the bytes that xterm sends for them."""

import re

_NAMED = {
    "enter": "\r",
    "esc": "\x1b",
    "tab": "\t",
    "backtab": "\x1b[Z",
    "space": " ",
    "backspace": "\x7f",
    "insert": "\x1b[2~",
    "delete": "\x1b[3~",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pgup": "\x1b[5~",
    "pgdn": "\x1b[6~",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f7": "\x1b[18~",
    "f8": "\x1b[19~",
    "f9": "\x1b[20~",
    "f10": "\x1b[21~",
    "f11": "\x1b[23~",
    "f12": "\x1b[24~",
    "lt": "<",
}
_CONTROL = re.compile(r"ctrl\+([a-z@\[\\\]^_])\Z")
_SCRIPT = re.compile(r"<([^<>]*)>|([^<]+)|(<)")


def key_bytes(name: str) -> bytes:
    """The bytes of the key `name`: `enter`, `pgdn`, `f2`, `ctrl+x`, `alt+x`, or one character.

    Raises:
        ValueError: there is no such key.
    """
    if name in _NAMED:
        return _NAMED[name].encode()
    if control := _CONTROL.match(name):
        return bytes([ord(control[1].upper()) & 0x1F])
    if name.startswith("alt+"):
        return b"\x1b" + key_bytes(name.removeprefix("alt+"))
    if len(name) == 1:
        return name.encode()
    raise ValueError(f"no key is called {name!r}")


def script_bytes(script: str) -> bytes:
    """Text with keys in angle brackets, `接 42<enter>`, as bytes; `<lt>` is the bracket itself.

    Raises:
        ValueError: a bracket that names no key, or is not closed.
    """
    sent = bytearray()
    for name, text, stray in _SCRIPT.findall(script):
        if stray:
            raise ValueError(f"a bracket is not closed in {script!r}; <lt> types one")
        sent += text.encode() if text else key_bytes(name)
    return bytes(sent)
