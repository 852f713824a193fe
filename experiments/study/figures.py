"""Heat maps of a study's response surfaces."""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg

from experiments.answer.figures import Figure
from experiments.study.tables import surface_of, surfaces, title

REFUSED_COLOUR = "0.75"


def write_maps(study, points, outcomes, folder, caption):
    """One PNG a map of which there are points; refused ones are grey and said so."""
    folder.mkdir(exist_ok=True)
    for name, _, shown in surfaces(study, points, outcomes):
        kind, surface = surface_of(study, points, outcomes, shown)
        if not surface.empty:
            _heat_map(study, shown, kind, surface, caption).savefig(folder / f"{name}.png", dpi=150)


def _heat_map(study, shown, kind, surface, caption):
    figure = Figure(figsize=(7.5, 6), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot(facecolor=REFUSED_COLOUR)
    values = surface.to_numpy(float)
    limit = np.nanmax(np.abs(values)) if np.isfinite(values).any() else 1.0
    image = axes.imshow(values, origin="lower", aspect="auto", cmap="RdBu_r", vmin=-limit, vmax=limit)
    for y, x in zip(*np.nonzero(~np.isfinite(values)), strict=True):
        axes.text(x, y, "not\nsolved", ha="center", va="center", fontsize=6)
    described = {axis.name: axis.description or axis.name for axis in study.axes}
    axes.set_xticks(range(surface.shape[1]), [f"{v:.3g}" for v in surface.columns])
    axes.set_yticks(range(surface.shape[0]), [f"{v:.3g}" for v in surface.index])
    axes.set_xlabel(described[shown.x])
    axes.set_ylabel(described[shown.y])
    axes.set_title(title(study, shown), fontsize=9)
    figure.colorbar(image, label=kind)
    figure.supxlabel(caption, fontsize=6, wrap=True)
    return figure
