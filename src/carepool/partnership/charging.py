"""Whether people may be charged for a scheme: by the functions that it is under, as the rules know them, and not by its own word."""

from collections.abc import Mapping, Sequence

from carepool.partnership.agreement import Agreement, Scheme
from carepool.rules.section75 import Function

Functions = Mapping[str, Function]
"""The functions that an arrangement can cover, by id."""


def functions_of(known: Sequence[Function]) -> Functions:
    """The functions of the rules by id."""
    return {each.id: each for each in known}


def not_charged(agreement: Agreement, scheme: Scheme, known: Functions) -> str | None:
    """Why nobody may be charged for a scheme, as the end of a sentence about it; None where people may be.

    Every function that it is under is one for which the law lets a council charge, and the agreement covers it.
    """
    if not scheme.social_care:
        return "the agreement does not say that it is social care"
    if not scheme.functions:
        return "the agreement does not say which function it is under"
    covered = {each.function: each for each in agreement.functions if each.function}
    for id_ in scheme.functions:
        function = known.get(id_)
        if function is None:
            return f"it is under {id_}, which is no function that the rules know"
        if not function.chargeable:
            whose = (
                "a function of the NHS"
                if function.kind == "nhs"
                else "a function for which nobody is charged"
            )
            return f"it is under {id_} ({function.says[:1].lower()}{function.says[1:]}), {whose}"
        if id_ not in covered:
            return f"it is under {id_}, which the agreement does not cover"
    return None


def may_charge(agreement: Agreement, scheme: Scheme, known: Functions) -> bool:
    """Whether people may be charged for a scheme."""
    return not_charged(agreement, scheme, known) is None
