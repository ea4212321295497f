"""Solves mixed-integer programmes with HiGHS, on one thread and from one seed, so that the answer is the same each time."""

import os
from functools import cache
from typing import Any

import numpy as np

from carepool.basics.refusals import Unusable
from carepool.capacity.portfolio import Programme, Solved

SECONDS = 60.0
"""How long is spent on the proof; the bound that was proven by then is given."""


def solve(programme: Programme, *, whole: bool) -> Solved | None:
    """The best values and the proven bound, or None where nothing is allowed. Unusable when the solver is not installed."""
    highspy = _library()
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = programme.matrix.shape
    model.col_cost_, model.row_lower_, model.row_upper_ = programme.cost, programme.least, programme.most
    model.col_lower_, model.col_upper_ = np.zeros(len(programme.cost)), np.ones(len(programme.cost))
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    held = programme.matrix
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = (
        held.indptr,
        held.indices,
        held.data,
    )
    if whole:
        kinds = [highspy.HighsVarType.kInteger] * programme.whole
        model.integrality_ = kinds + [highspy.HighsVarType.kContinuous] * (
            len(programme.cost) - programme.whole
        )
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0), ("time_limit", SECONDS), ("mip_rel_gap", 0.0)):  # fmt: skip
        solver.setOptionValue(option, value)
    solver.passModel(model)
    solver.run()
    solution = solver.getSolution()
    if not solution.value_valid:
        return None
    bound = solver.getInfo().mip_dual_bound if whole else solver.getInfo().objective_function_value
    return Solved(
        list(solution.col_value), float(bound), list(solution.row_dual) if solution.dual_valid else []
    )


@cache
def _library() -> Any:
    """The library, which says who it is when first used: that may not come between the answers."""
    try:
        import highspy
    except ModuleNotFoundError as error:
        raise Unusable(
            f"Choosing schemes needs more than the first install holds ({error.name} is missing). Install it: pip install “carepool[planning]”."
        ) from None
    make: Any = highspy.Highs
    out, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        make()
    finally:
        os.dup2(out, 1)
        os.close(out)
        os.close(nowhere)
    return highspy
