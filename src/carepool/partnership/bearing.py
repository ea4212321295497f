"""Who bears an over-spend, has an under-spend, or is short of missed performance money, by the agreement as it is written.

First what the agreement draws on in its order, then its rules in theirs: what one leaves goes to the next, to the penny.
Whatever no clause covers is named as uncovered, and is nobody's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from carepool.basics.money import Pence, in_figures, in_pounds, share
from carepool.basics.refusals import Unusable, unknown
from carepool.basics.workings import Step, Working
from carepool.partnership.agreement import (
    THE_HOST,
    Agreement,
    Cap,
    Cover,
    Line,
    Missed,
    Over,
    Rule,
    Scheme,
    Shares,
    Under,
    Use,
)
from carepool.partnership.instalments import cite, contribution, contributions

NOBODY = "~"
"""Stands for what shares below the whole leave; after every code in the order of the alphabet."""


class Kind(StrEnum):
    """What happened to the pool; the words are those on the page."""

    OVERSPEND = "overspend"
    UNDERSPEND = "underspend"
    MISSED = "missed performance money"


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that the agreement is asked about."""

    kind: Kind
    pence: Pence
    year: str
    scheme: str = ""
    """The scheme that it happened in; empty for the pool as a whole."""
    line: str = ""
    at_hand: Mapping[str, Pence] = field(default_factory=lambda: MappingProxyType({}))
    """What there is to draw on, or what is needed, by the word of the step, where that is known."""
    officers_agreed: bool = False
    """Whether both finance officers agreed before the money was spent that partners bear more than the cap."""
    ending: bool = False
    """Whether the agreement ends with it."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was worked earlier in the year, which counts against every limit that the agreement sets for a year."""

    borne: Mapping[str, Pence] = field(default_factory=lambda: MappingProxyType({}))
    """By partner, of over-spends and missed performance money."""
    drawn: Mapping[str, Pence] = field(default_factory=lambda: MappingProxyType({}))
    """By the word of the step."""
    ruled: Mapping[str, Pence] = field(default_factory=lambda: MappingProxyType({}))
    """By the rule, see ``Bearing.ruled``: what went by it, of whose upper limit so much less is left."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the amount that no partner bears: drawn on, used, or carried forward."""

    by: str
    pence: Pence
    clause: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A part that no clause covers, and why not."""

    pence: Pence
    says: str


@dataclass(frozen=True, slots=True)
class Bearing:
    """An amount worked through the agreement: ``cover``, ``shares``, ``carried`` and ``uncovered`` add to it."""

    happening: Happening
    cover: tuple[Part, ...]
    shares: Mapping[str, Pence]
    """What each partner bears, or of an under-spend has back; every partner, also with nothing."""
    carried: Part | None
    """What is carried forward, ``by`` being who holds it."""
    uncovered: tuple[Gap, ...]
    working: Working
    ruled: Mapping[str, Pence] = field(default_factory=lambda: MappingProxyType({}))
    """What went by each rule: ``overspend/0`` is the first for an over-spend."""

    @property
    def borne(self) -> Pence:
        """What the partners bear together."""
        return sum(self.shares.values())

    @property
    def left_open(self) -> Pence:
        """What no clause covers."""
        return sum(each.pence for each in self.uncovered)


def bear(agreement: Agreement, happening: Happening, before: Before = Before()) -> Bearing:
    """Works an amount through the agreement. Unusable for a year, scheme, line or step that the agreement does not know."""
    return _Bearing(agreement, happening, before).work()


def after(before: Before, found: Bearing) -> Before:
    """What was worked before the next: this with it. What is had back of an under-spend lifts no cap."""
    bears = {} if found.happening.kind is Kind.UNDERSPEND else found.shares
    drawn: dict[str, Pence] = dict(before.drawn)
    for each in found.cover:
        key = _drawn(found.happening.kind, each.by)
        drawn[key] = drawn.get(key, 0) + each.pence
    return Before(_added(before.borne, bears), drawn, _added(before.ruled, found.ruled))


def _added(one: Mapping[str, Pence], other: Mapping[str, Pence]) -> dict[str, Pence]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in {**one, **other}}


def _drawn(kind: Kind, word: str) -> str:
    """Drawing on the risk pool and adding to it are two things."""
    return f"use/{word}" if kind is Kind.UNDERSPEND else word


def host_of(agreement: Agreement, year: str) -> str | None:
    """Who hosts: whom the agreement names, else whom it says by default; None where neither is clear."""
    if agreement.host is None:
        return None
    if agreement.host.partner or agreement.host.otherwise is None:
        return agreement.host.partner or None
    sums = contributions(agreement, year)
    most = max(sums.values())
    largest = [code for code, pence in sums.items() if pence == most]
    return largest[0] if most and len(largest) == 1 else None


def weights_of(shares: Shares) -> dict[str, int]:
    """Shares as whole numbers in the same proportion; what per cent leaves of a hundred is nobody's."""
    if shares.parts:
        return {code: int(part) for code, part in shares.parts.items()}
    given = dict(shares.per_cent)
    given[NOBODY] = 100 - sum(given.values(), Decimal(0))
    places = max(max(0, -int(each.as_tuple().exponent)) for each in given.values())
    return {code: int(each.scaleb(places)) for code, each in given.items() if each or code != NOBODY}


class _Bearing:
    """One amount on its way through the agreement."""

    def __init__(self, agreement: Agreement, happening: Happening, before: Before) -> None:
        _check(agreement, happening)
        self.agreement, self.happening, self.before = agreement, happening, before
        self.scheme = agreement.scheme(happening.scheme)
        self.line = _line(self.scheme, happening.line)
        self.left = happening.pence
        self.cover: list[Part] = []
        self.shares = dict.fromkeys(agreement.codes, 0)
        self.carried: Part | None = None
        self.gaps: list[Gap] = []
        self.ruled: dict[str, Pence] = {}
        self.passed: list[str] = []
        """Why rules that spoke of it could not be followed."""
        where = f" in {self.scheme.title}" if self.scheme else ""
        where += f", {self.line.says}" if self.line else ""
        self.of = f"{happening.kind.value[:1].upper()}{happening.kind.value[1:]}{where}, {happening.year}"
        self.steps = [Step(self.of, happening.pence, "pence")]

    def work(self) -> Bearing:
        risk = self.agreement.risk_share
        match self.happening.kind:
            case Kind.OVERSPEND:
                self._over(risk.overspend if risk else None)
            case Kind.MISSED:
                self._over(risk.missed if risk else None)
            case Kind.UNDERSPEND:
                self._under(risk.underspend if risk else None)
        if self.left:
            why = " ".join(self.passed) or f"The agreement says nothing of who {self._verb()} it."
            self._gap(self.left, why)
        working = Working(self.of, self.happening.pence, "pence", tuple(self.steps))
        return Bearing(
            self.happening,
            tuple(self.cover),
            self.shares,
            self.carried,
            tuple(self.gaps),
            working,
            self.ruled,
        )

    def _verb(self) -> str:
        return "has" if self.happening.kind is Kind.UNDERSPEND else "bears"

    def _over(self, schedule: Over | None) -> None:
        if schedule is None:
            return
        for step in schedule.cover:
            self._draw(step.by, self._available(step), step.clause)
        self._rules(schedule.bears, schedule.cap)

    def _under(self, schedule: Under | None) -> None:
        if schedule is None:
            return
        if self.happening.ending:
            self._rules(schedule.on_ending, None)
            return
        for use in schedule.uses:
            self._draw(use.to, self._available(use), use.clause)
        self._rules(schedule.bears, None)
        on = schedule.carry_forward
        if on and self.left:
            held_by = self._code(on.held_by)
            if held_by is None:
                self.passed.append(f"Clause {on.clause} lets the host hold it, and who hosts is not clear.")
                return
            self.carried = Part(held_by, self.left, on.clause)
            said = f"Carried forward, held by {self.agreement.name(held_by)}"
            self.steps.append(Step(said, self.left, "pence", source=cite(on.clause)))
            self.left = 0

    # What is drawn on, or used

    def _available(self, step: Cover | Use) -> Pence:
        word = step.by if isinstance(step, Cover) else step.to
        told = self.happening.at_hand.get(word)
        drawn = self.before.drawn.get(_drawn(self.happening.kind, word), 0)
        if told is None and word in {"uncommitted_schemes", "tied_schemes"}:
            told = sum(
                each.uncommitted if word == "uncommitted_schemes" else each.tied
                for each in self.agreement.schemes
                if each is not self.scheme
            )
            told = max(0, told - drawn)
        # What is told is what there is now; what the agreement says is for the whole year.
        limit = None if step.pence is None else max(0, step.pence - drawn)
        return min((each for each in (told, limit) if each is not None), default=0)

    def _draw(self, word: str, available: Pence, clause: str) -> None:
        taken = min(self.left, available)
        self.left -= taken
        self.cover.append(Part(word, taken, clause))
        how = f"the lesser of {in_pounds(available)} and the {in_pounds(taken + self.left)} that is left"
        self.steps.append(Step(_WORDS[word], taken, "pence", how, cite(clause)))

    # Who bears

    def _rules(self, rules: Sequence[Rule], cap: Cap | None) -> None:
        for number, rule in enumerate(rules):
            key = f"{'ending' if self.happening.ending else self.happening.kind.name.lower()}/{number}"
            up_to = None if rule.up_to is None else max(0, rule.up_to - self.before.ruled.get(key, 0))
            if not self.left:
                return
            if not self._speaks(rule) or up_to == 0 < (rule.up_to or 0):
                continue
            weights = self._weights(rule)
            if isinstance(weights, str):
                self.passed.append(f"Clause {rule.clause} {weights}.")
                self.steps.append(Step("Passed over", weights, "", source=cite(rule.clause)))
                continue
            amount = self.left if up_to is None else min(self.left, up_to)
            parts = share(amount, weights)
            self.left -= amount - parts.pop(NOBODY, 0)
            self.ruled[key] = sum(parts.values())
            for code, pence in sorted(parts.items()):
                self._bears(code, pence, _how(amount, code, weights), rule.clause, cap)

    def _speaks(self, rule: Rule) -> bool:
        """Whether a rule is for the scheme that it happened in; for the pool as a whole only a rule for all of it is."""
        if self.scheme is None:
            return not rule.schemes and not rule.commissioning
        return (not rule.schemes or self.scheme.id in rule.schemes) and (
            not rule.commissioning or self.scheme.commissioning in rule.commissioning
        )

    def _bears(self, code: str, pence: Pence, how: str, clause: str, cap: Cap | None) -> None:
        name = self.agreement.name(code)
        above = self._above(cap, code, pence)
        self.shares[code] += pence - above
        self.steps.append(Step(f"{name} {self._verb()}", pence - above, "pence", how, cite(clause)))
        if above and cap:
            limit = (
                "its contribution of the year"
                if cap.at == "contribution"
                else "what the agreement lets it bear"
            )
            unless = ", and its finance officers have not both agreed to more" if cap.unless else ""
            earlier = self.before.borne.get(code, 0)
            since = f", {in_pounds(earlier)} of it earlier in the year" if earlier else ""
            self._gap(above, f"{name} would bear more than {limit} (clause {cap.clause}){since}{unless}.")

    def _above(self, cap: Cap | None, code: str, pence: Pence) -> Pence:
        """How much of it is above the most that a partner bears; nothing where no cap holds."""
        if cap is None or (cap.unless and self.happening.officers_agreed):
            return 0
        if cap.at == "sums":
            most = cap.sums.get(code)
        else:
            most = contribution(self.agreement, code, self.happening.year) or 0
        if most is None:
            return 0
        return min(pence, max(0, self.before.borne.get(code, 0) + self.shares[code] + pence - most))

    def _gap(self, pence: Pence, says: str) -> None:
        self.gaps.append(Gap(pence, says))
        self.steps.append(Step("Covered by no clause", pence, "pence", says))

    def _weights(self, rule: Rule) -> dict[str, int] | str:
        """By what a rule shares, or why it cannot be followed."""
        match rule.by:
            case "fixed":
                return weights_of(rule.shares) if rule.shares else "gives no shares"
            case "contribution":
                sums = contributions(self.agreement, self.happening.year)
                return (
                    sums
                    if sum(sums.values())
                    else f"goes by contributions, and none is written for {self.happening.year}"
                )
            case "commissioned":
                return self._commissioned()
            case "own_risk":
                return self._own()
            case "lines":
                return self._by_line()

    def _commissioned(self) -> dict[str, int] | str:
        if self.scheme is None:
            return "goes by the share of a scheme that each partner commissions, and no scheme is named"
        if self.scheme.commissioned is None:
            return f"goes by what each partner commissions, and {self.scheme.title} does not say it"
        return weights_of(self.scheme.commissioned)

    def _own(self) -> dict[str, int] | str:
        if self.scheme is None:
            return "leaves each partner its own risk, and no scheme is named whose risk it is"
        own = self.scheme.principal or self.scheme.lead
        if self.scheme.commissioning == "joint" or not own:
            return f"leaves each partner its own risk, and {self.scheme.title} is no one partner's"
        return {own: 1}

    def _by_line(self) -> dict[str, int] | str:
        if self.line is None:
            return (
                "goes by the line, and no line is named"
                if self.scheme and self.scheme.lines
                else "goes by the line, and no scheme with lines is named"
            )
        if self.line.shares:
            return weights_of(self.line.shares)
        held_by = self._code(self.line.held_by)
        return {held_by: 1} if held_by else "leaves it with the host, and who hosts is not clear"

    def _code(self, code: str) -> str | None:
        """A partner's code, the word for the host turned into who hosts."""
        return host_of(self.agreement, self.happening.year) if code == THE_HOST else code or None


_WORDS = {
    "underspends": "Offset by under-spends elsewhere in the pool",
    "risk_pool": "The risk pool",
    "uncommitted_schemes": "Uncommitted schemes cut",
    "tied_schemes": "Schemes that wait for performance money, delayed or reduced as the board decides",
    "outside": "Resources from outside the pool",
    "overspends": "Kept for over-spends elsewhere in the pool",
    "new_schemes": "New joint schemes, non-recurrent",
}


def _how(amount: Pence, code: str, weights: Mapping[str, int]) -> str:
    whole = sum(weights.values())
    return f"{in_pounds(amount)} × {in_figures(weights[code])} ÷ {in_figures(whole)}"


def _line(scheme: Scheme | None, name: str) -> Line | None:
    return next((each for each in scheme.lines if each.id == name), None) if scheme else None


def _check(agreement: Agreement, happening: Happening) -> None:
    """Unusable where the happening names what the agreement does not know, or is more than can happen."""
    if happening.pence <= 0:
        raise Unusable("There is nothing to share out. Give an amount above zero, in pence.")
    if happening.year not in agreement.years:
        known = ", ".join(agreement.years) or "none"
        raise Unusable(
            f"The agreement has no contributions for {happening.year}. Years that it has: {known}."
        )
    scheme = agreement.scheme(happening.scheme)
    if happening.scheme and scheme is None:
        known = ", ".join(each.id for each in agreement.schemes) or "none"
        raise unknown("scheme in the agreement", happening.scheme, [each.id for each in agreement.schemes], f"Schemes that it has: {known}.")  # fmt: skip
    if happening.line and _line(scheme, happening.line) is None:
        lines = [each.id for each in scheme.lines] if scheme else []
        raise unknown("line in the scheme", happening.line, lines, f"Lines that it has: {', '.join(lines) or 'none'}.")  # fmt: skip
    if happening.ending and happening.kind is not Kind.UNDERSPEND:
        raise Unusable("Only what is left over is split when an agreement ends. Ask of an under-spend.")
    steps = _steps(agreement, happening)
    for word, pence in happening.at_hand.items():
        if word not in steps:
            raise unknown("step of the agreement", word, steps, f"Steps that it has: {', '.join(steps) or 'none'}.")  # fmt: skip
        if pence < 0:
            raise Unusable(f"What {word} has at hand cannot be below zero. Give pence, zero or more.")
    missed = agreement.risk_share.missed if agreement.risk_share else None
    if happening.kind is Kind.MISSED and isinstance(missed, Missed) and happening.pence > missed.pence:
        raise Unusable(
            f"No more than {in_pounds(missed.pence)} depends on performance (clause {missed.clause}), and "
            f"{in_pounds(happening.pence)} cannot be missed. Give at most that."
        )


def _steps(agreement: Agreement, happening: Happening) -> list[str]:
    """The words of what the agreement draws on for such a happening."""
    risk = agreement.risk_share
    if risk is None:
        return []
    if happening.kind is Kind.UNDERSPEND:
        return [each.to for each in risk.underspend.uses] if risk.underspend else []
    over = risk.overspend if happening.kind is Kind.OVERSPEND else risk.missed
    return [each.by for each in over.cover] if over else []
