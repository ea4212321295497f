"""Make the statistical series of src/carepool/england/ from a folder of the published files; ship_england.py calls it.

It copies columns and rows and changes no figure, with one exception that each row names: people by age before
mid-2015, which nobody published by council in what is at hand, are worked back from mid-2015 (basis back_cast).
"""

import csv
import re
from collections import defaultdict
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

Rows = list[dict[str, str]]
Write = Callable[[str, list[str], list[list[str]]], None]
ENGLAND = "E92000001"
ABROAD = {
    "Resident In Wales": "WALES",
    "Resident in Scotland": "SCOTLAND",
    "Resident outside GB": "OUTSIDE_GB",
}
REASONS = {
    "r_assessment": "a", "r_public_funding": "b", "r_nonacute_nhs": "c", "r_residential": "di", "r_nursing": "dii",
    "r_home_package": "e", "r_equipment": "f", "r_choice": "g", "r_disputes": "h", "r_housing": "i",
}  # fmt: skip
OUTCOMES = ("1A", "2A2", "2B1", "2B2", "2C2")
# Codes of 2013 in the index of deprivation that had become others by 2015: boundaries moved by a few houses.
RECODED = {"E06000048": "E06000057", "E08000020": "E08000037"}
CHRISTCHURCH, BCP, DORSET, DORSET_COUNTY = "E07000048", "E06000058", "E06000059", "E10000009"
LAST_NAMED = "2015-16Q4"
BOURNEMOUTH, POOLE = "E06000028", "E06000029"


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def ship_statistics(folder: Path, write: Write, iso: Callable[[str], str]) -> None:
    delayed_days(folder, write, iso)
    people(folder, write)
    outcomes(folder, write)
    spend(folder, write)
    beds(folder, write)
    trust_names(folder, write)
    need(folder, write)


def delayed_days(folder: Path, write: Write, iso: Callable[[str], str]) -> None:
    rows = read(folder / "dtoc/dtoc_la_monthly_delayed_days_2011-04_2016-03.csv")
    kinds = ["total", "acute", "non_acute", "nhs", "social_care", "both"]
    made = []
    for r in rows:
        area = "ENG" if r["ons_code"] == ENGLAND else r["ons_code"] or ABROAD[r["name"]]
        made.append([r["month"], area, *(r[each] for each in (*kinds, *REASONS))])
    write("delayed_days.csv", ["month", "area", *kinds, *REASONS.values()], made)
    write(
        "delayed_days_published.csv",
        ["month", "published", "revised"],
        [
            [r["month"], iso(r["published"]), iso(r["revised"])]
            for r in read(folder / "dtoc/dtoc_source_files.csv")
            if r["month"] <= "2016-03"
        ],
    )


def half_up(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def people(folder: Path, write: Write) -> None:
    councils = [r["UTLA15CD"] for r in read(folder / "geography/hwb_utla_2014_register.csv")]
    aged = {(r["year"], r["code"]): r for r in read(folder / "population/mye_la_broad_age_2015_2020.csv")}
    totals = {
        r["code"]: r for r in read(folder / "population/mye_area_totals_incl_counties_regions_2001_2018.csv")
    }
    made = []
    for year in range(2011, 2018):
        for code in [*councils, ENGLAND]:
            area = "ENG" if code == ENGLAND else code
            if year >= 2015:
                r = aged[str(year), code]
                adults = int(r["all_ages"]) - int(r["p0_17"])
                made.append([str(year), area, r["all_ages"], str(adults), r["p65plus"], "published"])
                continue
            base = aged["2015", code]
            total, basis = back_cast(code, year, totals, aged)
            whole = Decimal(base["all_ages"])
            adults, old = (
                half_up(total * Decimal(count) / whole)
                for count in (int(base["all_ages"]) - int(base["p0_17"]), int(base["p65plus"]))
            )
            made.append([str(year), area, str(half_up(total)), str(adults), str(old), basis])
    write("people.csv", ["mid", "area", "all_ages", "aged_18_and_over", "aged_65_and_over", "basis"], made)


def back_cast(
    code: str, year: int, totals: dict[str, dict[str, str]], aged: dict[tuple[str, str], dict[str, str]]
) -> tuple[Decimal, str]:
    """The people of a council before 2015, and whether all of them are worked back or only their ages."""
    if code in totals:
        return Decimal(totals[code][f"mid_{year}"]), "ages_back_cast"
    # Bournemouth, Poole and the county of Dorset: only the councils of 2019 have totals, which drew Christchurch over.
    then = {each: Decimal(aged["2015", each]["all_ages"]) for each in (BOURNEMOUTH, POOLE, CHRISTCHURCH, DORSET_COUNTY)}  # fmt: skip
    joint = Decimal(totals[BCP][f"mid_{year}"])
    of_joint = then[BOURNEMOUTH] + then[POOLE] + then[CHRISTCHURCH]
    if code == DORSET_COUNTY:
        return Decimal(totals[DORSET][f"mid_{year}"]) + joint * then[CHRISTCHURCH] / of_joint, "back_cast"
    return joint * then[code] / of_joint, "back_cast"


def outcomes(folder: Path, write: Write) -> None:
    """Measures of the outcomes framework by council; numerators and denominators where they are published (2020-21)."""
    parts: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for r in read(folder / "ascof/ascof_2020-21_domain2_numerators_denominators.csv"):
        if r["Disaggregation Level"] == "Total":
            parts[r["ASCOF Measure Code"], r["ONS Code"]][r["Measure Type"]] = r["Measure Value"]
    found: dict[tuple[str, str, str], list[str]] = {}
    for r in read(folder / "ascof/ascof_2a2_care_home_admissions_trafford_and_15_peers_2014-15_on.csv"):
        found[r["period"].replace("/", "-"), r["area_code"], "2A2"] = [r["value"], "", ""]
    for r in read(folder / "ascof/ascof_outcomes_by_council_2017-18_to_2022-23.csv"):
        if r["level"] in {"Council", "England"} and r["measure"] in OUTCOMES:
            code = ENGLAND if r["level"] == "England" else r["ons_code"]
            found[r["year"], code, r["measure"]] = [r["value"], "", ""]
    for (measure, code), values in parts.items():
        if measure in OUTCOMES and ("2020-21", code, measure) in found:
            key = ("2020-21", code, measure)
            found[key] = [found[key][0], values.get("Numerator", ""), values.get("Denominator", "")]
    write(
        "outcomes.csv",
        ["year", "area", "measure", "value", "numerator", "denominator"],
        [
            [year, "ENG" if code == ENGLAND else code, measure, *values]
            for (year, code, measure), values in sorted(found.items())
        ],
    )


def spend(folder: Path, write: Write) -> None:
    """Thousands of pounds by council and year, and long-stay residents as councils entered them: errors and all."""
    wanted = {
        ("Total expenditure", "Adults aged 65 and over", "Gross total cost: total expenditure"): "gross_65",
        ("Total expenditure", "Adults aged 65 and over", "Net total expenditure"): "net_65",
        ("Total expenditure", "Total", "Net total expenditure"): "net",
    }
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for r in read(folder / "finance/pssex_bridging_2013-14_2014-15_council_long.csv"):
        column = wanted.get((r["item"], r["age_group"], r["accounting_category"]))
        if column:
            year = f"{r['year'][:4]}-{r['year'][-2:]}"
            found[year, r["ons_code"] or "E06000053"][column] = r["value_gbp_000"]
    for r in read(folder / "finance/asc_council_summary_2014-15_gbp_000.csv"):
        found["2014-15", r["ons_code"]]["income_from_nhs"] = r["income_income_from_nhs"]
    for r in read(folder / "finance/pssex_2015-16_council_additional_and_bridging.csv"):
        if r["item"] == "Income from Better Care Fund":
            found["2015-16", r["ons_code"] or "E06000053"]["income_from_fund"] = r["value_gbp_000"]
    for r in read(folder / "finance/la_supported_care_home_residents_65plus_by_council.csv"):
        found[r["year"], r["ons_code"] or "E06000053"]["residents_65"] = r[
            "la_supported_residents_65plus_31mar"
        ]
    columns = ["gross_65", "net_65", "net", "income_from_nhs", "income_from_fund", "residents_65"]
    write(
        "social_care_spend.csv",
        ["year", "council", *columns],
        [
            [year, council, *(found[year, council].get(each, "") for each in columns)]
            for year, council in sorted(found)
        ],
    )


def beds(folder: Path, write: Write) -> None:
    write(
        "beds.csv",
        ["quarter", "trust", "available", "occupied"],
        [
            [r["quarter"].replace(" ", ""), r["org_code"], r["available_general_and_acute"], r["occupied_general_and_acute"]]
            for r in read(folder / "beds_ae/kh03_overnight_beds_by_trust_quarterly_2010Q1_2021Q4.csv")
            if "2011-12" <= r["quarter"][:7] <= "2019-20"
        ],
    )  # fmt: skip
    write(
        "trust_people.csv",
        ["trust", "area", "of_trust", "of_area"],
        [
            [r["trust_code"], r["geo_code"], *(f"{Decimal(r[each]):.6f}" for each in ("p_trust", "p_geo"))]
            for r in read(folder / "geography/trust_to_utla_mapping_covid_admissions.csv")
        ],
    )


def trust_names(folder: Path, write: Write) -> None:
    """What KH03 calls each trust: in the last quarter to March 2016 that it reports, else in the first one after."""
    found: dict[str, tuple[str, str]] = {}
    for r in read(folder / "beds_ae/kh03_overnight_beds_by_trust_quarterly_2010Q1_2021Q4.csv"):
        trust, quarter = r["org_code"], r["quarter"].replace(" ", "")
        held = found.get(trust)
        if held is None or held[0] < quarter <= LAST_NAMED or LAST_NAMED < quarter < held[0]:
            found[trust] = (quarter, r["org_name"].strip())
    write(
        "trust_names.csv",
        ["trust", "name", "quarter"],
        [[trust, name, quarter] for trust, (quarter, name) in sorted(found.items())],
    )


def need(folder: Path, write: Write) -> None:
    """Deprivation of 2015 by upper-tier council, and who received pension credit in February 2014, from districts."""
    county = {r["LAD15CD"]: r["CTY15CD"] for r in read(folder / "geography/lad15_county15.csv")}
    credit: dict[str, int] = defaultdict(int)
    for r in read(folder / "deprivation/dwp_pension_credits_by_lad_feb2010_feb2016.csv"):
        code = RECODED.get(r["lad_code"], r["lad_code"])
        council = county.get(code, "")
        credit[council if council.startswith("E10") else code] += int(r["feb_2014"] or 0)
    scores = {
        RECODED.get(code, code): score
        for code, score in sheet(folder / "deprivation/IMD2015_File11_upper_tier_summaries.xlsx", "IMD", "IMD - Average score")
    }  # fmt: skip
    councils = [r["UTLA15CD"] for r in read(folder / "geography/hwb_utla_2014_register.csv")]
    write(
        "need.csv",
        ["council", "deprivation_2015", "pension_credit_2014"],
        [[code, scores.get(code, ""), str(credit[code]) if code in credit else ""] for code in councils],
    )


def sheet(path: Path, name: str, column: str) -> list[tuple[str, str]]:
    """The first column and another of a sheet, through the reader that carepool has."""
    from python_calamine import CalamineWorkbook

    heading, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python()
    at = heading.index(column)
    return [(str(row[0]), str(row[at])) for row in rows if re.fullmatch(r"E\d{8}", str(row[0]))]
