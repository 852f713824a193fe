"""YAML of users: every key once, no aliases, text that looks like text, of a size that a person writes."""

import math
import re
from pathlib import Path
from typing import Any, ClassVar

import yaml

from experiments.request.errors import InputError

LONGEST, DEEPEST = 1_000_000, 40  # letters, levels
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")


class Twice(yaml.YAMLError):
    """A name that stands twice in a mapping."""

    def __init__(self, line, name):
        super().__init__(f"line {line}: {name} stands twice; expected each name once")
        self.name = name


class Strict(yaml.SafeLoader):
    """YAML 1.2 without aliases: numbers are decimal, and only true and false are true and false."""

    yaml_implicit_resolvers: ClassVar[dict] = {}
    depth = 0

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError(
                f"line {self.peek_event().start_mark.line + 1}: an alias; write out what it stands for"
            )
        self.depth += 1
        if self.depth > DEEPEST:
            raise yaml.YAMLError(f"nested more than {DEEPEST} levels deep")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = [key for i, key in enumerate(keys) if key in keys[:i]]
        if twice:
            raise Twice(node.start_mark.line + 1, twice[0])
        return super().construct_mapping(node, deep)


class Written(yaml.SafeDumper):
    """What `Strict` reads: all written out."""

    def ignore_aliases(self, data):
        return True


def _number(loader, node):
    text = loader.construct_scalar(node)
    return int(text) if text.lstrip("+-").isdigit() else float(text)


Strict.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(null|~|)$"), ["n", "~", ""])
Strict.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), list("tf"))
Strict.add_implicit_resolver("!number", re.compile(f"^{NUMBER.pattern}$"), list("-+.0123456789"))
Strict.add_constructor("!number", _number)


def as_yaml(content):
    """The text of a file that `read_yaml` reads."""
    return yaml.dump(content, Dumper=Written, sort_keys=False)


def read_yaml(text):
    """The content of a YAML text; raises yaml.YAMLError with what is wrong and where."""
    if len(text) > LONGEST:
        raise yaml.YAMLError(f"{len(text):,} letters; at most {LONGEST:,} are read")
    content = yaml.load(text, Strict)
    if _has_infinity(content):
        raise yaml.YAMLError("a number is too large")
    return content


def read_mapping(path: str | Path, key: str, expected: str) -> dict[str, Any]:
    """The content of a user's file that the option `key` names; raises InputError."""
    path = Path(path)
    if not path.is_file():
        raise InputError(f"{key}: {path}: no such file; expected {expected}")
    try:
        content = read_yaml(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = (
            f", line {mark.line + 1}: {getattr(error, 'problem', '')}" if mark else f": {str(error).splitlines()[0]}"
        )
        raise InputError(f"{key}: {path}: not YAML that can be read{where}") from None
    if not isinstance(content, dict):
        raise InputError(f"{key}: {path}: expected {expected}")
    return content


def _has_infinity(content):
    match content:
        case dict():
            return any(map(_has_infinity, content.values()))
        case list():
            return any(map(_has_infinity, content))
        case float():
            return math.isinf(content)
    return False
