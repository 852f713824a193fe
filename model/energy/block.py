"""Dispatch, the generation pipeline, the grid, interconnection, cooling and copper, as a block of an economy."""

from model.core.axes import TECHNOLOGY
from model.core.blocks import block
from model.energy import copper, declarations, dispatch, generation, grid, interconnection


def by_label(stem: str, row: str) -> dict[str, str]:
    return {f"{stem}_{s}": f"{row}[{label}]" for s, label in zip(TECHNOLOGY.symbols, TECHNOLOGY.labels, strict=True)}


ENERGY = block(
    "energy",
    declarations,
    copper,
    dispatch,
    generation,
    grid,
    interconnection,
    eliminated=(
        {
            **by_label("K", "capacity"),
            **by_label("qK", "capacity_value"),
            **by_label("qU", "pipeline_value"),
            "G": "grid_capacity",
            "X": "interconnection_capacity",
            "qX": "interconnection_value",
            "qUX": "interconnection_pipeline_value",
        },
        {"UX": "interconnection_pipeline", "pcu": "copper_supply"},
        {**by_label("U", "generation_pipeline"), "UG": "grid_pipeline"},
    ),
)
