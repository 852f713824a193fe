"""The command line before Hydra reads it: what would end in a traceback of Hydra's, or be taken without a word."""

from pathlib import Path

import yaml
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException

from experiments.request.errors import explain_configuration_error
from experiments.request.strict_yaml import Twice, read_yaml

REMOVABLE = ("study.axes.", "study.maps")  # all else has a default, or stands for a group
FOLDERS = ("hydra.run.dir", "hydra.sweep.dir")
FLAGS = tuple(
    f"--{name}"
    for name in "help hydra-help version cfg resolve package run multirun shell-completion config-path config-name config-dir info experimental-rerun".split()
)  # of Hydra


def override_problems(arguments, groups: Path):
    """Sentences on overrides; `groups` has a folder a group of options. What cannot be parsed is left to Hydra."""
    parser = OverridesParser.create()
    for text in arguments:
        if text.startswith("--") and text.partition("=")[0] not in FLAGS:
            yield f"{text}: no such option; expected KEY=VALUE without dashes"
        try:
            override = parser.parse_override(text)
        except HydraException:
            continue
        yield from _problems(override, text, groups)
        yield from _repeated(override.key_or_group, text.partition("=")[2])


def given_twice(arguments):
    """Keys that stand more than once on the command line, of which Hydra takes the last."""
    keys = [text.partition("=")[0] for text in arguments if "=" in text]
    return list(dict.fromkeys(key for i, key in enumerate(keys) if key in keys[:i]))


def _problems(override, text, groups):
    key = override.key_or_group
    if override.is_delete():
        if not key.startswith(REMOVABLE):
            yield f"{text}: options cannot be taken out; leave it out for the default"
    elif not key:
        yield f"{text}: no key; expected KEY=VALUE"
    elif key in FOLDERS and not override.value():
        yield f"{key}: got {override.value()!r}; expected a folder, or leave it out"
    elif override.value() == {}:
        yield f"{text}: changes nothing; leave it out"
    elif _is_group(key, groups) and not (override.is_sweep_override() or isinstance(override.value(), str | list)):
        options = ", ".join(sorted(path.stem for path in (groups / key).glob("*.yaml")))
        yield f"{key}: got {text.partition('=')[2]}; expected the name of an option{options and ': '}{options}"


def _repeated(key, value):
    """A sentence on a name that stands twice in a mapping, of which Hydra would keep the last."""
    try:
        read_yaml(value)
    except Twice as error:
        yield f"{key}: {error.name} stands twice; expected each name once"
    except yaml.YAMLError:  # Hydra has a grammar of its own
        return


def _is_group(key, groups):
    return key == "hydra" or "/" in key or (groups / key).is_dir()


def composition_problem(error, known, arguments):
    """One sentence on what went wrong while Hydra read the command line, which is all that can go wrong then."""
    return f"{explain_configuration_error(error, known)}; got {' '.join(arguments)}"
