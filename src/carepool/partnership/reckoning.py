"""Who bears a pool's year: each over-spend, missed performance money and each under-spend worked through the agreement in turn.

What was worked and entered before counts against every cap and limit; what there is to draw on is read from the books.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from carepool.basics.canonical import canonical
from carepool.basics.money import Pence
from carepool.basics.workings import Step, Working
from carepool.journal.documents import Document
from carepool.partnership.agreement import Agreement
from carepool.partnership.bearing import Bearing, Before, Happening, Kind, Part, after, bear, host_of
from carepool.pool.accounts import Event, Heading
from carepool.pool.books import Books
from carepool.pool.events import RISK_SHARE, Asked
from carepool.pool.outturn import UNDERSPEND, Basis, Outturn, outturn

RISK_POOL = "risk_pool"
"""The source of what partners set aside for over-spends."""
STAYS = frozenset({"risk_pool", "new_schemes", "overspends"})
"""Uses of an under-spend that leave it in the pool, and so in the next year's."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An amount that was worked and entered before, as its document has it."""

    kind: Kind
    scheme: str
    cover: Mapping[str, Pence]
    shares: Mapping[str, Pence]
    carried: Pence
    ruled: Mapping[str, Pence]

    @property
    def worked(self) -> Pence:
        """How much of what happened is dealt with."""
        return sum(self.cover.values()) + sum(self.shares.values()) + self.carried


@dataclass(frozen=True, slots=True)
class Given:
    """What the books do not know, and whoever asks tells."""

    forecasts: Mapping[str, Pence] = field(default_factory=lambda: MappingProxyType({}))
    missed: Pence = 0
    """Performance money that is expected to be missed, where it is not settled yet."""
    at_hand: Mapping[str, Pence] = field(default_factory=lambda: MappingProxyType({}))
    """What there is outside the pool (``outside``) and for new schemes (``new_schemes``)."""
    lines: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The line of a scheme that its variance is in, by scheme: the books do not go that deep."""
    officers_agreed: bool = False
    ending: bool = False


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A pool's year worked through its agreement. What was entered before is in ``before`` and not in ``bearings``."""

    outturn: Outturn
    bearings: tuple[Bearing, ...]
    schemes: tuple[str, ...]
    """The scheme of each, as the books write it; empty for the pool as a whole."""
    before: Before
    """What was borne, drawn and ruled earlier in the year."""
    workings: Mapping[str, Working]
    """For each partner: what it bears, less what it has back."""
    rests_on: tuple[str, ...]

    @property
    def net(self) -> dict[str, Pence]:
        """What each partner bears of what is not entered yet; below zero what it has back."""
        return {code: each.value for code, each in self.workings.items() if isinstance(each.value, int)}

    @property
    def uncovered(self) -> Pence:
        """What no clause covers."""
        return sum(each.left_open for each in self.bearings)


def reckon(
    agreement: Agreement,
    books: Books,
    earlier: Sequence[Earlier] = (),
    given: Given = Given(),
) -> Reckoning:
    """The year, worked. Unusable where the agreement does not know the year or a scheme of the books."""
    return _Reckoning(agreement, books, earlier, given).work()


class _Reckoning:
    """A year on its way through the agreement."""

    def __init__(self, agreement: Agreement, books: Books, earlier: Sequence[Earlier], given: Given) -> None:
        self.agreement, self.books, self.given = agreement, books, given
        self.outturn = outturn(books, given.forecasts)
        self.schemes = {each.scheme: _agreed(agreement, each.scheme) for each in self.outturn.lines}
        self.unspent = {each.scheme: each.under for each in self.outturn.lines}
        self.free = {each.scheme: each.free for each in self.outturn.lines}
        self.cut = {word: self._agreed_cuts(word) for word in ("uncommitted", "tied")}
        self.worked: dict[tuple[Kind, str], Pence] = {}
        for each in earlier:
            key = each.kind, each.scheme
            self.worked[key] = self.worked.get(key, 0) + each.worked
            self._take(each.scheme, each.cover, now=False)
        for scheme in self.unspent:
            self.unspent[scheme] = max(
                0, self.unspent[scheme] - self.worked.get((Kind.UNDERSPEND, scheme), 0)
            )
        self.before = self.start = _before(books, earlier)
        self.found: list[Bearing] = []
        self.of: list[str] = []

    def work(self) -> Reckoning:
        for each in self.outturn.lines:
            self._happens(Kind.OVERSPEND, each.over, each.scheme)
        self._happens(Kind.OVERSPEND, max(0, -self.outturn.unbudgeted) if self._closed else 0, "")
        self._missed()
        if self.outturn.basis is not Basis.TO_DATE:
            for scheme in self.unspent:
                self._underspend(scheme, self.unspent[scheme])
        if self._closed:
            rest = max(0, self.outturn.unbudgeted) - self.worked.get((Kind.UNDERSPEND, ""), 0)
            self._underspend("", rest)
        return Reckoning(
            self.outturn, tuple(self.found), tuple(self.of), self.start, self._workings(), self._rests_on()
        )

    @property
    def _closed(self) -> bool:
        return self.outturn.basis is Basis.OUTTURN

    def _happens(self, kind: Kind, whole: Pence, scheme: str) -> None:
        """An over-spend, or missed money, as far as it was not worked before."""
        pence = whole - self.worked.get((kind, scheme), 0)
        if pence <= 0:
            return
        done = self._bear(kind, pence, scheme, self._at_hand(kind, scheme))
        self._take(scheme, {each.by: each.pence for each in done.cover}, now=True)

    def _missed(self) -> None:
        missed = self.agreement.risk_share.missed if self.agreement.risk_share else None
        known = sum(self.outturn.missed.values())
        whole = known or (self.given.missed if not self._closed else 0)
        # What is missed beyond what the agreement ties to performance is for no clause of it.
        self._happens(Kind.MISSED, min(whole, missed.pence) if missed else whole, "")

    def _underspend(self, scheme: str, pence: Pence) -> None:
        if pence > 0:
            self._bear(Kind.UNDERSPEND, pence, scheme, self._at_hand(Kind.UNDERSPEND, scheme))

    def _bear(self, kind: Kind, pence: Pence, scheme: str, at_hand: Mapping[str, Pence]) -> Bearing:
        agreed = self.schemes.get(scheme, "")
        happening = Happening(
            kind, pence, self.books.year, agreed, self.given.lines.get(scheme, "") if agreed else "", at_hand,
            self.given.officers_agreed, self.given.ending and kind is Kind.UNDERSPEND,
        )  # fmt: skip
        done = bear(self.agreement, happening, self.before)
        self.before = after(self.before, done)
        self.found.append(done)
        self.of.append(scheme)
        return done

    # What there is to draw on.

    def _at_hand(self, kind: Kind, scheme: str) -> dict[str, Pence]:
        others = [each for each in self.unspent if each != scheme]
        known = {
            "underspends": sum(self.unspent[each] for each in others),
            "uncommitted_schemes": sum(self._cuttable(each, "uncommitted") for each in others),
            "tied_schemes": sum(self._cuttable(each, "tied") for each in others),
            "outside": 0, "new_schemes": 0,
            "overspends": self._open_overspends(),
            **self.given.at_hand,
        }  # fmt: skip
        held = self._risk_pool()
        if held is not None and kind is not Kind.UNDERSPEND:
            known[RISK_POOL] = max(0, held - self.before.drawn.get(RISK_POOL, 0))
        return {word: pence for word, pence in known.items() if word in _words(self.agreement, kind)}

    def _agreed_cuts(self, word: str) -> dict[str, Pence]:
        """What the agreement lets be cut of each scheme."""
        found = {}
        for scheme, agreed in self.schemes.items():
            each = self.agreement.scheme(agreed)
            found[scheme] = 0 if each is None else each.tied if word == "tied" else each.uncommitted
        return found

    def _cuttable(self, scheme: str, word: str) -> Pence:
        """What of a scheme can still be cut: what the agreement lets be, as far as nobody has spent or ordered it."""
        return min(self.cut[word][scheme], self.free[scheme])

    def _risk_pool(self) -> Pence | None:
        """What partners have set aside; None where the books keep no risk pool apart."""
        found = [
            account.amount(balance)
            for account, balance in self.books.balances.items()
            if account.heading is Heading.CONTRIBUTED and account.source == RISK_POOL
        ]
        return sum(found) if found else None

    def _open_overspends(self) -> Pence:
        """What is open of over-spends, where they do not draw on under-spends themselves."""
        if "underspends" in _words(self.agreement, Kind.OVERSPEND):
            return 0
        open_ = sum(each.left_open for each in self.found if each.happening.kind is Kind.OVERSPEND)
        return max(0, open_ - self.before.drawn.get("use/overspends", 0))

    def _take(self, scheme: str, cover: Mapping[str, Pence], *, now: bool) -> None:
        """What cover was drawn leaves so much less in the other schemes, the first first.

        What was cut before is in the books as a smaller budget, or will be; either way it is not cut again.
        """
        pence = cover.get("underspends", 0)
        for each in sorted(self.unspent):
            if each != scheme:
                taken = min(pence, self.unspent[each])
                self.unspent[each] -= taken
                pence -= taken
        for word, of in self.cut.items():
            pence = cover.get(f"{word}_schemes", 0)
            for each in sorted(of):
                if each != scheme:
                    taken = min(pence, self._cuttable(each, word) if now else of[each])
                    of[each] -= taken
                    self.free[each] -= taken if now else 0
                    pence -= taken

    # What it comes to.

    def _workings(self) -> dict[str, Working]:
        found = {}
        for code in self.agreement.codes:
            steps = []
            for each in self.found:
                sign = -1 if each.happening.kind is Kind.UNDERSPEND else 1
                clauses = "; ".join(dict.fromkeys(step.source for step in each.working.steps if step.source))
                steps.append(Step(each.working.of, sign * each.shares[code], "pence", source=clauses))
            name = self.agreement.name(code)
            total = sum(step.value for step in steps if isinstance(step.value, int))
            of = f"What {name} bears, less what it has back, {self.books.year}"
            found[code] = Working(of, total, "pence", tuple(steps), self._rests_on())
        return found

    def _rests_on(self) -> tuple[str, ...]:
        said = [f"Each scheme by {self.outturn.basis.value}."]
        if self._risk_pool() is None and RISK_POOL in _words(self.agreement, Kind.OVERSPEND):
            said.append("The books keep no risk pool apart: what it gives is what its clause says.")
        if self.books.amount(Heading.SUSPENSE):
            said.append("What is in suspense is in no scheme, and is not worked.")
        if any(each.lines for each in self.agreement.schemes) and not self.given.lines:
            said.append("The books do not go down to the lines of a scheme: clauses by line are passed over.")
        return tuple(said)


def _agreed(agreement: Agreement, scheme: str) -> str:
    """A scheme of the books as the agreement writes it; empty where it is not in the agreement."""
    found = agreement.scheme(scheme)
    return found.id if found else ""


def _words(agreement: Agreement, kind: Kind) -> set[str]:
    """What the agreement draws on for such a happening, or uses it for."""
    risk = agreement.risk_share
    if risk is None:
        return set()
    if kind is Kind.UNDERSPEND:
        return {each.to for each in risk.underspend.uses} if risk.underspend else set()
    over = risk.overspend if kind is Kind.OVERSPEND else risk.missed
    return {each.by for each in over.cover} if over else set()


def _before(books: Books, earlier: Sequence[Earlier]) -> Before:
    """What was borne stands in the books; what was drawn and by which rule, in the documents of what was entered."""
    borne: dict[str, Pence] = {}
    for account, balance in books.balances.items():
        if account.heading is Heading.CONTRIBUTED and account.source == RISK_SHARE:
            borne[account.party] = borne.get(account.party, 0) + account.amount(balance)
    drawn: dict[str, Pence] = {}
    ruled: dict[str, Pence] = {}
    for each in earlier:
        for word, pence in each.cover.items():
            key = f"use/{word}" if each.kind is Kind.UNDERSPEND else word
            drawn[key] = drawn.get(key, 0) + pence
        for key, pence in each.ruled.items():
            ruled[key] = ruled.get(key, 0) + pence
    return Before(borne, drawn, ruled)


# What is entered of it, and the document that it cites.


def as_document(agreement: Agreement, digest: str, books: Books, scheme: str, found: Bearing) -> Document:
    """A worked amount as it is kept with what is entered of it. ``scheme`` is as the books write it."""
    content = {
        "agreement": {"title": agreement.title, "digest": digest},
        "pool": books.pool,
        "year": found.happening.year,
        "kind": found.happening.kind.name.lower(),
        "scheme": scheme,
        "line": found.happening.line,
        "pence": found.happening.pence,
        "cover": {each.by: each.pence for each in found.cover},
        "shares": dict(found.shares),
        "carried": found.carried.pence if found.carried else 0,
        "uncovered": [{"pence": each.pence, "says": each.says} for each in found.uncovered],
        "ruled": dict(found.ruled),
        "working": {
            "of": found.working.of,
            "steps": [step._asdict() for step in found.working.steps],
        },
    }
    return Document("bearing", "application/json", canonical(content))


def read_document(content: Mapping[str, object]) -> Earlier:
    """A worked amount from its document."""
    return Earlier(
        Kind[str(content["kind"]).upper()],
        str(content["scheme"]),
        _amounts(content["cover"]),
        _amounts(content["shares"]),
        _whole(content["carried"]),
        _amounts(content["ruled"]),
    )


def asked_of(
    books: Books, agreement: Agreement, scheme: str, found: Bearing, cites: str, today: date
) -> tuple[Asked, ...]:
    """What is entered of a worked amount: shares, what goes back, what is carried forward; of what nobody bears nothing."""
    late = books.closed_through is not None and books.closed_through >= books.last_day
    on = books.last_day if late else max(_first_open(books), min(today, books.last_day))
    parts = {code: pence for code, pence in found.shares.items() if pence}
    where = f" in {scheme}" if scheme else ""
    kind = found.happening.kind
    asked = []
    if parts and kind is not Kind.UNDERSPEND:
        says = f"{kind.value.capitalize()}{where}: borne by the agreement"
        asked.append(Asked(Event.BORNE, on, says=says, source=RISK_SHARE, scheme=scheme, parts=parts, cites=(cites,), late=late))  # fmt: skip
    if parts and kind is Kind.UNDERSPEND:
        says = f"Under-spend{where}: back to the partners"
        asked.append(Asked(Event.GIVEN_BACK, on, says=says, source=UNDERSPEND, parts=parts, cites=(cites,), late=late))  # fmt: skip
    stays = _stays(agreement, found)
    if stays:
        says = f"Under-spend{where}: into the next year"
        asked.append(Asked(Event.CARRIED, on, stays.pence, says, party=stays.by, cites=(cites,), late=late))
    return tuple(asked)


def _stays(agreement: Agreement, found: Bearing) -> Part | None:
    """What of an under-spend is in the next year's pool, and who holds it until then."""
    if found.happening.kind is not Kind.UNDERSPEND:
        return None
    kept = sum(each.pence for each in found.cover if each.by in STAYS)
    carried = found.carried
    by = carried.by if carried else host_of(agreement, found.happening.year) or ""
    pence = kept + (carried.pence if carried else 0)
    return Part(by, pence, carried.clause if carried else "") if pence and by else None


def _first_open(books: Books) -> date:
    closed = books.closed_through
    return date.fromordinal(closed.toordinal() + 1) if closed else books.first_day


def _amounts(value: object) -> dict[str, Pence]:
    assert isinstance(value, Mapping)  # noqa: S101 (written so above)
    return {str(name): _whole(each) for name, each in value.items()}


def _whole(value: object) -> int:
    assert isinstance(value, int)  # noqa: S101 (written so above)
    return value
