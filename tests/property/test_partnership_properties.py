"""Who bears what by a second, independent implementation, and what must hold whatever an agreement says."""

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from carepool.partnership.agreement import Agreement
from carepool.partnership.bearing import Bearing, Happening, Kind, bear
from carepool.partnership.instalments import equal_parts

YEAR = "2015-16"
CODES = ("A1", "B1", "C1", "D1")
SCHEMES = ("s1", "s2", "s3")
pounds = st.integers(0, 3_000).map(str)


@st.composite
def shares(draw: st.DrawFn, codes: list[str]) -> dict[str, Any]:
    """Shares of some partners, in parts or in per cent with up to one decimal, which may leave a gap."""
    if draw(st.booleans()):
        parts = draw(st.lists(st.integers(0, 9), min_size=len(codes), max_size=len(codes)))
        parts[0] += not any(parts)
        return {"parts": {code: str(part) for code, part in zip(codes, parts, strict=True)}}
    left, found = 1_000, {}
    for code in codes:
        tenths = draw(st.integers(0, left))
        left -= tenths
        found[code] = f"{tenths // 10}.{tenths % 10}"
    return {"per_cent": found}


@st.composite
def rule(draw: st.DrawFn, codes: list[str]) -> dict[str, Any]:
    """A rule of any kind, for all schemes or some."""
    by = draw(st.sampled_from(["own_risk", "contribution", "commissioned", "fixed", "lines"]))
    found: dict[str, Any] = {"by": by, "clause": draw(st.sampled_from("1234"))}
    if by == "fixed":
        found["shares"] = draw(shares(codes))
    if draw(st.booleans()):
        found["schemes"] = draw(st.lists(st.sampled_from(SCHEMES), max_size=2))
    if draw(st.booleans()):
        found["commissioning"] = draw(st.lists(st.sampled_from(["lead", "joint", "agent"]), max_size=2))
    if draw(st.booleans()):
        found["up_to"] = draw(pounds)
    return found


@st.composite
def agreement(draw: st.DrawFn) -> dict[str, Any]:
    """An agreement of two to four partners, with three schemes and any schedule."""
    codes = list(CODES[: draw(st.integers(2, 4))])
    words = st.lists(
        st.sampled_from(["underspends", "risk_pool", "uncommitted_schemes", "tied_schemes", "outside"]),
        unique=True,
    )
    line = {"id": "l", "says": "L", "kind": "variable", "shares": draw(shares(codes)), "clause": "5"}
    fixed = {"id": "f", "says": "F", "kind": "fixed", "held_by": "host", "clause": "5"}
    of = {"pounds": "9000", "accounting": "net", "vat": "V", "clause": "5"}
    over: dict[str, Any] = {
        "cover": [
            {"by": word, "clause": "6"} | ({"pounds": draw(pounds)} if draw(st.booleans()) else {})
            for word in draw(words)
        ],
        "bears": draw(st.lists(rule(codes), max_size=4)),
    }
    if draw(st.booleans()):
        over["cap"] = {"at": "contribution", "unless": "both_finance_officers", "clause": "7"}
    return {
        "title": "T",
        "partners": [{"code": code, "name": code, "kind": "ccg"} for code in codes],
        "host": {"otherwise": "largest_contributor", "clause": "1"},
        "contributions": [{"partner": code, "year": YEAR, "pounds": draw(pounds), "clause": "2"} for code in codes],
        "schemes": [
            {"id": "s1", "title": "S", "commissioning": "lead", "lead": codes[0], "uncommitted": draw(pounds), **of},
            {"id": "s2", "title": "S", "commissioning": "joint", "commissioned": draw(shares(codes)), "tied": draw(pounds), "lines": [line, fixed], **of},
            {"id": "s3", "title": "S", "commissioning": "agent", "lead": codes[0], "principal": codes[1], "uncommitted": draw(pounds), **of},
        ],
        "risk_share": {"overspend": over},
    }  # fmt: skip


happenings = st.builds(
    Happening,
    st.just(Kind.OVERSPEND),
    st.integers(1, 1_500_000),
    st.just(YEAR),
    st.sampled_from(["", *SCHEMES]),
    st.just(""),
    st.just({}),
    st.booleans(),
)


def with_line(happening: Happening, line: str) -> Happening:
    """The same in a line of the scheme, where the scheme has lines."""
    line = line if happening.scheme == "s2" else ""
    return Happening(
        happening.kind, happening.pence, YEAR, happening.scheme, line, {}, happening.officers_agreed
    )


def worked(data: dict[str, Any], happening: Happening) -> Bearing:
    return bear(Agreement.model_validate(data), happening)


# By hand: from the words of the agreement, in fractions; nothing of the implementation under test is used.


def divided(amount: int, of: dict[str, Fraction]) -> dict[str, int]:
    """Whole pence by largest remainder, ties to the first code; what the shares leave of one is under the empty code."""
    given = {**of, "~": 1 - sum(of.values(), Fraction(0))}
    exact = {code: amount * part for code, part in given.items()}
    found = {code: int(each) for code, each in exact.items()}
    for code in sorted(exact, key=lambda each: (found[each] - exact[each], each)):
        if sum(found.values()) < amount:
            found[code] += 1
    return found


def parts_of(given: dict[str, Any]) -> dict[str, Fraction]:
    if "parts" in given:
        whole = sum(int(each) for each in given["parts"].values())
        return {code: Fraction(int(each), whole) for code, each in given["parts"].items()}
    return {code: Fraction(each) / 100 for code, each in given["per_cent"].items()}


def who(data: dict[str, Any], by: dict[str, Any], asked: Happening) -> dict[str, Fraction] | None:
    """By which fractions a rule divides; None where it does not speak of it or cannot be followed."""
    scheme = next((each for each in data["schemes"] if each["id"] == asked.scheme), None)
    for key, value in (("schemes", asked.scheme), ("commissioning", scheme and scheme["commissioning"])):
        if by.get(key) and value not in by[key]:
            return None
    sums = {each["partner"]: int(each["pounds"]) for each in data["contributions"]}
    match by["by"]:
        case "fixed":
            return parts_of(by["shares"])
        case "contribution":
            whole = sum(sums.values())
            return {code: Fraction(each, whole) for code, each in sums.items()} if whole else None
        case "commissioned":
            return parts_of(scheme["commissioned"]) if scheme and "commissioned" in scheme else None
        case "own_risk":
            own = {"s1": "A1", "s3": "B1"}.get(asked.scheme)
            return {own: Fraction(1)} if own else None
    if asked.line == "l":
        return parts_of(data["schemes"][1]["lines"][0]["shares"])
    most = [code for code, each in sums.items() if each == max(sums.values())]
    return {most[0]: Fraction(1)} if asked.line == "f" and len(most) == 1 and max(sums.values()) else None


def by_hand(data: dict[str, Any], asked: Happening) -> tuple[list[int], dict[str, int], int]:
    """Cover, shares and what nobody bears."""
    over = data["risk_share"]["overspend"]
    left, cover = asked.pence, []
    others = [each for each in data["schemes"] if each["id"] != asked.scheme]
    for step in over["cover"]:
        limits = [int(step["pounds"]) * 100] if "pounds" in step else []
        key = {"uncommitted_schemes": "uncommitted", "tied_schemes": "tied"}.get(step["by"])
        if key:
            limits.append(sum(int(each.get(key, 0)) * 100 for each in others))
        taken = min([left, *(limits or [0])])
        cover.append(taken)
        left -= taken
    borne = {each["partner"]: 0 for each in data["contributions"]}
    caps = {each["partner"]: int(each["pounds"]) * 100 for each in data["contributions"]}
    above = 0
    for by in over["bears"]:
        of = who(data, by, asked)
        if of is None or not left:
            continue
        amount = min(left, int(by["up_to"]) * 100) if "up_to" in by else left
        found = divided(amount, of)
        left -= amount - found.pop("~")
        for code, pence in found.items():
            room = caps[code] - borne[code] if "cap" in over and not asked.officers_agreed else pence
            borne[code] += min(pence, room)
            above += pence - min(pence, room)
    return cover, borne, above + left


@given(agreement(), happenings, st.sampled_from(["", "l", "f"]))
def test_two_implementations_agree_to_the_penny(data, happening, line) -> None:  # type: ignore[no-untyped-def]
    asked = with_line(happening, line)
    found = worked(data, asked)
    assert ([each.pence for each in found.cover], found.shares, found.left_open) == by_hand(data, asked)


@given(agreement(), happenings, st.sampled_from(["", "l", "f"]))
def test_what_always_holds(data, happening, line) -> None:  # type: ignore[no-untyped-def]
    """All parts add to the amount, nobody bears less than nothing or more than the cap, and cover comes in its order."""
    found = worked(data, with_line(happening, line))
    covered = sum(each.pence for each in found.cover)
    assert covered + found.borne + found.left_open == happening.pence
    assert min(found.shares.values()) >= 0
    assert all(each.pence > 0 for each in found.uncovered)
    if "cap" in data["risk_share"]["overspend"] and not happening.officers_agreed:
        for each in data["contributions"]:
            assert found.shares[each["partner"]] <= int(each["pounds"]) * 100
    assert [each.by for each in found.cover] == [
        each["by"] for each in data["risk_share"]["overspend"]["cover"]
    ]
    if found.borne:
        for step, part in zip(data["risk_share"]["overspend"]["cover"], found.cover, strict=True):
            if step["by"] in {"risk_pool", "outside", "underspends"}:
                told = 0 if "pounds" not in step else int(step["pounds"]) * 100
                assert part.pence == told, "no partner bears anything before cover is used up"


@given(agreement(), happenings, st.randoms(use_true_random=False))
def test_the_order_of_partners_changes_nothing(data, happening, random) -> None:  # type: ignore[no-untyped-def]
    other = {
        key: list(value) if key in {"partners", "contributions"} else value for key, value in data.items()
    }
    random.shuffle(other["partners"])
    random.shuffle(other["contributions"])
    assert worked(data, happening) == worked(other, happening)


@given(agreement(), happenings, st.lists(st.tuples(st.integers(0, 2_000_000)), min_size=3, max_size=3))
def test_an_underspend_adds_up_too(data, happening, at_hand) -> None:  # type: ignore[no-untyped-def]
    """An under-spend is used, had back, carried forward or left open, and when the agreement ends nothing is carried."""
    words = ["overspends", "risk_pool", "new_schemes"]
    bears = data["risk_share"]["overspend"]["bears"]
    under = {"uses": [{"to": word, "clause": "8"} for word in words], "bears": bears, "on_ending": bears, "carry_forward": {"held_by": "host", "clause": "9"}}  # fmt: skip
    told = {word: pence for word, (pence,) in zip(words, at_hand, strict=True)}
    for ending in (False, True):
        asked = Happening(Kind.UNDERSPEND, happening.pence, YEAR, happening.scheme, "", told, False, ending)
        found = worked({**data, "risk_share": {"underspend": under}}, asked)
        carried = found.carried.pence if found.carried else 0
        assert sum(each.pence for each in found.cover) + found.borne + carried + found.left_open == happening.pence  # fmt: skip
        assert not (ending and (found.carried or found.cover))


@given(st.integers(0, 10**13), st.integers(1, 60))
def test_instalments_add_and_are_equal(pence: int, parts: int) -> None:
    found = equal_parts(pence, parts)
    assert sum(found) == pence
    assert list(found) == sorted(found, reverse=True)
    assert found[0] - found[-1] <= 1
