"""The audit of a release: everything that speaks against publishing it, or that its approver should know."""

import re
from collections.abc import Iterable, Iterator, Mapping

from carepool.actions.assurances import parties_of
from carepool.actions.house import House
from carepool.actions.planning import PlanView
from carepool.actions.waiving import waived
from carepool.basics.findings import Finding, Severity
from carepool.basics.periods import in_words
from carepool.plans.redaction import Redacted
from carepool.plans.versions import Version
from carepool.publication.releases import Published, Release

RULE = "docs/adr/0054"
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+")
_TEN_DIGITS = re.compile(r"(?<!\d)(\d{3})[ -]?(\d{3})[ -]?(\d{4})(?!\d)")


def audit_of(
    house: House, seen: PlanView, version: Version, copy: Redacted, documents: Iterable[Published], earlier: tuple[Release, ...],
    corrected: Release | None, says: str,
) -> Iterator[Finding]:  # fmt: skip
    """Everything that speaks against a release, or that its approver should know."""
    yield from _of_elections(house, seen)
    yield from _of_corrections(version, earlier, corrected, says)
    yield from of_people(documents)
    current = seen.history.current
    if current and current.digest != version.digest:
        says_so = f"Version {current.number} has been saved since, and nothing of it is published: the release is of version {version.number}."
        yield Finding("later-version", Severity.NOTE, "plan", says_so, "Have it signed off first, if it is the one to publish.", RULE)  # fmt: skip
    for name, each in copy.withheld.items():
        fields = f" for the sake of {', '.join(each.fields)}" if each.fields else ""
        told = f"The section “{name}” is withheld{fields}: {each.says[:1].lower()}{each.says[1:]}. Its digest is published, so a guess of all of it could be confirmed."
        yield Finding("withheld", Severity.NOTE, name, told, "Look whether the reason holds; it is published too.", RULE)  # fmt: skip


def _of_elections(house: House, seen: PlanView) -> Iterator[Finding]:
    """Before an election in which one of its bodies acts with restraint, nothing is published."""
    rules, procedure = house.rulebook.procedure(house.today)
    procedure.check(house.today)
    parties, procedures = parties_of(seen), f"{rules.name}/procedure"
    kinds = dict.fromkeys(each.partition(":")[0] for each in parties)
    found = {each.id: each for kind in kinds for each in procedure.elections_on(kind, [house.today])}
    for each in found.values():
        held = [
            body
            for body in parties
            if body.partition(":")[0] in each.of and not waived(house, procedures, body)
        ]
        severity = Severity.BLOCKER if held else Severity.NOTE
        remedy = (
            f"Publish it after {in_words(each.last)}."
            if held
            else "Each of its bodies that it holds has an exception: they are public."
        )
        yield Finding(
            "pre-election", severity, "release", f"Today is in the pre-election period of the {each.says[:1].lower()}{each.says[1:]}.",
            remedy, rules.cite("procedure"),
        )  # fmt: skip


def _of_corrections(
    version: Version, earlier: tuple[Release, ...], corrected: Release | None, says: str
) -> Iterator[Finding]:
    """What was published once is put right by another release that says so, and what it puts right."""
    same = [each for each in earlier if each.of == version.digest]
    if same and corrected is None:
        yield Finding("published-already", Severity.BLOCKER, "release", f"This version was published as release {same[-1].name}, and a release never changes.", "Name the release that is put right, and say what is.", RULE)  # fmt: skip
    if corrected is not None and not says.strip():
        yield Finding("correction-unsaid", Severity.BLOCKER, "release/corrects", "A correction says in words what is put right.", "Write it for people who have read the earlier release.", RULE)  # fmt: skip


def of_people(documents: Iterable[Published]) -> Iterator[Finding]:
    """Whatever looks like somebody's address, or like the number of a patient, in the words that would be published."""
    for each in documents:
        for where, text in _texts(each.content, each.path):
            if _ADDRESS.search(text):
                yield Finding("personal-address", Severity.WARNING, where, f"{where} holds an electronic address.", "Withhold the field as personal, unless it is an office's.", RULE)  # fmt: skip
            if any(_is_nhs_number("".join(found)) for found in _TEN_DIGITS.findall(text)):
                yield Finding("patient-number", Severity.BLOCKER, where, f"{where} holds what can be a patient's NHS number.", "Withhold the field as personal, or have the plan corrected.", RULE)  # fmt: skip


def _texts(value: object, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from _texts(each, f"{where}/{name}")
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            yield from _texts(each, f"{where}/{number}")


def _is_nhs_number(digits: str) -> bool:
    """Whether the last of ten digits is the check digit of the others (modulus 11), and they are not all alike."""
    check = 11 - sum(int(each) * (10 - at) for at, each in enumerate(digits[:9])) % 11
    return len(set(digits)) > 1 and check != 10 and check % 11 == int(digits[9])
