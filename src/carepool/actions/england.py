"""England as published: the shipped files read together, checked against what they are known to hold."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from carepool.allocation.indicative import Needs
from carepool.allocation.needs import YEAR, parse_needs
from carepool.basics.canonical import Digest, digest_of
from carepool.basics.findings import Finding, Severity
from carepool.basics.periods import Quarter, quarters_between
from carepool.basics.refusals import Unusable
from carepool.basics.tables import read_table
from carepool.measures.admissions import NATION, NO_AREA, Admissions, Flag
from carepool.measures.returns import parse_admissions
from carepool.measures.statistics import BESIDE, FILES
from carepool.places.england import Places, Share
from carepool.places.hexmap import Hexagon, parse_hexmap
from carepool.places.icbs import COUNCILS, PEOPLE, Pairs, parse_icb_places
from carepool.places.registers import parse_places

SOURCES = "sources.csv"
ICBS = "england-2025"
"""The name under which rules ask for the places of 2025, whose NHS commissioners are integrated care boards."""
REMEDY = "Install carepool again; your own data are not touched."


@dataclass(frozen=True, slots=True)
class Source:
    """Where a shipped file is from."""

    file: str
    sha256: str
    rows: int
    title: str
    source: str
    licence: str
    period: str
    as_known: str
    notes: str


@dataclass(frozen=True)
class England:
    """Everything that is held of England, from one vintage of the files."""

    places: Places
    admissions: Admissions
    needs: Needs
    hexagons: tuple[Hexagon, ...]
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]
    digest: Digest
    """Over the digests of all the files: which vintage this is."""
    later: Mapping[str, "England"] = field(default_factory=dict)
    """The same country in later registers, by the name under which rules ask for their places; without admissions."""
    series: Mapping[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    """The files of the statistical series, read when they are first asked for: see ``actions.measuring``."""


def read_sources(files: Mapping[str, bytes]) -> tuple[Source, ...]:
    """The register of shipped files. Unusable when it is missing or damaged."""
    if SOURCES not in files:
        raise Unusable(f"england/{SOURCES} is missing. {REMEDY}")
    columns = ["file", "sha256", "rows", "title", "source", "licence", "period", "as_known", "notes"]
    return tuple(
        Source(**{**{column: cells[column] for column in columns}, "rows": int(cells["rows"] or 0)})  # type: ignore[arg-type]  # the columns are its fields
        for _, cells in read_table(f"england/{SOURCES}", files[SOURCES], columns)
    )


def read_england(files: Mapping[str, bytes]) -> England:
    """England from its files, each first compared with the digest in sources.csv.

    Unusable when a file is missing or damaged, or when a check of its content blocks; warnings and notes are kept.
    """
    sources = read_sources(files)
    for source in sources:
        if source.file not in files:
            raise Unusable(f"england/{source.file} is missing. {REMEDY}")
        found = hashlib.sha256(files[source.file]).hexdigest()
        if found != source.sha256:
            raise Unusable(
                f"england/{source.file} is damaged: its SHA-256 is {found[:12]}…, not {source.sha256[:12]}… "
                f"as shipped. {REMEDY}"
            )
    places, findings = parse_places(files)
    _stop_at_blocker(findings)
    admissions, of_admissions = parse_admissions(files, places)
    needs, of_needs = parse_needs(files, places)
    hexagons, of_map = parse_hexmap(files, places)
    findings = [*findings, *of_admissions, *of_needs, *of_map]
    _stop_at_blocker(findings)
    digest = digest_of("england", 1, {source.file: source.sha256 for source in sources})
    # A vintage that was loaded before these files were there is still read as it was.
    later = {ICBS: _england_of_icbs(files, sources, digest)} if {COUNCILS, PEOPLE} <= files.keys() else {}
    series = {name: files[name] for name in (*FILES, *BESIDE) if name in files}
    england = England(places, admissions, needs, hexagons, sources, tuple(findings), digest, later, series)
    _stop_at_blocker(verify(england, files))
    return england


def _england_of_icbs(files: Mapping[str, bytes], sources: tuple[Source, ...], digest: Digest) -> England:
    """England of 2025: no admissions are held on its bodies, and weighted people stand for allocation and for need."""
    places, weighted, findings = parse_icb_places(files)
    _stop_at_blocker(findings)
    without = Admissions({}, {}, (), places)
    return England(places, without, needs_by_people(weighted), (), sources, (), digest)


def needs_by_people(weighted: Pairs) -> Needs:
    """Weights for sharing money out where only people weighted by need are at hand, by commissioner and by board."""
    by_commissioner: Counter[str] = Counter()
    by_board: Counter[str] = Counter()
    for (commissioner, board), people in weighted.items():
        by_commissioner[commissioner] += people
        by_board[board] += people
    return Needs(dict(by_commissioner), dict(by_board))


def verify(england: England, files: Mapping[str, bytes]) -> list[Finding]:
    """Every number named in expected.csv, computed from what was read and compared."""
    measured = _measured(england, files)
    findings = []
    for row, cells in read_table("expected.csv", files["expected.csv"], ["name", "value", "says"]):
        found = measured.get(cells["name"])
        if str(found) != cells["value"]:
            findings.append(
                Finding(
                    "england-expected",
                    Severity.BLOCKER,
                    f"expected.csv/{row}/value",
                    f"England has {found} {cells['says']} ({cells['name']}), where {cells['value']} are known.",
                    "Correct the file that the number comes from, or the number with its source.",
                    "england: expected totals",
                )
            )
    return findings


def _measured(england: England, files: Mapping[str, bytes]) -> dict[str, object]:
    places, admissions = england.places, england.admissions
    per_board = Counter(share.board for share in places.shares)
    of_ccg: Counter[str] = Counter()
    for share in places.shares:
        of_ccg[share.ccg] += share.people
    councils = [council for board in places.boards.values() for council in board.councils]
    baseline = quarters_between(Quarter(2013, 4), Quarter(2014, 3))
    after = quarters_between(Quarter(2014, 4), Quarter(2015, 3))
    allocations = read_table("ccg_allocations.csv", files["ccg_allocations.csv"], ["ccg", "year"])
    measured: dict[str, object] = {
        "boards": len(places.boards),
        "councils": len(councils),
        "districts": sum(len(council.districts) for council in councils),
        "regions": len({board.region for board in places.boards.values()}),
        "ccgs_before_april_2015": len(places.ccgs_on(date(2015, 3, 31))),
        "ccgs_from_april_2015": len(places.ccgs_on(date(2015, 4, 1))),
        "shares": len(places.shares),
        "boards_with_one_ccg": sum(number == 1 for number in per_board.values()),
        "most_ccgs_of_a_board": max(per_board.values()),
        "shares_that_add_to_one": sum(of_ccg[share.ccg] == share.of_ccg for share in _one_each(places)),
        "hexagons": len(england.hexagons),
        "boards_on_the_map": len({hexagon.board for hexagon in england.hexagons}),
        "codes_with_an_allocation": sum(cells["year"] == YEAR for _, cells in allocations),
        "admissions_baseline": sum(admissions.of_boards(quarter) for quarter in baseline),
        "admissions_year_after": sum(admissions.of_boards(quarter) for quarter in after),
        "england_baseline": sum(admissions.of_commissioner(NATION, quarter) or 0 for quarter in baseline),
        "no_area_baseline": sum(admissions.of_commissioner(NO_AREA, quarter) or 0 for quarter in baseline),
        "unlike_a_year_before": sum(
            Flag.UNLIKE in flags and quarter in after for (_, quarter), flags in admissions.flagged.items()
        ),
        "known_gaps": len(admissions.gaps),
    }
    for later in england.later.values():
        measured |= {f"{name}_2025": value for name, value in _measured_of_icbs(later).items()}
    measured |= {f"admissions_{quarter}": admissions.of_boards(quarter) for quarter in baseline}
    measured |= {f"published_{quarter}": admissions.published_on(quarter) for quarter in after}
    return measured


def _measured_of_icbs(england: England) -> dict[str, object]:
    places = england.places
    return {
        "boards": len(places.boards),
        "councils": len(places.council_boards),
        "regions": len({board.region for board in places.boards.values()}),
        "icbs": len(places.ccgs),
        "shares": len(places.shares),
        "people": sum(board.people for board in places.boards.values()),
        "weighted_people": sum(england.needs.ccg_allocation.values()),
    }


def _one_each(places: Places) -> list[Share]:
    return list({share.ccg: share for share in places.shares}.values())


def _stop_at_blocker(findings: list[Finding]) -> None:
    for finding in findings:
        if finding.severity is Severity.BLOCKER:
            raise Unusable(f"{finding.says} {finding.remedy}")
