"""The money of a release: what was promised, spent and achieved by then, and nothing that a withheld section would give away."""

from collections.abc import Mapping

from carepool.actions.house import House
from carepool.actions.releasing import Money, money_of, without_money
from carepool.basics.refusals import NotHere
from carepool.plans.redaction import Redacted
from carepool.pool.glance import glance


def money_of_release(house: House, plan: str, copy: Redacted, upto: int) -> dict[str, object]:
    """Pence promised to schemes, spent on them and earned by results; what rests on a withheld section is left out, and said so."""
    rules = house.rulebook.named(copy.plan.rules)
    left_out = [name for name in ("sources", "schemes", "spend", "target") if name in copy.withheld]
    money = _money(house, plan, copy, upto) if not without_money(rules) else None
    found: dict[str, object] = {"year": rules.about.years[-1], "left_out": left_out}
    if "sources" not in left_out:
        found["promised_pence"] = copy.plan.total("sources", "year_2")
    if not {"schemes", "spend"} & set(left_out):
        found["schemes"] = _schemes(copy, money)
    if "target" not in left_out:
        found["results"] = None if money is None else _results(money)
    return found


def _money(house: House, plan: str, copy: Redacted, upto: int) -> Money | None:
    """The plan's money, where it follows this very version."""
    try:
        found = money_of(house, plan, house.today, upto)
    except NotHere:
        return None
    return found if found.agreed.version.digest == copy.digest else None


def _schemes(copy: Redacted, money: Money | None) -> list[dict[str, object]]:
    planned: dict[str, int] = {}
    for row in copy.plan.spend.spend:
        planned[row.scheme] = planned.get(row.scheme, 0) + int(row.year_2)
    spent: Mapping[str, int] = {}
    if money is not None and money.books.opening is not None:
        spent = {each.scheme: each.cost for each in glance(money.books).schemes}
    return [
        {
            "id": each.id, "name": each.name or each.id, "what": each.what, "who_for": each.who_for,
            "promised_pence": planned.get(each.id, 0), "spent_pence": spent.get(each.id),
        }
        for each in copy.plan.schemes.schemes
    ]  # fmt: skip


def _results(money: Money) -> dict[str, object]:
    """Fewer admissions planned and achieved, added up by quarter, and the money that depends on them."""
    figures = money.statement.money
    return {
        "fund_pence": figures.fund,
        "earned_pence": figures.paid,
        "released_pence": money.books.totals.released,
        "quarters": [
            {
                "quarter": str(each.quarter), "fewer_planned": each.planned_cumulative,
                "fewer_achieved": each.achieved_cumulative, "earned_pence": each.payment,
            }
            for each in money.statement.quarters
        ],
    }  # fmt: skip
