"""The axes of the economy: symbols and labels of sectors, skills, ages, groups, technologies and assets."""

from dataclasses import dataclass

SKILLS, CAPITALS = ("low", "middle", "high"), ("ai",)


@dataclass(frozen=True)
class Axis:
    """A named axis: short `symbols` as in the equations, `labels` as in results, in the order of the arrays."""

    name: str
    symbols: tuple[str, ...]
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.symbols)

    def index(self, symbol: str) -> int:
        return self.symbols.index(symbol)

    def spoken(self, label: str) -> str:
        """A label as people say it: `AI equity`, `young, high-skilled`."""
        words = label.replace("middle_aged", "middle-aged").split("_")
        if words[-1] in SKILLS and self.name in ("skill", "group"):
            words[-1] = f"{words[-1]}-skilled"
        return (
            ("," if self.name == "group" else "").join(f" {w.upper() if w in CAPITALS else w}" for w in words).strip()
        )

    def subset(self, symbols: str) -> "Axis":
        """The part of the axis with the given symbols, e.g. the assets that carry a premium."""
        chosen = tuple(symbols.split())
        return Axis(self.name, chosen, tuple(self.labels[self.symbols.index(s)] for s in chosen))

    def without(self, symbols: str) -> "Axis":
        """The rest of the axis."""
        return self.subset(" ".join(s for s in self.symbols if s not in symbols.split()))


SECTOR = Axis("sector", ("T", "A"), ("traditional", "ai"))
SKILL = Axis("skill", ("L", "M", "H"), SKILLS)
AGE = Axis("age", ("Y", "M", "O"), ("young", "middle_aged", "old"))
WORKING_AGE = AGE.subset("Y M")
GROUP = Axis(
    "group",
    tuple(a + s for a in AGE.symbols for s in SKILL.symbols),
    tuple(f"{a}_{s}" for a in AGE.labels for s in SKILL.labels),
)
TECHNOLOGY = Axis("technology", ("gas", "nuc", "vre"), ("gas", "nuclear", "renewable"))
USER = Axis("user", ("T", "H", "A"), ("firms", "households", "data_centres"))
ASSET = Axis(  # liquid assets, bonds, the equity of each sector, housing, and then tokens, which pay nothing
    "asset",
    ("b", "B", "T", "A", "H", "C"),
    ("liquid", "bonds", "traditional_equity", "ai_equity", "housing", "crypto"),
)
HOLDING = Axis(
    "holding",
    tuple(a + k for a in AGE.symbols for k in ASSET.symbols),
    tuple(f"{a}_{k}" for a in AGE.labels for k in ASSET.labels),
)
PREMIUM_ASSET = ASSET.without("b")
TREND_ASSET = ASSET.without("b B")
LIQUID, BONDS, HOUSING = (ASSET.index(symbol) for symbol in "bBH")
PREMIUM, RISKY = slice(BONDS, None), slice(BONDS + 1, None)  # PREMIUM_ASSET and TREND_ASSET among the assets
LISTED_ASSET = ASSET.without("b B H")
EQUITY = ASSET.subset(" ".join(SECTOR.symbols))
TOKEN = LISTED_ASSET.without(" ".join(SECTOR.symbols))
LINE = Axis("line", ("o", "s", "n", "e"), ("official", "supplemental", "family_national", "family_essex"))
BUILD = Axis(
    "build",
    ("IA", "K", "G", "X", "B"),
    ("ai_equipment", "power_plants", "grid", "connections", "on_site_power"),
)
DEMAND = Axis(
    "demand",
    ("C", "IT", "IA", "IH", "P", "G", "EX", "IM"),
    (
        "consumption", "traditional_investment", "ai_investment", "housing_investment", "power_and_grid",
        "government", "exports", "imports",
    ),
)  # fmt: skip
