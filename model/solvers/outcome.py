"""How a solve ended, as a value with one sentence and a remedy; raised only at the outermost unbatched edge."""

from enum import IntEnum


class Code(IntEnum):
    RUNNING = 0
    CONVERGED = 1
    OUT_OF_STEPS = 2
    DIVERGED = 3
    SINGULAR = 4
    NOT_FINITE = 5
    INFEASIBLE = 6

    @property
    def label(self):
        return self.name.lower()


SENTENCES = {
    Code.CONVERGED: "every equation holds to the tolerance",
    Code.OUT_OF_STEPS: "the iteration limit was reached; raise solver.iterations or take a smaller change",
    Code.DIVERGED: "no step along the Newton direction lowers the residuals; take a smaller change or a later start",
    Code.SINGULAR: "the equations do not determine all unknowns here; check that the change leaves each market a price",
    Code.NOT_FINITE: "an equation is not a number at the starting guess; a quantity became zero or negative",
    Code.INFEASIBLE: "no stable path exists: the number of stable roots differs from the number of predetermined variables",
}
