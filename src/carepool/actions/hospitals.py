"""What fewer admissions do to a trust's beds and money, and to a board's trusts, from the published series."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from carepool.actions.areas import MARK, Area
from carepool.actions.house import House
from carepool.actions.measuring import statistics_of
from carepool.actions.nation import RESTS_ON_INCOMPLETE, RULES, cautions
from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence, in_figures, pence_from_pounds, round_half_up
from carepool.basics.periods import Quarter
from carepool.basics.refusals import NotHere, Unusable, printable, unknown
from carepool.basics.tables import read_table
from carepool.capacity.arithmetic import RULE, Assumed, AtTrust, Open, Part
from carepool.measures.admissions import Flag
from carepool.measures.beds import Beds
from carepool.measures.cells import read_cell
from carepool.rules.rulebook import RuleSet

PROXY = (
    "Which trusts a board's people go to is a stated default: the shares of emergency admissions for Covid-19 of 2020 to 2021 "
    "by trust and council, a proxy. Enter flows of your own to replace it."
)
ENTERED = "Flows of these boards are those entered: {boards}."
COUNTY_FLOWS = "In the illustrative county each board's people all go to its one trust."
WHOLE = 1
MOST_BEDS = 100_000
OPTIONS = ("stay", "occupancy", "price", "marginal_rate", "variable_share", "ward_share", "ward_beds")
"""The values that whoever asks may give instead of those assumed."""
BY_RULE = {"stay": "stay_days"}
"""The assumption whose bounds an option keeps, where it has another name."""

ASSUMED = frozenset(BY_RULE.get(name, name) for name in OPTIONS if name != "occupancy")

Flows = Mapping[str, Mapping[str, Decimal]]
"""Board to trust to the part of the board's admissions that go there."""


@dataclass(frozen=True)
class Given:
    """What whoever asks says: the cut, and whatever stands in the place of what is assumed."""

    cut: Decimal
    values: Mapping[str, Decimal] = field(default_factory=dict)
    """By the names of ``OPTIONS``."""
    flows: Flows = field(default_factory=dict)
    beds: tuple[Decimal, Decimal] | None = None
    """Beds open and occupied, where they are entered."""


@dataclass(frozen=True)
class TrustAnswer:
    """A trust, and what fewer admissions do there; None where it has no beds to do it to."""

    code: str
    name: str
    at: AtTrust | None
    findings: tuple[Finding, ...]
    names: Mapping[str, str]
    period: str
    rests_on: tuple[str, ...]
    unit_value: Pence
    illustrative: bool


@dataclass(frozen=True)
class BoardAnswer:
    """A board, and what its admissions avoided do at each trust that its people go to."""

    code: str
    name: str
    admissions: Decimal
    avoided: Decimal
    cut: Decimal
    trusts: tuple[AtTrust, ...]
    """Each with this board's admissions alone."""
    names: Mapping[str, str]
    findings: tuple[Finding, ...]
    period: str
    rests_on: tuple[str, ...]
    unit_value: Pence
    illustrative: bool

    @property
    def freed(self) -> Decimal:
        """Beds at all of its trusts."""
        return sum((each.all_freed for each in self.trusts), Decimal(0))

    @property
    def saved(self) -> Pence:
        """What commissioners no longer pay at all of its trusts."""
        return sum(each.saved for each in self.trusts)

    @property
    def stranded(self) -> Pence:
        """The cost that stays with its trusts though the admissions do not."""
        return sum(each.stranded for each in self.trusts)

    @property
    def elsewhere(self) -> Decimal:
        """The remainder: admissions avoided at no trust with beds, and what rounding leaves."""
        return self.avoided - sum((each.all_avoided for each in self.trusts), Decimal(0))

    @property
    def payment(self) -> Pence:
        """What the cut is worth to the performance fund where it is delivered in full."""
        return int(round_half_up(self.avoided * self.unit_value))


def assumed_by(house: House, given: Given) -> Assumed:
    """What the arithmetic rests on: what is given, else what the rules assume. Unusable for what lies outside all bounds."""
    _, rules = house.rulebook.assumptions
    found: dict[str, Decimal] = {}
    for name in OPTIONS:
        value = given.values.get(name)
        if name == "occupancy":
            if value is not None and not 0 < value <= 100:
                raise Unusable(
                    f"The occupancy is {value:f} per cent. Write one above 0 and at most 100, like 85."
                )
            continue
        bounds = rules.named(BY_RULE.get(name, name))
        if value is not None and not bounds.least <= value <= bounds.most:
            raise Unusable(
                f"{bounds.says}: {in_figures(value)} {bounds.unit} cannot be meant. Write from {in_figures(bounds.least)} to {in_figures(bounds.most)}."
            )
        found[name] = bounds.value if value is None else value
    return Assumed(
        found["stay"], given.values.get("occupancy"), _pence(found["price"]), found["marginal_rate"], found["variable_share"],
        found["ward_share"], found["ward_beds"],
    )  # fmt: skip


def _pence(pounds: Decimal) -> Pence:
    try:
        return pence_from_pounds(pounds)
    except ValueError:
        raise Unusable(f"£{pounds:f} is no whole number of pence. Write it like 1490 or 1490.50.") from None


def _unit_value(rules: RuleSet) -> Pence:
    day = rules.release.performance_quarters[0].first_day
    return pence_from_pounds(rules.value("payment/unit_value", day).value)


def about_trust(house: House, code: str, given: Given) -> TrustAnswer:
    """A trust of England or of the illustrative county. NotHere for an unknown one, Unusable for what cannot be meant."""
    area, trust, name = find_trust(house, code)
    assumed = assumed_by(house, given)
    rules = house.rulebook.named(RULES)
    quarters = rules.release.baseline_quarters
    flows = {**default_flows(house, area), **given.flows}
    parts, said = [], [COUNTY_FLOWS if area.illustrative else PROXY]
    for board, to in flows.items():
        if board in area.england.places.boards and to.get(trust):
            parts.append(Part(board, trust, _admissions(area, board, quarters), to[trust]))
    parts = sorted((each for each in parts if each.here), key=lambda each: -each.here)
    if entered := [each.board for each in parts if each.board in given.flows]:
        said.append(ENTERED.format(boards=", ".join(entered)))
    if any(_incomplete(area, each.board, quarters) for each in parts):
        said.append(RESTS_ON_INCOMPLETE)
    names = {each.board: area.england.places.boards[each.board].name for each in parts}
    beds, findings = _open(house, area, trust, parts, quarters, given)
    if not parts:
        says = f"No board's people are known to go to {trust}, so no admissions are avoided there."
        findings.append(_finding("no-flows", Severity.WARNING, trust, says, "Enter its flows: a CSV of board, trust and share."))  # fmt: skip
    at = AtTrust(beds, tuple(parts), given.cut, days_of(quarters), assumed) if beds else None
    findings += at.findings if at else []
    return TrustAnswer(
        trust, name, at, tuple(findings), names, _period(quarters), tuple(dict.fromkeys([*said, *_cautions(house, area, given)])),
        _unit_value(rules), area.illustrative,
    )  # fmt: skip


def about_board(house: House, code: str, given: Given) -> BoardAnswer:
    """A board of England or of the illustrative county. NotHere for an unknown one."""
    area = house.areas.of_board(code)
    board = area.england.places.board(code)
    assumed = assumed_by(house, given)
    rules = house.rulebook.named(RULES)
    quarters = rules.release.baseline_quarters
    admissions = _admissions(area, board.code, quarters)
    to = {**default_flows(house, area), **given.flows}.get(board.code, {})
    found, names, findings = [], {}, []
    for trust, share in sorted(to.items(), key=lambda each: -each[1]):
        part = Part(board.code, trust, admissions, share)
        beds, faults = _open(house, area, trust, [part], quarters, given)
        findings += [each for each in faults if each.severity is not Severity.BLOCKER]
        if beds and part.here:
            found.append(AtTrust(beds, (part,), given.cut, days_of(quarters), assumed))
            names[trust] = find_trust(house, trust)[2]
    if not found:
        says = f"No trust with beds is known to serve {board.name}."
        findings.append(_finding("no-beds", Severity.BLOCKER, board.code, says, "Enter its flows: a CSV of board, trust and share."))  # fmt: skip
    findings += [each for at in found for each in at.findings if each.code == "parts-above-whole"][:1]
    said = [COUNTY_FLOWS if area.illustrative else PROXY]
    if board.code in given.flows:
        said = [ENTERED.format(boards=board.code)]
    if _incomplete(area, board.code, quarters):
        said.append(RESTS_ON_INCOMPLETE)
    return BoardAnswer(
        board.code, board.name, admissions, round_half_up(admissions * given.cut / 100, 1), given.cut, tuple(found), names,
        tuple(findings), _period(quarters), tuple(dict.fromkeys([*said, *_cautions(house, area, given)])), _unit_value(rules), area.illustrative,
    )  # fmt: skip


def find_trust(house: House, code: str) -> tuple[Area, str, str]:
    """The area of a trust, the code that its figures are held by, and its name. NotHere with the nearest otherwise."""
    wanted = code.strip().upper()
    county = house.areas.county
    for each in county.trusts:
        if each.code == wanted:
            return county, each.code, each.name
    beds = statistics_of(house).beds
    known = beds.trusts | {trust for to in beds.goes.values() for trust in to}
    if wanted not in known:
        raise unknown("trust", printable(code[:40]), known | {each.code for each in county.trusts}, "Write its code, like RWE.")  # fmt: skip
    now = beds.into.get(wanted, wanted)
    return house.areas.england, now, _named(beds, house, now)


def trusts_named(house: House) -> list[tuple[str, str]]:
    """Every trust that people are known to go to, with words for it: those of the illustrative county first."""
    beds = statistics_of(house).beds
    county = [(each.code, f"{each.name} ({each.code})") for each in house.areas.county.trusts]
    known = sorted({trust for to in beds.goes.values() for trust in to} & beds.trusts)
    return [*county, *sorted(((each, f"{_named(beds, house, each)} ({each})") for each in known), key=lambda one: one[1])]  # fmt: skip


def _named(beds: Beds, house: House, trust: str) -> str:
    """What a trust is called; in a vintage without names its code, and the board that most of its people live in."""
    if trust in beds.names:
        return beds.names[trust]
    parts = {board: of[trust] for board, of in beds.serves.items() if trust in of}
    if not parts:
        return f"Trust {trust}"
    most = max(parts, key=lambda board: parts[board])
    return f"Trust {trust} (mostly {house.england.places.boards[most].name})"


def default_flows(house: House, area: Area) -> dict[str, Mapping[str, Decimal]]:
    """Where each board's people go when nothing is entered."""
    if area.illustrative:
        whole = Decimal(WHOLE)
        return {board: {each.code: whole} for each in area.trusts for board in each.boards}
    return dict(statistics_of(house).beds.goes)


def read_flows(house: House, name: str, content: bytes) -> Flows:
    """Flows of a CSV with board, trust and share (per cent). Unusable with the row and what to do."""
    found: dict[str, dict[str, Decimal]] = {}
    for row, cells in read_table(name, content, ["board", "trust", "share"]):
        where = f"{name}, row {row}"
        try:
            board = house.areas.of_board(cells["board"]).england.places.board(cells["board"]).code
            trust = find_trust(house, cells["trust"])[1]
        except NotHere as error:
            raise Unusable(f"{where}: {error}") from None
        share = read_cell(cells["share"].removesuffix("%"))
        if share is None or share.number is None or not 0 <= share.number <= 100:
            raise Unusable(
                f"{where}: “{printable(cells['share'][:40])}” is no share. Write per cent from 0 to 100."
            )
        if trust in found.setdefault(board, {}):
            raise Unusable(f"{where} gives the share of {board} at {trust} twice. Keep one.")
        found[board][trust] = share.number / 100
    for board, to in found.items():
        if sum(to.values()) > WHOLE:
            raise Unusable(f"{name}: the shares of {board} come to more than 100 per cent. Correct them.")
    if not found:
        raise Unusable(f"{name} has no rows. Write one for each board and trust.")
    return found


# What is read of the series


def days_of(quarters: Sequence[Quarter]) -> int:
    """The days of some quarters that follow each other."""
    return (quarters[-1].last_day - quarters[0].first_day).days + 1


def _period(quarters: Sequence[Quarter]) -> str:
    return f"{quarters[0]} to {quarters[-1]}"


def _cautions(house: House, area: Area, given: Given) -> tuple[str, ...]:
    rules, assumptions = house.rulebook.assumptions
    said = [
        f"{each.says}, {in_figures(each.value)} {each.unit}: {each.confidence} ({rules.cite('assumptions')})."
        for each in assumptions.assumptions
        if each.id in ASSUMED and each.id not in {BY_RULE.get(name, name) for name in given.values}
    ]
    mark = (f"{MARK}. The beds of its trust are those of real trusts together.",) if area.illustrative else ()
    return (*mark, *said, *cautions(house.rulebook.named(RULES)))


def _admissions(area: Area, board: str, quarters: Sequence[Quarter]) -> Decimal:
    seen = area.england.admissions.by_board
    return sum((seen[board, each].count for each in quarters), Decimal(0))


def _incomplete(area: Area, board: str, quarters: Sequence[Quarter]) -> bool:
    seen = area.england.admissions.by_board
    return any(Flag.INCOMPLETE in seen[board, each].flags for each in quarters)


def _open(
    house: House, area: Area, trust: str, parts: Sequence[Part], quarters: Sequence[Quarter], given: Given
) -> tuple[Open | None, list[Finding]]:
    """A trust's beds in the period, and what is wrong with them."""
    series = statistics_of(house)
    real = next((each.beds_of for each in area.trusts if each.code == trust), ()) or (trust,)
    delayed = _delayed(house, area, parts, quarters)
    if given.beds is not None:
        available, occupied = given.beds
        if not 0 <= occupied <= MOST_BEDS or not 0 <= available <= MOST_BEDS:
            raise Unusable(
                f"Beds are from 0 to {MOST_BEDS:,}. Write those open and those occupied on a mean night."
            )
        if available and occupied > available:
            raise Unusable(
                f"{occupied:f} beds are occupied of {available:f} that are open. Correct one of them."
            )
        held = [(1, available, occupied)] if available and occupied else []
    else:
        held = [
            (days_of([each]), *_together(series.beds, real, each))
            for each in quarters
            if _together(series.beds, real, each)[1]
        ]
    if not held:
        says = f"{trust} has no beds in {_period(quarters)}, so there are none to close."
        return None, [_finding("no-beds", Severity.BLOCKER, trust, says, "Enter the beds that are open and those occupied.")]  # fmt: skip
    nights = sum(each[0] for each in held)
    available = sum((days * open_ for days, open_, _ in held), Decimal(0)) / nights
    occupied = sum((days * used for days, _, used in held), Decimal(0)) / nights
    findings = []
    if given.beds is None and len(held) < len(quarters):
        says = f"{trust} has beds in {len(held)} of {len(quarters)} quarters; the mean is of those."
        findings.append(_finding("quarters-missing", Severity.WARNING, trust, says, "Ask the trust for the others, or enter its beds."))  # fmt: skip
    return Open(trust, available, occupied, delayed), findings


def _together(beds: Beds, trusts: Sequence[str], quarter: Quarter) -> tuple[Decimal, Decimal]:
    found = [beds.of_trust(each, quarter) for each in trusts]
    return sum((each[0] for each in found), Decimal(0)), sum((each[1] for each in found), Decimal(0))


def _delayed(house: House, area: Area, parts: Sequence[Part], quarters: Sequence[Quarter]) -> Decimal:
    """Beds taken by people who are ready to leave: the boards' delayed days in acute hospitals, by the same flows."""
    days = statistics_of(house).delays
    whole = Decimal(0)
    for each in parts:
        board = area.drawn_from[each.board] if area.illustrative else each.board
        counts = [
            days.of_board(board, month, "acute") or 0 for quarter in quarters for month in quarter.months
        ]
        whole += each.share * sum(counts)
    return whole / days_of(quarters)


def _finding(code: str, severity: Severity, where: str, says: str, remedy: str) -> Finding:
    return Finding(code, severity, where, says, remedy, RULE)
