"""The fields by which an outturn is moved: which stand on the page follows from the rules that are asked."""

from dataclasses import dataclass
from decimal import Decimal

from carepool.actions.stake_cases import lines_of
from carepool.actions.stake_questions import LONGEST_NAME, OWN_PLACES, field_of, judged_by
from carepool.actions.staking import Stake
from carepool.basics.money import in_figures
from carepool.payment.methods import INSTEAD, RELEASES
from carepool.payment.tranches import Criterion
from carepool.render.words import count
from carepool.rules.rulebook import RuleSet
from carepool.rules.scalars import PaymentMethod
from carepool.rules.schema import Metrics

NOT_SAID = "Not known"
CAPS = (("quarter", "The cut planned to the quarter"), ("year", "The fund of the year alone"))
BACK = (("no", "Never: no payment is below nothing"), ("yes", "What was paid before is paid back where a later quarter falls behind"))  # fmt: skip
YES_NO = (("100", "Met"), ("0", "Not met"))


@dataclass(frozen=True, slots=True)
class Field:
    """A field to type into."""

    name: str
    label: str
    value: str
    hint: str = ""
    prefix: str = ""
    suffix: str = ""
    width: int = 5


@dataclass(frozen=True, slots=True)
class Select:
    """A field to choose from."""

    name: str
    label: str
    items: list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class Group:
    """Some fields under one heading."""

    title: str
    hint: str
    fields: tuple[Field | Select, ...]


def groups(found: Stake, typed: dict[str, str]) -> list[Group]:
    """The fields of a question, as they were typed or else as they were understood."""
    method, made = found.regime.method, []
    if found.regime.tranches is None:
        made.append(_plan(found, typed))
        made.append(_quarters(found, typed))
    if method in RELEASES:
        made.append(_options(found, typed))
    if method in INSTEAD:
        made.append(_instead(found, typed))
    if method is PaymentMethod.OWN_MEASURES:
        made += _own(found, typed)
    elif found.regime.tranches is not None:
        made += _tests(found, typed)
    return made


def shown(made: list[Group]) -> set[str]:
    """The names of the fields that stand on the page."""
    return {each.name for group in made for each in group.fields}


def rules_items(sets: tuple[RuleSet, ...], chosen: RuleSet) -> list[dict[str, object]]:
    """The sets to choose from; what was only proposed says so."""
    return [
        {"value": each.name, "text": f"{each.about.title}{' (proposed: hypothetical)' if each.about.status == 'proposed' else ''}", "selected": each is chosen}
        for each in sets
    ]  # fmt: skip


def _plan(found: Stake, typed: dict[str, str]) -> Group:
    question = found.question
    fields: list[Field | Select] = []
    if question.cut is not None:
        fields.append(Field("cut", "Every board plans to cut admissions by", typed.get("cut") or f"{question.cut:f}", "The plans that were approved cut 3.07% on average", suffix="%"))  # fmt: skip
    else:
        fields.append(Field("further", "Move the plan’s targets by", typed.get("further", ""), "Points of the baseline; +0.5 plans half a point fewer admissions", suffix="points"))  # fmt: skip
    if found.regime.method is PaymentMethod.REBASED_RELEASE:
        fields.append(Field("operational", "The CCGs’ operational plans cut admissions by", typed.get("operational", ""), "Leave it empty where they are not known: then no target is changed", suffix="%"))  # fmt: skip
    return Group("What is planned", "", tuple(fields))


def _quarters(found: Stake, typed: dict[str, str]) -> Group:
    one = len(found.cases) == 1
    fields = []
    for n, quarter in enumerate(each.quarter for each in found.cases[0].quarters):
        name = f"q-{quarter}"
        hint = _of_quarter(found, n) if one else _of_all(found, n)
        fields.append(Field(name, str(quarter), typed.get(name, ""), hint, width=10))
    how = (
        "A number of admissions, or a move like -1% of the baseline."
        if one
        else "A move in per cent of each board’s baseline, like -1 for one per cent fewer."
    )
    return Group("How the outturn moves", f"{how} Leave a quarter empty to keep what was published.", tuple(fields))  # fmt: skip


def _of_quarter(found: Stake, n: int) -> str:
    case = found.cases[0]
    each, line = case.quarters[n], lines_of(case, found.question, found.regime)[n]
    published = (
        "not published: taken as planned" if each.published is None else f"published {count(each.published)}"
    )
    return f"Baseline {count(each.baseline)}, target {count(line.planned)}, {published}; here {count(line.actual)}"


def _of_all(found: Stake, n: int) -> str:
    cases = [each.quarters[n] for each in found.cases]
    baseline = sum((each.baseline for each in cases), Decimal(0))
    published = sum((each.published or Decimal(0) for each in cases), Decimal(0))
    change = f"{(published / baseline - 1) * 100:+.2f}".replace("-", "−") if baseline else "0"
    return f"Baseline {count(baseline, 0)}; published {count(published, 0)}, {change}%"


def _options(found: Stake, typed: dict[str, str]) -> Group:
    release = found.regime.rules.release
    cap = _select("cap", "What is earned so far is at most", CAPS, typed, release.cap)
    back = _select("back", "Paying back", BACK, typed, "yes" if release.clawback else "no")
    return Group("Options of the method", "The rules leave these open to drafts: another choice is hypothetical.", (cap, back))  # fmt: skip


def _select(name: str, label: str, words: tuple[tuple[str, str], ...], typed: dict[str, str], by_rules: str) -> Select:  # fmt: skip
    items: list[dict[str, object]] = [
        {"value": "", "text": f"As the rules have it: {dict(words)[by_rules].lower()}"}
    ]
    items += [{"value": code, "text": text, "selected": typed.get(name) == code} for code, text in words]
    return Select(name, label, items)


def _instead(found: Stake, typed: dict[str, str]) -> Group:
    held = Field("held", "Held against admissions above the plan", typed.get("held") or f"{found.question.held:f}", "Per cent of the part; the rest is spent out of hospital", suffix="%")  # fmt: skip
    value = Field("value", "What one admission above the plan costs", typed.get("value", ""), "By the agreement: the rules lay down no value", prefix="£")  # fmt: skip
    return Group("What is held", "Nothing depends on performance; a part may be held by local agreement.", (held, value))  # fmt: skip


def _tests(found: Stake, typed: dict[str, str]) -> list[Group]:
    held = found.regime.rules.find("metrics", Metrics)
    titles = {each.id: each.title for each in held.metrics} if held else {}
    parts: dict[str, tuple[str, list[Field | Select]]] = {}
    for part, test in judged_by(found.regime.rules):
        fields = parts.setdefault(part.name, (part.says, []))[1]
        fields.append(
            _test(part.name, test, titles.get(test.id, test.id.replace("_", " ").capitalize()), typed)
        )
    below = found.regime.tranches.recovery_below if found.regime.tranches else None
    enough = f" Below {in_figures(below)}% it falls short." if below is not None else ""
    hint = f"Of a measure, per cent of its ambition that is delivered.{enough} Leave empty what is not known."
    return [Group(says, hint, tuple(fields)) for says, fields in parts.values()]


def _test(part: str, test: Criterion, title: str, typed: dict[str, str]) -> Field | Select:
    name = field_of(part, test.id)
    if test.kind == "condition":
        items: list[dict[str, object]] = [{"value": "", "text": NOT_SAID}]
        items += [
            {"value": code, "text": words, "selected": typed.get(name) == code} for code, words in YES_NO
        ]
        return Select(name, title, items)
    window = f"Looked at: {test.window}" if test.window else ""
    return Field(name, title, typed.get(name, ""), window, suffix="%")


def _own(found: Stake, typed: dict[str, str]) -> list[Group]:
    made = []
    for part in found.regime.tranches.parts if found.regime.tranches else ():
        fields: list[Field | Select] = []
        for number in range(1, OWN_PLACES + 1):
            at = f"own-{part.name}-{number}"
            fields.append(Field(f"{at}-name", f"Measure {number}", typed.get(f"{at}-name", ""), f"Up to {LONGEST_NAME} characters", width=20))  # fmt: skip
            fields.append(Field(f"{at}-weight", f"Weight of measure {number}", typed.get(f"{at}-weight", "")))
            fields.append(Field(f"{at}-done", f"Delivered of the ambition of measure {number}", typed.get(f"{at}-done", ""), suffix="%"))  # fmt: skip
        made.append(Group(part.says, "The statement leaves the measures open: they and their weights are yours, and the answer is hypothetical.", tuple(fields)))  # fmt: skip
    return made
