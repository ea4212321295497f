"""Rules in the reader's words: files, fields and values, what a set holds, and how it pays."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from types import MappingProxyType

from carepool.basics.money import Pence, in_figures, in_pounds
from carepool.basics.periods import LONDON, Quarter, in_words
from carepool.basics.refusals import Unusable
from carepool.render.words import pounds_short
from carepool.rules.assurance import Answer, AssuranceOutcome, Enquiry, Rated, Rung, Side, Weighted
from carepool.rules.caring import AssessmentQuestion, CareCount, EligibilityRule, VoiceQuestion
from carepool.rules.measuring import Alarm, Break, ChartRule, Definition, Family, HoleAlarm, Version
from carepool.rules.paying import OutOfHospital, Tranche, Tranches
from carepool.rules.planning import Assumption
from carepool.rules.procedure import Holiday, PreElection, Route, Stretch
from carepool.rules.returns import AskedPart, Counted, Due
from carepool.rules.rulebook import RuleSet
from carepool.rules.scalars import Checked, Cited, Confidence, Entry, Moment, Span
from carepool.rules.schema import (
    KINDS,
    Apart,
    Authorities,
    Authority,
    Calibration,
    Composition,
    Condition,
    DatedValue,
    Event,
    Method,
    Metric,
    Metrics,
    NotKnown,
    Office,
    OfWhich,
    Parameter,
    PassOn,
    Power,
    Section,
    Stage,
    Stated,
    Stream,
    Suppression,
    TransferPart,
    Way,
)
from carepool.rules.section75 import Content

FILES = {
    "set": "The set itself",
    "composition": "What the fund is made of",
    "transfer": "Money transferred and not pooled",
    "conditions": "National conditions",
    "metrics": "Metrics",
    "authority": "Who may do what",
    "decisions": "Who decides",
    "timetable": "Timetable",
    "payment/tranches": "Performance money in tranches",
    "payment/release": "How performance money is released",
    "payment/rebasing": "Changing a target",
    "payment/out_of_hospital": "In the place of performance money",
    "redeployment": "Where agreement or performance fails",
    "capital": "Capital grants passed on",
    "assurance": "Assurance",
    "enquiries": "Key lines of enquiry",
    "savings/credibility": "How much of a promised saving is credible",
    "disclosure": "Small numbers",
    "allocation/methods": "How the fund is shared out",
    "procedure": "How a body decides in time",
    "section_75": "What an agreement to pool money must hold",
    "returns": "Quarterly returns",
    "definitions": "What is measured",
    "chart_rules": "When a chart says that something has changed",
    "alarms": "When a figure is doubted",
    "assumptions": "What planning takes for granted",
    "sharing": "Who may see what of a person",
    "sharing_numbers": "What an NHS number is worth",
    "eligibility": "Who is eligible for help",
    "questions": "What a joint assessment asks",
    "voice": "What people are asked after a review",
    "counts": "What is counted of people’s care",
}
"""What each file is called in a list of contents; any other file says it itself."""

LISTS = {
    "streams": "Streams", "of_which": "Inside these streams", "stated": "Totals as they were stated",
    "parts": "Parts", "conditions": "Conditions", "metrics": "Metrics", "offices": "Offices",
    "actions": "What an office may do", "apart": "What nobody may both do", "ways": "How a body may decide", "required": "Whose decision is needed", "stages": "What follows, in order",
    "events": "Days", "tranches": "Tranches", "depends_on": "Depends on", "powers": "Powers", "grants": "Grants",
    "outcomes": "Outcomes", "sides": "Who reviews", "quality": "Levels of quality", "risk": "Levels of risk",
    "ladder": "Steps of escalation, in order", "answers": "Answers, the best first", "enquiries": "Questions",
    "grades": "Grades of evidence, the best first", "confidences": "How sure a reviewer can be",
    "plausibility": "What an outturn says", "suppressions": "Kinds of data", "methods": "Streams",
    "calibration": "Held against what was published", "values": "Values",
    "stretches": "Days that must lie between",
    "routes": "Where days were missed or cannot be waited for", "holidays": "Holidays", "elections": "Before elections", "contents": "What the agreement must specify",
    "asks": "What a return asks", "counted": "What else is counted", "uses": "What money not released was used for",
    "due": "Returns, and when they are due",
    "measures": "Measures", "families": "Measures by year", "versions": "Versions", "breaks": "Breaks in the series",
    "rules": "Versions of the rules", "units": "Wrong units", "holes": "Holes in a series",
    "functions": "Functions of the partners, and whether people may be charged for them",
    "assumptions": "Values that stand until somebody gives their own",
    "law": "The law by date", "bases": "What makes it lawful", "fields": "What is held of a person", "extents": "The least that a purpose needs",
    "cases": "Who may see what; the first that fits decides", "statuses": "What an NHS number is worth",
    "questions": "Questions", "scale": "Steps of the scale", "bands": "Bands, the greatest need first",
    "care_counts": "Counts that come through the wall",
}  # fmt: skip
"""What the lists in a file are called."""

PARTS = {
    "National conditions": ("conditions",),
    "Metrics": ("metrics",),
    "Money": ("composition",),
    "Who decides": ("decisions", "authority"),
    "Payment": ("payment/",),
    "Timetable": ("timetable",),
    "Everything else": ("",),
}
"""The parts that a difference is read in, each with the files in it; the first that fits is a file's part."""

_FIELDS = {
    "says": "Wording", "title": "Title", "pence": "Amount", "of": "Of", "within": "Inside", "id": "Name",
    "source": "Source", "confidence": "How sure we are", "years": "Years of a plan", "places": "For the places",
    "not_known": "Days of which nothing is held", "received_by": "Received by", "payer": "Paid by", "payee": "Paid to",
    "under": "Under", "certificate": "Certified", "evidence": "What would show it", "better": "Which way is better",
    "pays": "Performance money depends on it", "contributing": "Who contributes and must decide",
    "smallest_share": "Smallest share of the people that must decide",
    "lead_may_decide": "One commissioner may decide for others by the rules alone", "at": "When", "window": "Looked at over",
    "on": "Paid", "withheld": "Kept back from an area that falls short", "cap": "Capped by",
    "clawback": "Paid back when a later quarter falls behind", "metric": "Pays by", "baseline_quarters": "Compared with",
    "performance_quarters": "Quarters that are paid", "points": "No change within", "approved_by": "Approved by",
    "consulted": "After asking", "resize": "Performance money is worked out anew", "uses": "May be used for",
    "how_much": "How much", "to_whom": "To whom", "paid_to": "Paid to", "passed_to": "Passed on to",
    "latest": "At the latest", "by": "By", "data": "Data", "hide_from": "Counts hidden from",
    "hide_to": "Counts hidden to", "nearest": "Other counts shown to the nearest", "since": "From",
    "known_until": "Known until", "again_by": "Again by", "first": "From", "last": "To", "governs": "Governs",
    "follows": "Follows", "kind": "Kind", "offices": "Offices", "status": "Standing", "weight": "Weight beside the others",
    "delegable": "May be let to somebody else in writing", "impartial": "Not done by a party's own", "one_party": "Not done by one person for two parties",
    "signed_by": "Signed by each of", "lead_below": "A named lead may decide in writing for a smaller share than",
    "ratified": "Ratified later", "tolerance": "Agreement within limits", "allowed": "Allowed",
    "question": "Question", "looks_for": "What would show it", "belongs_to": "Condition that it is about",
    "critical": "The worst answer to it alone keeps a plan from going on", "grades_savings": "About the evidence behind savings",
    "worth": "Worth, per cent of a question's weight", "body": "Body whose officers review",
    "reviewers_named": "The parties are told who reviewed", "goes_on": "The plan is approved by it",
    "conditional": "It comes with conditions", "requires": "Suggested when", "least_score": "Score at least, per cent",
    "most_worst": "Worst answers at most, none of them critical", "worst_quality": "Quality at worst",
    "worst_risk": "Risk at worst", "suggested_by": "How an outcome is suggested",
    "open_conditions_stop": "Stages that wait until every condition is met",
    "answer": "Answer at worst",
    "needs": "What is needed", "partners": "Who may be a partner", "hosts": "Who may host", "missed": "Where this was missed", "step": "Step", "own": "A body may lay down its own", "least": "No fewer than",
    "known_from": "Known from", "partly": "A metric delivered in part earns", "together": "Earned only where all of it is passed",
}  # fmt: skip
_NAMES = frozenset({"id", "name", "within", "stream", "streams", "metric", "offices", "action", "data", "of"})
"""Fields whose texts are names, which are read as what they name, and without underscores."""
METHODS = {
    "cumulative_release": "the cut achieved so far, valued, less what was paid before",
    "rebased_release": "the same, by a target that may be changed where it is far above the operational plans'",
    "passed_tests": "each part shared among its conditions and metrics, and earned by those that are passed",
    "nothing_withheld": "all is paid whatever the performance; what falls short may need a recovery plan",
    "own_measures": "each part by measures and weights that whoever asks must give",
    "out_of_hospital": "nothing by performance: spent out of hospital, or held against admissions above the plan",
    "commissioner_allocation": "to the NHS commissioners by their allocation, and each one's part to boards by where its people live",
    "need_then_people": "to boards by need, and each board's part to the commissioners of its people",
    "need": "to boards by need, and received by councils",
}
"""What each method does, in a few words."""
_BODIES = {
    "ccg": "CCGs", "icb": "integrated care boards", "council": "councils", "board": "boards",
    "trust": "trusts", "nhs_england": "NHS England", "local_government": "local government", "ministers": "ministers", "contributing_ccg": "CCGs that contribute",
    "contributing_icb": "integrated care boards that contribute",
}  # fmt: skip
_WORDS = {
    "england-2015": "England of 2015: councils, their boards and CCGs",
    "england-2025": "England of 2025: councils, their boards and integrated care boards",
    "lower": "lower is better",
    "higher": "higher is better",
}
_PER_CENT = frozenset({"smallest_share", "lead_below"})
_QUIET = frozenset({"id", "name", "source", "confidence", "checked"})
"""Fields that are shown in another way than as a field and its value, or not at all."""


# Names and values


def file_words(path: str, section: Section | None = None) -> str:
    """What a file is called: a dated value by what it says, any other by its place."""
    if path in FILES:
        return FILES[path]
    return section.says if isinstance(section, Parameter) else plain_name(path.rpartition("/")[2])


def plain_name(name: str) -> str:
    """A name without underscores, beginning with a capital."""
    return first_capital(name.replace("_", " "))


def first_capital(text: str) -> str:
    """The text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def field_words(name: str) -> str:
    """What a field is called."""
    return _FIELDS.get(name) or LISTS.get(name) or plain_name(name)


def with_unit(value: Decimal, unit: str) -> str:
    """A dated value as it is read: “£1,490 per admission”, “3.5%”, “£532,000,000”."""
    if unit.startswith("pounds"):
        pence = value * 100
        written = in_pounds(int(pence)) if pence == int(pence) else f"£{in_figures(value)}"
        return written + unit.removeprefix("pounds")
    return f"{in_figures(value)}%" if unit == "per cent" else f"{in_figures(value)} {unit}"


def moved(pence: Pence) -> str:
    """An amount that something moved by, with its sign."""
    return f"+{in_pounds(pence)}" if pence > 0 else in_pounds(pence)


def moment_words(moment: Moment) -> str:
    """A day as people write it, with the time in London where one is laid down."""
    if moment.written == moment.day.isoformat():
        return in_words(moment.day)
    at = moment.instant.astimezone(LONDON)
    return f"{in_words(moment.day)} at {'noon' if (at.hour, at.minute) == (12, 0) else f'{at:%H:%M}'}, London time"


def names_in(rules: RuleSet) -> dict[str, str]:
    """What the streams, conditions, metrics and offices of a set are called, by their names."""
    found: dict[str, str] = {}
    for section in rules.sections.values():
        held = vars(
            section
        )  # asked of a model, a field that it does not have takes longer than all else here
        for group in ("offices", "streams", "conditions", "metrics"):
            for each in held.get(group) or ():
                if isinstance(each, Stream | Condition | Metric | Office):
                    found[each.key] = each.title if isinstance(each, Condition | Metric) else each.says
    return found


def value_words(name: str, value: object, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """What stands in a field, as a reader would say it; ``names`` are what the set calls its streams and the like."""
    match value:
        case None | "" | ():
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case Pence():
            return in_pounds(value)
        case Decimal():
            return in_figures(value) + (
                "%" if name in _PER_CENT else " percentage points" if name == "points" else ""
            )
        case Moment():
            return moment_words(value)
        case date():
            return in_words(value)
        case Quarter():
            return str(value)
        case Span() | NotKnown():
            says = f": {value.says}" if isinstance(value, NotKnown) else ""
            return f"{in_words(value.first)} to {in_words(value.last)}{says}"
        case Checked():
            return f"{in_words(value.on)} by {value.by}, again by {in_words(value.again_by)}"
        case Entry():
            return "; ".join(f"{words.lower()}: {said}" for words, said in rows(value, names))
        case tuple():
            return "; ".join(value_words(name, each, names).rstrip(".") for each in value)
        case Enum():
            return METHODS.get(str(value.value), str(value.value).replace("_", " "))
    return _text_words(name, str(value), names)


def _text_words(name: str, text: str, names: Mapping[str, str]) -> str:
    if name in {"received_by", "of", "kind", "within"} and text in _BODIES:
        return _BODIES[text]
    if name in _NAMES:
        return names.get(text, text.replace("_", " "))
    return _WORDS.get(text, text)


def rows(
    entry: Entry, names: Mapping[str, str] = MappingProxyType({}), leave: Iterable[str] = ()
) -> list[tuple[str, str]]:
    """The fields of an entry as they are read, without its source and what is empty."""
    left = _QUIET | set(leave)
    return [
        (field_words(name), value_words(name, value, names))
        for name in type(entry).model_fields
        if name not in left and (value := getattr(entry, name)) not in (None, "", ())
    ]


def title_of(rules: RuleSet, path: str, group: str, key: str, entry: Entry | None) -> str:
    """An entry as a reader calls it, in the set that it stands in."""
    if not group:
        return file_words(path, rules.sections.get(path))
    if isinstance(entry, DatedValue):
        return f"From {in_words(entry.since)}"
    composition = rules.find("composition", Composition)
    of_stream = {each.name: each.says for each in composition.streams} if composition else {}
    title = (
        getattr(entry, "title", None)
        or getattr(entry, "question", None)
        or getattr(entry, "says", None)
        or of_stream.get(key)
        or plain_name(key)
    )
    return first_capital(str(title))


def gist(rules: RuleSet, path: str, entry: Entry) -> str:
    """What an entry lays down, in a sentence or two, beside what it is called."""
    names = names_in(rules)
    match entry:
        case Condition() | AssuranceOutcome() | Rated() | Rung() | Side():
            return entry.says
        case Answer():
            return f"{entry.says} Worth {in_figures(entry.worth)}% of a question's weight."
        case Weighted():
            return f"{entry.says} {in_figures(entry.weight)}% is left."
        case Enquiry():
            return f"{'; '.join(each.rstrip('.') for each in entry.looks_for)}."
        case Metric():
            pays = "Performance money depends on it" if entry.pays else "No money depends on it"
            return f"{entry.says} Unit: {entry.unit}; {value_words('better', entry.better)}. {pays}."
        case DatedValue():
            return with_unit(entry.value, getattr(rules.sections.get(path), "unit", ""))
        case Event():
            return f"{'Last moment: ' if entry.kind == 'deadline' else ''}{moment_words(entry.at)}."
        case Authority():
            return f"{value_words('offices', entry.offices, names)}."
        case Office():
            return f"In {value_words('of', entry.of)}."
        case Stage():
            return f"By whoever may {_action(rules, entry.action)}."
        case Apart():
            return f"To {' and to '.join(_action(rules, each) for each in entry.actions)}."
        case Way():
            later = " It ratifies that later." if entry.ratified else ""
            return f"For {value_words('of', entry.of)}.{later}"
        case _:
            return _gist_of_money(rules, entry, names)


def _action(rules: RuleSet, action: str) -> str:
    found = rules.find("authority", Authorities)
    known = {each.action: each.says for each in found.actions} if found else {}
    return known.get(action, action.replace("_", " "))


def _gist_of_money(rules: RuleSet, entry: Entry, names: Mapping[str, str]) -> str:
    match entry:
        case Stream():
            return f"{in_pounds(entry.pence)}, received by {_BODIES[entry.received_by]}."
        case OfWhich():
            return f"{in_pounds(entry.pence)}, inside {value_words('within', entry.within, names)}."
        case Stated():
            parts = rules.composition.sum_of(entry.of)
            apart = f"a difference of {moved(entry.pence - parts)}" if entry.pence != parts else "the same"
            return f"Stated as {in_pounds(entry.pence)}; its parts add to {in_pounds(parts)}, {apart}."
        case TransferPart():
            return f"{in_pounds(entry.pence)}."
        case Tranche():
            return f"{in_pounds(entry.pence)}, paid: {entry.on}."
        case Calibration():
            boards = ", ".join(entry.boards)
            return f"{in_pounds(entry.pence)}, as published, for {boards}."
        case Method():
            return f"{first_capital(value_words('method', entry.method))}."
        case Power():
            asked = (
                ("Who", entry.who),
                ("When", entry.when),
                ("How much", entry.how_much),
                ("To whom", entry.to_whom),
            )
            return " ".join(f"{word}: {said.rstrip('.')}." for word, said in asked)
        case PassOn():
            unless = f", unless {entry.unless}" if entry.unless else ""
            latest = f", by {moment_words(entry.latest)}" if entry.latest else ""
            return f"Paid to {entry.paid_to}; passed on to {entry.passed_to}{unless}{latest}."
        case Suppression():
            return _hidden(entry)
    return _gist_of_days(entry)


def _gist_of_days(entry: Entry) -> str:
    match entry:
        case Stretch():
            own = " A body may lay down its own." if entry.own else ""
            return f"{in_figures(entry.days)} {entry.unit}, for {value_words('of', entry.of)}.{own}"
        case Route() if entry.missed == "call_in":
            return f"In the place of a call-in, for {value_words('of', entry.of)}: {entry.needs}."
        case Route():
            return f"{in_figures(entry.days)} {entry.unit} before, for {value_words('of', entry.of)}: {entry.needs}."
        case PreElection():
            return f"{in_words(entry.first)} to {in_words(entry.last)}, for {value_words('of', entry.of)}."
        case Content() | AskedPart():
            return entry.says
        case Counted():
            return f"Counted: {entry.unit}."
        case Due():
            without = f", without {value_words('without', entry.without)}" if entry.without else ""
            return f"Last moment: {moment_words(entry.at)}{without}."
        case Holiday():
            return f"{entry.on:%A} {in_words(entry.on)}."
    return _gist_of_measuring(entry)


def _gist_of_measuring(entry: Entry) -> str:
    match entry:
        case Definition():
            return f"{entry.says} In {entry.unit}, by {entry.period}; reviewed by {entry.checked.by} on {in_words(entry.checked.on)}."
        case Version():
            return f"Counted: {entry.numerator}. Out of: {entry.denominator}. Times {in_figures(entry.scale)}, from {in_words(entry.since)}."
        case Family():
            chosen = f" Chosen by each area: {', '.join(entry.chosen)}." if entry.chosen else ""
            return f"For {', '.join(entry.years)}: {', '.join(plain_name(each) for each in entry.measures)}.{chosen}"
        case ChartRule():
            return f"Limits at {entry.limit} mean moving ranges; a shift is {entry.shift} points, a trend {entry.trend}."
        case AssessmentQuestion() | VoiceQuestion():
            return entry.asks
        case CareCount():
            return f"{entry.says} Counted: {entry.numerator}. Out of: {entry.denominator}."
        case EligibilityRule():
            ends = f" to {in_words(entry.last)}" if entry.last else ""
            return f"{entry.says}; from {in_words(entry.first)}{ends}."
        case Assumption():
            return f"{in_figures(entry.value)} {entry.unit}; from {in_figures(entry.least)} to {in_figures(entry.most)} is believed."
        case HoleAlarm():
            return f"Below {in_figures(entry.below * 100)}% of the middle of the year around it."
        case Alarm():
            return f"{in_figures(entry.factor)} times: {entry.says}."
        case Break():
            return f"{in_words(entry.on)}: {entry.says}"
    return ""


def _hidden(entry: Suppression) -> str:
    if not entry.hide_to:
        return "No count is hidden."
    shown = (
        f"others are shown to the nearest {in_figures(entry.nearest)}"
        if entry.nearest > 1
        else "others are shown whole"
    )
    return f"Counts from {in_figures(entry.hide_from)} to {in_figures(entry.hide_to)} are hidden; {shown}."


# What a set holds


def order(paths: Mapping[str, object] | set[str]) -> list[str]:
    """Paths in the order that a reader meets the files: dated values of payment stand with payment."""
    payment = [each for each in KINDS if each.startswith("payment/")]
    known = list(KINDS)
    at = known.index(payment[-1]) + 1
    others = sorted(set(paths) - KINDS.keys())
    paid = [each for each in others if each.startswith("payment/")]
    return [
        each
        for each in [*known[:at], *paid, *known[at:], *(o for o in others if o not in paid)]
        if each in paths
    ]


def cited_in(thing: object) -> Iterator[Cited]:
    """Everything in a file, or the file itself, that has a source of its own."""
    if isinstance(thing, Cited):
        yield thing
    if isinstance(thing, tuple):
        for each in thing:
            yield from cited_in(each)
    elif isinstance(thing, Entry):
        for name in type(thing).model_fields:
            yield from cited_in(getattr(thing, name))


def sureness(rules: RuleSet) -> Counter[Confidence]:
    """How many values of a set are published, recalled and derived."""
    return Counter(dict(_counted(rules)))


@lru_cache(maxsize=64)
def _counted(rules: RuleSet) -> tuple[tuple[Confidence, int], ...]:
    """The same; a set's values are looked through once."""
    counted = Counter(each.confidence for section in rules.sections.values() for each in cited_in(section))
    return tuple(counted.items())


def how_it_pays(rules: RuleSet) -> str:
    """How a set pays for performance, in a few words."""
    tranches, instead = (
        rules.find("payment/tranches", Tranches),
        rules.find("payment/out_of_hospital", OutOfHospital),
    )
    if rules.pays:
        held = rules.find("metrics", Metrics)
        titles = {each.id: each.title for each in held.metrics} if held else {}
        metric = titles.get(rules.release.metric, rules.release.metric.replace("_", " "))
        return f"By quarters: {metric}"
    if tranches:
        number = f"{len(tranches.tranches)} {'tranche' if len(tranches.tranches) == 1 else 'tranches'}"
        if not tranches.withheld:
            return f"In {number}; nothing is withheld"
        tested = any(each.depends_on for each in tranches.tranches)
        return (
            f"In {number}, by conditions and metrics"
            if tested
            else f"In {number}; the measures are left open"
        )
    if instead:
        return f"Not by performance: {pounds_short(instead.pence)} goes out of hospital"
    return "Nothing is paid by performance"


def why_no_payment(rules: RuleSet) -> str:
    """Why no payment can be worked out under a set, in a sentence; empty where one can."""
    try:
        _ = rules.release
    except Unusable as error:
        return str(error)
    return ""
