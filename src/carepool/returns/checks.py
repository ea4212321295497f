"""What is wanting or questioned in a return: findings, each with its place, and figures beside last quarter's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import in_figures, in_pounds
from carepool.returns.asking import Asking
from carepool.returns.document import INCOME, PARTS, SPEND, WAYS, Return
from carepool.returns.prefill import Account

BLOCKER, WARNING, NOTE = Severity.BLOCKER, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True, slots=True)
class Cumulative:
    """A figure that counts from the start of the year."""

    key: str
    title: str
    value: Decimal | None
    """Pence, or a number; None where it is not reported."""
    money: bool
    where: str
    """The part and field that explain it."""
    explained: str
    """The words that stand there."""

    def words(self, value: Decimal) -> str:
        """The figure as people read it."""
        return in_pounds(int(value)) if self.money else in_figures(value)


def check(asking: Asking, found: Return, last: Return | None, account: Account, today: date) -> list[Finding]:
    """Every finding of a return, those that block first. ``last`` is the return of the quarter before, as it was sent."""
    findings = [
        each
        for part, look in _LOOKS.items()
        if asking.asks(part)
        for each in look(_Look(asking, found, last, account, today))
    ]
    findings += _falls(asking, found, last)
    findings += _too_large(asking, found)
    return sorted(findings, key=lambda each: list(Severity).index(each.severity))


def cumulatives(asking: Asking, found: Return) -> dict[str, Cumulative]:
    """The figures of a return that count from the start of the year, by a key that is the same every quarter."""
    made = []
    if asking.asks("money"):
        for way in (INCOME, SPEND):
            actual = [f.actual for f in found.money.flows if f.way == way and f.quarter <= found.quarter]
            known = [each for each in actual if each is not None]
            made.append(Cumulative(f"money/{way}", f"{WAYS[way]} so far", Decimal(sum(known)) if known else None, True, "money/comment", found.money.comment))  # fmt: skip
    if asking.asks("performance"):
        agreed = [each.agreed for each in found.performance.payments if each.agreed is not None]
        said = "\n".join(each.reason for each in found.performance.payments if each.reason)
        made.append(Cumulative("performance/agreed", "Performance money agreed so far", Decimal(sum(agreed)) if agreed else None, True, "performance/payments", said))  # fmt: skip
    if asking.asks("unreleased"):
        used = found.unreleased.used
        made.append(Cumulative("unreleased/used", "Money not released, used so far", None if used is None else Decimal(used), True, "unreleased/reason", found.unreleased.reason))  # fmt: skip
    if asking.asks("measures"):
        for number, each in enumerate(found.measures.counts):
            about = asking.counted.get(each.id)
            if about and about.cumulative:
                made.append(Cumulative(f"measures/{each.id}", about.title, each.value, False, f"measures/counts/{number}/comment", each.comment))  # fmt: skip
    return {each.key: each for each in made}


@dataclass(frozen=True, slots=True)
class _Look:
    asking: Asking
    found: Return
    last: Return | None
    account: Account
    today: date

    def say(self, code: str, severity: Severity, where: str, says: str, remedy: str) -> Finding:
        return Finding(f"return-{code}", severity, where, says, remedy, self.asking.cite)


def _falls(asking: Asking, found: Return, last: Return | None) -> Iterator[Finding]:
    """A cumulative figure that is lower than last quarter's is questioned, and blocks until words are new beside it."""
    # Another year's figures began from nought again.
    if last is None or last.quarter.starts != found.quarter.starts:
        return
    before = cumulatives(asking, last)
    for key, now in cumulatives(asking, found).items():
        was = before.get(key)
        if was is None or was.value is None or now.value is None or now.value >= was.value:
            continue
        explained = bool(now.explained) and now.explained != was.explained
        yield Finding(
            "return-cumulative-falls",
            WARNING if explained else BLOCKER,
            now.where,
            f"{now.title} is {now.words(now.value)}, and was {now.words(was.value)} in the return of {last.quarter}: "
            "what counts from the start of the year does not fall.",
            "It is explained beside it; see that the explanation holds." if explained else "Correct the figure, or say beside it why it is less.",
            asking.cite,
        )  # fmt: skip


def _too_large(asking: Asking, found: Return) -> Iterator[Finding]:
    for name in asking.names:
        part, about = found.part(name), PARTS[name]
        places = [(f"{name}/{each.name}", each, getattr(part, each.name)) for each in about.fields]
        for one in about.lists:
            for number, row in enumerate(getattr(part, one.name)):
                places += [(f"{name}/{one.name}/{number}/{each.name}", each, getattr(row, each.name)) for each in one.fields]  # fmt: skip
        for where, each, value in places:
            if each.kind == "money" and value is not None and value > asking.most:
                yield Finding("return-too-large", BLOCKER, where, f"{each.title} is {in_pounds(value)}; a figure of a return is at most {in_pounds(asking.most)}.", "Check the unit.", asking.cite)  # fmt: skip


def _agreement(look: _Look) -> Iterator[Finding]:
    part = look.found.agreement
    if not part.in_place:
        yield look.say("agreement", BLOCKER, "agreement/in_place", "It is not said whether the section 75 agreement is in place.", "Answer yes or no.")  # fmt: skip
    elif part.in_place == "no" and not (part.expected and part.comment):
        yield look.say("agreement", BLOCKER, "agreement/expected", "The section 75 agreement is not in place, and it is not said by when it will be and why.", "Give the day, and the reason as commentary.")  # fmt: skip
    elif part.in_place == "yes" and not look.account.agreement_since:
        yield look.say("agreement", NOTE, "agreement/in_place", "The section 75 agreement is said to be in place, and the pool has none on file.", "Attach it to the pool.")  # fmt: skip


def _rows(look: _Look, part: str, name: str, given: list[str], asked: list[str]) -> Iterator[Finding]:
    """A finding for each row that is missing, there twice, or of nothing."""
    for each in asked:
        if given.count(each) != 1:
            how = "twice" if given.count(each) else "missing"
            yield look.say("rows", BLOCKER, f"{part}/{name}", f"“{look.asking.titled(part, each)}” is {how}.", "Prefill the part again." if how == "missing" else "Take one out.")  # fmt: skip
    for number, each in enumerate(given):
        if each not in asked:
            yield look.say("rows", BLOCKER, f"{part}/{name}/{number}", f"“{each}” is nothing that this return asks about.", "Take it out.")  # fmt: skip


def _conditions(look: _Look) -> Iterator[Finding]:
    rows = look.found.conditions.conditions
    yield from _rows(look, "conditions", "conditions", [each.id for each in rows], list(look.asking.conditions))  # fmt: skip
    for number, each in enumerate(rows):
        title, where = look.asking.titled("conditions", each.id), f"conditions/conditions/{number}"
        if not each.answer:
            yield look.say("condition", BLOCKER, f"{where}/answer", f"It is not said whether “{title}” is met.", "Say whether it is met, in progress or not met.")  # fmt: skip
        elif each.answer != "met":
            if each.by is None:
                yield look.say("condition", BLOCKER, f"{where}/by", f"“{title}” is not met, and it is not said by when it will be.", "Give the day.")  # fmt: skip
            elif each.by < look.today:
                yield look.say("condition", WARNING, f"{where}/by", f"The day by which “{title}” was to be met is past.", "Say that it is met, or give another day.")  # fmt: skip
            if not each.reason:
                yield look.say("condition", BLOCKER, f"{where}/reason", f"“{title}” is not met, and it is not said why.", "Give the reason, and what is done.")  # fmt: skip


def _metrics(look: _Look) -> Iterator[Finding]:
    rows = look.found.metrics.metrics
    yield from _rows(look, "metrics", "metrics", [each.id for each in rows], list(look.asking.metrics))
    for number, each in enumerate(rows):
        title, where = look.asking.titled("metrics", each.id), f"metrics/metrics/{number}"
        if not each.status:
            yield look.say("metric", BLOCKER, f"{where}/status", f"It is not said whether “{title}” is on track.", "Say whether it is on track, not on track, or without data.")  # fmt: skip
        elif each.status == "no_data" and not each.no_data:
            yield look.say("metric", BLOCKER, f"{where}/no_data", f"“{title}” has no data, and it is not said why.", "Choose the reason.")  # fmt: skip
        if each.status and not each.narrative:
            yield look.say("metric", BLOCKER, f"{where}/narrative", f"“{title}” has no narrative.", "Say how it goes.")  # fmt: skip


def _money(look: _Look) -> Iterator[Finding]:
    rows = look.found.money.flows
    asked = [f"{way} {quarter}" for way in (INCOME, SPEND) for quarter in look.asking.quarters]
    yield from _rows(look, "money", "flows", [f"{each.way} {each.quarter}" for each in rows], asked)
    before = {(each.way, each.quarter): each for each in look.last.money.flows} if look.last else {}
    for number, each in enumerate(rows):
        what, where = f"{WAYS.get(each.way, each.way)} of {each.quarter}", f"money/flows/{number}"
        over = each.quarter <= look.asking.quarter
        for name in ("planned", "actual" if over else "forecast"):
            if getattr(each, name) is None:
                yield look.say("money", BLOCKER, f"{where}/{name}", f"{what} has no figure for {name}.", "Give it in pounds; nought is 0.")  # fmt: skip
        if each.actual is not None and not over:
            yield look.say("money", BLOCKER, f"{where}/actual", f"{what} is reported as actual, and the quarter is after that of the return.", "Leave it empty.")  # fmt: skip
        was = before.get((each.way, each.quarter))
        if was and was.actual is not None and each.actual is not None and was.actual != each.actual:
            yield look.say("restated", NOTE, f"{where}/actual", f"{what} is {in_pounds(each.actual)}, and was {in_pounds(was.actual)} in the return of {look.last.quarter if look.last else ''}.", "Say in the commentary what was corrected.")  # fmt: skip


def _performance(look: _Look) -> Iterator[Finding]:
    rows = look.found.performance.payments
    yield from _rows(look, "performance", "payments", [str(each.quarter) for each in rows], [str(each) for each in look.asking.paid])  # fmt: skip
    for number, each in enumerate(rows):
        where, known = f"performance/payments/{number}", look.account.payments.get(each.quarter)
        if known and known.suggested != each.suggested:
            now = "not known" if known.suggested is None else in_pounds(known.suggested)
            yield look.say("suggested", WARNING, f"{where}/suggested", f"The suggested payment of {each.quarter} is not what is computed now, which is {now}.", "Put a correction forward, which has what is computed now.")  # fmt: skip
        if each.suggested is None:
            continue
        if each.agreed is None:
            yield look.say("payment", BLOCKER, f"{where}/agreed", f"No payment was agreed for {each.quarter}; {in_pounds(each.suggested)} is suggested.", "Give what was agreed.")  # fmt: skip
        elif each.agreed != each.suggested and not each.reason:
            yield look.say("payment", BLOCKER, f"{where}/reason", f"{in_pounds(each.agreed)} was agreed for {each.quarter} and {in_pounds(each.suggested)} is suggested; it is not said why.", "Give the reason.")  # fmt: skip
    agreed = sum(each.agreed or 0 for each in rows)
    most = sum(each.most or 0 for each in rows)
    if agreed > most and all(each.most is not None for each in rows):
        yield look.say("payment", WARNING, "performance/payments", f"{in_pounds(agreed)} was agreed so far, more than the most that could be paid by then, {in_pounds(most)}.", "Check the figures.")  # fmt: skip


def _unreleased(look: _Look) -> Iterator[Finding]:
    part = look.found.unreleased
    if part.suggested is not None and part.agreed is None:
        yield look.say("unreleased", BLOCKER, "unreleased/agreed", "It is not said how much was not released.", "Give the amount; nought is 0.")  # fmt: skip
    elif part.agreed != part.suggested and not part.reason:
        yield look.say("unreleased", BLOCKER, "unreleased/reason", "What was agreed as not released differs from what is suggested; it is not said why.", "Give the reason.")  # fmt: skip
    if not part.used:
        return
    if part.used > (part.agreed or 0):
        yield look.say("unreleased", BLOCKER, "unreleased/used", f"{in_pounds(part.used)} was used of {in_pounds(part.agreed or 0)} that was not released.", "Correct one of the two.")  # fmt: skip
    if part.use not in look.asking.uses:
        yield look.say("unreleased", BLOCKER, "unreleased/use", "It is not said what the money was used for.", f"Write one of {', '.join(look.asking.uses)}.")  # fmt: skip
    if part.decision not in look.account.decisions:
        known = ", ".join(sorted(look.account.decisions)) or "none"
        yield look.say("undecided", BLOCKER, "unreleased/decision", "Money that was not released was used, and no decision of the board is on record by that number.", f"Record the decision as a mandate of the pool, and give its number. On record: {known}.")  # fmt: skip


def _measures(look: _Look) -> Iterator[Finding]:
    rows = look.found.measures.counts
    yield from _rows(look, "measures", "counts", [each.id for each in rows], list(look.asking.counted))
    for number, each in enumerate(rows):
        if each.value is None and not each.comment:
            yield look.say("measure", BLOCKER, f"measures/counts/{number}/value", f"“{look.asking.titled('measures', each.id)}” has no number.", "Give it, or say why there is none.")  # fmt: skip


def _year_end(look: _Look) -> Iterator[Finding]:
    for each in PARTS["year_end"].fields:
        if not getattr(look.found.year_end, each.name):
            yield look.say("year-end", BLOCKER, f"year_end/{each.name}", f"{each.title} is empty.", "Fill it in.")  # fmt: skip


def _narrative(look: _Look) -> Iterator[Finding]:
    words = look.found.narrative.progress
    if not words:
        yield look.say("narrative", BLOCKER, "narrative/progress", "There is no narrative on progress.", "Say how the quarter went.")  # fmt: skip
    elif look.last and words == look.last.narrative.progress:
        yield look.say("narrative", WARNING, "narrative/progress", "The narrative is that of last quarter, word for word.", "Say what this quarter brought.")  # fmt: skip


_LOOKS = {
    "agreement": _agreement,
    "conditions": _conditions,
    "money": _money,
    "performance": _performance,
    "unreleased": _unreleased,
    "metrics": _metrics,
    "measures": _measures,
    "year_end": _year_end,
    "narrative": _narrative,
}
