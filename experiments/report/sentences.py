"""What the first screen says: a few questions with the answers of their claims, and how many claims are settled."""

NEAREST = 2  # numbers that overturn an answer on the first screen
FIRST = ("C4", "C2", "C2b", "C6b")  # claims whose question comes first
THEMES = {
    "AI and growth": ("C2", "C2b", "C2c", "C2d"),
    "Energy": ("C4", "C4b"),
    "Two economies and inequality": ("C5", "C3", "C3b", "C3c", "C3d", "C6c"),
    "Treasury, Fed and markets": ("C6a", "C6b", "C1", "C1b", "C1c", "C1d", "C6d"),
}


def first_screen(claims):
    """`[(question, claim or None, answer, anchor)]` from the stored claims by number."""
    asked = [(claims[n]["question"], claims[n], _answer(claims[n]), n) for n in FIRST if n in claims]
    return [*asked, ("How sure is all this?", None, _how_sure(claims), "claims")]


def themes(claims):
    """`{theme: [claim]}` of the stored claims, in the order in which they are read."""
    found = {theme: [claims[n] for n in numbers if n in claims] for theme, numbers in THEMES.items()}
    return {theme: members for theme, members in found.items() if members}


def _answer(claim):
    if claim["reason"]:
        return f"Not answered: {claim['reason']}."
    if not claim["overturned_by"]:
        return claim["answer"]
    turns = claim["overturned_by"].split("; ")
    more = f"; and {len(turns) - NEAREST} more, see the table" if len(turns) > NEAREST else ""
    return f"{claim['answer']} It turns over with {'; '.join(turns[:NEAREST])}{more}."


def _how_sure(claims):
    words = [claim["verdict"] for claim in claims.values()]
    settled = list(dict.fromkeys(word for word in words if not word.startswith("depends on ")))
    counted = ", ".join(f"{words.count(word)} {word}" for word in settled)
    depends = len(words) - sum(words.count(word) for word in settled)
    numbers = f"{depends} depend on a number that is not known well enough; the table says which, and where the answer turns over"
    return f"Of {len(words)} claims, {counted or 'none is settled'}" + (f"; {numbers}." if depends else ".")
