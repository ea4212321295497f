"""A section 75 agreement as it is written: partners, money, schemes, and the schedule of who bears what.

What an agreement leaves out may be left out here: whether it holds what the law asks is ``regulations``, and whether
its parts fit each other ``consistency``. Amounts are pounds as text, read to the penny.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from carepool.rules.procedure import KindWord
from carepool.rules.scalars import ChangeInPence, Entry, InPence, Name, Number, Span, Text, YesNo

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$")]
"""A partner, as the registers of bodies name it."""
Year = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}$")]
DayOfYear = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])$")]
"""A day of every year, month first, like 04-15. No later than the 28th, so that every year has it."""

CommissioningWord = Literal["lead", "joint", "agent"]
CoverWord = Literal["underspends", "risk_pool", "uncommitted_schemes", "tied_schemes", "outside"]
UseWord = Literal["overspends", "risk_pool", "new_schemes"]
LimitWord = Literal["move_budget", "commit", "spend", "pay", "refund", "vary_contribution"]
"""What a schedule of delegation sets limits to."""
ByWord = Literal["own_risk", "contribution", "commissioned", "fixed", "lines"]
THE_HOST = "host"
"""What stands in the place of a code where whoever hosts is meant."""
POOLED = "pooled"
"""The source of a contribution that names none."""
PERFORMANCE = "performance"
"""The source of what depends on performance."""


class Clause(Entry):
    """Words of the agreement, and the clause that they stand in."""

    says: Text
    clause: Text


class Shares(Entry):
    """How something is divided: in per cent, or in whole parts where per cent cannot say it (a third each)."""

    per_cent: dict[Code, Annotated[Number, Field(ge=0, le=100)]] = Field(default_factory=dict)
    parts: dict[Code, Annotated[Number, Field(ge=0, multiple_of=1)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if bool(self.per_cent) == bool(self.parts):
            raise ValueError("is divided either by per_cent or by parts: write one of the two")
        if self.parts and not sum(self.parts.values()):
            raise ValueError("has no part above zero")
        if sum(self.per_cent.values()) > 100:
            raise ValueError("comes to more than 100 per cent")
        return self


class Partner(Entry):
    """A party to the agreement."""

    code: Code
    name: Text
    kind: KindWord


class Host(Entry):
    """Who holds the pooled fund and keeps its accounts; where none is named, who does so by default."""

    partner: Code | Literal[""] = ""
    otherwise: Literal["largest_contributor"] | None = None
    clause: Text


class PoolManager(Entry):
    """The officer who manages the fund, by office and never by name, and the reports that are due from it."""

    office: Text
    reports: tuple[Literal["quarterly", "annual"], ...] = ()
    clause: Text


class Function(Entry):
    """A function of one of the partners that the arrangement covers."""

    of: Code
    kind: Literal["nhs", "health_related"]
    function: Name | Literal[""] = ""
    """Which of the functions that the rules know it is, by id."""
    says: Text
    clause: Text


class Provided(Entry):
    """What a partner provides beside money."""

    by: Code
    kind: Literal["staff", "goods", "services", "accommodation"]
    says: Text
    clause: Text


class Contribution(Entry):
    """What a partner puts in for a year: a sum, or last year's with what has changed.

    Performance money is not in it: it is the commissioner's until it is earned.
    """

    partner: Code
    year: Year
    source: str = ""
    """Which of a partner's contributions of the year this is, where there are several."""
    pence: InPence | None = Field(alias="pounds", default=None)
    recurrent: ChangeInPence = 0
    inflation: ChangeInPence = 0
    planned: ChangeInPence = 0
    efficiency: InPence = 0
    clause: Text


class Instalments(Entry):
    """Equal parts in which a partner pays its contribution, on the same days of every year."""

    partner: Code
    on: tuple[DayOfYear, ...] = Field(min_length=1)
    clause: Text


class Line(Entry):
    """A line of a scheme whose variance is borne in its own way."""

    id: Name
    says: Text
    kind: Literal["fixed", "variable"]
    """``fixed``: a variance moves nobody's contribution and stays with ``held_by``; ``variable``: it goes by ``shares``."""
    held_by: Code | Literal[""] = ""
    shares: Shares | None = None
    clause: Text


class Scheme(Entry):
    """A scheme that the pooled fund pays for."""

    id: Name
    title: Text
    pence: InPence = Field(alias="pounds")
    pays_from: dict[Code, InPence] = Field(default_factory=dict)
    """Pounds by the source that they come from; all of them pooled where empty."""
    social_care: YesNo = False
    """Whether people can be charged for it; for what the NHS does nobody is. It has to be so by its functions too."""
    functions: tuple[Name, ...] = ()
    """The functions that it is under, by the ids of the rules."""
    recurrent: YesNo = True
    """Whether it goes on in the next year."""
    commissioning: CommissioningWord
    lead: Code | Literal[""] = ""
    """Who commissions for all, or as agent."""
    principal: Code | Literal[""] = ""
    """For whom an agent commissions."""
    commissioned: Shares | None = None
    """The share of the scheme that each partner commissions."""
    accounting: Literal["gross", "net"]
    """Whether a partner shows the whole scheme in its accounts, or its own part."""
    vat: Text
    """Whose VAT rules the scheme's purchases are under, in the agreement's words."""
    uncommitted: InPence = 0
    """Pounds of it that no contract binds, and that can be cut."""
    tied: InPence = 0
    """Pounds of it that wait until performance money is earned."""
    lines: tuple[Line, ...] = ()
    clause: Text


class Cover(Entry):
    """What is drawn on, up to what there is, before any partner bears anything."""

    by: CoverWord
    pence: InPence | None = Field(alias="pounds", default=None)
    """The most that it gives, where the agreement says."""
    clause: Text


class Use(Entry):
    """What an under-spend is used for, up to what is needed, before any of it is shared out."""

    to: UseWord
    pence: InPence | None = Field(alias="pounds", default=None)
    clause: Text


class Rule(Entry):
    """Who bears what is left, or who has it back. Rules are gone through in order; what one leaves goes to the next."""

    by: ByWord
    schemes: tuple[Name, ...] = ()
    """Only for these schemes."""
    commissioning: tuple[CommissioningWord, ...] = ()
    """Only for schemes commissioned so."""
    up_to: InPence | None = None
    """The most that goes by this rule, in pounds."""
    shares: Shares | None = None
    clause: Text


class Cap(Entry):
    """The most that a partner bears: its contribution of the year, or sums. What is above it falls to nobody."""

    at: Literal["contribution", "sums"]
    sums: dict[Code, InPence] = Field(default_factory=dict)
    unless: Literal["both_finance_officers"] | None = None
    """Whether the partners' finance officers can agree, before the money is spent, that it does not hold."""
    clause: Text


class Over(Entry):
    """What happens to an over-spend."""

    cover: tuple[Cover, ...] = ()
    bears: tuple[Rule, ...] = ()
    cap: Cap | None = None


class Missed(Over):
    """What happens where performance money is not earned: the pool is short of it, and the money stays with its commissioner."""

    pence: InPence = Field(alias="pounds")
    """What depends on performance."""
    of: Code
    depends_on: Text
    clause: Text


class CarriedForward(Entry):
    """That what is left of an under-spend goes on to the next year, and who holds it until then."""

    held_by: Code
    clause: Text


class Under(Entry):
    """What happens to an under-spend, and how what there is when the agreement ends is split."""

    uses: tuple[Use, ...] = ()
    bears: tuple[Rule, ...] = ()
    """Who has it back."""
    carry_forward: CarriedForward | None = None
    on_ending: tuple[Rule, ...] = ()


class RiskShare(Entry):
    """The risk-share schedule."""

    overspend: Over | None = None
    underspend: Under | None = None
    missed: Missed | None = None


OverWord = Literal["scheme", "pool", "once"]


class Limit(Entry):
    """A line of the schedule of delegation: who may enter what, and how much of it."""

    office: Name | Literal[""] = ""
    by: Literal["joint_board", "partners", ""] = ""
    event: LimitWord
    up_to: InPence | None = None
    """Pounds; any amount where it says none."""
    over: OverWord = "scheme"
    """What is added up and held against it: all that the office enters for a scheme (or a body, where there is no scheme) in the
    year, all that it enters in the pool's year, or each entry by itself. Parts need the authority of the whole, so ``once`` has to be written."""
    clause: Text


class Grant(Entry):
    """A capital grant that is part of the fund, and what of it goes on to districts."""

    id: Code
    """The source that it is in the pool."""
    year: Year
    determination: Text
    payer: Code
    payee: Code
    pence: InPence = Field(alias="pounds")
    conditions: Text
    pass_on: dict[Code, InPence] = Field(default_factory=dict)
    clause: Text


class OffTrack(Entry):
    """When a scheme is off track, so that the pool manager brings an action plan, and how progress is told."""

    per_cent: Annotated[Number, Field(ge=0, le=100)] | None = None
    """Of the scheme's budget; the variance has to pass this and ``pounds``, where both are written."""
    pence: InPence | None = Field(alias="pounds", default=None)
    due_in_days: Annotated[Number, Field(ge=1, le=366, multiple_of=1)]
    progress_every_days: Annotated[Number, Field(ge=1, le=366, multiple_of=1)] | None = None
    underspend_only_to: Literal["non_recurrent", ""] = ""
    """Whether what is not spent goes only to what does not recur."""
    clause: Text


class Disputes(Entry):
    """Who decides where the partners disagree on a payment."""

    by: Literal["partners", "joint_board"]
    clause: Text


class Agreement(Entry):
    """The whole agreement."""

    title: Text
    fictitious: YesNo = False
    boards: tuple[Code, ...] = ()
    """The boards that it serves, by code, which may be a council's code too: no board is a party."""
    partners: tuple[Partner, ...] = Field(min_length=2)
    host: Host | None = None
    pool_manager: PoolManager | None = None
    aims: Clause | None = None
    outcomes: tuple[Clause, ...] = ()
    functions: tuple[Function, ...] = ()
    persons: Clause | None = None
    services: tuple[Clause, ...] = ()
    provided: tuple[Provided, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    varied: Clause | None = None
    instalments: tuple[Instalments, ...] = ()
    schemes: tuple[Scheme, ...] = ()
    duration: Span | None = None
    review: Clause | None = None
    variation: Clause | None = None
    termination: Clause | None = None
    managed: Clause | None = None
    limits: tuple[Limit, ...] = ()
    """The schedule of delegation. What it says nothing of has no limit."""
    grants: tuple[Grant, ...] = ()
    off_track: OffTrack | None = None
    risk_share: RiskShare | None = None
    disputes: Disputes | None = None
    """Who decides disputes; the partners between them where it says nothing."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The partners' codes, in the order of the alphabet, so that nothing depends on who is named first."""
        return tuple(sorted(each.code for each in self.partners))

    @property
    def years(self) -> tuple[str, ...]:
        """The financial years that contributions are written for."""
        return tuple(sorted({each.year for each in self.contributions}))

    def name(self, code: str) -> str:
        """What a partner is called."""
        return next((each.name for each in self.partners if each.code == code), code)

    def scheme(self, id: str) -> Scheme | None:
        """A scheme by its id; capitals count for nothing, since plans write their own."""
        return next((each for each in self.schemes if each.id.casefold() == id.casefold()), None)
