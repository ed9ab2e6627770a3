"""JSON Schema 2020-12 of a message: no network, and no work without an end."""

import json
import re
import threading
import time

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.exceptions import Unresolvable

from odoo import _lt
from odoo.tools import lru

from .refused import TOO_MUCH_WORK, Refused
from .safe_pattern import LONGEST, refuse_pattern

# of work, however busy the machine is
SECONDS = 1.0
DRAFT = "https://json-schema.org/draft/2020-12/schema"
REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_known = lru.LRU(256)


class _Clock(threading.local):
    """When the check of one message has to end; each thread checks its own."""

    until = None


_clock = _Clock()


def _in_time(keyword):
    def check(validator, value, instance, schema):
        if _clock.until is not None and time.thread_time() > _clock.until:
            raise Refused(TOO_MUCH_WORK)
        yield from keyword(validator, value, instance, schema) or ()

    return check


def _pattern(validator, pattern, instance, _schema):
    if validator.is_type(instance, "string"):
        if len(instance) > LONGEST:
            raise Refused(
                _lt("A text of %(count)s characters is too long for the pattern “%(pattern)s”."),
                count=len(instance),
                pattern=pattern[:80],
            )
        yield from Draft202012Validator.VALIDATORS["pattern"](validator, pattern, instance, _schema)


def _unique_items(validator, unique, instance, _schema):
    """Compare by a text of each item: pair by pair would take hours for a long list."""
    if unique and validator.is_type(instance, "array"):
        texts = {json.dumps(item, sort_keys=True) for item in instance}
        if len(texts) < len(instance):
            yield ValidationError("has the same item twice")


def _short_keys(keyword):
    """Refuse very long keys where keys are compared with patterns, as texts are."""

    def check(validator, value, instance, schema):
        if validator.is_type(instance, "object") and any(len(key) > LONGEST for key in instance):
            raise Refused(
                _lt("A key has more than %(count)s characters: too long to check."), count=LONGEST
            )
        yield from keyword(validator, value, instance, schema) or ()

    return check


OWN = {"pattern": _pattern, "uniqueItems": _unique_items}
for _name in ("patternProperties", "additionalProperties", "unevaluatedProperties"):
    OWN[_name] = _short_keys(Draft202012Validator.VALIDATORS[_name])
Validator = extend(
    Draft202012Validator,
    {
        name: _in_time(OWN.get(name, keyword))
        for name, keyword in Draft202012Validator.VALIDATORS.items()
    },
)


def compile_schema(text):
    """Return the validator of a schema.

    :param str text: the schema as JSON
    :raise Refused: what is wrong with it, and where
    """
    if text not in _known:
        _known[text] = _compile(text)
    return _known[text]


def _compile(text):
    try:
        schema = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        raise Refused(
            _lt("The schema is no JSON: line %(line)s: %(error)s."), line=line, error=error
        ) from error
    if not isinstance(schema, dict):
        raise Refused(_lt("A schema is an object: { … }."))
    if schema.get("$schema", DRAFT) not in (DRAFT, f"{DRAFT}#"):
        raise Refused(_lt("Only JSON Schema 2020-12 is understood: leave out “$schema”."))
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        place = "/".join(map(str, error.absolute_path)) or "/"
        raise Refused(
            _lt("The schema is none at “%(place)s”: %(error)s"),
            place=place,
            error=error.message[:300],
        ) from error
    except RecursionError as error:
        raise Refused(_lt("The schema is nested too deeply.")) from error
    _check_parts(schema)
    return Validator(schema, registry=Registry())


def _check_parts(schema):
    """Refuse what would leave this machine, and patterns that may never end."""
    parts = [schema]
    while parts:
        part = parts.pop()
        if isinstance(part, list):
            parts += part
        if not isinstance(part, dict):
            continue
        parts += part.values()
        for name in REFERENCES:
            if isinstance(part.get(name), str) and not part[name].startswith("#"):
                raise Refused(
                    _lt(
                        "“%(place)s” lies outside this schema and is not fetched: copy what you "
                        "need to “$defs” and name it as “#/$defs/…”."
                    ),
                    place=part[name][:200],
                )
        patterns = [part["pattern"]] if isinstance(part.get("pattern"), str) else []
        if isinstance(part.get("patternProperties"), dict):
            patterns += part["patternProperties"]
        for pattern in patterns:
            refuse_pattern(pattern)


def check(validator, value, most=5):
    """Return what of a value does not fit a schema, as sentences; at most so many."""
    _clock.until = time.thread_time() + SECONDS
    found = []
    try:
        for error in validator.iter_errors(value):
            place = "/".join(map(str, error.absolute_path)) or "/"
            found.append(f"{place}: {error.message[:200]}")
            if len(found) >= most:
                break
    except (RecursionError, re.error) as error:
        raise Refused(TOO_MUCH_WORK) from error
    except Unresolvable as error:
        raise Refused(
            _lt("The schema names “%(place)s”, which it does not have."), place=str(error.ref)
        ) from error
    finally:
        _clock.until = None
    return found
