"""Every route of the service with addresses that show it, and the addresses at which it has to say no."""

from carepool.plans.document import EVERY

KENT = "E10000016"
INCOMPLETE = {"E08000025": "Birmingham", "E08000029": "Solihull", "E10000028": "Staffordshire"}
"""The boards whose figures rest on an incomplete return."""

REGIMES = ("itf-2013-08", "bcf-2013-12", "bcf-2014-02", "bcf-2014-08", "bcf-2015-03", "bcf-2016-17")
"""The sets that name a way of paying, each another method."""

COUNTY = ("carrowby", "wolds", "farrowdale", "stonebeck", "lindenmouth", "merrow", "thornmere")
"""The plans of the illustrative county."""

CARE = "table=Home%2CReablement%2C2015-04%2C60%2C100%2C20%0D%0AHome%2CReablement%2C2015-05%2C60%2C90%2C20"
"""Two months of a service, as the form of intermediate care sends them."""

API: dict[str, list[str]] = {
    "api-openapi-json": ["/api/v1/openapi.json"],
    "api-nation-json": ["/api/v1/nation", "/api/v1/nation?ambition=3.07&as_at=2015-08-10"],
    "api-regions-region-json": ["/api/v1/regions/E12000008", "/api/v1/regions/E12000005?as_at=2015-08-10"],
    "api-open-json": ["/api/v1/open"],
    "api-open-money-json": ["/api/v1/open/money"],
    "api-open-schemes-json": ["/api/v1/open/schemes?q=carrowby&size=1"],
    "api-open-metrics-json": ["/api/v1/open/metrics"],
    "api-boards-json": ["/api/v1/boards", "/api/v1/boards?q=kent&size=1", "/api/v1/boards?page=3&size=50"],
    "api-boards-code-json": [
        f"/api/v1/boards/{KENT}",
        "/api/v1/boards/ZZ1?ambition=3.07",
        "/api/v1/boards/E08000025?as_at=2015-02-13",
    ],
    "api-boards-code-measures-metric-json": [
        f"/api/v1/boards/{KENT}/measures/delayed_transfers",
        "/api/v1/boards/ZZ1/measures/beds_occupied",
        f"/api/v1/boards/{KENT}/measures/discharge_delay",
    ],
    "api-trusts-code-json": ["/api/v1/trusts/ZZT", "/api/v1/trusts/RWE", "/api/v1/trusts/RW3"],
    "api-measures-json": ["/api/v1/measures", "/api/v1/measures?held=false", "/api/v1/measures?q=falls"],
    "api-measures-metric-observations-json": [
        f"/api/v1/measures/delayed_transfers/observations?board={KENT}&board=HWB_BP&from=2014-04&to=2015-12",
        "/api/v1/measures/permanent_admissions/observations?size=200",
        "/api/v1/measures/falls_admissions/observations",
        "/api/v1/measures/reablement_91_days/observations?board=ZZ1&to=2020-21",
    ],
    "api-releases-json": ["/api/v1/releases", "/api/v1/releases?plan=carrowby&corrects=carrowby/1"],
    "api-releases-plan-number-json": ["/api/v1/releases/carrowby/1", "/api/v1/releases/carrowby/2"],
    "api-releases-plan-number-plan-json": [
        "/api/v1/releases/carrowby/1/plan",
        "/api/v1/releases/carrowby/2/plan",
    ],
    "api-releases-plan-number-money-json": ["/api/v1/releases/carrowby/2/money"],
    "api-releases-plan-number-schemes-json": ["/api/v1/releases/carrowby/2/schemes?size=2"],
    "api-releases-plan-number-schemes-name-json": ["/api/v1/releases/carrowby/2/schemes/S1"],
    "api-releases-plan-number-metrics-json": ["/api/v1/releases/carrowby/1/metrics"],
    "api-releases-plan-number-metrics-name-json": [
        "/api/v1/releases/carrowby/2/metrics/permanent_admissions"
    ],
    "api-exceptions-json": ["/api/v1/exceptions", "/api/v1/exceptions?stands=true"],
    "api-plans-plan-public-json": ["/api/v1/plans/carrowby/public"],
    "api-rules-json": ["/api/v1/rules", "/api/v1/rules?status=proposed"],
    "api-rules-which-json": [f"/api/v1/rules/{rules}" for rules in (*REGIMES, "measures", "section-75")],
    "api-rules-which-files-path-json": [
        "/api/v1/rules/bcf-2014-08/files/payment/unit_value",
        "/api/v1/rules/itf-2013-08/files/conditions",
    ],
    "api-rules-before-against-after-json": [
        "/api/v1/rules/itf-2013-08/against/bcf-2014-08",
        "/api/v1/rules/bcf-2014-08/against/bcf-2014-08",
    ],
    "api-assurance-json": ["/api/v1/assurance", "/api/v1/assurance?area=county&as_at=2014-10-20"],
    "api-delivery-json": ["/api/v1/delivery", "/api/v1/delivery?area=county"],
    "api-bodies-body-meetings-json": [
        "/api/v1/bodies/board:ZZ5/meetings",
        f"/api/v1/bodies/council:{KENT}/meetings",
    ],
    "api-plans-json": ["/api/v1/plans", "/api/v1/plans?as_at=2014-12-31&board=ZZ1"],
}
"""The same of what the API answers to everybody."""
API |= {
    "api-me-json": ["/api/v1/me"],
    "api-me-tasks-json": ["/api/v1/me/tasks", "/api/v1/me/tasks?plan=carrowby"],
    "api-plans-plan-json": [
        *(f"/api/v1/plans/{plan}" for plan in COUNTY),
        "/api/v1/plans/stonebeck?as_at=2014-12-31",
    ],
    "api-plans-plan-calendar-json": [
        *(f"/api/v1/plans/{plan}/calendar" for plan in ("carrowby", "wolds", "merrow")),
        "/api/v1/plans/merrow/calendar?as_at=2015-02-20&deadline=section_75",
    ],
    "api-plans-plan-assurance-json": [
        f"/api/v1/plans/{plan}/assurance" for plan in ("carrowby", "farrowdale", "wolds")
    ],
    "api-plans-plan-delivery-json": ["/api/v1/plans/carrowby/delivery"],
    "api-plans-plan-payments-json": ["/api/v1/plans/carrowby/payments"],
    "api-plans-plan-returns-quarter-json": [
        "/api/v1/plans/carrowby/returns/2015-16Q1",
        "/api/v1/plans/carrowby/returns/2015-16Q3",
        "/api/v1/plans/carrowby/returns/2015-16Q4",
    ],
    "api-plans-plan-drafts-section-json": [f"/api/v1/plans/stonebeck/drafts/{section}" for section in EVERY],
    "api-calendar-json": ["/api/v1/calendar?as_at=2014-12-20", "/api/v1/calendar"],
    "api-pools-pool-json": ["/api/v1/pools/carrowby", "/api/v1/pools/carrowby?as_at=2015-06-01"],
    "api-pools-pool-postings-json": [
        "/api/v1/pools/carrowby/postings",
        "/api/v1/pools/carrowby/postings?event=opened&since=2015-01-01&size=1",
    ],
    "api-pools-pool-accounts-json": ["/api/v1/pools/carrowby/accounts"],
    "api-pools-pool-partners-json": ["/api/v1/pools/carrowby/partners"],
    "api-pools-pool-statements-period-json": [
        f"/api/v1/pools/carrowby/statements/{period}" for period in ("2015-16Q2", "2015-06", "2015-16")
    ],
}

ROUTES: dict[str, list[str]] = {
    "nation": [
        "/",
        "/?ambition=3.07",
        "/?ambition=0",
        "/?ambition=100",
        "/?as_at=2015-02-13",
        "/?ambition=3.07&as_at=2015-08-10",
    ],
    "nation-json": ["/nation.json", "/nation.json?ambition=3.07&as_at=2015-08-10"],
    "nation-csv": ["/nation.csv", "/nation.csv?ambition=3.07&as_at=2015-08-10"],
    "board": [
        f"/boards/{KENT}",
        "/boards/HWB_BP",
        "/boards/E08000025",
        "/boards/E08000029",
        "/boards/E10000028",
        f"/boards/{KENT}?ambition=0",
        f"/boards/{KENT}?ambition=3.07&as_at=2015-08-10",
        f"/boards/{KENT}?as_at=2015-02-13",
    ],
    "board-json": [f"/boards/{KENT}.json", "/boards/HWB_BP.json?ambition=3.07&as_at=2015-08-10"],
    "board-csv": [f"/boards/{KENT}.csv", "/boards/HWB_BP.csv?ambition=3.07&as_at=2015-08-10"],
    "measures": ["/measures"],
    "measures-json": ["/measures.json"],
    "measure": [
        "/measures/non_elective_admissions",
        f"/measures/delayed_transfers?board={KENT}&board=HWB_BP&board=&from=2014-04&to=2015-12",
        "/measures/reablement_91_days?board=ZZ1&to=2020-21",
        "/measures/falls_admissions",
    ],
    "measure-json": [f"/measures/delayed_transfers.json?board={KENT}&from=2015-04"],
    "measure-csv": ["/measures/permanent_admissions.csv?from=2018-19&to=2022-23"],
    "board-measure": [
        f"/boards/{KENT}/measures/delayed_transfers",
        "/boards/HWB_BP/measures/permanent_admissions",
        "/boards/ZZ1/measures/beds_occupied",
        f"/boards/{KENT}/measures/discharge_delay",
    ],
    "board-measure-json": [f"/boards/{KENT}/measures/delayed_transfers.json"],
    "board-measure-csv": ["/boards/ZZ1/measures/delayed_transfers.csv"],
    "region": ["/regions/E12000008", "/regions/E12000005?ambition=3.07&as_at=2015-08-10"],
    "region-json": ["/regions/E12000008.json"],
    "region-csv": ["/regions/E12000008.csv?ambition=3.07"],
    "open": ["/open", "/open?q=kent", "/open?q=rapid+response", "/open?q=nobody"],
    "open-json": ["/open.json", "/open.json?q=kent"],
    "open-csv": ["/open.csv?q=north+west"],
    **{
        f"open-{part}{name}": [f"/open/{part}{ending}"]
        for part in ("money", "schemes", "metrics")
        for name, ending in (("", ""), ("-json", ".json"), ("-csv", ".csv"))
    },
    "open-data": ["/open/data"],
    "open-zip": ["/open/data.zip"],
    "open-package-json": ["/open/datapackage.json"],
    "open-parquet": ["/open/data/money.parquet"],
    "open-file-csv": ["/open/data/schemes.csv", "/open/data/england/admissions.csv"],
    "standard": ["/standard"],
    "standard-schema-json": ["/standard/plan.schema.json"],
    "standard-codes-json": ["/standard/codes.json"],
    "exceptions": ["/exceptions"],
    "exceptions-json": ["/exceptions.json"],
    "exceptions-csv": ["/exceptions.csv"],
    "releases": ["/releases", "/releases?q=carrowby", "/releases?q=nobody"],
    "releases-json": ["/releases.json"],
    "releases-csv": ["/releases.csv"],
    "releases-atom": ["/releases.atom"],
    "release-py": ["/releases/verify_release.py"],
    "release": ["/releases/carrowby/1", "/releases/carrowby/2"],
    "release-json": ["/releases/carrowby/1.json"],
    "release-zip": ["/releases/carrowby/1.zip"],
    "release-csv": ["/releases/carrowby/2.csv"],
    "release-money": ["/releases/carrowby/2/money"],
    "release-money-json": ["/releases/carrowby/2/money.json"],
    "release-money-csv": ["/releases/carrowby/2/money.csv"],
    "release-scheme": ["/releases/carrowby/2/schemes/S1"],
    "release-scheme-json": ["/releases/carrowby/2/schemes/S1.json"],
    "release-scheme-csv": ["/releases/carrowby/2/schemes/S1.csv"],
    "release-metric": ["/releases/carrowby/2/metrics/permanent_admissions"],
    "release-metric-json": ["/releases/carrowby/2/metrics/permanent_admissions.json"],
    "release-metric-csv": ["/releases/carrowby/2/metrics/permanent_admissions.csv"],
    "replay": ["/replay", "/replay?ambition=3.5&operational=1.4&stand_in=yes"],
    "replay-json": ["/replay.json?ambition=3.5"],
    "replay-csv": ["/replay.csv"],
    "nation-stake": [
        *(f"/at-stake?rules={rules}" for rules in REGIMES),
        "/at-stake?cut=3.5&q-2015-16Q1=-1&q-2015-16Q3=%2B0.5&cap=year&back=yes",
        "/at-stake?rules=bcf-2013-12&t-april_conditions-seven_days=100&t-october_progress-local_metric=69.9",
    ],
    "nation-stake-json": ["/at-stake.json", "/at-stake.json?rules=bcf-2016-17&held=20&value=1490"],
    "nation-stake-csv": ["/at-stake.csv"],
    "region-stake": ["/regions/E12000008/at-stake", "/regions/E12000005/at-stake?cut=3.5&q-2014-15Q4=-2"],
    "region-stake-json": ["/regions/E12000008/at-stake.json"],
    "region-stake-csv": ["/regions/E12000008/at-stake.csv"],
    "board-stake": [
        *(f"/boards/{KENT}/at-stake?rules={rules}" for rules in REGIMES),
        "/boards/E08000025/at-stake",
        "/boards/ZZ1/at-stake?q-2015-16Q1=900",
        f"/boards/{KENT}/at-stake?rules=itf-2013-08&own-first_half-1-name=Falls&own-first_half-1-weight=2&own-first_half-1-done=55",
    ],
    "board-stake-json": [f"/boards/{KENT}/at-stake.json", "/boards/ZZ1/at-stake.json"],
    "board-stake-csv": [f"/boards/{KENT}/at-stake.csv", "/boards/ZZ1/at-stake.csv"],
    "trust": ["/trusts/ZZT", "/trusts/RWE", "/trusts/RW3"],
    "trust-json": ["/trusts/ZZT.json", "/trusts/RWE.json"],
    "capacity": [
        "/capacity",
        "/capacity?place=RWE&reduce=3.5&also=2+5",
        f"/capacity?place={KENT}&stay=4&price=2000",
        "/capacity?place=ZZT&occupancy=85&simulate=yes",
    ],
    "capacity-json": ["/capacity.json?place=RWE", f"/capacity.json?place={KENT}&reduce=2"],
    "intermediate-care": [
        "/intermediate-care",
        f"/intermediate-care?{CARE}",
        f"/intermediate-care?{CARE}&more=7&in_hospital=50",
    ],
    "intermediate-care-json": [f"/intermediate-care.json?{CARE}&more=7"],
    "intermediate-care-csv": [f"/intermediate-care.csv?{CARE}"],
    "plan-scenario": [
        f"/plans/merrow/scenario?{CARE}&more=7",
        "/plans/merrow/scenario?place=ZZ1&reduce=3",
        "/plans/carrowby/scenario",
    ],
    "plan-ccg": ["/plans/carrowby/money/Z6A", "/plans/carrowby/money/Z6A?as_at=2015-08-10"],
    "plan-ccg-pdf": ["/plans/carrowby/money/Z6A.pdf"],
    "plan-ccg-csv": ["/plans/carrowby/money/Z6A.csv"],
    "plan-stake": [
        *(f"/plans/{plan}/at-stake" for plan in COUNTY),
        *(f"/plans/carrowby/at-stake?rules={rules}" for rules in REGIMES),
        "/plans/carrowby/at-stake?q-2015-16Q3=-5&further=%2B0.5&as_at=2015-08-10",
    ],
    "plan-stake-json": ["/plans/carrowby/at-stake.json"],
    "plan-stake-csv": ["/plans/carrowby/at-stake.csv"],
    "rules": ["/rules"],
    "rules-set": [
        "/rules/bcf-2014-08",
        "/rules/itf-2013-08",
        "/rules/information-sharing",
        "/rules/measures",
        "/rules/planning",
        "/rules/section-75",
    ],
    "rules-json": ["/rules/bcf-2014-08.json", "/rules/itf-2013-08.json"],
    "rules-value": [
        "/rules/bcf-2014-08/payment/unit_value",
        "/rules/bcf-2014-08/payment/release",
        "/rules/bcf-2013-12/payment/tranches",
        "/rules/bcf-2015-03/payment/rebasing",
        "/rules/bcf-2016-17/payment/out_of_hospital",
        "/rules/bcf-2025-26/set",
        *(
            f"/rules/bcf-2014-08/{path}"
            for path in (
                "composition",
                "transfer",
                "conditions",
                "metrics",
                "authority",
                "decisions",
                "timetable",
                "redeployment",
                "capital",
                "assurance",
                "enquiries",
                "savings/credibility",
                "disclosure",
                "allocation/methods",
            )
        ),
    ],
    "rules-value-json": ["/rules/bcf-2014-08/payment/unit_value.json", "/rules/itf-2013-08/conditions.json"],
    "rules-difference": [
        "/rules/itf-2013-08..bcf-2014-08",
        "/rules/bcf-2013-12..bcf-2014-02",
        "/rules/bcf-2016-17..bcf-2025-26",
        "/rules/bcf-2014-08..bcf-2014-08",
    ],
    "rules-difference-json": ["/rules/itf-2013-08..bcf-2014-08.json"],
    "rules-difference-csv": ["/rules/itf-2013-08..bcf-2014-08.csv"],
    "effect": [
        "/rules/effect",
        "/rules/effect?rules=bcf-2016-17&against=bcf-2014-08&ambition=3.07",
        "/rules/effect?rules=bcf-2025-26",
    ],
    "effect-json": ["/rules/effect.json?rules=bcf-2016-17"],
    "effect-csv": ["/rules/effect.csv?rules=bcf-2014-08"],
    "about": ["/about"],
    "county": ["/county"],
    "sign-in": ["/sign-in", "/sign-in?next=/plans", "/sign-in?said=password"],
    "forgotten": ["/sign-in/forgotten"],
    "plans": ["/plans", "/plans?as_at=2014-12-31", "/plans?as_at=2013-01-01"],
    "plan": [*(f"/plans/{plan}" for plan in COUNTY), "/plans/stonebeck?as_at=2014-12-31"],
    "plan-json": ["/plans/carrowby.json", "/plans/merrow.json", "/plans/stonebeck.json?as_at=2014-12-31"],
    "plan-section": [
        f"/plans/{plan}/sections/{section}"
        for plan in COUNTY
        for section in ("parties", "schemes", "sources", "spend", "target")
    ]
    + [f"/plans/stonebeck/sections/{section}" for section in list(EVERY)[6:] if section != "target"]
    + [f"/plans/stonebeck/sections/{section}" for section in ("vision", "action")],
    "plan-history": [
        *(f"/plans/stonebeck/history/{section}" for section in EVERY),
        "/plans/stonebeck/history/schemes?at=schemes/schemes/S1/name",
        "/plans/stonebeck/history/schemes?as_at=2014-12-31",
        "/plans/merrow/history/spend",
    ],
    "plan-check": [*(f"/plans/{plan}/check" for plan in COUNTY), "/plans/stonebeck/check?as_at=2014-12-31"],
    "plan-versions": [f"/plans/{plan}/versions" for plan in COUNTY],
    "plan-compare": ["/plans/stonebeck/compare", "/plans/stonebeck/compare?a=2&b=1", "/plans/merrow/compare"],
    "plan-paper": [
        *(f"/plans/{plan}/paper" for plan in COUNTY),
        "/plans/stonebeck/paper?since=1",
        "/plans/stonebeck/paper?as_at=2014-12-31",
    ],
    "plan-paper-pdf": ["/plans/stonebeck/paper.pdf"],
    "plan-paper-docx": ["/plans/stonebeck/paper.docx"],
    "plan-paper-json": ["/plans/stonebeck/paper.json"],
    "plan-paper-css": ["/plans/stonebeck/paper.css"],
    "plan-workbook": ["/plans/carrowby/workbook", "/plans/merrow/workbook"],
    "plan-workbook-xlsx": ["/plans/carrowby/workbook.xlsx", "/plans/merrow/workbook.xlsx"],
    "plan-carry": [
        "/plans/carrowby/carry",
        "/plans/wolds/carry?rules=bcf-2016-17",
        "/plans/merrow/carry?rules=bcf-2015-03",
    ],
    "plan-comments": [
        "/plans/carrowby/comments",
        "/plans/stonebeck/comments?at=spend/spend/0/year_2",
        "/plans/stonebeck/comments?show=open&as_at=2014-12-31",
        "/plans/merrow/comments?at=vision",
    ],
    "plan-from": [
        "/plans/carrowby/from",
        "/plans/carrowby/from?at=target",
        "/plans/carrowby/from?at=target/quarters/0/planned",
        "/plans/carrowby/from?at=sources/sources/0/year_2",
        "/plans/stonebeck/from?at=schemes/schemes/0/name",
        "/plans/stonebeck/from?at=schemes/schemes/0/name&as_at=2014-12-31",
        "/plans/lindenmouth/from?at=spend/spend/0",
        "/plans/merrow/from?at=vision/case",
    ],
    "plan-from-json": [
        "/plans/carrowby/from.json?at=target/quarters/0/planned",
        "/plans/merrow/from.json?at=parties",
    ],
    "plan-decisions": [f"/plans/{plan}/decisions" for plan in COUNTY]
    + ["/plans/thornmere/decisions?as_at=2015-01-26 09:30"],
    **{
        name: [f"/plans/thornmere/decisions/{part}", f"/plans/carrowby/decisions/{part}?as_at=2014-12-31"]
        for name, part in (
            ("plan-decide-how", "how"),
            ("plan-record", "record"),
            ("plan-link", "link"),
            ("plan-delegate", "delegations"),
            ("plan-dispute", "disputes"),
            ("plan-redeploy", "redeployment"),
        )
    },
    "plan-publish": [f"/plans/{plan}/publish" for plan in ("carrowby", "wolds", "merrow")],
    "plan-assurance": [
        *(f"/plans/{plan}/assurance" for plan in COUNTY),
        "/plans/carrowby/assurance?as_at=2014-10-20",
    ],
    "plan-assurance-json": ["/plans/carrowby/assurance.json", "/plans/farrowdale/assurance.json"],
    "assurance-national": [
        "/assurance/national",
        "/assurance/national?area=county",
        "/assurance/national?area=county&as_at=2014-10-20",
    ],
    "assurance-national-json": ["/assurance/national.json", "/assurance/national.json?area=county"],
    "assurance-national-csv": ["/assurance/national.csv", "/assurance/national.csv?area=county"],
    "calendar": ["/calendar", "/calendar?as_at=2014-12-20"],
    "calendar-json": ["/calendar.json?as_at=2014-12-20"],
    "calendar-csv": ["/calendar.csv?as_at=2014-12-20"],
    "calendar-ics": ["/calendar.ics"],
    "plan-calendar": [
        *(f"/plans/{plan}/calendar" for plan in ("carrowby", "wolds", "farrowdale", "merrow")),
        "/plans/stonebeck/calendar?as_at=2014-12-20",
        "/plans/merrow/calendar?as_at=2015-02-20&deadline=section_75",
    ],
    "plan-calendar-json": ["/plans/merrow/calendar.json?as_at=2015-02-20"],
    "plan-calendar-csv": ["/plans/merrow/calendar.csv?as_at=2015-02-20"],
    "delivery-national": ["/delivery", "/delivery?area=county", "/delivery?area=county&as_at=2015-09-01"],
    "delivery-national-json": ["/delivery.json", "/delivery.json?area=county"],
    "plan-delivery": [
        "/plans/carrowby/delivery",
        "/plans/carrowby/delivery?as_at=2015-09-01",
        "/plans/merrow/delivery",
    ],
    "plan-delivery-json": ["/plans/carrowby/delivery.json"],
    "plan-returns": [
        *(f"/plans/{plan}/returns" for plan in COUNTY),
        "/plans/carrowby/returns?as_at=2015-09-01",
    ],
    "plan-return": [
        "/plans/carrowby/returns/2014-15Q4",
        "/plans/carrowby/returns/2015-16Q1",
        "/plans/carrowby/returns/2015-16Q1?as_at=2015-09-01",
        "/plans/carrowby/returns/2015-16Q2",
        "/plans/carrowby/returns/2015-16Q4",
    ],
    "plan-return-json": [
        "/plans/carrowby/returns/2015-16Q1.json?as_at=2015-09-01",
        "/plans/carrowby/returns/2015-16Q3.json",
    ],
    "plan-return-pdf": ["/plans/carrowby/returns/2015-16Q2.pdf"],
    "plan-return-csv": ["/plans/carrowby/returns/2015-16Q2.csv"],
    "plan-return-txt": ["/plans/carrowby/returns/2015-16Q1.txt"],
    "plan-return-xlsx": ["/plans/carrowby/returns/2015-16Q2.xlsx"],
    "plan-return-fill": [
        "/plans/carrowby/returns/2015-16Q2/fill",
        "/plans/carrowby/returns/2015-16Q3/fill",
        "/plans/carrowby/returns/2015-16Q4/fill",
    ],
    "plan-return-part": [
        f"/plans/carrowby/returns/2015-16Q3/fill/{part}"
        for part in (
            "agreement",
            "conditions",
            "money",
            "performance",
            "unreleased",
            "metrics",
            "measures",
            "narrative",
        )
    ],
    "plan-calendar-ics": ["/plans/merrow/calendar.ics"],
    "plan-notice": ["/plans/merrow/calendar/notice", "/plans/merrow/calendar/notice?as_at=2015-02-20"],
    "meetings": [
        "/bodies/council:ZZ1/meetings",
        "/bodies/board:ZZ4/meetings?as_at=2014-10-01",
        "/bodies/ccg:09C/meetings",
    ],
    "meetings-json": ["/bodies/board:ZZ5/meetings.json"],
    "meetings-ics": ["/bodies/board:ZZ5/meetings.ics"],
    "plan-money": ["/plans/carrowby/money", "/plans/merrow/money"],
    "plan-releases": [
        "/plans/carrowby/releases",
        "/plans/carrowby/releases?as_at=2015-09-01",
        "/plans/merrow/releases",
    ],
    "plan-releases-json": ["/plans/carrowby/releases.json"],
    "plan-statement-txt": ["/plans/carrowby/statement.txt", "/plans/carrowby/statement.txt?as_at=2015-09-01"],
    "pool": ["/pools/carrowby", "/pools/merrow"],
    "pool-json": ["/pools/carrowby.json", "/pools/carrowby.json?as_at=2015-06-01"],
    "pool-postings": ["/pools/carrowby/postings", "/pools/carrowby/postings?event=opened"],
    "pool-postings-csv": ["/pools/carrowby/postings.csv"],
    "pool-posting": ["/pools/carrowby/postings/pool/opened"],
    "pool-accounts": ["/pools/carrowby/accounts"],
    "pool-account": ["/pools/carrowby/accounts/held/Z6A"],
    "pool-enter": ["/pools/carrowby/enter"],
    "pool-enter-event": ["/pools/carrowby/enter/spent", "/pools/carrowby/enter/reversed"],
    "pool-month-end": ["/pools/carrowby/month-end"],
    "pool-log": ["/pools/carrowby/log"],
    "pool-statements": ["/pools/carrowby/statements"],
    "pool-statement": [
        "/pools/carrowby/statements/2015-06",
        "/pools/carrowby/statements/2015-16Q2",
        "/pools/carrowby/statements/2015-16?as_at=2016-01-31",
    ],
    "pool-statement-json": ["/pools/carrowby/statements/2015-16Q2.json"],
    **{
        f"pool-statement-{each}": [f"/pools/carrowby/statements/2015-06.{each}"]
        for each in ("pdf", "docx", "xlsx", "csv")
    },
    "pool-partners": ["/pools/carrowby/partners"],
    "pool-partners-json": ["/pools/carrowby/partners.json"],
    "pool-partner": ["/pools/carrowby/partners/Z6A"],
    "pool-beancount": ["/pools/carrowby/books.beancount"],
    "pool-hledger": ["/pools/carrowby/books.journal"],
    "pool-books-csv": ["/pools/carrowby/books.csv"],
    "pool-books-xlsx": ["/pools/carrowby/books.xlsx"],
    "pool-actuals": [
        "/pools/carrowby/actuals",
        "/pools/carrowby/actuals?through=2015-06",
        "/pools/carrowby/actuals?as_at=2015-12-01",
    ],
    "pool-actuals-csv": ["/pools/carrowby/actuals.csv"],
    "pool-actuals-line": ["/pools/carrowby/actuals/S2/unstated"],
    "pool-imports": ["/pools/carrowby/imports"],
    "pool-import": ["/pools/carrowby/imports/check"],
    "pool-agreement": ["/pools/carrowby/agreement", "/pools/carrowby/agreement?as_at=2015-12-01"],
    "pool-mandates": ["/pools/carrowby/mandates"],
    "pool-bears": [
        "/pools/carrowby/bears",
        "/pools/carrowby/bears?by=so_far",
        "/pools/carrowby/bears?by=forecast&line-S2=spot&outside=%C2%A31,000&agreed=yes",
    ],
    "pool-checks": ["/pools/carrowby/checks"],
    "pool-year-end": ["/pools/carrowby/year-end", "/pools/carrowby/year-end?as_at=2015-12-01"],
    "pool-performance": ["/pools/carrowby/performance", "/pools/carrowby/performance?as_at=2015-12-01"],
    "pool-action-plans": ["/pools/carrowby/action-plans"],
    "plan-public": ["/public/carrowby"],
    "public-json": ["/public/carrowby.json"],
    "api": ["/api"],
    **API,
}
"""The name of every route, with examples. A route that is missing here fails a test."""

DECISION_FORMS = {
    "plan-decide": "/plans/carrowby/decide",
    "plan-stage": "/plans/carrowby/stage",
    "plan-open-pool": "/plans/carrowby/open-pool",
    "plan-propose": "/plans/carrowby/propose",
    "plan-approve": "/plans/carrowby/approve",
    "plan-keep": "/plans/carrowby/keep",
}
"""Routes that forms are sent to, with an example; opened, each leads back to the page that its form is on."""

PLAN_FORMS = {
    "sign-out": "/sign-out",
    "plan-save": "/plans/merrow/save",
    "api-plans-plan-versions-json": "/api/v1/plans/merrow/versions",
    "me-read": "/me/read",
    "draft-drop": "/rules/draft/0123456789abcdef/drop",
}
"""Routes that only answer a form that is sent, with an example."""

SIGNED_IN = {
    "me": "/me",
    "my-password": "/me/password",
    "my-second-factor": "/me/second-factor",
    "my-second-factor-svg": "/me/second-factor/picture.svg",
    "my-sessions": "/me/sessions",
    "my-tokens": "/me/tokens",
    "my-identities": "/me/sign-ins",
    "my-invitations": "/me/invitations",
    "assurance": "/assurance",
    "plan-review": "/plans/farrowdale/assurance/review/nhs",
    "plan-review-item": "/plans/farrowdale/assurance/review/nhs/answers-agreed",
    "plan-moderate": "/plans/farrowdale/assurance/moderate",
    "plan-moderate-item": "/plans/farrowdale/assurance/moderate/quality",
    "plan-outcome": "/plans/farrowdale/assurance/outcome",
    "plan-new": "/plans/new",
    "pool-new": "/pools/new",
    "plan-workbook-map": "/plans/carrowby/workbook/map",
    "plan-workbook-annotated": "/plans/carrowby/workbook/0123456789abcdef.xlsx",
    "plan-paper-withhold": "/plans/stonebeck/paper/withhold",
    "plan-dossier": "/plans/stonebeck/dossier.zip",
    "portfolio": "/portfolio",
    "stays": "/stays",
    "drafts": "/rules/draft",
    "draft": "/rules/draft/0123456789abcdef",
    "draft-file": "/rules/draft/0123456789abcdef/file?path=set.yaml",
    "draft-effect": "/rules/draft/0123456789abcdef/effect",
    "draft-effect-json": "/rules/draft/0123456789abcdef/effect.json",
    "draft-effect-csv": "/rules/draft/0123456789abcdef/effect.csv",
    "draft-zip": "/rules/draft/0123456789abcdef/files.zip",
}
"""Routes that ask whoever is not signed in to sign in, with an example."""

NAMED_BY_WHAT_WAS_SIGNED = {
    "body-offices": "/bodies/council:ZZ7/offices",
    "own-measures": "/boards/ZZ1/measures/new",
    "plan-decision": f"/plans/carrowby/decisions/{'0' * 64}",
    "plan-record-confirm": f"/plans/carrowby/records/{'0' * 64}",
    "plan-record-document": f"/plans/carrowby/records/{'0' * 64}/document",
    "sign-by-link": "/sign/nobody-was-sent-this",
    "pool-log-entry": "/pools/carrowby/log/999",
    "pool-mandate": "/pools/carrowby/mandates/999",
}
"""Routes whose address names what was signed or sent, with one of nothing."""

BY_LINK = {
    "calendar-link-ics": "/calendar/demo-01.0123456789abcdef.ics",
    "sign-in-code": "/sign-in/code",
    "new-password": "/sign-in/new-password/0123456789abcdef",
    "sign-in-with": "/sign-in/with/nobody",
    "sign-in-back": "/sign-in/with/nobody/back",
    "link-with": "/me/sign-ins/with/nobody",
    "invitation": "/invitations/0123456789abcdef",
    "invitation-with": "/invitations/0123456789abcdef/with/nobody",
}
"""Routes that somebody is led to on the way in, with an example that leads nowhere."""

ASKS = {"sign-in", "forgotten", "standard"}
"""Routes whose pages have a form that is sent, and so set the cookie that proves where it came from."""

KINDS = {
    "ics": "text/calendar; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "py": "text/x-python; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}
KINDS |= {
    "css": "text/css; charset=utf-8",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "parquet": "application/vnd.apache.parquet",
    "beancount": "text/plain; charset=utf-8",
    "hledger": "text/plain; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

NOT_THERE = {
    "/nowhere": "There is no page at this address.",
    "/boards/": "There is no page at this address.",
    f"/boards/{KENT}/": "There is no page at this address.",
    "/boards/E06000028": "Use the board's code, HWB_BP.",
    "/boards/E06000029": "Use the board's code, HWB_BP.",
    "/boards/E06000052": "Use the board's code, HWB_CS.",
    "/boards/E06000053": "Use the board's code, HWB_CS.",
    "/boards/E1000016": f"Did you mean {KENT}?",
    "/boards/Kent": f"Use the board's code, {KENT}.",
    "/boards/%3Cscript%3E": "There is no board “<script>”.",
    "/trusts/RWEE": "Did you mean RWE?",
    "/regions/E12000088/at-stake": "Did you mean E12000008?",
    "/boards/E1000016/at-stake": f"Did you mean {KENT}?",
    "/rules/bcf-2014-8": "Did you mean bcf-2014-08?",
    "/rules/bcf-2014-8..itf-2013-08": "Did you mean bcf-2014-08?",
    "/rules/itf-2013-08..bcf-2014-8": "Did you mean bcf-2014-08?",
    "/rules/bcf-2014-08/payment/unit-value": "Did you mean payment/unit_value?",
    "/rules/bcf-2014-08/payment/out_of_hospital": "bcf-2016-17 has one.",
    "/rules/bcf-2014-8/payment/unit_value": "Did you mean bcf-2014-08?",
}
"""Addresses of nothing, each with what the page says."""

NOT_USABLE = {
    "ambition=abc": ("ambition", "“abc” is not a cut in per cent. Write a number from 0 to 100, like 3.5."),
    "ambition=-1": ("ambition", "“-1” is not a cut in per cent. Write a number from 0 to 100, like 3.5."),
    "ambition=101": ("ambition", "The cut is “101” per cent. Write a number from 0 to 100, like 3.5."),
    "ambition=NaN": ("ambition", "“NaN” is not a cut in per cent. Write a number from 0 to 100, like 3.5."),
    "ambition=3.555": ("ambition", "The cut is “3.555” per cent. Write at most two decimals, like 3.07."),
    "ambition=%3Cscript%3Ealert(1)%3C/script%3E": (
        "ambition",
        "“<script>alert(1)</script>” is not a cut in per cent. Write a number from 0 to 100, like 3.5.",
    ),
    "as_at=yesterday": (
        "as_at",
        "“yesterday” is not a date. Write it as year-month-day, like 2015-08-10.",
    ),
    "as_at=2015-02-30": (
        "as_at",
        "“2015-02-30” is not a date. Write it as year-month-day, like 2015-08-10.",
    ),
    "as_at=2014-01-01": (
        "as_at",
        "On 1 January 2014 the baseline was not complete: 2013-14Q4 had not been published. "
        "Ask for 13 February 2015 or later.",
    ),
}
"""Questions that cannot be used, each with its field and the sentence at it."""
