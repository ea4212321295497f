"""Whether an agreement specifies what the law asks of it: each content of the rules, looked for in the agreement."""

from collections.abc import Callable, Mapping

from carepool.basics.findings import Finding, Severity
from carepool.partnership.agreement import Agreement
from carepool.partnership.charging import functions_of, not_charged
from carepool.rules.rulebook import RuleSet
from carepool.rules.scalars import Cited, Confidence
from carepool.rules.section75 import AspectWord, Section75
from carepool.rules.text import Lines

ASPECTS: Mapping[AspectWord, Callable[[Agreement], bool]] = {
    "aims": lambda it: it.aims is not None,
    "outcomes": lambda it: bool(it.outcomes),
    "contributions": lambda it: {each.partner for each in it.contributions} >= set(it.codes),
    "varied": lambda it: it.varied is not None,
    "functions": lambda it: {each.kind for each in it.functions} == {"nhs", "health_related"},
    "persons": lambda it: it.persons is not None,
    "services": lambda it: bool(it.services),
    "provided": lambda it: bool(it.provided),
    "duration": lambda it: it.duration is not None,
    "review": lambda it: it.review is not None,
    "variation": lambda it: it.variation is not None,
    "termination": lambda it: it.termination is not None,
    "managed": lambda it: it.managed is not None,
    "host": lambda it: it.host is not None and bool(it.host.partner or it.host.otherwise),
    "pool_manager": lambda it: it.pool_manager is not None,
    "reports": lambda it: bool(it.pool_manager and {"quarterly", "annual"} <= set(it.pool_manager.reports)),
}
"""How each thing that the rules can ask for is seen in an agreement."""

_KEYS = {"reports": "pool_manager"}
"""Where a thing is written, when it is not under its own name."""
_WORDS = {
    "aims": "its aims", "outcomes": "its outcomes", "contributions": "what each partner contributes",
    "varied": "how contributions may be varied", "functions": "both NHS and health-related functions",
    "persons": "the persons for whom services are provided", "services": "the kinds of service",
    "provided": "the staff, goods, services or accommodation that partners provide", "duration": "how long it lasts",
    "review": "how it is reviewed", "variation": "how it is varied", "termination": "how it is terminated",
    "managed": "how the fund is managed", "host": "who hosts the fund", "pool_manager": "the pool manager's office",
    "reports": "the pool manager's quarterly and annual reports",
}  # fmt: skip


def check(file: str, agreement: Agreement, lines: Lines, rules: RuleSet, asked: Section75) -> list[Finding]:
    """A finding for each thing that the rules ask for and the agreement does not specify, then for who may not take part.

    What rests on a recalled rule warns; what a published one asks for blocks.
    """
    findings = []
    for content in asked.contents:
        for need in content.needs:
            if not ASPECTS[need](agreement):
                key = _KEYS.get(need, need)
                says = f"does not specify {_WORDS[need]}"
                remedy = f"Write it under {key}:. {content.says}"
                findings.append(
                    _finding("agreement-lacks", file, lines.at((key,)), says, remedy, content, rules)
                )
    hosting = asked.hosting
    kinds = {each.code: each.kind for each in agreement.partners}
    for number, each in enumerate(agreement.partners):
        if each.kind not in hosting.partners:
            line = lines.at(("partners", number))
            says = f"has {each.name} as a partner, which cannot be one"
            findings.append(
                _finding(
                    "agreement-partner", file, line, says, f"{hosting.says}.", hosting, rules, stops=True
                )
            )
    host = agreement.host.partner if agreement.host else ""
    if host in kinds and kinds[host] not in hosting.hosts:
        line = lines.at(("host", "partner"))
        says = f"has {agreement.name(host)} as the host, which cannot be one"
        findings.append(
            _finding("agreement-host", file, line, says, f"{hosting.says}.", hosting, rules, stops=True)
        )
    return findings + _functions(file, agreement, lines, rules, asked)


def _functions(
    file: str, agreement: Agreement, lines: Lines, rules: RuleSet, asked: Section75
) -> list[Finding]:
    """Functions that are not what the agreement says of them, and schemes for which it charges and the law does not let it."""
    known, found = functions_of(asked.functions), []
    # Of a partner that cannot be one, and of functions that are missing, enough is said.
    kinds = {each.code: each.kind for each in agreement.partners if each.kind in asked.hosting.partners}
    specified = ASPECTS["functions"](agreement)
    having, every = ", ".join(known), next(iter(known.values()))
    for number, each in enumerate(agreement.functions):
        line, function = lines.at(("functions", number)), known.get(each.function)
        if not each.function:
            continue
        if function is None:
            says = f"names the function {each.function}, which the rules do not know"
            found.append(_finding("agreement-function", file, line, says, f"Name one of {having}.", every, rules, stops=True))  # fmt: skip
        elif function.kind != each.kind or kinds.get(each.of, function.of[0]) not in function.of:
            whose = "an NHS function" if function.kind == "nhs" else "a health-related function of a council"
            says = f"has {each.function} as {'an NHS' if each.kind == 'nhs' else 'a health-related'} function of {agreement.name(each.of)}"
            remedy = f"It is {whose}: {function.says}. Correct of: and kind:."
            found.append(
                _finding("agreement-function", file, line, says, remedy, function, rules, stops=True)
            )
    for number, scheme in enumerate(agreement.schemes):
        why = not_charged(agreement, scheme, known) if scheme.social_care and specified else None
        if why:
            says = f"says that people can be charged for the scheme {scheme.id}, and {why}"
            can = ", ".join(each.id for each in known.values() if each.chargeable)
            remedy = f"Nobody is charged for it. Charges are for schemes under these functions alone: {can}. Write functions: under the scheme, or leave social_care: out."
            of = next((known[each] for each in scheme.functions if each in known and not known[each].chargeable), every)  # fmt: skip
            line = lines.at(("schemes", number, "social_care"))
            found.append(_finding("agreement-charges", file, line, says, remedy, of, rules, stops=bool(scheme.functions)))  # fmt: skip
    return found


def _finding(
    code: str, file: str, line: int, says: str, remedy: str, of: Cited, rules: RuleSet, *, stops: bool = False
) -> Finding:
    recalled = of.confidence is Confidence.RECALLED
    severity = Severity.WARNING if recalled and not stops else Severity.BLOCKER
    note = " (recalled: the official text is not at hand)" if recalled else ""
    rule = f"{rules.cite('section_75')}: {of.source}{note}"
    return Finding(code, severity, f"{file}:{line}", f"{file}, line {line} {says}.", remedy, rule)
