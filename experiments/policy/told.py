"""An answer to a question of policy as it is told: `policy.json` of its folder, and those that are shipped."""

import json
from pathlib import Path

from experiments.answer.tables.writing import formatted
from experiments.folder.files import write_json
from experiments.folder.provenance import economy_of

TOLD = "policy.json"
SHIPPED = Path(__file__).parent / "shipped.json"
NOT_TOLD = ("years",)  # tables that are in the folder alone


def write_told(folder, job, answer, sentence, tables, certificate, caption):
    """Write `policy.json`: question, answer in a `sentence`, certificate, and tables as text, `{stem: (table, what it says)}`."""
    question = answer.question
    write_json(
        folder / TOLD,
        {
            "name": question.name,
            "question": question_of(question.file),
            "answer": sentence,
            "caption": caption,
            "economy": economy_of(job.inputs, job.settings),
            "certificate": certificate,
            "values": answer.best.trial.point.tolist(),
            "tables": [_told(*given) for stem, given in tables.items() if stem not in NOT_TOLD],
        },
    )


def question_of(file):
    """The question in words: its own, or the first sentence of its description."""
    return file.question or f"{file.description.strip().partition('. ')[0].rstrip('.') or file.name}."


def as_text(table):
    """A table as text, small numbers with two digits."""
    return formatted(table.map(lambda v: f"{v:.2g}" if isinstance(v, float) and abs(v) < 1 else v))


def _told(table, says):
    text = as_text(table)
    return {"says": says, "columns": list(text.columns), "rows": text.to_numpy().tolist()}


def shipped_policies(economy=None):
    """The answers that are shipped, those of an economy alone if one is told by its digest."""
    told = json.loads(SHIPPED.read_text(encoding="utf-8"))
    return [answer for answer in told if economy in (None, answer["economy"])]
