"""JMESPath over messages: compiled once, with a few functions more, and never without an end."""

import jmespath
from jmespath import exceptions, functions
from jmespath.visitor import Options, TreeInterpreter

from odoo import _lt
from odoo.tools import lru

from .event_normal import moment
from .refused import TOO_MUCH_WORK, Refused

# Steps of one evaluation: a fraction of a second.
MAX_STEPS = 100_000
# What is made counts as well: so many entries of a list, or characters, are one step.
ENTRIES = 16
CHARACTERS = 1024
LONGEST_TEXT = 20 * 1024 * 1024
MAX_LENGTH = 20_000
# characters that a reference of the normal form may have
SHORT = 256
ANY = {"types": []}
_known = lru.LRU(1024)


class Functions(functions.Functions):
    """What mappings need and JMESPath lacks. Null in, null out."""

    def __init__(self, headers=None):
        """Take the headers of the message, which ``header(name)`` reads."""
        self.headers = headers or {}

    @functions.signature({"types": ["string"]})
    def _func_header(self, name):
        return self.headers.get(name.lower())

    @functions.signature({"types": ["string"]}, {"types": ["array-string"]})
    def _func_join(self, separator, texts):
        if len(separator) * len(texts) + sum(map(len, texts)) > LONGEST_TEXT:
            raise Refused(TOO_MUCH_WORK)
        return separator.join(texts)

    @functions.signature(ANY)
    def _func_lower(self, text):
        return text.lower() if isinstance(text, str) else None

    @functions.signature(ANY)
    def _func_upper(self, text):
        return text.upper() if isinstance(text, str) else None

    @functions.signature(ANY)
    def _func_trim(self, text):
        return text.strip() if isinstance(text, str) else None

    @functions.signature({"types": ["string"]}, ANY)
    def _func_split(self, separator, text):
        if not isinstance(text, str):
            return None
        return text.split(separator) if separator else [text]

    @functions.signature(ANY)
    def _func_short(self, text):
        """What is longer than a reference may be is none."""
        return text if isinstance(text, str) and len(text.strip()) <= SHORT else None

    @functions.signature(ANY)
    def _func_moment(self, value):
        """Seconds since 1970, or a time in any zone, as a time in UTC."""
        try:
            found = moment(value, "moment")
        except Refused:
            return None
        return found and found.isoformat()

    @functions.signature(ANY, ANY)
    def _func_lookup(self, table, key):
        return table.get(key) if isinstance(table, dict) and isinstance(key, str) else None


class _Interpreter(TreeInterpreter):
    """Counts its steps: a few characters of an expression can mean billions of them."""

    def __init__(self, options):
        super().__init__(options)
        self.steps = 0

    def visit(self, node, *args, **kwargs):
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise Refused(TOO_MUCH_WORK)
        found = super().visit(node, *args, **kwargs)
        # a few steps may double what they are given, again and again
        if isinstance(found, list):
            self.steps += len(found) // ENTRIES
        elif isinstance(found, str):
            self.steps += len(found) // CHARACTERS
        return found


def compile_path(text):
    """Return a JMESPath expression ready to be used.

    :raise Refused: what is wrong with it, with line and column
    """
    if text not in _known:
        _known[text] = _compile(text)
    return _known[text]


def _compile(text):
    if len(text) > MAX_LENGTH:
        raise Refused(_lt("An expression has at most %(count)s characters."), count=MAX_LENGTH)
    try:
        # not jmespath.compile: its cache is of no use beside this one
        parsed = jmespath.parser.Parser()._do_parse(text)
    except exceptions.JMESPathError as error:
        place = getattr(error, "lex_position", None)
        if place is None:
            place = getattr(error, "lexer_position", len(text))
        place = len(text) if place is None or place < 0 else place
        line = text.count("\n", 0, place) + 1
        column = place - (text.rfind("\n", 0, place) + 1) + 1
        token = getattr(error, "token_value", None)
        raise Refused(
            _lt("Line %(line)s, column %(column)s: “%(token)s” is not expected here."),
            line=line,
            column=column,
            token=token if token not in (None, "") else text[place : place + 1] or "∎",
        ) from error
    except RecursionError as error:
        raise Refused(_lt("The expression is nested too deeply.")) from error
    _check_functions(parsed.parsed)
    return parsed


def _check_functions(node):
    """Refuse functions that do not exist, and a wrong number of arguments, when configured."""
    nodes = [node]
    while nodes:
        one = nodes.pop()
        nodes += one.get("children", ())
        if one["type"] != "function_expression":
            continue
        spec = Functions.FUNCTION_TABLE.get(one["value"])
        if not spec:
            raise Refused(
                _lt("There is no function “%(name)s”. Known are: %(known)s."),
                name=one["value"],
                known=", ".join(sorted(Functions.FUNCTION_TABLE)),
            )
        wanted, given = len(spec["signature"]), len(one["children"])
        variadic = wanted and spec["signature"][-1].get("variadic")
        if given < wanted if variadic else given != wanted:
            raise Refused(
                _lt("“%(name)s” takes %(wanted)s values, not %(given)s."),
                name=one["value"],
                wanted=wanted,
                given=given,
            )


def find(text, value, headers=None):
    """Return what an expression finds in a value; None where it finds nothing.

    :raise Refused: why it cannot be evaluated
    """
    if not text or not text.strip():
        return None
    parsed = compile_path(text)
    interpreter = _Interpreter(Options(custom_functions=Functions(headers)))
    try:
        return interpreter.visit(parsed.parsed, value)
    except exceptions.JMESPathError as error:
        raise Refused(
            _lt("“%(path)s” cannot be worked out: %(error)s"),
            path=text.strip()[:80],
            error=str(error)[:200],
        ) from error
    except (TypeError, ValueError, ArithmeticError, AttributeError, RecursionError) as error:
        raise Refused(
            _lt("“%(path)s” cannot be worked out with these values: %(error)s"),
            path=text.strip()[:80],
            error=str(error)[:200],
        ) from error


def constant_keys(text):
    """Return the keys of the object that an expression makes; None where only a value tells."""
    node = compile_path(text).parsed
    if node["type"] == "pipe":
        node = node["children"][-1]
    if node["type"] != "multi_select_dict":
        return None
    return {pair["value"] for pair in node["children"]}
