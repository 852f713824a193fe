"""The five sentences of the first screen, each from stored numbers and linked to the row that has them."""

WORDS = ("supported", "refuted", "not identified", "not solved")


def first_screen(claims):
    """`[(question, sentence, claim number or anchor)]` from the stored claims by number; what is not there is said so."""
    return [
        (
            question,
            writer(claims) if not (missing := _missing(claims, needs)) else f"Not answered here: {missing}.",
            target,
        )
        for question, target, needs, writer in (
            ("Is energy or are GPUs the bottleneck?", "C4", ("C4",), _bottleneck),
            ("On what does that depend?", "C4", ("C4",), _bottleneck_depends),
            ("Is there a recession without AI capital spending?", "C2", ("C2",), _recession),
            ("Who gains?", "C2b", ("C2b", "C5"), _who_gains),
            ("What would change the answers?", "claims", (), _what_changes),
        )
    ]


def _missing(claims, needs):
    return ", ".join(
        f"{n} is {'not solved' if n in claims else 'not among the claims'}"
        for n in needs
        if n not in claims or claims[n]["reason"]
    )


def _value(claim, measure):
    return claim["measures"][measure]["value"]


def _number(claim, measure):
    """Value and 90 % band of a measure."""
    m = claim["measures"][measure]
    band = m["band"]
    between = f" ({_short(band[0])} to {_short(band[2])})" if band and _short(band[0]) != _short(band[2]) else ""
    return f"{_short(m['value'])}{between}"


def _short(value):
    if value is None:
        return "not solved"
    return "0" if abs(value) < 5e-4 else f"{value:.2g}" if abs(value) < 100 else f"{value:.3g}"


def _moved(value, words=("higher", "lower")):
    """`2.3 % higher`, `1 % lower`."""
    if value is None:
        return "not solved"
    return f"{_short(abs(value))} % {words[value < 0]}"


def _bottleneck(claims):
    c = claims["C4"]
    who = "Not energy alone" if c["refuted"] else "Energy is, as the connection of data centres to the grid"
    return (
        f"{who}: connecting twice as fast changes GDP in 2035 by {_number(c, 'gdp_interconnection')} %, half as many chips again by "
        f"{_number(c, 'gdp_chips')} %; connections earn scarcity rents of {_number(c, 'rent_interconnection')} billion dollars a year, "
        f"chips {_number(c, 'rent_chips')}, the bulk grid {_number(c, 'rent_grid')}."
    )


def _bottleneck_depends(claims):
    c = claims["C4"]
    elasticity = [f for f in c["flips"] if "supply elasticity" in f["range"] and f["headline"] is not None]
    size = " and ".join(f"{_short(f['headline'])} % at {f['end']:g}" for f in elasticity)
    over = c["overturned_by"] or c["not_overturned"]
    return (
        f"What connections gain over chips in 2035 moves with the supply elasticity of connections, which the data barely inform "
        f"({size}); the answer itself is overturned by {over}."
    )


def _recession(claims):
    c = claims["C2"]
    answer = "Output shrinks in some quarters" if _value(c, "slowest") < 0 else "No recession"
    rule = c["refuted_if"].split(" (")[0]
    strict = "refutes the claim" if c["refuted"] else "does not refute the claim of a slump"
    turned = f", overturned by {c['overturned_by']}" if c["overturned_by"] else ""
    return (
        f"{answer}: without it growth in 2026-28 is {_number(c, 'growth_gap')} points a year slower, {_short(_value(c, 'growth_left'))} % a "
        f"year remain after the first quarter, and unemployment peaks {_number(c, 'unemployment_gap')} points higher. The strict rule ({rule}) {strict}{turned}."
    )


def _who_gains(claims):
    c, c5 = claims["C2b"], claims["C5"]
    return (
        f"By 2035 the wage of the high-skilled is {_moved(_value(c, 'high_wage'))} than its trend, that of the low-skilled at its worst "
        f"{_moved(_value(c, 'low_wage_fall'), ('lower', 'higher'))}; if AI learns high-skill tasks instead, the low-skilled's is "
        f"{_moved(_value(c, 'low_wage_white_collar'))}. The value of AI over other firms is {_moved(_value(c5, 'value'))} in 2040 than in 2025."
    )


def _what_changes(claims):
    words = [c["verdict"] for c in claims.values()]
    depends = [word.removeprefix("depends on ") for word in words if word.startswith("depends on ")]
    counted = ", ".join(f"{words.count(word)} {word}" for word in WORDS if words.count(word))
    names = f", first of all {', '.join(dict.fromkeys(depends))}" if depends else ""
    return (
        f"Of {len(words)} claims, {counted or 'none is settled'}; {len(depends)} depend on a number that is not known well enough{names}. "
        "The table says where each answer turns over."
    )
