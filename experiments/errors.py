"""Errors of a user's making: one message, exit status 2, no traceback."""

import difflib
import re
import sys

EXIT_NOT_SOLVED, EXIT_BAD_INPUT, EXIT_INTERRUPTED = 1, 2, 130


class InputError(ValueError):
    """Everything that is wrong with an input, said at once."""

    def __init__(self, sentences):
        self.sentences = [sentences] if isinstance(sentences, str) else list(sentences)
        super().__init__("\n".join(self.sentences))


def nearest(word, known):
    """`; the nearest is X`, or nothing."""
    close = difflib.get_close_matches(word, list(known), 1, 0.4)
    return f"; the nearest is {close[0]}" if close else ""


def explain_configuration_error(error, known_keys):
    """One sentence from an error of Hydra or OmegaConf: the key, its node and the nearest key there is."""
    text = str(error)
    full = re.search(r"full_key: (\S+)", text)
    key = full.group(1) if full else None
    override = re.search(r"Could not override '([^']+)'", text)
    if key is None and override:
        key = override.group(1)
    if key and ("not in struct" in text or re.search(r"Key '.*' (is )?not in", text)):
        node = key.rpartition(".")[0] or "the top level"
        return f"{key}: unknown key; its node is {node}{nearest(key, known_keys)}"
    first = text.strip().splitlines()[0]
    return f"{key}: {first}" if key and key not in first else first


def end_with(error):
    """Print an InputError and end the process."""
    for sentence in error.sentences:
        print(f"error: {sentence}", file=sys.stderr)
    raise SystemExit(EXIT_BAD_INPUT)
