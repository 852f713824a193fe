"""The five sentences of the first screen, each from stored numbers and linked to the row that has them."""

SUPPORTED, REFUTED = "supported", "refuted"


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
    return "0" if abs(value) < 5e-4 else f"{value:.2g}" if abs(value) < 100 else f"{value:.3g}"


def _bottleneck(claims):
    c = claims["C4"]
    who = "GPUs are" if c["refuted"] else "Energy is, as the connection of data centres to the grid"
    return (
        f"{who}: connecting twice as fast adds {_number(c, 'gdp_interconnection')} % to GDP in 2035, half as many chips again "
        f"{_number(c, 'gdp_chips')} %; connections earn scarcity rents of {_number(c, 'rent_interconnection')} billion dollars a year, "
        f"chips {_number(c, 'rent_chips')}, the bulk grid {_number(c, 'rent_grid')}."
    )


def _bottleneck_depends(claims):
    c = claims["C4"]
    ends = [f for f in c["flips"] if "supply elasticity" in f["range"] and f["headline"] is not None]
    size = " and ".join(f"{_short(f['headline'])} % at {f['end']:g}" for f in ends)
    over = c["overturned_by"] or "nothing within the ranges"
    return (
        f"Its size hangs on the supply elasticity of interconnection, which the data barely inform (GDP gained in 2035: {size}); "
        f"the answer itself is overturned by {over}."
    )


def _recession(claims):
    c = claims["C2"]
    left = _value(c, "growth_left")
    answer = "Yes, output shrinks" if left < 0 else "No recession"
    rule = c["refuted_if"].split(" (")[0]
    strict = "refutes the claim" if c["refuted"] else "does not refute the claim"
    turned = f", but would at {c['overturned_by'].replace('; ', ' or at ')}" if c["overturned_by"] else ""
    return (
        f"{answer}: growth in 2026-28 is {_number(c, 'growth_gap')} points a year slower, {_short(left)} % a year remain; "
        f"unemployment peaks {_number(c, 'unemployment_gap')} points higher, so the strict rule ({rule}) {strict}{turned}."
    )


def _who_gains(claims):
    c, c5 = claims["C2b"], claims["C5"]
    return (
        f"The high-skilled, whose wage is {_number(c, 'high_wage')} % above its trend in 2035, and those who own AI: its value over that of "
        f"other firms is {_number(c5, 'value')} % higher in 2040. The low-skilled lose {_number(c, 'low_wage_fall')} % against the trend; "
        f"if AI learns high-skill tasks instead, their wage is {_number(c, 'low_wage_white_collar')} % above it."
    )


def _what_changes(claims):
    words = [c["verdict"] for c in claims.values()]
    depends = [c for c in claims.values() if c["overturned_by"]]
    counted = ", ".join(
        f"{words.count(word)} {word}"
        for word in (SUPPORTED, REFUTED, "not identified", "not solved")
        if words.count(word)
    )
    names = dict.fromkeys(c["verdict"].removeprefix("depends on ") for c in depends)
    return (
        f"Of {len(words)} claims, {counted}; {len(depends)} depend on a number that is not known well enough, first of all "
        f"{', '.join(names)}. The table says where each answer turns over."
    )
