"""The chapters of a paper after its first: what is asked, the money, schemes, targets, conditions, risks, providers, decisions."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Literal

from carepool.actions.papers import PaperOf, Said, boards_of
from carepool.basics.findings import Severity
from carepool.basics.money import in_figures, in_pounds, round_half_up
from carepool.plans.document import EVERY, Part, as_data
from carepool.plans.sections import Scheme, Source, SpendLine
from carepool.render.paper_changes import spent_on
from carepool.render.paper_shape import Chapter, Writing
from carepool.render.paper_words import Wording, cut, listed, many, withheld_in, withheld_says
from carepool.render.words import day, percent, quarter_words
from carepool.signoff.standing import Outcome, Status

LONG = 600
"""Characters of somebody's words that a paper repeats; the plan has them all."""


def asked(found: PaperOf, words: Wording) -> Chapter:
    """What the board is asked to decide."""
    made, version, now = Writing(), found.version, found.standing
    mine = [each for each in found.said if each.kind == "board"]
    waiting = [each for each in mine if each.outcome in {Outcome.AWAITED, Outcome.LAPSED}]
    many_boards = len(boards_of(found)) > 1
    who = "Each of the boards" if many_boards else "The board"
    if now.status in {Status.APPROVED, Status.SIGNED_OFF}:
        made.say(f"Nothing is asked: this version is {now.status.lower()}. The paper is for information.")
    elif waiting:
        made.say(
            f"{who} is asked to agree to version {version.number} of the plan, or to refuse it and give its reasons. "
            "It decides on exactly this version: a changed plan comes back to it."
        )
        lapsed = [each.name for each in waiting if each.outcome is Outcome.LAPSED]
        if lapsed:
            made.say(
                f"{listed(lapsed)} agreed to an earlier version. That agreement lapsed when this one was saved."
            )
    else:
        made.say("Nothing is asked: " + "; ".join(_decided(each) for each in mine) + "." if mine else "")
    if not now.agreed and (number := found.blockers()):
        made.say(
            f"The plan cannot be agreed yet: {many(number, 'blocker')} {'stands' if number == 1 else 'stand'} in it, "
            "listed under the national conditions and the checks below. The plan lead puts them right and saves another version."
        )
    if waiting and not now.agreed and (host := found.plan.parties.host):
        made.say(f"Agreeing commits the money below to a pooled fund held by {words.named(host)}.")
    return made.chapter("What the board is asked to decide")


def _decided(each: Said) -> str:
    return f"{each.name} {each.outcome.lower()} this version on {day(each.since)}".replace(
        "agreed this", "agreed to this"
    )


def money(found: PaperOf, words: Wording) -> Chapter:
    """The money by year: in by who puts it in, out by area of spend, and where it is freed."""
    made, plan, years = Writing(), found.plan, words.year_fields
    if held := withheld_says(found, "sources"):
        made.say(f"Who puts in how much cannot be said here. {held}")
    else:
        for key, year in years.items():
            total = plan.total("sources", key)
            if unsaid := withheld_says(found, f"sources/sources/{key}"):
                made.say(f"How much the partners put in in {year} cannot be said here. {unsaid}")
                continue
            made.say(
                f"In {year} the partners put in {in_pounds(total)}."
                if total
                else f"For {year} the plan names no money."
            )
        made.table(
            "Money in, in pounds",
            ["Who puts it in", "Which money", *years.values()],
            [
                _cells(found, "sources", "sources", number, {
                    "contributor": words.named(row.contributor), "source": words.named(row.source), **_pounds(row, years),
                })
                for number, row in enumerate(plan.sources.sources)
            ],
            figures=range(2, 2 + len(years)),
            foot=["All money in", "", *(_total(found, "sources", key) for key in years)],
        )  # fmt: skip
    _spending(made, found, words)
    _freeing(made, found, words)
    return made.chapter("The money, year by year")


def _cells(found: PaperOf, section: str, rows: str, number: int, said: Mapping[str, str]) -> list[str]:
    """What a row says in each field, or that it is withheld."""
    held = withheld_in(found, section, rows, number)
    return [held.get(name, words) for name, words in said.items()]


def _pounds(row: Source | SpendLine, years: Iterable[str]) -> dict[str, str]:
    return {key: in_pounds(getattr(row, key)) for key in years}


def _total(found: PaperOf, which: Literal["sources", "spend"], key: str) -> str:
    """A year's total; not where one of its parts is withheld, which could be worked out from it."""
    return "Withheld" if found.withheld.column(which, which, key) else in_pounds(found.plan.total(which, key))


def _spending(made: Writing, found: PaperOf, words: Wording) -> None:
    if held := withheld_says(found, "spend"):
        made.say(f"What is spent on what cannot be said here. {held}")
        return
    plan, years = found.plan, words.year_fields
    for key, year in years.items():
        if unsaid := withheld_says(found, f"spend/spend/{key}"):
            made.say(f"How much the plan spends in {year} cannot be said here. {unsaid}")
            continue
        if not plan.total("spend", key):
            continue
        made.say(f"In {year} the plan spends {in_pounds(plan.total('spend', key))}{_beside(found, key)}.")
    made.table(
        "Money out by provider, in pounds",
        ["Provider", "Scheme", *years.values()],
        [
            _cells(found, "spend", "spend", number, {
                "provider": row.provider or "Not named", "scheme": words.scheme(row.scheme), **_pounds(row, years),
            })
            for number, row in enumerate(plan.spend.spend)
        ],
        figures=range(2, 2 + len(years)),
        foot=["All money out", "", *(_total(found, "spend", key) for key in years)],
    )  # fmt: skip


def _beside(found: PaperOf, key: str) -> str:
    """How the spend of a year stands beside its sources, where both may be said."""
    if withheld_says(found, "sources", f"sources/sources/{key}"):
        return ""
    more = found.plan.total("spend", key) - found.plan.total("sources", key)
    if not more:
        return ", as much as is put in"
    return f", {in_pounds(abs(more))} {'more' if more > 0 else 'less'} than is put in"


def _freeing(made: Writing, found: PaperOf, words: Wording) -> None:
    if held := withheld_says(found, "freed"):
        made.say(f"Where the NHS commissioners free their money cannot be said here. {held}")
    elif found.plan.freed.freed:
        made.say("The NHS commissioners free the money that they add from these contracts:", _rows(found, words, "freed", "freed"))  # fmt: skip
    if held := withheld_says(found, "protection", "protection/pence"):
        made.say(f"How much protects social care services cannot be said here. {held}")
    elif (pence := found.plan.protection.pence) is not None:
        made.say(f"{in_pounds(pence)} is given to protect social care services.")


def _rows(found: PaperOf, words: Wording, section: str, rows: str) -> list[str]:
    """The rows of a list, each on a line."""
    about = next(each for each in EVERY[section].lists if each.name == rows)
    held: tuple[Part, ...] = getattr(found.plan.section(section), rows)
    return [
        f"{words.row(about.fields, as_data(row), withheld_in(found, section, rows, number))}."
        for number, row in enumerate(held)
    ]


def schemes(found: PaperOf, words: Wording) -> Chapter:
    """What the money does."""
    made = Writing()
    if held := withheld_says(found, "schemes"):
        made.say(f"The schemes cannot be described here. {held}")
    elif not found.plan.schemes.schemes:
        made.say("The plan names no scheme yet.")
    for number, each in enumerate(found.plan.schemes.schemes):
        held_here = withheld_in(found, "schemes", "schemes", number)
        name = held_here.get("name") or each.name or "a scheme without a name"
        made.say(f"{held_here.get('id', each.id)}, {name}.", _of_scheme(found, words, each, held_here))
    if held := withheld_says(found, "benefits"):
        made.say(f"What the schemes save cannot be said here. {held}")
    elif found.plan.benefits.benefits:
        made.say("The plan counts on these savings:", _rows(found, words, "benefits", "benefits"))
    return made.chapter("The schemes")


_IN_A_PAPER = ("what", "who_for", "buys", "objective", "evidence", "impact", "equality")


def _of_scheme(found: PaperOf, words: Wording, scheme: Scheme, held: Mapping[str, str]) -> list[str]:
    fields = {each.name: each for each in EVERY["schemes"].lists[0].fields}
    said = [
        f"{words.title(fields[name])}: {held.get(name) or cut(words.value(fields[name], getattr(scheme, name)), LONG)}"
        for name in _IN_A_PAPER
        if held.get(name) or getattr(scheme, name)
    ]
    columns = (
        "schemes/schemes/id",
        "spend/spend/scheme",
        *(f"spend/spend/{each}" for each in words.year_fields),
    )
    if unsaid := withheld_says(found, *columns) if not found.withholds("spend") else "":
        said.append(f"Cost: it cannot be said here. {unsaid}")
    elif not found.withholds("spend"):
        costs = [
            f"{in_pounds(spent_on(found, scheme, key))} in {year}" for key, year in words.year_fields.items()
        ]
        said.append(f"Cost: {listed(costs)}")
    return said


def targets(found: PaperOf, words: Wording) -> Chapter:
    """What the plan promises, and the money that depends on it."""
    made = Writing()
    if held := withheld_says(found, "target"):
        made.say(f"The admissions target cannot be said here. {held}")
    elif not found.known.rules.pays:
        made.say("No money of this plan depends on admissions.")
    elif not found.plan.target.quarters:
        made.say("The plan sets no admissions target yet.")
    else:
        _admissions(made, found)
    if held := withheld_says(found, "metrics"):
        made.say(f"The other metrics cannot be said here. {held}")
    elif found.plan.metrics.metrics:
        made.say("The other targets:", _rows(found, words, "metrics", "metrics"))
    return made.chapter("Targets, and what is at stake")


def _admissions(made: Writing, found: PaperOf) -> None:
    if held := withheld_says(found, "target/quarters/baseline", "target/quarters/planned"):
        made.say(
            f"How many fewer admissions the plan promises, and what depends on it, cannot be said here. {held}"
        )
    else:
        _promised(made, found)
    case = withheld_in(found, "target").get("case") or cut(found.plan.target.case, LONG)
    if case:
        made.say(f"Its case for a smaller cut: {case}")
    made.table(
        "Emergency admissions by quarter",
        ["Quarter", "Baseline", "Target", "Fewer"],
        [_of_quarter(found, number) for number in range(len(found.plan.target.quarters))],
        figures=range(1, 4),
    )


def _of_quarter(found: PaperOf, number: int) -> list[str]:
    row = found.plan.target.quarters[number]
    said = {"quarter": quarter_words(row.quarter), "baseline": in_figures(row.baseline), "planned": in_figures(row.planned)}  # fmt: skip
    held = withheld_in(found, "target", "quarters", number)
    fewer = "Withheld" if held else in_figures(row.baseline - row.planned)
    return [*(held.get(name, words) for name, words in said.items()), fewer]


def _promised(made: Writing, found: PaperOf) -> None:
    rows = found.plan.target.quarters
    baseline, planned = sum(row.baseline for row in rows), sum(row.planned for row in rows)
    fewer = Decimal(baseline - planned)
    cut_by = percent(fewer / baseline * 100, 2) if baseline else "nothing"
    made.say(
        f"The plan promises {in_figures(round_half_up(fewer, 1))} fewer emergency admissions than the baseline of "
        f"{in_figures(round_half_up(Decimal(baseline), 1))}, a cut of {cut_by}."
        if fewer > 0
        else "The plan promises no fewer emergency admissions than the baseline."
    )
    worth, most = found.known.worth_of(found.plan), found.known.share_of_performance
    if worth and most is not None:
        capped = min(worth, most)
        made.say(
            f"{in_pounds(capped)} depends on it: what is not earned stays with the NHS commissioners, and does not come into the pool."
            + (f" The cut would be worth {in_pounds(worth)}, and the board's share of the performance money is {in_pounds(most)}." if worth > most else "")
        )  # fmt: skip


def conditions(found: PaperOf, words: Wording) -> Chapter:
    """The national conditions, and what the checks find, said plainly."""
    made = Writing()
    if held := withheld_says(found, "conditions", "conditions/answers/condition"):
        made.say(f"How the national conditions are met cannot be said here. {held}")
    else:
        fields = {each.name: each for each in EVERY["conditions"].lists[0].fields}
        answers = {
            each.condition: (number, each) for number, each in enumerate(found.plan.conditions.answers)
        }
        made.table(
            "The national conditions",
            ["Condition", "Is it met?", "If not, by", "How"],
            [
                [each.title, *_cells(found, "conditions", "answers", answer[0], {
                    "met": words.value(fields["met"], answer[1].met) or "Not said",
                    "by": day(answer[1].by) if answer[1].by else "", "how": cut(answer[1].how, LONG),
                })]
                if (answer := answers.get(each.id))
                else [each.title, "Not answered", "", ""]
                for each in found.known.rules.conditions.conditions
            ],
        )  # fmt: skip
    _found(made, found)
    return made.chapter("The national conditions, and what the checks found")


def _found(made: Writing, found: PaperOf) -> None:
    for severity, words, several in (
        (Severity.BLOCKER, "thing stops the plan from being agreed", "things stop the plan from being agreed"),
        (Severity.WARNING, "thing asks for another look", "things ask for another look"),
    ):  # fmt: skip
        here = [each for each in found.findings if each.severity is severity]
        if here:
            made.say(
                f"{many(len(here), words, several).capitalize()}:",
                (f"{each.says} {each.remedy}".strip() for each in here),
            )
        if held := found.unsaid.get(severity, 0):
            more = "more " if here else ""
            made.say(
                f"{held} {more}{'finding' if held == 1 else 'findings'} of this weight ({severity}) {'rests' if held == 1 else 'rest'} on what is withheld."
            )
    if not found.blockers():
        made.say("No check stops the plan from being agreed.")
    notes = sum(each.severity is Severity.NOTE for each in found.findings)
    if notes:
        made.say(
            f"The checks also made {many(notes, 'note')}, which {'stands' if notes == 1 else 'stand'} with the plan on the web."
        )


def risks(found: PaperOf, words: Wording) -> Chapter:
    """What could go wrong, and what happens then."""
    made = Writing()
    if held := withheld_says(found, "risks"):
        made.say(f"Risks and contingency cannot be said here. {held}")
        return made.chapter("Risks and contingency")
    plan = found.plan.risks
    sharing = withheld_in(found, "risks").get("sharing") or cut(plan.sharing, LONG)
    if not (plan.risks or plan.contingencies or sharing):
        made.say("The plan names no risk and no contingency yet.")
    grades = [(each.likelihood or 0) * (each.impact or 0) for each in plan.risks]
    rows = _rows(found, words, "risks", "risks")
    graded = sorted(range(len(rows)), key=lambda number: grades[number], reverse=True)
    if graded:
        ordered = (
            ""
            if withheld_says(found, "risks/risks/likelihood", "risks/risks/impact")
            else ", the gravest first"
        )
        made.say(f"The risks{ordered}:", (rows[number] for number in graded))
    if plan.contingencies:
        made.say("What happens to money then:", _rows(found, words, "risks", "contingencies"))
    if sharing:
        made.say(f"How risk is shared: {sharing}")
    return made.chapter("Risks and contingency")


def providers(found: PaperOf, words: Wording) -> Chapter:
    """What hospitals say of the plan."""
    made = Writing()
    if held := withheld_says(found, "commentaries"):
        made.say(f"What providers say cannot be said here. {held}")
    elif not found.plan.commentaries.commentaries:
        made.say("No provider has said anything of the plan yet.")
    fields = {each.name: each for each in EVERY["commentaries"].lists[0].fields}
    for number, each in enumerate(found.plan.commentaries.commentaries):
        unsaid = withheld_in(found, "commentaries", "commentaries", number)
        name = unsaid.get("provider") or words.named(each.provider)
        agrees = words.value(fields["agrees"], each.agrees).lower() or "has not said whether it agrees"
        agrees = f"({unsaid['agrees'][:1].lower()}{unsaid['agrees'][1:]})" if "agrees" in unsaid else agrees
        why = unsaid.get("why") or cut(each.why, LONG)
        means = unsaid.get("considered") or cut(each.considered, LONG)
        made.say(
            f"{name} {agrees}.{f' {why}' if why else ''}{f' What it means for it: {means}' if means else ''}"
        )
    return made.chapter("What providers say")


def decisions(found: PaperOf, words: Wording) -> Chapter:  # noqa: ARG001  (every chapter is asked alike)
    """Who has decided on this version."""
    made, now = Writing(), found.standing
    agreed = sum(each.outcome is Outcome.AGREED for each in found.said)
    made.say(f"{agreed} of {many(len(found.said), 'body', 'bodies')} {'has' if agreed == 1 else 'have'} agreed to this version.")  # fmt: skip
    made.table(
        "Who has decided on this version",
        ["Body", "Decision", "Since", "Signed by"],
        [[each.name, str(each.outcome), day(each.since), each.by] for each in found.said],
    )
    for each in found.said:
        if each.reasons:
            made.say(f"The reasons of {each.name}: {cut(each.reasons, LONG)}")
    for stage in now.reached:
        made.say(f"{stage.stage.replace('_', ' ').capitalize()} on {day(stage.at)}.")
    return made.chapter("Who has decided")
