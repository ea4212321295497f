"""What computes with the rules: every page, command and check that reads a file of a set, so that a value can say so.

A test runs each of these against rules that note what is read of them, and holds this list to it in both directions.
"""

from dataclasses import dataclass
from enum import StrEnum

from carepool.actions.nation import RULES
from carepool.rules.rulebook import RuleSet


class UseKind(StrEnum):
    """What it is that computes; the words are those on the page."""

    PAGE = "Page"
    COMMAND = "Command"
    CHECK = "Check"


@dataclass(frozen=True, slots=True)
class Reading:
    """Something that computes, and the files of a set that it reads."""

    name: str
    says: str
    kind: UseKind
    paths: frozenset[str]
    under: str = ""
    """The only set of rules that it is ever worked out under; empty where any set can be asked for."""
    pays: bool | None = None
    """Whether it is only for sets that compute a payment, or only for those that compute none; None for both."""


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a file."""

    says: str
    kind: UseKind


PAYMENT = frozenset({"payment/release", "payment/unit_value"})
POT = frozenset({"set", "composition", "allocation/methods"})

READINGS: tuple[Reading, ...] = (
    Reading(
        "nation", "England: what a uniform cut would have put at stake and released, and “carepool national”",
        UseKind.PAGE, POT | PAYMENT | {"payment/guideline"}, RULES,
    ),
    Reading(
        "board", "The page of a board: its part of the pot, and its what-if year",
        UseKind.PAGE, POT | PAYMENT | {"payment/guideline"}, RULES,
    ),
    Reading("allocate", "“carepool allocate”: the pot shared out to boards and commissioners", UseKind.COMMAND, POT),
    Reading(
        "official", "“carepool allocate --allocations”: official pounds held against the national sums",
        UseKind.COMMAND, frozenset({"composition"}),
    ),
    Reading("payment", "“carepool payment”: what plans and outturns in a file earn", UseKind.COMMAND, PAYMENT, pays=True),
    Reading(
        "regimes", "“carepool payment” under every regime, and a year replayed under each",
        UseKind.COMMAND, POT | PAYMENT | {"payment/tranches", "payment/recovery_below", "payment/rebasing", "payment/out_of_hospital", "payment/average_cut", "metrics"},
    ),
    Reading(
        "simulate", "“carepool simulate” and the page of what a set would do to every board",
        UseKind.COMMAND, POT | PAYMENT | {"payment/guideline", "payment/rebasing"},
    ),
    Reading(
        "refusal", "Why no payment can be worked out under a set that lays down none",
        UseKind.CHECK, frozenset({"set", "payment/tranches", "payment/out_of_hospital"}), pays=False,
    ),
    Reading(
        "start", "Whether a plan can be made under a set, and what it begins from",
        UseKind.CHECK, POT | {"authority", "decisions", "payment/release"},
    ),
    Reading(
        "check", "The checks of a plan, in its pages and in “carepool plan check”",
        UseKind.CHECK,
        POT | PAYMENT | {"payment/guideline", "conditions", "decisions", "metrics", "timetable", "transfer"},
    ),
    Reading("standing", "Where a plan stands, and whose decision is awaited", UseKind.PAGE, frozenset({"decisions"})),
    Reading(
        "calendar", "The calendar: a plan's deadlines worked backwards, in its pages and in “carepool calendar”",
        UseKind.PAGE, frozenset({"timetable", "decisions", "authority", "procedure", "set"}),
    ),
    Reading("office", "Whether somebody's office lets them edit, decide, approve or release", UseKind.CHECK, frozenset({"authority"})),
    Reading("money", "The money of a plan that is signed off: what it earns and owes", UseKind.PAGE, PAYMENT | {"set", "decisions", "payment/settling"}, pays=True),
    Reading("delivery", "Whether a scheme or a metric is off track, in “carepool delivery” and the pages of delivery", UseKind.PAGE, frozenset({"delivery", "authority"})),
    Reading("settle", "Corrections, disputes and releases of a quarter's payment, and “carepool pool release”", UseKind.CHECK, frozenset({"payment/settling", "payment/release", "authority", "set"}), pays=True),
    Reading(
        "open", "Opening a pool's books from a plan that is signed off",
        UseKind.CHECK, PAYMENT | {"set", "composition", "authority", "decisions"}, pays=True,
    ),
    Reading(
        "agreement", "“carepool agreement check”: whether a section 75 agreement specifies what the regulations ask",
        UseKind.COMMAND, frozenset({"section_75", "set"}), "section-75",
    ),
    Reading(
        "measure", "“carepool measure”: a measure of a board, with its versions and breaks, and figures that are doubted",
        UseKind.COMMAND, frozenset({"definitions", "alarms", "set"}), "measures",
    ),
    Reading(
        "chart", "“carepool measure chart”: whether something has changed",
        UseKind.COMMAND, frozenset({"definitions", "alarms", "chart_rules", "set"}), "measures",
    ),
    Reading(
        "capacity", "“carepool capacity” and the pages of beds: what admissions avoided are worth, in beds and money",
        UseKind.COMMAND, frozenset({"assumptions", "alarms", "definitions", "set", "payment/release", "payment/unit_value"}),
    ),
    Reading(
        "sharing", "Whether somebody may see a person's record, in the person wing",
        UseKind.CHECK, frozenset({"sharing", "set"}), "information-sharing",
    ),
    Reading("retention", "When the record of a person may be erased as no longer needed, in the person wing", UseKind.CHECK, frozenset({"retention"}), "information-sharing"),
    Reading("trace", "“carepool trace”: what a person's NHS number is worth", UseKind.COMMAND, frozenset({"sharing_numbers", "set"}), "information-sharing"),
    Reading(
        "eligibility", "Whether an adult or a carer is eligible for help, in the person wing",
        UseKind.CHECK, frozenset({"eligibility", "set"}), "care-planning",
    ),
    Reading(
        "counts", "“carepool measure counts”, and what is counted beside a plan's national conditions",
        UseKind.COMMAND, frozenset({"counts", "eligibility", "set"}), "care-planning",
    ),
)  # fmt: skip
"""Everything that computes with rules, in the order of a reader's interest."""


def uses_of(path: str, rules: RuleSet) -> tuple[Use, ...]:
    """What computes with a file of a set; nothing where it is only shown."""
    return tuple(
        Use(each.says, each.kind)
        for each in READINGS
        if path in each.paths and each.under in {"", rules.name} and each.pays in {None, rules.pays}
    )
