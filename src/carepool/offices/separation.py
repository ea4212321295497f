"""Separation of duties: nobody judges what they did themselves, or the plan of their own body."""

from collections.abc import Iterable

from carepool.basics.refusals import Refused
from carepool.offices.holdings import Holding
from carepool.rules.schema import Authorities


def kept_apart(authorities: Authorities, action: str, done: Iterable[str]) -> Refused | None:
    """The refusal where an account has done something on this plan that one who does ``action`` may not have done.

    ``done`` are the actions that it has done on the plan, or on the record or release in question.
    """
    earlier = set(done)
    for each in authorities.apart:
        if action not in each.actions:
            continue
        other = next((name for name in each.actions if name != action), action)
        if other in earlier:
            return Refused(f"{each.says}. Ask a colleague who did not {authorities.of(other).says}.")
    return None


def declared(
    authorities: Authorities, action: str, account: str, interested: Iterable[str]
) -> Refused | None:
    """The refusal where an account that declared an interest in a plan would judge it."""
    rule = authorities.impartial
    if rule is None or action not in rule.actions or account not in set(interested):
        return None
    return Refused(
        "You declared an interest in this plan, so you do not judge it. Ask a colleague who has none."
    )


def for_one_party(
    authorities: Authorities, action: str, body: str, acted_for: Iterable[str]
) -> Refused | None:
    """The refusal where an account has acted on the plan for another party: ``acted_for`` are those bodies."""
    rule = authorities.one_party
    if rule is None or action not in rule.actions:
        return None
    other = next((each for each in acted_for if each != body), None)
    if other is None:
        return None
    return Refused(
        f"{rule.says}, and you decided on this one for {other}. Ask a colleague who did not, or whoever may to let one decide."
    )


def impartial(
    authorities: Authorities, action: str, held: Iterable[Holding], parties: Iterable[str]
) -> Refused | None:
    """The refusal where an account that holds an office in a party of the plan would judge it for others."""
    rule = authorities.impartial
    if rule is None or action not in rule.actions:
        return None
    among = set(parties)
    own = next((each for each in held if each.body in among), None)
    if own is None:
        return None
    return Refused(
        f"{rule.says}, and you are {authorities.title(own.office).lower()} of {own.body}. Ask somebody who is of no party."
    )
