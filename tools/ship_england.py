"""Make src/carepool/england/ from a folder of the published files: python tools/ship_england.py FOLDER.

It copies columns and rows, and changes no figure. It is run by developers when a source changes;
users have what it made. Files that are ours (known_gaps.csv, ccg_successions.csv) stay as they are;
sources.csv is written anew with the digest and row count of every file. Without FOLDER it renews those digests,
and shipped.sha256, after a change to the rulebook, the illustrative county or a file of ours.
"""

import csv
import hashlib
import io
import re
import sys
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from ship_statistics import ship_statistics

HERE = Path(__file__).parent.parent / "src" / "carepool" / "england"
OGL = "Open Government Licence v3.0"
Rows = list[dict[str, str]]

CUMBERLAND, WESTMORLAND, NORTH_YORKSHIRE, SOMERSET = "E06000063", "E06000064", "E06000065", "E06000066"
SUFFOLK, CORNWALL, SCILLY = "E10000029", "E06000052", "E06000053"

# Mapped by hand: what the lookups at hand do not say, each with its reason. Everything else maps by its own code:
# a unitary council, metropolitan district or London borough to itself, a district to the county of 2015.
DISTRICTS_BY_HAND = {
    # The Cumbria (Structural Changes) Order 2022, in force on 1 April 2023: two unitary councils.
    "E07000026": CUMBERLAND,  # Allerdale
    "E07000028": CUMBERLAND,  # Carlisle
    "E07000029": CUMBERLAND,  # Copeland
    "E07000027": WESTMORLAND,  # Barrow-in-Furness
    "E07000030": WESTMORLAND,  # Eden
    "E07000031": WESTMORLAND,  # South Lakeland
    # The North Yorkshire (Structural Changes) Order 2022, in force on 1 April 2023: one unitary council.
    "E07000163": NORTH_YORKSHIRE,  # Craven
    "E07000164": NORTH_YORKSHIRE,  # Hambleton
    "E07000165": NORTH_YORKSHIRE,  # Harrogate
    "E07000166": NORTH_YORKSHIRE,  # Richmondshire
    "E07000167": NORTH_YORKSHIRE,  # Ryedale
    "E07000168": NORTH_YORKSHIRE,  # Scarborough
    "E07000169": NORTH_YORKSHIRE,  # Selby
    # The Somerset (Structural Changes) Order 2022, in force on 1 April 2023: one unitary council.
    "E07000187": SOMERSET,  # Mendip
    "E07000188": SOMERSET,  # Sedgemoor
    "E07000189": SOMERSET,  # South Somerset
    "E07000246": SOMERSET,  # Somerset West and Taunton, itself new in 2019
    # Districts that were joined on 1 April 2019, and so are not among those of 2015.
    "E07000244": SUFFOLK,  # East Suffolk: Suffolk Coastal and Waveney
    "E07000245": SUFFOLK,  # West Suffolk: Forest Heath and St Edmundsbury
}
COUNCILS_BY_HAND = {
    # Unitary councils begun since 2015: name, and a council of 2015 that had (some of) its area, for the region.
    "E06000058": ("Bournemouth, Christchurch and Poole", "E06000028"),  # 1 April 2019
    "E06000059": ("Dorset", "E10000009"),  # 1 April 2019
    "E06000060": ("Buckinghamshire", "E10000002"),  # 1 April 2020
    "E06000061": ("North Northamptonshire", "E10000021"),  # 1 April 2021
    "E06000062": ("West Northamptonshire", "E10000021"),  # 1 April 2021
    CUMBERLAND: ("Cumberland", "E10000006"),
    WESTMORLAND: ("Westmorland and Furness", "E10000006"),
    NORTH_YORKSHIRE: ("North Yorkshire", "E10000023"),
    SOMERSET: ("Somerset", "E10000027"),
}
BOARDS_BY_HAND = {
    # One Health and Wellbeing Board for both, as in 2015; the source counts the islands' few people apart.
    CORNWALL: ("HWB_CS", "Cornwall and Isles of Scilly"),
    SCILLY: ("HWB_CS", "Cornwall and Isles of Scilly"),
}


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(name: str, columns: list[str], rows: list[list[str]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    (HERE / name).write_text(text.getvalue(), encoding="utf-8")


def picked(rows: Rows, *columns: str) -> list[list[str]]:
    return [[row[column] for column in columns] for row in rows]


def iso(day: str) -> str:
    """15th May 2015 as 2015-05-15; a dash (never revised), or a day that is none (1th), as nothing."""
    words = re.sub(r"^(\d+)(st|nd|rd|th)", r"\1", day.strip())
    if words in {"-", ""} or day.startswith("1th"):
        return ""
    return datetime.strptime(words, "%d %B %Y").date().isoformat()  # noqa: DTZ007  (a day, not an instant)


def ship(folder: Path) -> None:
    boards = read(folder / "geography/hwb_utla_2014_register.csv")
    regions = {row["region_code"]: row["region"] for row in boards if row["region"]}
    write(
        "councils.csv",
        ["council", "name", "board", "board_name", "kind", "region", "region_name", "cassr", "people", "people_65"],
        [
            [r["UTLA15CD"], r["UTLA15NM"], r["hwb_id"], r["hwb_name"], r["la_class"], r["region_code"],
             regions[r["region_code"]], r["cassr_code"], r["pop2017"], r["pop65_2017"]]
            for r in boards
        ],
    )  # fmt: skip
    write(
        "ccg_people.csv",
        ["ccg", "ccg_name", "council", "people", "people_65"],
        picked(read(folder / "geography/ccg15_utla15_population_matrix.csv"),
               "CCG15CDH", "CCG15NM", "UTLA15CD", "pop2017", "pop65_2017"),
    )  # fmt: skip
    write(
        "ccg_register.csv",
        ["code", "name", "opened", "closed"],
        [[r["code"], r["name"], *(f"{d[:4]}-{d[4:6]}-{d[6:]}" if d else "" for d in (r["open_date"], r["close_date"]))]
         for r in read(folder / "ods/ods_eccg_2016-02.csv")],
    )  # fmt: skip
    write(
        "districts.csv",
        ["district", "name", "council"],
        [[r["LAD15CD"], r["LAD15NM"], r["CTY15CD"]]
         for r in read(folder / "geography/lad15_county15.csv") if r["CTY15CD"].startswith("E10")],
    )  # fmt: skip
    returns = read(folder / "mar/mar_commissioner_monthly_2012-04_2016-03.csv")
    write(
        "admissions.csv",
        ["month", "commissioner", "admissions"],
        [[r["month"], r["org_code"], r["nonelective_total"]]
         for r in returns if r["org_code"] == "ENG" or r["month"] >= "2013-04"],
    )  # fmt: skip
    write(
        "admissions_published.csv",
        ["month", "published", "revised"],
        [[r["month"], iso(r["published"]), iso(r["revised"])]
         for r in read(folder / "mar/mar_source_files.csv") if r["month"] <= "2016-03"],
    )  # fmt: skip
    write(
        "ccg_allocations.csv",
        ["ccg", "year", "allocation_thousands"],
        [[r["ccg_code"], r["fin_year"], r["programme_allocation_gbp_000"]]
         for r in read(folder / "bcf/ccg_programme_allocations_2013-14_to_2019-20.csv") if r["fin_year"] <= "2015-16"],
    )  # fmt: skip
    write(
        "adult_social_care.csv",
        ["council", "name", "year", "net_total_expenditure_thousands"],
        [[r["ons_code"], r["council"], "2014-15", r["net_total_expenditure"]]
         for r in read(folder / "finance/asc_council_summary_2014-15_gbp_000.csv")],
    )  # fmt: skip
    (HERE / "hexmap.hexjson").write_bytes((folder / "geography/odileeds_utla_hexmap.hexjson").read_bytes())
    ship_2025(folder)
    ship_statistics(folder, write, iso)
    sources()


def ship_2025(folder: Path) -> None:
    """The councils and integrated care boards of 2025, from what NHS England allocated by in 2024-25."""
    people = read(folder / "bcf/icb_subicb_utla_weighted_populations_2024-25.csv")
    then = {r["UTLA15CD"]: r for r in read(folder / "geography/hwb_utla_2014_register.csv")}
    regions = {r["region_code"]: r["region"] for r in then.values() if r["region"]}
    county = {r["LAD15CD"]: r["CTY15CD"] for r in read(folder / "geography/lad15_county15.csv")}
    sums: dict[tuple[str, str, str], tuple[Decimal, Decimal]] = {}
    for row in people:
        council = council_2025(row["LA21"], county)
        key = (row["ICS22"], row["ICS22name"], council)
        number, weighted = sums.get(key, (Decimal(0), Decimal(0)))
        sums[key] = (number + Decimal(row["pop 2022/23"]), weighted + Decimal(row["Final WP"]))
    write(
        "icb_people_2025.csv",
        ["icb", "icb_name", "council", "people", "weighted_people"],
        [
            [*key, *(str(each.quantize(Decimal(1), ROUND_HALF_UP)) for each in sums[key])]
            for key in sorted(sums)
        ],
    )
    rows = []
    for code in sorted({council for _, _, council in sums}):
        name, like = COUNCILS_BY_HAND.get(code, (then.get(code, {}).get("UTLA15NM", ""), code))
        kind = "Unitary" if code in COUNCILS_BY_HAND else then[code]["la_class"]
        board, board_name = BOARDS_BY_HAND.get(code, (code, name))
        region = then[like]["region_code"]
        rows.append([code, name, board, board_name, kind, region, regions[region]])
    write(
        "councils_2025.csv", ["council", "name", "board", "board_name", "kind", "region", "region_name"], rows
    )


def council_2025(code: str, county: dict[str, str]) -> str:
    """The upper-tier council of 2025 in whose area a district or unitary council of 2021 lies."""
    if code in DISTRICTS_BY_HAND:
        return DISTRICTS_BY_HAND[code]
    return county[code] if code.startswith("E07") else code


def sources() -> None:
    """Renew the digests and row counts in sources.csv, keeping what people wrote there."""
    path = HERE / "sources.csv"
    rows = read(path)
    for row in rows:
        content = (HERE / row["file"]).read_bytes()
        row["sha256"] = hashlib.sha256(content).hexdigest()
        row["rows"] = str(len(content.splitlines()) - 1) if row["file"].endswith(".csv") else ""
    write("sources.csv", list(rows[0]), [list(row.values()) for row in rows])


def manifest() -> None:
    """Renew shipped.sha256: the digest of every file of data that ships with carepool."""
    root = HERE.parent
    paths = sorted(
        path
        for folder in ("england", "illustrative", "rulebook")
        for path in (root / folder).rglob("*")
        if path.is_file() and not path.name.startswith((".", "__"))
    )
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(root).as_posix()}\n"
        for path in paths
    ]
    (root / "shipped.sha256").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) == 2:
        ship(Path(sys.argv[1]))
    else:
        sources()
    manifest()
