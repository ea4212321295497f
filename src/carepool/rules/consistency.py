"""What types alone do not see: parts that do not add, names of nothing, dates that leave a gap or run over each other."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from carepool.basics.findings import Finding, Severity
from carepool.basics.periods import in_words
from carepool.basics.refusals import nearest
from carepool.rules.assurance_consistency import assurance_fits
from carepool.rules.measuring import ChartRules, Definitions
from carepool.rules.measuring_consistency import of_chart_rules, of_definitions
from carepool.rules.paying import OutOfHospital, Release, Tranches
from carepool.rules.procedure import Procedure
from carepool.rules.rulebook import Rulebook, RuleSet
from carepool.rules.scalars import AllocationMethod, Entry, PaymentMethod
from carepool.rules.schema import (
    About,
    Authorities,
    Capital,
    Composition,
    Conditions,
    Decisions,
    Methods,
    Metrics,
    Parameter,
    Section,
    Suppression,
    Timetable,
)
from carepool.rules.text import Lines, Place, fault

DAY = timedelta(days=1)
ADR = "docs/adr/0006"
ROUNDING = 2
"""Per cent by which a total that was stated may differ from its parts before it is more than rounding."""
BOUNDS = {
    "per cent": (Decimal(0), Decimal(100), 2),
    "percentage points": (Decimal(0), Decimal(100), 2),
    "pounds per admission": (Decimal(0), Decimal(1_000_000), 2),
    "pounds": (Decimal(0), Decimal(10**13), 2),
    "years": (Decimal(1), Decimal(200), 0),
}
"""The least and the most that a value of each unit can be, and its decimals."""
UNITS = {
    "payment/unit_value": "pounds per admission", "payment/guideline": "per cent", "payment/average_cut": "per cent",
    "payment/recovery_below": "per cent",
}  # fmt: skip
"""The unit of the values that something computes with."""
AllLines = Mapping[str, Lines]
COMMISSIONERS = {"england-2015": "ccg", "england-2025": "icb"}
"""Which NHS commissioners each register of places has."""


def _note(code: str, severity: Severity, file: str, line: int, says: str, remedy: str, rule: str) -> Finding:
    return Finding(code, severity, f"{file}:{line}", f"{file}, line {line} {says}.", remedy, rule)


# Within one file


def within_file(file: str, section: Section, lines: Lines) -> list[Finding]:
    """What is wrong in one file by itself."""
    findings = _twice(file, section, lines)
    match section:
        case About():
            findings += _about(file, section, lines)
        case Composition():
            findings += _composition(file, section, lines)
        case Parameter():
            findings += _parameter(file, section, lines)
        case Release():
            findings += _release(file, section, lines)
        case Methods() | Capital() | OutOfHospital():
            pass
        case Procedure():
            findings += _procedure(file, section, lines)
        case Definitions():
            findings += of_definitions(file, section, lines)
        case ChartRules():
            findings += of_chart_rules(file, section, lines)
        case _:
            for number, each in enumerate(getattr(section, "suppressions", ())):
                findings += _suppression(file, each, lines.at(("suppressions", number)))
    return findings


def lists_of(section: Entry) -> dict[str, tuple[Entry, ...]]:
    """The lists of keyed entries in a section, by the name of the list."""
    found = {}
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, tuple) and value and hasattr(value[0], "key"):
            found[name] = value
    return found


def _twice(file: str, section: Entry, lines: Lines) -> list[Finding]:
    findings = []
    for name, entries in lists_of(section).items():
        keys = [each.key for each in entries]  # type: ignore[attr-defined]  # entries of a list have keys
        for number, key in enumerate(keys):
            if key in keys[:number] and not isinstance(section, Parameter):
                word = {"streams": "stream"}.get(name, name.removesuffix("s"))
                says = f"has the {word.replace('_', ' ')} {key} twice"
                findings.append(fault(file, lines.at((name, number)), says, "Remove one."))
    return findings


def _about(file: str, about: About, lines: Lines) -> list[Finding]:
    findings = []
    if about.governs.last < about.governs.first:
        findings.append(
            fault(file, lines.at(("governs",)), "governs until before it begins", "Correct the dates.")
        )
    if about.checked.again_by < about.checked.on:
        findings.append(
            fault(
                file,
                lines.at(("checked",)),
                "is to be checked again before it was checked",
                "Correct the dates.",
            )
        )
    return findings


def _composition(file: str, composition: Composition, lines: Lines) -> list[Finding]:
    findings = []
    names = [stream.name for stream in composition.streams]
    whole = {stream.name: stream.pence for stream in composition.streams}
    for kind in {stream.received_by for stream in composition.streams}:
        whole[kind] = sum(stream.pence for stream in composition.streams if stream.received_by == kind)
    for number, part in enumerate(composition.of_which):
        line = lines.at(("of_which", number))
        if part.within not in whole:
            near = nearest(part.within, whole)
            says = f"puts {part.name} within {part.within}, which is no stream"
            if part.within in {each.name for each in composition.of_which}:
                says = f"puts {part.name} within {part.within}, which is itself inside a stream"
            remedy = (
                f"Did you mean {near}?"
                if near and near != part.name
                else f"Name one of {', '.join(sorted(whole))}."
            )
            findings.append(fault(file, line, says, remedy))
        elif part.pence > whole[part.within]:
            findings.append(
                fault(
                    file,
                    line,
                    f"has more {part.name} than {part.within} holds",
                    "Correct one of the amounts.",
                )
            )
    for name, pence in whole.items():
        inside = [part for part in composition.of_which if part.within == name]
        if len(inside) > 1 and sum(part.pence for part in inside) > pence:
            says = f"has more inside {name} than it holds: {', '.join(part.name for part in inside)} together"
            findings.append(fault(file, lines.at(("of_which",)), says, "Correct one of the amounts."))
    for number, stated in enumerate(composition.stated):
        line = lines.at(("stated", number))
        missing = [name for name in stated.of if name not in names]
        parts = composition.sum_of(stated.of)
        if missing:
            findings.append(
                fault(file, line, f"states a total of {missing[0]}, which is no stream", "Name streams only.")
            )
        elif parts != stated.pence:
            far = abs(parts - stated.pence) * 100 > ROUNDING * parts
            says = (
                f"states “{stated.says}” as {stated.pence // 100:,} pounds; its parts add to {parts // 100:,}"
            )
            remedy = "Both are kept. Amounts are shared from the parts."
            if far:
                remedy = f"It is more than {ROUNDING}% off, so rounding does not explain it: correct one of the two."
            severity = Severity.WARNING if far else Severity.NOTE
            findings.append(_note("stated-total", severity, file, line, says, remedy, stated.source))
    return findings


def _parameter(file: str, section: Parameter, lines: Lines) -> list[Finding]:
    days = [value.since for value in section.values]
    if days != sorted(set(days)):
        return [
            fault(
                file,
                lines.at(("values",)),
                "has values that overlap or stand out of order",
                "Order them by date.",
            )
        ]
    if not days or section.known_until < days[-1]:
        return [
            fault(file, lines.at(("known_until",)), "is known until before it begins", "Correct the dates.")
        ]
    least, most, places = BOUNDS[section.unit]
    findings = [
        fault(
            file,
            lines.at(("values", number, "value")),
            f"has the value {each.value}, and {section.unit} go from {least} to {most:,} with at most {places} decimals",
            "Correct the value or the unit.",
        )
        for number, each in enumerate(section.values)
        if not least <= each.value <= most or each.value != round(each.value, places)
    ]
    return findings + [
        fault(
            file,
            lines.at(("not_known", number)),
            "calls days unknown for which it has a value",
            "Correct one.",
        )
        for number, each in enumerate(section.not_known)
        if each.last < each.first or each.last >= days[0]
    ]


def _release(file: str, section: Release, lines: Lines) -> list[Finding]:
    line = lines.at(("baseline_quarters",))
    if len(section.baseline_quarters) != len(section.performance_quarters):
        return [fault(file, line, "pairs unequal numbers of quarters", "Give each its pair.")]
    paid = list(section.performance_quarters)
    if paid != sorted(set(paid)):
        line = lines.at(("performance_quarters",))
        return [
            fault(file, line, "has quarters twice or out of order", "Give each once, the earliest first.")
        ]
    for base, quarter in zip(section.baseline_quarters, section.performance_quarters, strict=True):
        if quarter.year_before != base:
            says = f"pairs {quarter} with {base}, not with {quarter.year_before}"
            return [fault(file, line, says, "A quarter is paired with the same quarter a year before.")]
    return []


def _procedure(file: str, section: Procedure, lines: Lines) -> list[Finding]:
    """Its days are within those for which it is known, no stretch is laid down twice, and no period is the wrong way round."""
    first, last = section.known_from, section.known_until
    days = [(("holidays", n), each.on) for n, each in enumerate(section.holidays)]
    days += [
        (("elections", n), day) for n, each in enumerate(section.elections) for day in (each.first, each.last)
    ]
    findings = [
        fault(
            file,
            lines.at(place),
            f"lists {in_words(day)}, outside the days for which it is known",
            "Correct one.",
        )
        for place, day in days
        if not first <= day <= last
    ]
    findings += [
        fault(
            file,
            lines.at(("elections", number)),
            "has a period that ends before it begins",
            "Exchange the two days.",
        )
        for number, each in enumerate(section.elections)
        if each.last < each.first
    ]
    laid_down: set[tuple[str, str]] = set()
    for number, each in enumerate(section.stretches):
        for kind in each.of:
            if (each.step, kind) in laid_down:
                says = f"lays down {each.step} of a {kind} twice"
                findings.append(fault(file, lines.at(("stretches", number)), says, "Remove one."))
            laid_down.add((each.step, kind))
    return findings


def _suppression(file: str, each: Suppression, line: int) -> list[Finding]:
    if each.hide_to < each.hide_from:
        return [fault(file, line, f"hides {each.data} from more than it hides to", "Exchange the two.")]
    return []


# Within one set


def within_set(name: str, sections: Mapping[str, Section], lines: AllLines) -> list[Finding]:
    """What does not fit between the files of one set."""
    findings: list[Finding] = []
    about, composition = sections.get("set"), sections.get("composition")
    if isinstance(composition, Composition):
        findings += _streams(name, sections, composition, lines)
    authority = sections.get("authority")
    decisions = sections.get("decisions")
    if isinstance(authority, Authorities):
        findings += _offices(name, authority, decisions if isinstance(decisions, Decisions) else None, lines)
    timetable = sections.get("timetable")
    if isinstance(decisions, Decisions) and decisions.due:
        known = [each.id for each in timetable.deadlines] if isinstance(timetable, Timetable) else []
        if decisions.due not in known:
            file = f"{name}/decisions.yaml"
            says = f"is due by {decisions.due}, which is no deadline of the timetable"
            findings.append(fault(file, lines[file].at(("due",)), says, _nearest_of(decisions.due, known)))
    findings += _what_payment_names(name, sections, lines)
    findings += _parts_of_performance(name, sections, lines)
    findings += assurance_fits(name, sections, lines)
    for path, unit in UNITS.items():
        section = sections.get(path)
        if isinstance(section, Parameter) and section.unit != unit:
            file = f"{name}/{path}.yaml"
            says = f"is in {section.unit}, and what computes with it reads {unit}"
            findings.append(fault(file, lines[file].at(("unit",)), says, f"Write unit: {unit}."))
    if isinstance(about, About):
        findings += _commissioners(name, about, sections, lines)
        for path, section in sections.items():
            if isinstance(section, Parameter):
                findings += _reach(f"{name}/{path}.yaml", section, about, lines)
    return findings


def _streams(
    name: str, sections: Mapping[str, Section], composition: Composition, lines: AllLines
) -> list[Finding]:
    known = {stream.name for stream in composition.streams}
    findings = []
    methods = sections.get("allocation/methods")
    if isinstance(methods, Methods):
        file = f"{name}/allocation/methods.yaml"
        shared = {method.stream for method in methods.methods}
        for stream in composition.streams:
            if stream.name not in shared:
                line = lines[file].at(("methods",))
                findings.append(fault(file, line, f"says nothing of {stream.name}", "Add its method."))
        for number, each in enumerate(methods.methods):
            shared_out = next((one for one in composition.streams if one.name == each.stream), None)
            to_councils = each.method is AllocationMethod.NEED
            if shared_out and shared_out.of_the_nhs == to_councils:
                gives, who = (
                    ("councils", "NHS commissioners") if to_councils else ("NHS commissioners", "councils")
                )
                says = (
                    f"shares {each.stream} by {each.method}, which gives it to {gives}, and {who} receive it"
                )
                findings.append(
                    fault(file, lines[file].at(("methods", number)), says, "Choose another method.")
                )
        uses = [(("methods", n), each.stream) for n, each in enumerate(methods.methods)]
        uses += [
            (("calibration", n), stream)
            for n, each in enumerate(methods.calibration)
            for stream in each.streams
        ]
        findings += _names_of_streams(file, uses, known, lines)
    capital = sections.get("capital")
    if isinstance(capital, Capital):
        uses = [(("grants", n), each.stream) for n, each in enumerate(capital.grants)]
        findings += _names_of_streams(f"{name}/capital.yaml", uses, known, lines)
    instead = sections.get("payment/out_of_hospital")
    if isinstance(instead, OutOfHospital):
        file = f"{name}/payment/out_of_hospital.yaml"
        findings += _names_of_streams(file, [(("within",), instead.within)], known, lines)
    return findings


def _names_of_streams(
    file: str, uses: Iterable[tuple[Place, str]], known: set[str], lines: AllLines
) -> list[Finding]:
    return [
        fault(file, lines[file].at(place), f"names {stream}, which is no stream", _nearest_of(stream, known))
        for place, stream in uses
        if stream not in known
    ]


def _nearest_of(word: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = nearest(word, names)
    return f"Did you mean {near}?" if near else f"Name one of {', '.join(names)}."


def _offices(
    name: str, authority: Authorities, decisions: Decisions | None, lines: AllLines
) -> list[Finding]:
    """Every office that an action or a signature names exists, and every action that a stage or a separation names."""
    offices = {office.name for office in authority.offices}
    file = f"{name}/authority.yaml"
    findings = [
        fault(
            file,
            lines[file].at(("actions", number)),
            f"lets {office} {each.says}, which is no office",
            _nearest_of(office, offices),
        )
        for number, each in enumerate(authority.actions)
        for office in each.offices
        if office not in offices
    ]
    actions = {each.action for each in authority.actions}
    others = [
        (name, rule.actions) for name in ("impartial", "one_party") if (rule := getattr(authority, name))
    ]
    findings += [
        fault(
            file, lines[file].at(where), f"keeps apart {action}, which has no authority", "Add it to actions."
        )
        for where, named in (
            *((("apart", number), each.actions) for number, each in enumerate(authority.apart)),
            *(((name,), named) for name, named in others),
        )
        for action in named
        if action not in actions
    ]
    file = f"{name}/decisions.yaml"
    findings += [
        fault(
            file,
            lines[file].at(("required", number)),
            f"asks for the signature of {office}, which is no office",
            _nearest_of(office, offices),
        )
        for number, each in enumerate(decisions.required if decisions else ())
        for office in each.signed_by
        if office not in offices
    ]
    findings += [
        fault(
            file,
            lines[file].at(("stages", number)),
            f"names the action {stage.action}, which has no authority",
            "Add it to authority.yaml.",
        )
        for number, stage in enumerate(decisions.stages if decisions else ())
        if stage.action not in actions
    ]
    return findings


def _what_payment_names(name: str, sections: Mapping[str, Section], lines: AllLines) -> list[Finding]:
    """The metrics and conditions that payment depends on are those of the set, and pay."""
    metrics, conditions = sections.get("metrics"), sections.get("conditions")
    paying = {each.id for each in metrics.metrics if each.pays} if isinstance(metrics, Metrics) else set()
    held = {each.id for each in conditions.conditions} if isinstance(conditions, Conditions) else set()
    findings = []
    release = sections.get("payment/release")
    if isinstance(release, Release) and release.metric not in paying:
        file = f"{name}/payment/release.yaml"
        says = f"pays by {release.metric}, which is no metric that pays"
        remedy = "Add it to metrics.yaml with “pays: yes”."
        findings.append(fault(file, lines[file].at(("metric",)), says, remedy))
    if isinstance(release, Release) and "payment/unit_value" not in sections:
        file = f"{name}/payment/release.yaml"
        says = "pays by a value of one admission, and there is no payment/unit_value.yaml"
        findings.append(fault(file, 1, says, "Add it."))
    if isinstance(release, Release):
        rebases = release.method is PaymentMethod.REBASED_RELEASE
        if rebases is not ("payment/rebasing" in sections):
            file = f"{name}/payment/release.yaml"
            says = (
                "changes targets, and there is no payment/rebasing.yaml"
                if rebases
                else "does not change targets, and payment/rebasing.yaml says when"
            )
            remedy = "Add the file." if rebases else "Write method: rebased_release, or remove the file."
            findings.append(fault(file, lines[file].at(("method",)), says, remedy))
    tranches = sections.get("payment/tranches")
    if isinstance(tranches, Tranches):
        file = f"{name}/payment/tranches.yaml"
        findings += _method_of_tranches(file, tranches, lines[file])
        for number, tranche in enumerate(tranches.tranches):
            for index, each in enumerate(tranche.depends_on):
                known = paying if each.kind == "metric" else held
                if each.id not in known:
                    line = lines[file].at(("tranches", number, "depends_on", index))
                    says = f"depends on {each.id}, which is no {each.kind} of the set{' that pays' * (each.kind == 'metric')}"
                    findings.append(fault(file, line, says, _nearest_of(each.id, known)))
    return findings


def _method_of_tranches(file: str, section: Tranches, lines: Lines) -> list[Finding]:
    """The method is that of what stands there: with tests or without, and with money kept back or none."""
    tested = [bool(each.depends_on) for each in section.tranches]
    faults = {
        PaymentMethod.OWN_MEASURES: (any(tested), "leaves the measures open, and a tranche has some", "Remove them, or choose another method."),
        PaymentMethod.PASSED_TESTS: (not all(tested), "pays by tests, and a tranche has none", "Give each tranche what it depends on."),
        PaymentMethod.NOTHING_WITHHELD: (section.withheld, "withholds nothing by its method, and says that money is kept back", "Write withheld: no."),
    }  # fmt: skip
    line = lines.at(("method",))
    found = [fault(file, line, says, remedy) for method, (wrong, says, remedy) in faults.items() if wrong and method is section.method]  # fmt: skip
    if not section.withheld and section.method is not PaymentMethod.NOTHING_WITHHELD:
        found.append(fault(file, line, "keeps money back by its method, and says that none is", "Write method: nothing_withheld."))  # fmt: skip
    return found


def _parts_of_performance(name: str, sections: Mapping[str, Section], lines: AllLines) -> list[Finding]:
    """Tranches, and what stands in their place, add to the performance money that the composition names."""
    composition = sections.get("composition")
    money = composition.inside("performance") if isinstance(composition, Composition) else None
    tranches = sections.get("payment/tranches")
    findings = []
    if isinstance(tranches, Tranches) and money:
        total = sum(each.pence for each in tranches.tranches)
        if total != money.pence:
            file = f"{name}/payment/tranches.yaml"
            says = f"has tranches of {total // 100:,} pounds, and the performance money is {money.pence // 100:,}"
            findings.append(fault(file, lines[file].at(("tranches",)), says, "Make the tranches add to it."))
    instead = sections.get("payment/out_of_hospital")
    if isinstance(instead, OutOfHospital) and isinstance(composition, Composition):
        inside = [part for part in composition.of_which if part.within == instead.within]
        if inside and all(part.pence != instead.pence for part in inside):
            file = f"{name}/payment/out_of_hospital.yaml"
            says = f"is {instead.pence // 100:,} pounds, and nothing inside {instead.within} is as much"
            findings.append(
                fault(file, lines[file].at(("pounds",)), says, "Make it agree with the composition.")
            )
    return findings


def _commissioners(
    name: str, about: About, sections: Mapping[str, Section], lines: AllLines
) -> list[Finding]:
    """A set for places with CCGs names no ICBs, and the other way round."""
    right = COMMISSIONERS[about.places]
    wrong = next(each for each in COMMISSIONERS.values() if each != right)
    composition, decisions = sections.get("composition"), sections.get("decisions")
    findings = []
    for number, stream in enumerate(composition.streams if isinstance(composition, Composition) else ()):
        if stream.received_by == wrong:
            file = f"{name}/composition.yaml"
            says = f"gives {stream.name} to {wrong}, which {about.places} does not have"
            findings.append(
                fault(
                    file, lines[file].at(("streams", number)), says, f"Write {right}, or change the places."
                )
            )
    for number, each in enumerate(decisions.required if isinstance(decisions, Decisions) else ()):
        if each.kind == f"contributing_{wrong}":
            file = f"{name}/decisions.yaml"
            says = f"asks for the decision of {wrong}, which {about.places} does not have"
            findings.append(
                fault(file, lines[file].at(("required", number)), says, f"Write contributing_{right}.")
            )
    return findings


def _reach(file: str, section: Parameter, about: About, lines: AllLines) -> list[Finding]:
    """A value covers the days that its set governs, or says why not."""
    findings = []
    governs, first = about.governs, section.values[0].since
    if section.known_until < governs.last:
        says = f"is known until {in_words(section.known_until)}, and its set governs until {in_words(governs.last)}"
        findings.append(
            _note("value-ends-early", Severity.WARNING, file, lines[file].at(("known_until",)), says, "Find out what held after it.", ADR)
        )  # fmt: skip
    if first > governs.first:
        told = any(each.tells(governs.first, first - DAY) for each in section.not_known)
        says = f"has no value from {in_words(governs.first)} to {in_words(first - DAY)}, days that its set governs"
        if told:
            remedy = "It says so itself: asking for those days is refused."
            findings.append(
                _note(
                    "value-not-known", Severity.NOTE, file, lines[file].at(("not_known",)), says, remedy, ADR
                )
            )
        else:
            remedy = "Add the value with its source, or list the days under not_known."
            findings.append(
                _note("value-gap", Severity.WARNING, file, lines[file].at(("values",)), says, remedy, ADR)
            )
    return findings


# Across sets


def across_sets(sets: Mapping[str, RuleSet], known: Rulebook | None, lines: AllLines) -> list[Finding]:
    """What does not fit between sets: what follows what, and which days nothing or two of them govern."""
    findings: list[Finding] = []
    everything = {**(known.sets if known else {}), **sets}
    for name, rules in sorted(sets.items()):
        file, follows = f"{name}/set.yaml", rules.about.follows
        line = lines[file].at(("follows",))
        if follows and follows not in everything:
            findings.append(
                fault(
                    file,
                    line,
                    f"follows {follows}, which is no set at hand",
                    _nearest_of(follows, everything),
                )
            )
        elif ring := _ring(name, everything):
            says = f"follows itself: {' follows '.join(ring)}"
            findings.append(fault(file, line, says, "Let one of them follow an earlier set, or none."))
        elif follows:
            findings += _join(everything[follows], rules, file, lines[file])
    heads = {
        name: each for name, each in everything.items() if each.about.status not in {"draft", "standing"}
    }
    followed = {each.about.follows for each in everything.values()}
    last = max((each.about.governs.last for each in heads.values()), default=None)
    for rules in (each for name, each in sorted(heads.items()) if name in sets):
        file = f"{rules.name}/set.yaml"
        line = lines[file].at(("governs",))
        for other in heads.values():
            # Of two that are both handed in, the later by name says it.
            if other.name == rules.name or (other.name in sets and other.name > rules.name):
                continue
            linked = rules.about.follows == other.name or other.about.follows == rules.name
            if _overlap(rules.about, other.about) and not linked:
                first = max(rules.about.governs.first, other.about.governs.first)
                says = f"governs days that {other.name} governs too ({in_words(first)} among them)"
                remedy = "Correct the dates, so that one set governs each day."
                findings.append(_note("sets-overlap", Severity.WARNING, file, line, says, remedy, ADR))
        if rules.name not in followed and rules.about.governs.last != last:
            says = f"ends on {in_words(rules.about.governs.last)} and no set follows it"
            remedy = "Questions about later days are refused until the set that followed is added."
            findings.append(_note("no-set-follows", Severity.NOTE, file, line, says, remedy, ADR))
    return findings


def _ring(name: str, sets: Mapping[str, RuleSet]) -> list[str]:
    walked = [name]
    while (follows := sets[walked[-1]].about.follows) in sets:
        if follows == name:
            return [*walked, name]
        if follows in walked:
            return []
        walked.append(follows)
    return []


def _overlap(one: About, other: About) -> bool:
    return one.governs.first <= other.governs.last and other.governs.first <= one.governs.last


def _join(before: RuleSet, after: RuleSet, file: str, lines: Lines) -> list[Finding]:
    """One set ends on the day before the one that follows it begins."""
    ends, begins = before.about.governs.last, after.about.governs.first
    draft = after.about.status == "draft"
    # A draft stands beside the set that it follows; only days that nothing governs are worth a word.
    if begins == ends + DAY or (draft and begins <= ends):
        return []
    if begins <= ends:
        says = f"begins to govern on {in_words(begins)}, while {before.name}, which it follows, governs until {in_words(ends)}"
        return [
            _note("sets-overlap", Severity.WARNING, file, lines.at(("governs",)), says, "Correct the dates, so that one set governs each day.", ADR)
        ]  # fmt: skip
    says = f"begins to govern on {in_words(begins)}, and {before.name}, which it follows, ends on {in_words(ends)}: between them no set at hand governs"
    if any(each.tells(ends + DAY, begins - DAY) for each in after.about.not_known):
        line, remedy = lines.at(("not_known",)), "It says so itself: questions about those days are refused."
        return [_note("sets-gap", Severity.NOTE, file, line, says, remedy, ADR)]
    remedy = "Correct the dates, or list the days under not_known."
    severity = Severity.NOTE if draft else Severity.WARNING
    return [_note("sets-gap", severity, file, lines.at(("governs",)), says, remedy, ADR)]


def overdue(rulebook: Rulebook, today: date) -> list[Finding]:
    """Files whose review is overdue on a day."""
    findings = []
    for rules in rulebook.sets.values():
        for path, section in rules.sections.items():
            checked = getattr(section, "checked", None)
            if checked is not None and checked.again_by < today:
                file = f"{rules.cite(path)}.yaml"
                says = f"{file} was to be checked again by {in_words(checked.again_by)}."
                remedy = "Check it against its source and write the new dates."
                findings.append(Finding("review-overdue", Severity.WARNING, file, says, remedy, ADR))
    return findings
