"""Agreements as answers: what a partner bears as one JSON document or as text, and who pays in which instalments."""

from collections.abc import Sequence

from carepool.actions.areas import MARK
from carepool.basics.findings import Finding
from carepool.basics.money import in_pounds
from carepool.basics.periods import in_words
from carepool.basics.workings import Step
from carepool.partnership.agreement import Agreement
from carepool.partnership.bearing import Bearing, Kind, host_of
from carepool.partnership.instalments import contributions, explain, instalments
from carepool.render.answers import Data, marked, working

NOT_COVERED = "Covered by no clause, and so nobody's until the partners agree"


def bearing(agreement: Agreement, found: Bearing) -> Data:
    """An amount worked through an agreement. ``cover``, ``shares``, ``carried_forward`` and ``uncovered`` add to it."""
    happening = found.happening
    data: Data = {
        "agreement": agreement.title,
        "kind": happening.kind.name.lower(),
        "year": happening.year,
        "scheme": happening.scheme or None,
        "line": happening.line or None,
        "amount_pence": happening.pence,
        "cover": [{"by": each.by, "pence": each.pence, "clause": each.clause} for each in found.cover],
        "shares": [
            {"partner": code, "name": agreement.name(code), "share_pence": pence}
            for code, pence in found.shares.items()
        ],
        "carried_forward": {
            "held_by": found.carried.by,
            "pence": found.carried.pence,
            "clause": found.carried.clause,
        }
        if found.carried
        else None,
        "uncovered": [{"pence": each.pence, "says": each.says} for each in found.uncovered],
        "uncovered_pence": found.left_open,
        "working": working(found.working),
    }
    return marked(data, agreement.fictitious)


def bearing_text(agreement: Agreement, found: Bearing) -> str:
    """The same in words: what each partner comes to and what nobody does, then every step with its clause."""
    mark = f"{MARK}.\n\n" if agreement.fictitious else ""
    verb = "have back" if found.happening.kind is Kind.UNDERSPEND else "bear"
    lines = [f"{found.working.of}: {in_pounds(found.happening.pence)}"]
    lines += [f"{agreement.name(code)}: {in_pounds(pence)}" for code, pence in found.shares.items()]
    lines.append(f"The partners {verb} {in_pounds(found.borne)} together.")
    if found.left_open:
        lines.append(f"{NOT_COVERED}: {in_pounds(found.left_open)}.")
    return mark + "\n".join([*lines, "", *map(_step, found.working.steps)]) + "\n"


def _step(step: Step) -> str:
    value = in_pounds(step.value) if isinstance(step.value, int) else step.value
    why = "; ".join(part for part in (step.how, step.source) if part)
    return f"  {step.says}: {value}" + (f"  [{why}]" if why else "")


def checked(agreement: Agreement | None, rules: str | None, findings: Sequence[Finding]) -> Data:
    """An agreement checked: its parties, each year's contributions and instalments, and every finding."""
    data: Data = {"rules": rules, "agreement": None, "findings": [each.as_data() for each in findings]}
    if agreement is None:
        return data
    data |= {
        "agreement": agreement.title,
        "partners": [
            {"partner": each.code, "name": each.name, "kind": each.kind} for each in agreement.partners
        ],
        "years": [_year(agreement, year) for year in agreement.years],
    }
    return marked(data, agreement.fictitious)


def _year(agreement: Agreement, year: str) -> Data:
    return {
        "year": year,
        "host": host_of(agreement, year),
        "contributions_pence": contributions(agreement, year),
        "instalments": [
            {"partner": each.partner, "on": each.on, "pence": each.pence, "clause": each.clause}
            for each in instalments(agreement, year)
        ],
        "workings": [
            working(explain(agreement, each))
            for each in agreement.contributions
            if each.year == year and each.pence is None
        ],
    }


def checked_text(agreement: Agreement) -> str:
    """The same in words, without the findings."""
    text = f"{MARK}.\n\n" if agreement.fictitious else ""
    text += f"{agreement.title}\n"
    for year in agreement.years:
        host = host_of(agreement, year)
        text += f"\n{year}, hosted by {agreement.name(host) if host else 'nobody that is clear'}\n"
        for code, pence in contributions(agreement, year).items():
            text += f"  {agreement.name(code)} contributes {in_pounds(pence)}\n"
        for each in instalments(agreement, year):
            text += f"    {agreement.name(each.partner)} pays {in_pounds(each.pence)} on {in_words(each.on)} (clause {each.clause})\n"
    return text
