"""What a folder of results records of itself: its configuration in full, and the certificate of every number."""

import hashlib
import json
from pathlib import Path

from experiments.folder.files import write_json, write_text
from experiments.folder.provenance import provenance
from experiments.request.strict_yaml import as_yaml


def write_configuration(folder, full):
    """Write `config.yaml` of a composed configuration, `experiments.request.build.composed`; makes the folder if need be."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / "config.yaml", as_yaml(full))


def write_certificate(folder, full, solved, seconds, **more):
    """Write `certificate.json`: of each of `solved` by name, with what `more` is to be known, and where numbers come from."""
    content = {
        "scenarios": {s.name: s.certificate for s in solved},
        **more,
        **provenance(),
        "config_hash": _hash(full),
        "seconds": seconds,
    }
    write_json(Path(folder) / "certificate.json", content)


def _hash(full):
    return hashlib.sha256(json.dumps(full, sort_keys=True, default=str).encode()).hexdigest()[:12]
