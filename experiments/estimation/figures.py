"""What the estimated model says of its targets, beside the data."""

import textwrap

import numpy as np

from experiments.answer.figures import Figure


def write_fit(estimation, found, posterior, folder, caption):
    """`fit.png`: each used target's range and the model's 90 % band, both relative to the data."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = estimation.rows
    figure = Figure(figsize=(9, 1.6 + 0.6 * len(rows)), layout="constrained")
    axes = figure.subplots()
    for k, row in enumerate(rows):
        place = len(rows) - 1 - k
        axes.plot(
            np.array([row.low, row.high]) / row.value, [place + 0.12] * 2, color="0.6", lw=6, solid_capstyle="butt"
        )
        if posterior is not None:
            low, high = np.quantile(posterior.moments[:, k], [0.05, 0.95])
            axes.plot(
                [low / row.value, high / row.value], [place - 0.12] * 2, color="C0", lw=2.5, solid_capstyle="butt"
            )
        axes.plot(found.moments[k] / row.value, place - 0.12, "o", color="C0")
        axes.plot(1.0, place + 0.12, "|", color="black", ms=12)
    names = [f"{r.name.removeprefix('path.').replace('_', ' ')}\n{r.value:g} {r.unit}" for r in rows]
    axes.set_yticks(range(len(rows)), names[::-1])
    axes.set_xlabel("relative to the data: grey its range, blue the model (dot: estimate, line: 90 % of draws)")
    axes.axvline(1.0, color="0.8", lw=0.8, zorder=0)
    axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle("\n".join(textwrap.wrap(caption, 110)), fontsize=8, x=0.01, ha="left")
    figure.savefig(folder / "fit.png", dpi=150)
