"""Answers to questions of policy that are shipped: kept from folders of `policy`, and written into README and site.

`python -m experiments.site.policies FOLDER...` keeps those of the folders in their order.
"""

import json
import re
import sys
from pathlib import Path

from experiments.folder.files import write_json, write_text
from experiments.policy.told import SHIPPED, TOLD, shipped_policies
from experiments.site.answers import README

BLOCK = re.compile(r"(<!-- policies -->\n).*?(<!-- end of policies -->)", re.DOTALL)


def keep(folders):
    """Keep the answers of folders, and write them into the README."""
    told = [json.loads((Path(folder) / TOLD).read_text(encoding="utf-8")) for folder in folders]
    doubtful = [answer["name"] for answer in told if not answer["certificate"]["met"]]
    if doubtful:
        raise ValueError(f"not certified: {', '.join(doubtful)}")
    write_json(SHIPPED, told)
    write_text(README, with_policies(README.read_text(encoding="utf-8")))


def with_policies(text):
    """The README with the shipped answers between its two marks."""
    return BLOCK.sub(lambda found: f"{found[1]}{policies_as_markdown()}\n{found[2]}", text)


def policies_as_markdown():
    """Each question with its answer and the command that finds it."""
    return "\n".join(
        f"- **{told['question']}** {told['answer']} (`python3 run.py policy {told['name']}`)"
        for told in shipped_policies()
    )


if __name__ == "__main__":
    keep(sys.argv[1:])
