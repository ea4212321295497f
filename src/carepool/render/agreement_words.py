"""An agreement's schedules in words: who bears what in which order, who may enter how much, each with its clause."""

from collections.abc import Iterable

from carepool.basics.money import in_pounds
from carepool.partnership.agreement import Agreement, CarriedForward, Limit, Missed, Over, Rule, Shares, Under
from carepool.partnership.bearing import host_of
from carepool.partnership.limits import OVER, SAYS

COVERS = {
    "underspends": "Under-spends elsewhere in the pool", "risk_pool": "The risk pool",
    "uncommitted_schemes": "Schemes that no contract binds are cut", "tied_schemes": "Schemes that wait for performance money are delayed or reduced",
    "outside": "Money from outside the pool",
}  # fmt: skip
USES = {
    "overspends": "Kept for over-spends elsewhere in the pool", "risk_pool": "Into the risk pool",
    "new_schemes": "New joint schemes that do not recur",
}  # fmt: skip
COMMISSIONED = {"lead": "commissioned by one partner for all", "joint": "commissioned jointly", "agent": "commissioned by one partner for another"}  # fmt: skip
_BY = {
    "own_risk": "the partner whose risk it is", "contribution": "each partner, by what it contributes",
    "commissioned": "each partner, by what it commissions", "fixed": "each partner, by fixed shares",
    "lines": "as the scheme’s line says",
}  # fmt: skip

Row = tuple[str, str, str]
"""When, what, and the clause."""


def risk_share(agreement: Agreement) -> list[tuple[str, list[Row]]]:
    """The risk-share schedule in its order: a title, and each step in words with its clause."""
    risk = agreement.risk_share
    if risk is None:
        return []
    found: list[tuple[str, list[Row]]] = []
    if risk.overspend:
        found.append(("Where a scheme costs more than its budget", _over(agreement, risk.overspend)))
    if risk.missed:
        found.append((f"Where performance money is not earned ({in_pounds(risk.missed.pence)} of {agreement.name(risk.missed.of)}’s)", _missed(agreement, risk.missed)))  # fmt: skip
    if risk.underspend:
        found.append(("Where a scheme costs less than its budget", _under(agreement, risk.underspend)))
    return found


def _over(agreement: Agreement, over: Over) -> list[Row]:
    rows: list[Row] = []
    for each in over.cover:
        most = f", at most {in_pounds(each.pence)} a year" if each.pence is not None else ""
        rows.append((_when(rows), f"{COVERS[each.by]}{most}", each.clause))
    rows += _rules(agreement, over.bears, "bears it", rows)
    if over.cap:
        unless = (
            ", unless both finance officers agreed to more before it was spent" if over.cap.unless else ""
        )
        sums = ", ".join(
            f"{agreement.name(code)} {in_pounds(pence)}" for code, pence in over.cap.sums.items()
        )
        most = "its contribution of the year" if over.cap.at == "contribution" else sums
        rows.append(("In all", f"No partner bears more than {most}{unless}", over.cap.clause))
    return rows


def _missed(agreement: Agreement, missed: Missed) -> list[Row]:
    rows = _over(agreement, missed)
    return [("It depends on", missed.depends_on, missed.clause), *rows]


def _under(agreement: Agreement, under: Under) -> list[Row]:
    rows: list[Row] = []
    for each in under.uses:
        most = f", at most {in_pounds(each.pence)} a year" if each.pence is not None else ""
        rows.append((_when(rows), f"{USES[each.to]}{most}", each.clause))
    rows += _rules(agreement, under.bears, "has it back", rows)
    if under.carry_forward:
        rows.append((_when(rows), f"Carried forward, held by {_holder(agreement, under.carry_forward)}", under.carry_forward.clause))  # fmt: skip
    rows += [
        ("When the agreement ends", *each[1:])
        for each in _rules(agreement, under.on_ending, "has it back", [])
    ]
    return rows


def _holder(agreement: Agreement, on: CarriedForward) -> str:
    if on.held_by != "host":
        return agreement.name(on.held_by)
    year = agreement.years[0] if agreement.years else ""
    host = host_of(agreement, year) if year else None
    return f"the host, {agreement.name(host)}" if host else "the host"


def _when(before: Iterable[Row]) -> str:
    return "Then" if list(before) else "First"


def _rules(agreement: Agreement, rules: Iterable[Rule], verb: str, before: list[Row]) -> list[Row]:
    rows: list[Row] = []
    for each in rules:
        titles = [found.title if (found := agreement.scheme(name)) else name for name in each.schemes]
        only = [f"of {', '.join(titles)}"] if titles else []
        only += (
            [f"where it is {' or '.join(COMMISSIONED[word] for word in each.commissioning)}"]
            if each.commissioning
            else []
        )
        most = f", up to {in_pounds(each.up_to)}" if each.up_to is not None else ""
        shares = f" ({shares_words(agreement, each.shares)})" if each.shares else ""
        where = f" ({'; '.join(only)})" if only else ""
        what = f"{_BY[each.by][:1].upper()}{_BY[each.by][1:]}{shares}{'' if each.by == 'lines' else f' {verb}'}{most}{where}"
        rows.append((_when([*before, *rows]), what, each.clause))
    return rows


def shares_words(agreement: Agreement, shares: Shares) -> str:
    """Shares in words: 60% Carrowby Council, 40% NHS Carrowby CCG."""
    if shares.parts:
        whole = sum(shares.parts.values())
        return ", ".join(
            f"{part} of {whole} parts {agreement.name(code)}" for code, part in shares.parts.items()
        )
    return ", ".join(
        f"{each.normalize():f}% {agreement.name(code)}" for code, each in shares.per_cent.items()
    )


def limits(agreement: Agreement) -> list[Row]:
    """Who may do what, how much of it, and what is added up and held against that."""
    return [(f"{SAYS[each.event][:1].upper()}{SAYS[each.event][1:]}", f"{_who(each)}{_most(each)}", each.clause) for each in agreement.limits]  # fmt: skip


def _who(limit: Limit) -> str:
    by = {"joint_board": "The joint board", "partners": "All partners together"}
    return by.get(limit.by) or f"The {limit.office.replace('_', ' ')}"


def _most(limit: Limit) -> str:
    return ", any amount" if limit.up_to is None else f", up to {in_pounds(limit.up_to)} {OVER[limit.over]}"
