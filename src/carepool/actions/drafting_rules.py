"""Drafts of rules: a set is copied, changed value by value or as text, and looked at before it is issued.

A draft is its owner's alone. It may be wrong at any moment; what is wrong is found and said, never lost.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from carepool.actions.house import House
from carepool.actions.ports import RuleDraft
from carepool.basics.canonical import digest_of
from carepool.basics.findings import Finding
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.rules.consistency import overdue
from carepool.rules.edit import Editable, editables, value_at, with_value, with_values
from carepool.rules.parse import parse
from carepool.rules.rulebook import RuleSet
from carepool.rules.text import LARGEST, Place

MOST_DRAFTS = 50
"""Drafts that one account may have at a time."""
MOST_FILES = 100
MOST_BYTES = 1_000_000
"""Of all files of a draft together."""
ANOTHER_WINDOW = (
    "The draft was changed in another window since you opened this page, so nothing was changed here. "
    "Look at it as it is now, and make your change again."
)
NAME = "draft"
"""The folder that a draft's findings name."""
_PATH = re.compile(r"[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*)?\.yaml")


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as it is."""

    draft: RuleDraft
    rules: RuleSet | None
    """The set that it comes to; None while a finding blocks."""
    findings: tuple[Finding, ...]
    editables: tuple[Editable, ...]


def copy_set(house: House, owner: str, base: str, title: str, key: str = "") -> RuleDraft | Refused:
    """Begin a draft as a copy of a set. NotHere for an unknown set; refused beyond the drafts that one may have.

    ``key``: that of the request, which begins one draft however often it arrives.
    """
    rules = house.rulebook.named(base)
    title = " ".join(_clean(title).split())[:200] or f"A draft after {base}"
    mine = house.rule_drafts.of_owner(owner)
    if len(mine) >= MOST_DRAFTS:
        return Refused(f"You have {len(mine)} drafts, and no more are kept. Throw one away first.")
    files = {f"{path}.yaml": content.decode() for path, content in rules.files.items()}
    about = files["set.yaml"].encode()
    for key, value in (("title", title), ("status", "draft"), ("follows", base)):
        about = _set(about, key, value)
    files["set.yaml"] = about.decode()
    at = house.clock()
    made = {"owner": owner, "base": base, "title": title, "at": at.isoformat(), "number": len(mine)}
    which = digest_of("rule-draft", 1, {"owner": owner, "key": key} if key else made)[:16]
    if (begun := house.rule_drafts.get(which)) is not None and begun.owner == owner:
        return begun
    draft = RuleDraft(which, owner, title, base, files, 1, at)
    house.rule_drafts.add(draft)
    return draft


def _set(about: bytes, key: str, value: str) -> bytes:
    """The file with a value of its own; a key that it does not have is added at its end."""
    try:
        return with_value(about, (key,), value)
    except Unusable:
        return about.rstrip() + f"\n{key}: {value}\n".encode()


def drafts_of(house: House, owner: str) -> tuple[RuleDraft, ...]:
    """An account's drafts, the latest changed first."""
    return house.rule_drafts.of_owner(owner)


def read_draft(house: House, owner: str, id: str) -> RuleDraft:
    """One of an account's drafts. NotHere otherwise, also for somebody else's: its existence is private."""
    found = house.rule_drafts.get(id)
    if found is None or found.owner != owner:
        raise NotHere(f"You have no draft of rules “{id}”. Your drafts are on the page of drafts.")
    return found


def view_draft(house: House, draft: RuleDraft) -> DraftView:
    """A draft with what is wrong in it and, unless that blocks, the set that it comes to."""
    book, findings = parse(
        {f"{NAME}/{path}": text.encode() for path, text in draft.files.items()}, house.rulebook
    )
    rules = book.sets.get(NAME)
    findings += overdue(book, house.today)
    return DraftView(draft, rules, tuple(findings), editables(rules) if rules else _as_typed(house, draft))


def _as_typed(house: House, draft: RuleDraft) -> tuple[Editable, ...]:
    """The values of a draft that is wrong somewhere: those of the set it began as, where the draft still has them, as typed."""
    if draft.base not in house.rulebook.sets:
        return ()
    found = []
    for each in editables(house.rulebook.named(draft.base)):
        content = draft.files.get(f"{each.path}.yaml", "").encode()
        text = value_at(content, each.place)
        # A list may have been put in another order: a value is offered only where its entry still has its name.
        name = value_at(content, (*each.place[:-1], "name"))
        was = value_at(house.rulebook.named(draft.base).files[each.path], (*each.place[:-1], "name"))
        if text is not None and name == was:
            found.append(replace(each, text=text))
    return tuple(found)


def change_values(
    house: House,
    owner: str,
    id: str,
    edition: int,
    values: Mapping[str, str],
) -> RuleDraft | Refused:
    """Change single values of a draft, named as ``Editable.name``; those that are as before stay untouched.

    What is typed is kept, right or wrong; amounts may have pound signs, commas and spaces.
    """
    draft = read_draft(house, owner, id)
    if draft.edition != edition:
        return Refused(ANOTHER_WINDOW)
    held = {each.name: each for each in view_draft(house, draft).editables}
    changed: dict[str, dict[Place, str]] = {}
    for name, typed in values.items():
        each = held.get(name)
        if each is None:
            raise Unusable(f"The draft has no value “{name[:80]}”. Open the page again.")
        text = _cleaned(typed, each)
        if text != _cleaned(each.text, each):
            changed.setdefault(f"{each.path}.yaml", {})[each.place] = text
    files = dict(draft.files)
    for path, places in changed.items():
        files[path] = with_values(files[path].encode(), places).decode()
    return _keep(house, draft, edition, files)


_GROUPED = re.compile(r"[0-9]{1,3}([,\s][0-9]{3})+(\.[0-9]+)?")


def _clean(text: str) -> str:
    """The text without what nobody can see, which YAML and some databases refuse."""
    return "".join(each for each in text if each.isprintable() or each.isspace())


def _cleaned(typed: str, each: Editable) -> str:
    """What is typed, a pound sign, a per cent sign and separators of thousands taken out; a decimal comma stays and is refused."""
    text = _clean(typed).strip()[:200]
    if not each.unit:
        return text
    text = re.sub(r"(per cent|%)$", "", text.removeprefix("£").strip()).strip()
    return re.sub(r"[,\s]", "", text) if _GROUPED.fullmatch(text) else text


def change_file(house: House, owner: str, id: str, edition: int, path: str, text: str) -> RuleDraft | Refused:
    """Change, add or (with no text) remove a file of a draft. Unusable for a path that no set can have."""
    draft = read_draft(house, owner, id)
    if not _PATH.fullmatch(path) or len(path) > 80:
        raise Unusable(
            f"“{path[:80]}” cannot be a file of a set. Name it like conditions.yaml or payment/unit_value.yaml."
        )
    text = _clean(text.replace("\r\n", "\n"))
    if len(text.encode()) > LARGEST:
        raise Unusable(f"{path} would have more than {LARGEST:,} bytes. Split it: one idea a file.")
    files = dict(draft.files)
    if text.strip():
        files[path] = text if text.endswith("\n") else f"{text}\n"
    else:
        files.pop(path, None)
    if len(files) > MOST_FILES:
        raise Unusable(f"A draft has at most {MOST_FILES} files. Remove one first.")
    if sum(len(each.encode()) for each in files.values()) > MOST_BYTES:
        raise Unusable(f"A draft has at most {MOST_BYTES:,} bytes in all. Shorten one of its files.")
    return _keep(house, draft, edition, files)


def _keep(house: House, draft: RuleDraft, edition: int, files: Mapping[str, str]) -> RuleDraft | Refused:
    changed = replace(draft, files=files, edition=edition + 1, at=house.clock())
    if dict(files) == dict(draft.files):
        return draft
    if not house.rule_drafts.change(changed):
        return Refused(ANOTHER_WINDOW)
    return changed


def throw_away(house: House, owner: str, id: str) -> None:
    """Throw a draft away. NotHere for one that is not the account's."""
    house.rule_drafts.drop(read_draft(house, owner, id).id)
