"""What the program is: a digest of its source, as it was when the program started and as it is on disk now."""

import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("model", "calibration", "experiments")


def digest(*texts: str | bytes) -> str:
    """Hash of texts or bytes, in order."""
    together = hashlib.sha256()
    for text in texts:
        raw = text if isinstance(text, bytes) else text.encode()
        together.update(len(raw).to_bytes(8, "big") + raw)
    return together.hexdigest()


def source_on_disk(suffix: str = ".py") -> str:
    """Digest of all files with that suffix: `.py` has the program, `.csv` the tables that it comes with."""
    files = (path for package in PACKAGES for path in sorted((ROOT / package).rglob(f"*{suffix}")))
    return digest(*(part for path in files for part in (str(path.relative_to(ROOT)), path.read_bytes())))


SOURCE = source_on_disk()
