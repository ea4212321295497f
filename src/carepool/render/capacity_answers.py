"""What fewer admissions do, as answers: one JSON document with its steps, and lines for a terminal."""

from carepool.actions.hospitals import BoardAnswer, TrustAnswer
from carepool.basics.money import in_figures, in_pounds, round_half_up
from carepool.basics.workings import Step, Working
from carepool.capacity.arithmetic import AtTrust, explain_beds, explain_money, explain_use
from carepool.render.answers import Data
from carepool.render.answers import working as working_data

PRICE_FROM = "planning/assumptions, or as given"


def of_trust(found: TrustAnswer) -> Data:
    """A trust, with its steps."""
    at = found.at
    made: dict[str, object] = {
        "trust": found.code, "name": found.name, "period": found.period, "illustrative": found.illustrative,
        "findings": [each.as_data() for each in found.findings], "rests_on": list(found.rests_on),
    }  # fmt: skip
    if at is None:
        return made
    return made | {
        "reduce_per_cent": at.cut, "admissions": at.admissions, "avoided": at.all_avoided,
        "boards": [
            {"board": each.board, "name": found.names[each.board], "share": each.share, "admissions": each.here,
             "avoided": at.avoided(each), "beds": at.freed(each)}
            for each in at.parts
        ],
        "beds": at.all_freed, "whole_wards": at.wards, "beds_of_whole_wards": at.closing,
        "remainder_beds": at.all_freed - at.closing,
        "open": round_half_up(at.beds.available, 1), "occupied": round_half_up(at.beds.occupied, 1), "delayed": round_half_up(at.beds.delayed, 1),
        "occupancy_per_cent": at.occupancy, "assumed": _assumed(at), "money": _money(at),
        "workings": [working_data(each) for each in workings(found)],
    }  # fmt: skip


def of_board(found: BoardAnswer) -> Data:
    """A board, with its steps."""
    return {
        "board": found.code, "name": found.name, "period": found.period, "illustrative": found.illustrative,
        "findings": [each.as_data() for each in found.findings], "rests_on": list(found.rests_on),
        "reduce_per_cent": found.cut, "admissions": found.admissions, "avoided": found.avoided,
        "trusts": [
            {"trust": each.beds.trust, "name": found.names[each.beds.trust], "share": each.parts[0].share, "avoided": each.all_avoided,
             "beds": each.all_freed, "occupancy_per_cent": each.occupancy}
            for each in found.trusts
        ],
        "beds": found.freed, "remainder_admissions": found.elsewhere, "payment_pence": found.payment,
        "money": {"saved_pence": found.saved, "stranded_pence": found.stranded},
        "assumed": _assumed(found.trusts[0]) if found.trusts else {},
        "workings": [working_data(each) for each in (board_working(found), payment_working(found))],
    }  # fmt: skip


def workings(found: TrustAnswer) -> tuple[Working, ...]:
    """The three workings of a trust: beds, who is in them, money."""
    if found.at is None:
        return ()
    return (
        explain_beds(found.at, dict(found.names), found.rests_on),
        explain_use(found.at),
        explain_money(found.at, PRICE_FROM),
        saving_working(found.at),
    )


def saving_working(at: AtTrust) -> Working:
    """What commissioners no longer pay, and what it leaves the trust with."""
    rate = in_figures(at.assumed.marginal_rate)
    steps = (
        Step("The price of the admissions avoided", at.full_price, "pence", f"{in_figures(at.all_avoided)} × {in_pounds(at.assumed.price)}", PRICE_FROM),
        Step("Saved by commissioners, lost by the trust", at.saved, "pence", f"{rate}% of it, the marginal rate", "planning/assumptions"),
        Step("The trust's cost that goes", at.gone + at.gone_with_wards, "pence", f"{in_pounds(at.gone)} + {in_pounds(at.gone_with_wards)}"),
    )  # fmt: skip
    return Working("The trust is better off by, or below nothing worse", at.trust_balance, "pence", steps)


def board_working(found: BoardAnswer) -> Working:
    """A board's beds, trust by trust, the remainder named."""
    steps = [
        Step(
            found.names[each.beds.trust], each.all_freed, "beds",
            f"{in_figures(each.parts[0].here)} admissions × {in_figures(found.cut)}% = {in_figures(each.all_avoided)} avoided; "
            f"× {in_figures(each.assumed.stay_days)} ÷ {each.days} ÷ {in_figures(each.occupancy)}%",
            "beds.csv, trust_people.csv",
        )
        for each in found.trusts
    ]  # fmt: skip
    steps.append(
        Step("The remainder: avoided at no trust with beds, or left by rounding", found.elsewhere, "admissions", f"{in_figures(found.avoided)} avoided, less those above")
    )  # fmt: skip
    return Working(
        f"Beds that {in_figures(found.cut)}% fewer admissions of {found.name} free",
        found.freed,
        "beds",
        tuple(steps),
        found.rests_on,
    )


def payment_working(found: BoardAnswer) -> Working:
    """What the cut is worth to the performance fund."""
    step = Step("Admissions avoided", found.avoided, "admissions", f"{in_figures(found.admissions)} × {in_figures(found.cut)}%", "admissions.csv")  # fmt: skip
    value = Step("Worth each", found.unit_value, "pence per admission", "", "bcf-2014-08/payment/unit_value")
    return Working(
        "Performance payment, where the cut is delivered in full", found.payment, "pence", (step, value)
    )


def _assumed(at: AtTrust) -> Data:
    assumed = at.assumed
    return {
        "stay_days": assumed.stay_days, "price_pence": assumed.price, "marginal_rate_per_cent": assumed.marginal_rate,
        "variable_share_per_cent": assumed.variable_share, "ward_share_per_cent": assumed.ward_share, "ward_beds": assumed.ward_beds,
        "occupancy_given": assumed.occupancy is not None,
    }  # fmt: skip


def _money(at: AtTrust) -> Data:
    return {
        "full_price_pence": at.full_price, "saved_pence": at.saved, "gone_with_patients_pence": at.gone,
        "gone_with_wards_pence": at.gone_with_wards, "stranded_pence": at.stranded, "trust_balance_pence": at.trust_balance,
    }  # fmt: skip
