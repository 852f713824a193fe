"""What a user wrote against a pydantic model, and in words what does not fit."""

import re
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from experiments.request.errors import InputError, nearest

MAPPING = "a mapping of keys to values"
MEMBERS = ("str", "int", "float", "bool")  # of unions
QUARTERS = ("from", "to", "announced")  # keys whose text is a quarter
MEANT = {"string": "text", "number": "a number", "integer": "a whole number", "boolean": "true or false"}
MEANT |= {"list": "a list", "tuple": "a list", "dictionary": MAPPING}


def validate(kind: Any, raw: Any, where: str) -> Any:
    """Instance of a pydantic model; raises InputError with every problem, each naming its place."""
    try:
        return TypeAdapter(kind).validate_python(raw)
    except ValidationError as error:
        raise InputError(list(_sentences(kind, where, error.errors()))) from None


def _sentences(kind, where, problems):
    """A sentence each; what no member of a union takes is one problem, that of the member that fits but for what is in it."""
    places = {}
    for problem in problems:
        places.setdefault(tuple(part for part in problem["loc"] if not _is_member(part)), []).append(problem)
    for place, (first, *others) in places.items():
        if any(len(other) > len(place) and other[: len(place)] == place for other in places):
            continue
        sentence = _sentence(kind, ".".join(map(str, (where, *place))), first)
        expected = dict.fromkeys(_expected(other["msg"]).removeprefix("expected ") for other in others)
        yield " or ".join([sentence, *(words for words in expected if words not in sentence)])


def _is_member(part):
    """Is it pydantic's name of a member of a union, not a key?"""
    return isinstance(part, str) and (part in MEMBERS or "[" in part)


def _sentence(kind, place, problem):
    if problem["type"] == "missing":
        return f"{place}: {problem['msg']}"
    if problem["type"] == "extra_forbidden":
        known = _keys_beside(kind, problem["loc"])
        return f"{place}: no such key{nearest(str(problem['loc'][-1]), known)}; there are {', '.join(known)}"
    expected = _expected(problem["msg"])
    if expected == "expected text" and place.rpartition(".")[2] in QUARTERS:
        expected = "expected a quarter such as 2027Q1"
    return f"{place}: got {problem['input']!r}; {expected}"


def _expected(message):
    """`expected a number` for pydantic's `Input should be a valid number, unable to parse string as a number`."""
    if (valid := re.match(r"Input should be a valid (\w+)", message)) and "instance" not in message:
        return f"expected {MEANT.get(valid[1], valid[1])}"
    if "instance of" in message:
        return f"expected {MAPPING}"
    message = re.sub("^List should have at least (.*) items? after.*", r"Input should be \1 or more", message)
    message = re.sub("^Input should be (?=greater|less)", "expected a number ", message)
    return message.replace("Input should be", "expected")


def _keys_beside(kind, place):
    """Keys that a model allows where `place` ends."""
    for part in place[:-1]:
        if isinstance(part, str) and (model := _model(kind)) is not None:
            fields = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
            kind = fields.get(part, kind)  # a name that is no field tells members of a union apart
    model = _model(kind)
    return [field.alias or name for name, field in model.model_fields.items()] if model is not None else []


def _model(kind):
    """The first pydantic model in a type such as `list[Row] | None`."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    return next((model for inner in get_args(kind) if (model := _model(inner)) is not None), None)
