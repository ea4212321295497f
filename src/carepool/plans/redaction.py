"""A copy of a plan with sections withheld, each with its digest and the reason, which still verifies against the plan's digest.

The digest of a plan is a tree over its sections, so whoever holds the digests of some sections and the content of the
others comes to the same digest. Reasons are no part of the tree: they say why, and prove nothing.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from carepool.basics.canonical import Digest, digest_of
from carepool.basics.refusals import Unusable, unknown
from carepool.plans.document import EVERY, Plan, filled, read_plan, section_digest, section_digests

REASONS: Mapping[str, str] = {
    "commercial": "Commercially confidential",
    "exempt_12a": "Exempt under Schedule 12A of the Local Government Act 1972",
    "legal": "Legally privileged",
    "personal": "Personal information",
}
"""Why a section may be withheld. The name of the Schedule is recalled: the text of the Act is not at hand."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_OURS = ("withheld", "mark")
"""The keys of a copy that are no part of the plan."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """What stands in place of a section."""

    digest: Digest
    reason: str
    """A code of ``REASONS``."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Where it is withheld for the sake of some fields alone: those, as findings name them, each with its reason."""

    @property
    def says(self) -> str:
        """The reason in words."""
        return REASONS[self.reason]

    def as_data(self) -> dict[str, object]:
        """As it stands in a copy."""
        fields = {"fields": dict(self.fields)} if self.fields else {}
        return {"digest": self.digest, "reason": self.reason, **fields}


@dataclass(frozen=True, slots=True)
class Redacted:
    """A plan of which some sections are withheld."""

    plan: Plan
    """What is not withheld; a section that is withheld is empty here."""
    withheld: Mapping[str, Withheld]
    """By section, in the order of the task list."""

    @property
    def digest(self) -> Digest:
        """The digest of the whole plan, from the sections that are seen and the digests of those that are not."""
        sections = section_digests(self.plan) | {name: each.digest for name, each in self.withheld.items()}
        tree = {"rules": self.plan.rules, "title": self.plan.title, "sections": sections}
        return digest_of("plan-tree", 2, tree)

    @property
    def seen(self) -> tuple[str, ...]:
        """The sections that hold anything and are not withheld."""
        return tuple(section_digests(self.plan))

    def as_data(self) -> dict[str, object]:
        """The copy in JSON's shapes: the plan as it is kept, with ``withheld`` for what is not in it."""
        held = {name: each.as_data() for name, each in self.withheld.items()}
        return {**filled(self.plan), "withheld": held}


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of holding a copy against a digest."""

    copy: Redacted
    wanted: str
    rewritten: tuple[str, ...] = ()
    """What of a copy is not written as carepool writes it, and so was changed by somebody: sections of a redacted one, the mark."""
    unproved: tuple[str, ...] = ()
    """What stands in it that no digest proves."""

    @property
    def matches(self) -> bool:
        """Whether the copy is of the plan with that digest."""
        return self.copy.digest == self.wanted and not self.rewritten

    def as_data(self) -> dict[str, object]:
        """The answer, for JSON."""
        return {
            "matches": self.matches,
            "digest": self.copy.digest,
            "wanted": self.wanted,
            "seen": list(self.copy.seen),
            "withheld": [
                {"section": name, **each.as_data(), "says": each.says}
                for name, each in self.copy.withheld.items()
            ],
            "rewritten": list(self.rewritten),
            "unproved": list(self.unproved),
        }


def without(plan: Plan, sections: Iterable[str]) -> Plan:
    """The plan with these sections empty. NotHere for one that a plan does not have."""
    for name in sections:
        plan = plan.with_section(_known(name), EVERY[name].part())
    return plan


def redact(plan: Plan, reasons: Mapping[str, str], fields: Mapping[str, str] | None = None) -> Redacted:
    """The plan with sections withheld, each for a reason by its code; and those that hold ``fields`` that are withheld.

    A section in which nothing stands has no digest in the tree, so there is nothing to withhold. NotHere for a
    section or reason that there is not.
    """
    parts: dict[str, dict[str, str]] = {}
    for where, reason in (fields or {}).items():
        parts.setdefault(_known(where.split("/")[0]), {})[where] = known_reason(reason)
    held = {}
    for name in sorted({*reasons, *parts}, key=lambda each: list(EVERY).index(_known(each))):
        part = {} if name in reasons else parts[name]
        reason = known_reason(reasons[name]) if name in reasons else next(iter(part.values()))
        if filled(plan.section(name)):
            held[name] = Withheld(section_digest(name, plan.section(name)), reason, part)
    return Redacted(without(plan, held), held)


def verify(data: object, digest: str, marks: Collection[str] = ()) -> Verified:
    """Recompute the digest of a whole or redacted copy, and hold it against the one that is expected.

    A whole copy may be written as people write plans. A redacted one must be letter for letter as it was given
    out. ``marks``: those that a copy may bear. Unusable for what is no copy of a plan, has anything beside it, or is
    no digest.
    """
    wanted = digest.strip().lower()
    if not _DIGEST.fullmatch(wanted):
        raise Unusable(f"“{digest[:80]}” is not a digest. It has 64 digits and letters from a to f.")
    if not isinstance(data, Mapping):
        raise Unusable("The copy is not a JSON object. Give the file as it was handed to you.")
    inner = data.get("content")
    given = inner if isinstance(inner, Mapping) else data
    if given is inner and len(data) > 1:
        more = ", ".join(f"“{str(name)[:40]}”" for name in data if name != "content")
        raise Unusable(f"Beside the content of a plan the file holds {more}, which no digest proves. Give the content alone, in a file of its own.")  # fmt: skip
    written = {str(name): each for name, each in given.items() if name not in _OURS}
    plan, findings = read_plan(written)
    if plan is None:
        raise Unusable(f"The copy cannot be read as a plan. {findings[0].says} {findings[0].remedy}")
    remarked = ("mark",) if "mark" in given and given["mark"] not in marks else ()
    marked = ("the mark",) if "mark" in given else ()
    if "withheld" not in given:
        return Verified(Redacted(plan, {}), wanted, remarked, marked)
    ours = filled(plan)
    rewritten = tuple(name for name in {**written, **ours} if written.get(name) != ours.get(name))
    held = _held(given["withheld"], plan)
    reasons = tuple(f"the reason for withholding “{EVERY[name].title}”" for name in held)
    return Verified(Redacted(plan, held), wanted, (*rewritten, *remarked), (*marked, *reasons))


def _held(data: object, plan: Plan) -> dict[str, Withheld]:
    if not isinstance(data, Mapping):
        raise Unusable("What is withheld is not written by section. Give the copy as it was handed to you.")
    held = {}
    for name, each in data.items():
        digest = each.get("digest") if isinstance(each, Mapping) else None
        keys = set(each) - {"fields"} if isinstance(each, Mapping) else set()
        if not isinstance(each, Mapping) or keys != {"digest", "reason"} or not isinstance(digest, str):
            raise Unusable(f"The withheld section “{name}” needs its digest and its reason, and nothing else but the fields that are meant.")  # fmt: skip
        if not _DIGEST.fullmatch(digest):
            raise Unusable(f"“{digest[:80]}” is not the digest of a section.")
        if filled(plan.section(_known(str(name)))):
            raise Unusable(f"The section “{name}” is said to be withheld, and stands in the copy.")
        fields = _fields(str(name), each.get("fields", {}))
        held[str(name)] = Withheld(Digest(digest), known_reason(str(each["reason"])), fields)
    return held


def _fields(section: str, data: object) -> dict[str, str]:
    """The fields for whose sake a section is withheld; like reasons they prove nothing."""
    if not isinstance(data, Mapping) or any(not str(each).startswith(f"{section}/") for each in data):
        raise Unusable(f"The fields of the withheld section “{section}” are not written by place.")
    return {str(where): known_reason(str(reason)) for where, reason in data.items()}


def _known(name: str) -> str:
    if name not in EVERY:
        raise unknown("section", name, EVERY, f"A plan has {', '.join(EVERY)}.")
    return name


def known_reason(code: str) -> str:
    """A reason by its code. NotHere, with the nearest, for one that there is not."""
    if code not in REASONS:
        raise unknown("reason", code, REASONS, f"The reasons are {', '.join(REASONS)}.")
    return code
