"""Errors of a user's making: one message, exit status 2, no traceback."""

import difflib
import re
import sys

EXIT_NOT_SOLVED, EXIT_BAD_INPUT, EXIT_INTERRUPTED = 1, 2, 130
KINDS = {"Float": "a number", "Integer": "a whole number", "Boolean": "true or false"}  # by OmegaConf's names


class InputError(ValueError):
    """Everything that is wrong with an input, said at once."""

    def __init__(self, sentences):
        self.sentences = [sentences] if isinstance(sentences, str) else list(sentences)
        super().__init__("\n".join(self.sentences))


def nearest(word, known):
    """`; the nearest is X`, or nothing."""
    close = difflib.get_close_matches(word, list(known), 1, 0.4)
    return f"; the nearest is {close[0]}" if close else ""


def explain_configuration_error(error, known):
    """One sentence from an error of Hydra or OmegaConf: the key, its node and the nearest key there is."""
    chain = []
    while error is not None:
        chain.append(str(error))
        error = error.__cause__
    text = "\n".join(chain)
    full = re.search(r"full_key: (\S+)", text)
    override = re.search(r"override '?([^\s'=]+)", text)
    key = full.group(1) if full else override.group(1) if override else ""
    if re.search(r"Key '.*' (is )?not in", text) or "not in struct" in text or "No match in the defaults list" in text:
        return unknown_key(key, known)
    if "Available options" in text:
        found, options = (
            re.search(r"Could not find '([^']+)'", text),
            re.search(r"Available options in '[^']+':\s*((?:\s+\S+\n)+)", text),
        )
        return f"{found.group(1)}: no such option; there are {', '.join(options.group(1).split())}"
    if lost := re.search(r"Missing mandatory value: (\S+)", text):
        return f"{lost[1]}: got nothing; expected {lost[1]}=VALUE, see COMMAND --help"
    if "Cannot merge DictConfig with ListConfig" in text:
        return f'{key}: got one row; expected a list of them: "{key}=[{{...}}]"'
    if given := re.search(r"Value '(.*)' of type '\w+' could not be converted to (\w+)", text):
        return f"{key}: got {given[1]!r}; expected {KINDS.get(given[2], given[2])}"
    if several := re.search(r"Ambiguous value for argument '([^=']+)=([^']*)'", text):
        return f'{several[1]}: got several values; expected one, a list in quotes, "{several[1]}=[{several[2]}]", or a run for each, run -m {several[1]}={several[2]}'
    if "is not a ListConfig" in text:
        return f'{key}: got one name; expected a list, in quotes for the shell: "{key}=[NAME,NAME]"'
    sentence = next((line for line in chain[-1].splitlines() if line.strip()), "not a valid configuration").strip()
    return f"{key}: {sentence}" if key and key not in sentence else sentence


def unknown_key(key, known):
    """Sentence on a key that the schema does not have."""
    node = key.rpartition(".")[0]
    if f"economy.{key}" in known:
        return f"{key}: unknown key; numbers of the economy begin with economy., as economy.{key}"
    if deeper := [k for k in known if k.endswith(f".{key}")]:
        return f"{key}: unknown key; expected {' or '.join(deeper)}"
    beside = [k for k in known if k.rpartition(".")[0] == node]
    return f"{key}: unknown key; its node is {node or 'the top level'}{nearest(key, beside or known)}"


def print_errors(error):
    """One line a sentence on standard error."""
    for sentence in error.sentences:
        print(f"error: {sentence}", file=sys.stderr)
