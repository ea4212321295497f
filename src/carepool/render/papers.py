"""A board's paper of a plan, from which page, PDF and DOCX are made alike."""

from carepool.actions.areas import MARK
from carepool.actions.papers import PaperOf, boards_of
from carepool.plans.document import EVERY, section_digests, sections_asked
from carepool.plans.withholding import reason_words
from carepool.render import paper_changes, paper_parts
from carepool.render.paper_shape import Chapter, Paper, Writing
from carepool.render.paper_words import Wording, listed, many
from carepool.render.words import day

_CHAPTERS = (
    paper_changes.changed,
    paper_parts.asked,
    paper_parts.money,
    paper_parts.schemes,
    paper_parts.targets,
    paper_parts.conditions,
    paper_parts.risks,
    paper_parts.providers,
    paper_parts.decisions,
)
STYLE = "paper.css"


def paper(found: PaperOf) -> Paper:
    """The paper. It begins with what has changed, and says nothing that is withheld."""
    words, boards, version = Wording(found), boards_of(found), found.version
    title = found.plan.title or found.history.title
    about = [
        ("For", listed(boards)),
        ("On", day(found.day)),
        ("Plan", f"{title}, version {version.number}, saved on {day(version.at)}"),
        ("Where it stands", str(found.standing.status)),
    ]
    if found.withheld:
        by = f" by {found.withheld_by}" if found.withheld_by else ""
        about.append(("Withheld", f"{_counted(found)} withheld{by}; the last chapter says which and why"))
    foot = (
        f"{title}, version {version.number}. Paper of {day(found.day)}.",
        f"Digest of the plan {version.digest}",
    )
    return Paper(
        f"Paper for the board: {title}",
        tuple(about),
        f"{MARK}." if found.area.illustrative else "",
        (*(chapter(found, words) for chapter in _CHAPTERS), made_from(found)),
        foot,
        found.day.isoformat(),
    )


def _counted(found: PaperOf) -> str:
    """How much is withheld, with its verb."""
    sections, fields = found.withheld.sections, found.withheld.fields
    said = [many(len(sections), "section")] if sections else []
    said += [many(len(fields), "field")] if fields else []
    return f"{listed(said)} {'is' if len(sections) + len(fields) == 1 else 'are'}"


def made_from(found: PaperOf) -> Chapter:
    """What the paper was made from: the digest of every section, and what is withheld with the reason."""
    made, held, words = Writing(), found.withheld.sections, Wording(found)
    made.say(
        f"This paper was made on {day(found.day)} from version {found.version.number}, under the rules "
        f"{found.plan.rules}. The digest of the plan is {found.version.digest}. It is worked out from those of its "
        "sections, so that a copy from which some are withheld can still be checked: carepool plan verify."
    )
    by = f" by {found.withheld_by}" if found.withheld_by else ""
    if held:
        made.say(
            f"These sections are withheld{by}:",
            (f"{EVERY[name].title}: {reason_words(reason)}." for name, reason in held.items()),
        )
    in_part = {each.section for each in found.withheld.fields}
    if in_part:
        made.say(
            f"These fields are withheld{by}. The rest of their sections is shown here, but a copy of the plan cannot prove it: "
            "it holds such a section by its digest alone.",
            (f"{words.field_at(each)}: {reason_words(reason)}." for each, reason in found.withheld.fields.items()),
        )  # fmt: skip
    asked = sections_asked(found.known.rules)
    digests = section_digests(found.plan) | {name: each.digest for name, each in found.copy.withheld.items()}
    state = dict.fromkeys(in_part, "Shown in part") | dict.fromkeys(held, "Withheld")
    made.table(
        "The sections of the plan, and their digests",
        ["Section", "In the plan", "Digest"],
        [
            # Beside all the rest of a section its digest would confirm a guess of what is withheld.
            [about.title, state.get(name, "Filled in"), "" if name in in_part else digests[name]]
            if name in digests
            else [about.title, "Nothing stands in it", ""]
            for name, about in EVERY.items()
            if name in digests or name in asked
        ],
    )
    return made.chapter("What this paper was made from")


def html(found: Paper) -> str:
    """The paper as a file of its own, which fetches nothing."""
    from carepool.render.environment import standalone

    style = _style()
    template = standalone().get_template("render/paper_alone.jinja")
    return template.render(paper=found, style=style)


def _style() -> str:
    """The style sheet of papers, which the page links to and a file has inside."""
    from carepool.render.environment import FOLDERS

    path = next(
        each.parent / "static" / "carepool" / STYLE
        for each in FOLDERS
        if (each.parent / "static" / "carepool" / STYLE).exists()
    )
    return path.read_text(encoding="utf-8")
