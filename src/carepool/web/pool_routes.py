"""The addresses of a pool."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.cache import cache_control

from carepool.web import (
    pool,
    pool_action_plans,
    pool_actuals,
    pool_agreement,
    pool_bears,
    pool_checks,
    pool_entering,
    pool_import_check,
    pool_imports,
    pool_log,
    pool_mandates,
    pool_month_end,
    pool_new,
    pool_partners,
    pool_performance,
    pool_postings,
    pool_statements,
    pool_year_end,
)

# Who is signed in stands on each page, and books change, so no cache between us and them may keep one.
_own: Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]] = cache_control(
    private=True, no_cache=True
)

pool_routes: list[URLPattern] = [
    path("pools/new", _own(pool_new.page), name="pool-new"),  # before every pool, so that none is called so
    path("pools/<str:pool>.json", _own(pool.as_json), name="pool-json"),
    path("pools/<str:pool>", _own(pool.page), name="pool"),
    path("pools/<str:pool>/postings", _own(pool_postings.page), name="pool-postings"),
    path("pools/<str:pool>/postings.csv", _own(pool_postings.as_csv), name="pool-postings-csv"),
    path("pools/<str:pool>/postings/<path:posting>", _own(pool_postings.posting), name="pool-posting"),
    path("pools/<str:pool>/accounts", _own(pool_postings.accounts), name="pool-accounts"),
    path("pools/<str:pool>/accounts/<path:account>", _own(pool_postings.account), name="pool-account"),
    path("pools/<str:pool>/enter", _own(pool_entering.choose), name="pool-enter"),
    path("pools/<str:pool>/enter/<str:event>", _own(pool_entering.event), name="pool-enter-event"),
    path("pools/<str:pool>/actuals", _own(pool_actuals.page), name="pool-actuals"),
    path("pools/<str:pool>/actuals.csv", _own(pool_actuals.as_csv), name="pool-actuals-csv"),
    path(
        "pools/<str:pool>/actuals/<str:scheme>/<str:source>",
        _own(pool_actuals.line),
        name="pool-actuals-line",
    ),
    path("pools/<str:pool>/imports", _own(pool_imports.page), name="pool-imports"),
    path("pools/<str:pool>/imports/check", _own(pool_import_check.page), name="pool-import"),
    path("pools/<str:pool>/agreement", _own(pool_agreement.page), name="pool-agreement"),
    path("pools/<str:pool>/mandates", _own(pool_mandates.page), name="pool-mandates"),
    path("pools/<str:pool>/mandates/<str:mandate>", _own(pool_mandates.one), name="pool-mandate"),
    path("pools/<str:pool>/bears", _own(pool_bears.page), name="pool-bears"),
    path("pools/<str:pool>/checks", _own(pool_checks.page), name="pool-checks"),
    path("pools/<str:pool>/performance", _own(pool_performance.page), name="pool-performance"),
    path("pools/<str:pool>/year-end", _own(pool_year_end.page), name="pool-year-end"),
    path("pools/<str:pool>/action-plans", _own(pool_action_plans.page), name="pool-action-plans"),
    path("pools/<str:pool>/month-end", _own(pool_month_end.page), name="pool-month-end"),
    path("pools/<str:pool>/statements", _own(pool_statements.page), name="pool-statements"),
    *(
        path(
            f"pools/<str:pool>/statements/<str:period>.{each}",
            _own(pool_statements.as_file),
            {"ending": each},
            name=f"pool-statement-{each}",
        )
        for each in ("pdf", "docx", "xlsx", "csv")
    ),
    path(
        "pools/<str:pool>/statements/<str:period>.json",
        _own(pool_statements.as_json),
        name="pool-statement-json",
    ),
    path("pools/<str:pool>/statements/<str:period>", _own(pool_statements.statement), name="pool-statement"),
    path("pools/<str:pool>/partners", _own(pool_partners.page), name="pool-partners"),
    path("pools/<str:pool>/partners.json", _own(pool_partners.as_json), name="pool-partners-json"),
    path("pools/<str:pool>/partners/<str:partner>", _own(pool_partners.partner), name="pool-partner"),
    path(
        "pools/<str:pool>/books.beancount",
        _own(pool_partners.export),
        {"form": "beancount"},
        name="pool-beancount",
    ),
    path(
        "pools/<str:pool>/books.journal", _own(pool_partners.export), {"form": "hledger"}, name="pool-hledger"
    ),
    path("pools/<str:pool>/books.csv", _own(pool_partners.export), {"form": "csv"}, name="pool-books-csv"),
    path("pools/<str:pool>/books.xlsx", _own(pool_partners.export), {"form": "xlsx"}, name="pool-books-xlsx"),
    path("pools/<str:pool>/log", _own(pool_log.page), name="pool-log"),
    path("pools/<str:pool>/log/<str:entry>", _own(pool_log.entry), name="pool-log-entry"),
]
