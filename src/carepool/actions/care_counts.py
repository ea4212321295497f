"""Counts that come through the wall are a board's own measures: defined by the rules' words, checked by a second person, then loaded."""

from dataclasses import dataclass, replace

from carepool.actions.defining import check_measure, define_measure, own_of, shown
from carepool.actions.house import House
from carepool.actions.own_figures import Handed, OwnSeries, load_own_figures, own_series
from carepool.actions.permits import Actor
from carepool.basics.money import in_figures
from carepool.basics.refusals import Refused, Unusable
from carepool.journal.commands import Done
from carepool.journal.documents import Document
from carepool.measures.care_counts import CareCountsFile, read_care_counts
from carepool.measures.own import OwnMeasure
from carepool.measures.own_figures import Headings
from carepool.measures.values import Status, Value
from carepool.rules.caring import CareCount, CareCounts

NO_RULE = "The rules do not say what is counted of people’s care: care-planning/counts.yaml is missing."
WAITS = "It is defined, and waits for a second person to read its wording and check it: hand the file in again with --check."
CHECKED = "Its wording is checked: from now on it counts."
NOTHING = "It is in none of the months."


@dataclass(frozen=True, slots=True)
class Step:
    """What was done about one count."""

    count: CareCount
    says: str
    refused: bool = False
    loaded: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a count shows of a condition or a metric: the last month that has a figure, and the last of all."""

    count: CareCount
    series: OwnSeries
    last: Value

    @property
    def says(self) -> str:
        """In a sentence; a hidden figure is said to be hidden, and is no zero."""
        hidden = " Later months are hidden, because the counts are small." if self._hidden_later else ""
        if self.last.status is not Status.AVAILABLE or self.last.value is None:
            return f"{self.count.title}: hidden in {self.last.period}, because the counts are small."
        return f"{self.count.title}: {in_figures(self.last.value)}% in {self.last.period}, counted by the person wing.{hidden}"

    @property
    def _hidden_later(self) -> bool:
        values = self.series.measured.values
        return bool(values) and values[-1] is not self.last and values[-1].status is Status.SUPPRESSED


def counts_of(house: House) -> CareCounts:
    """What is counted, in the words of the rules. Unusable where they do not say."""
    found = house.rulebook.caring(house.today).find("counts", CareCounts)
    if found is None:
        raise Unusable(NO_RULE)
    return found


def take_care_counts(house: House, actor: Actor, content: bytes, *, check: bool = False) -> tuple[CareCountsFile, tuple[Step, ...]]:  # fmt: skip
    """Take in a file of counts: each count that is checked is loaded, each that is not is defined; once however often it comes.

    With ``check`` the wordings that wait are said to be read by this person. Unusable for a file that is none, or of an
    invented county's people for a real board.
    """
    file, rules = read_care_counts(content), counts_of(house)
    if unknown := [each for each in file.metrics if rules.find(each) is None]:
        raise Unusable(f"“{unknown[0][:80]}” is nothing that the rules let through the wall. Counts are {', '.join(each.id for each in rules.care_counts)}.")  # fmt: skip
    if file.illustrative and not house.areas.of_board(file.board).illustrative:
        raise Unusable("These counts are of the invented people of a demonstration, and the board is a real one. Use a board of the illustrative county.")  # fmt: skip
    return file, tuple(_step(house, actor, rules, each, file, check=check) for each in rules.care_counts)


def _step(
    house: House, actor: Actor, rules: CareCounts, count: CareCount, file: CareCountsFile, *, check: bool
) -> Step:
    actor = replace(actor, key=f"{actor.key}-{count.id}"[:150])
    found = own_of(house, file.board).get(count.id)
    if found is None:
        done = define_measure(house, actor, file.board, _wording(rules, count))
        return Step(count, done.says, refused=True) if isinstance(done, Refused) else Step(count, WAITS)
    if found.waiting is not None and check:
        done = _check(house, actor, count, file.board, found)
        return Step(count, done.says, refused=True) if isinstance(done, Refused) else Step(count, CHECKED)
    if not any(each.checked_by for each in found.versions):
        return Step(count, WAITS)
    return _load(house, actor, count, found, file)


def _wording(rules: CareCounts, count: CareCount) -> dict[str, str]:
    return {
        "id": count.id, "title": count.title, "says": count.says, "unit": rules.unit, "better": "higher", "period": "month",
        "numerator": count.numerator, "denominator": count.denominator, "scale": f"{rules.scale:f}", "from": rules.first.isoformat(),
        "data": rules.data,
    }  # fmt: skip


def _check(house: House, actor: Actor, count: CareCount, board: str, found: OwnMeasure) -> Done | Refused:
    words = shown(house, board, count.id)
    if words.definition.numerator != count.numerator or words.definition.denominator != count.denominator:
        return Refused(f"The board words “{count.title}” in its own way. Read and check it on the page of its measures.")  # fmt: skip
    return check_measure(house, actor, board, count.id, found.versions[-1].document)


def _load(house: House, actor: Actor, count: CareCount, found: OwnMeasure, file: CareCountsFile) -> Step:
    head, *rows = file.table(count.id)
    if not rows:
        return Step(count, NOTHING)
    text = "".join(f"{','.join(each)}\n" for each in (head, *rows)).encode()
    if _held(house, found, text):
        return Step(count, "These figures are held already.", loaded=True)
    grid = tuple((number, row) for number, row in enumerate((head, *rows), 1))
    name = f"Counts of the person wing of {file.counted}"
    handed = Handed(name, text, grid, Headings())
    done = load_own_figures(house, actor, file.board, count.id, handed)
    if isinstance(done, Refused):
        return Step(count, done.says, refused=True)
    hidden = sum(row[2] == "*" for row in rows)
    return Step(count, f"{len(rows)} {'month is' if len(rows) == 1 else 'months are'} loaded, {hidden or 'none'} of them hidden.", loaded=True)  # fmt: skip


def _held(house: House, found: OwnMeasure, text: bytes) -> bool:
    """Whether the file that was loaded last says the same."""
    last = house.journal.document(found.figures[-1].upload) if found.figures else None
    return isinstance(last, Document) and last.content == text


def evidence(house: House, board: str, upto: int | None = None) -> tuple[Evidence, ...]:
    """What the counts that were loaded show, as others may see it; nothing for a count that has no figures."""
    made = []
    for count in counts_of(house).care_counts:
        series = own_series(house, board, count.id, upto)
        values = series.measured.values if series else ()
        told = [each for each in values if each.status in {Status.AVAILABLE, Status.SUPPRESSED}]
        if series and told:
            shown_ = [each for each in told if each.status is Status.AVAILABLE]
            made.append(Evidence(count, series, (shown_ or told)[-1]))
    return tuple(made)
