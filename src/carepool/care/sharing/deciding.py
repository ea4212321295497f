"""Whether somebody may see a person's record, and which part: the first row of the table that fits decides.

Looking and sharing are judged alike: what is shared is seen by whoever it is shared with, so they are the one who asks.
"""

from dataclasses import dataclass
from datetime import date

from carepool.rules.rulebook import RuleSet
from carepool.rules.sharing import (
    Basis,
    Case,
    ConsentWord,
    ObjectionWord,
    PersonField,
    PurposeWord,
    RelationWord,
    RoleWord,
    Sharing,
)

FILE = "sharing"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is true of whoever asks, of the person, and of the day."""

    purpose: PurposeWord
    role: RoleWord
    relation: RelationWord
    on: date
    objection: ObjectionWord = "none"
    consent: ConsentWord = "not_asked"
    opted_out: bool = False
    """The national data opt-out, which counts from the day that it exists."""
    approved: bool = False
    """Support under section 251 for exactly this use."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why it was answered so: the row that decided, in words, under which rules and which state of the law."""

    case: str
    """The id of the row."""
    because: str
    say: str
    """What is said to whoever asked."""
    rule: str
    """The row, cited, with its source."""
    law: str
    rules: str
    """The digest of the rules that decided."""


@dataclass(frozen=True, slots=True)
class Allow:
    """All that the purpose needs may be seen, and no more."""

    asked: Asked
    fields: tuple[PersonField, ...]
    basis: tuple[Basis, ...]
    """What makes it lawful on that day; never empty."""
    duty: tuple[Basis, ...]
    """Duties that ask for it to be shared: who keeps it back must have a reason."""
    reason: Reason

    @property
    def identifies(self) -> bool:
        """Whether anybody can be known from it."""
        return any(each.identifies for each in self.fields)

    @property
    def of_one(self) -> bool:
        """Whether it is of one person, named or not, so that the look stands in that person's log."""
        return any(not each.of_many for each in self.fields)

    @property
    def shown(self) -> frozenset[str]:
        """The ids of the fields."""
        return frozenset(each.id for each in self.fields)


@dataclass(frozen=True, slots=True)
class AllowPart(Allow):
    """A part may be seen: less than others see for this purpose."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Nothing may be seen; ``glass`` where the asker may break it with a reason."""

    asked: Asked
    reason: Reason
    glass: bool = False

    @property
    def says(self) -> str:
        """What is said to whoever asked."""
        return self.reason.say


Verdict = Allow | AllowPart | Refuse


@dataclass(frozen=True, slots=True)
class Broken:
    """The glass is broken: what is needed at once may be seen, and the person and the governance lead are told why."""

    allowed: AllowPart
    why: str
    """In the asker's words: kept as a document, never in a fact."""


def decide(rules: RuleSet, sharing: Sharing, asked: Asked) -> Verdict:
    """Whether it may be seen, by the table in force on the day asked about. Unusable on a day whose law is not held."""
    law = sharing.law_on(asked.on).id
    case = case_of(sharing, asked, law)
    reason = _reason(rules, case, law)
    if case.extent is None:
        return Refuse(asked, reason, case.answer == "glass")
    kind = Allow if case.answer == "allow" else AllowPart
    fields = sharing.by_extent[case.extent]
    basis = sharing.in_force(case.basis, asked.on)
    return kind(asked, fields, basis, _duties(sharing, asked), reason)


def break_glass(rules: RuleSet, sharing: Sharing, asked: Asked, why: str) -> Broken | Refuse:
    """What may be seen at once where the table lets the glass be broken and a reason is given, or why not."""
    verdict = decide(rules, sharing, asked)
    if not isinstance(verdict, Refuse):
        case, law = case_of(sharing, asked, sharing.law_on(asked.on).id), verdict.reason.law
        return Refuse(asked, _reason(rules, case, law, "There is no glass to break: you may see this without. Ask again in the usual way."))  # fmt: skip
    if not verdict.glass:
        return verdict
    why, glass = " ".join(why.split()), sharing.glass
    if len(why) < glass.reason_at_least:
        short = f"Say in at least {glass.reason_at_least} characters why you must see it now: the person and the governance lead read it."  # fmt: skip
        case = case_of(sharing, asked, verdict.reason.law)
        return Refuse(asked, _reason(rules, case, verdict.reason.law, short), glass=True)
    reason = Reason(
        verdict.reason.case, glass.says, glass.say, f"{rules.cite(FILE)}: {glass.source}", verdict.reason.law, rules.digest,
    )  # fmt: skip
    fields, basis = sharing.by_extent[glass.extent], sharing.in_force(glass.basis, asked.on)
    return Broken(AllowPart(asked, fields, basis, (), reason), why)


def case_of(sharing: Sharing, asked: Asked, law: str) -> Case:
    """The first row that fits. ValueError where none does, which a reviewed table never comes to."""
    for case in sharing.by_purpose[asked.purpose, asked.role]:
        if _fits(case, asked, law):
            return case
    raise ValueError(f"no row of the table fits {asked}")


def _fits(case: Case, asked: Asked, law: str) -> bool:
    return (
        (not case.relation or asked.relation in case.relation)
        and (not case.objection or asked.objection in case.objection)
        and (not case.consent or asked.consent in case.consent)
        and (case.opted_out is None or asked.opted_out is case.opted_out)
        and (case.approved is None or asked.approved is case.approved)
        and (not case.law or law in case.law)
    )


def _duties(sharing: Sharing, asked: Asked) -> tuple[Basis, ...]:
    duty = sharing.duty
    asks = asked.purpose in duty.purpose and asked.role in duty.role
    return sharing.in_force(duty.basis, asked.on) if asks else ()


def _reason(rules: RuleSet, case: Case, law: str, say: str = "") -> Reason:
    return Reason(case.id, case.because, say or case.say, f"{rules.cite(FILE)}, {case.id}: {case.source}", law, rules.digest)  # fmt: skip
