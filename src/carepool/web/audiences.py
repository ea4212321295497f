"""Who may open which route: one table for all of them, and what each of the others sees instead.

What is not one's to see looks exactly like what does not exist. Whoever is not signed in is asked to sign in, for a plan
that exists and for one that does not alike; what they had typed is shown to them, so that nothing is lost.
"""

from collections.abc import Callable
from enum import Enum
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, reverse

from carepool.actions.pools import check_may_read_pool
from carepool.actions.reading import check_may_read
from carepool.web.asking import HouseRequest
from carepool.web.frame import account_of, read_when
from carepool.web.signing_in import to_sign_in
from carepool.web.typed import typed_in
from carepool.web.words import BUILD

View = Callable[..., HttpResponseBase]


class Audience(Enum):
    """Who may open a route."""

    ANYBODY = "anybody, signed in or not"
    SIGNED_IN = "whoever is signed in; what is not theirs does not exist"
    PLAN = "whoever holds an office in a body that the plan concerns"
    POOL = "whoever holds an office in a partner of the pool, or may read its plan"
    LINK = "whoever was sent the link"


ANYBODY = {
    "nation", "nation-json", "nation-csv", "board", "board-json", "board-csv", "rules", "rules-set", "rules-json",
    "rules-value", "rules-value-json", "rules-difference", "rules-difference-json", "rules-difference-csv", "effect",
    "effect-json", "effect-csv", "about", "county", "plans", "plan-public", "public-json", "assurance-national",
    "assurance-national-json", "assurance-national-csv", "delivery-national", "delivery-national-json", "meetings", "meetings-json", "meetings-ics", "sign-in",
    "sign-in-code", "sign-in-with", "sign-in-back", "forgotten", "sign-out",
    "replay", "replay-json", "replay-csv", "nation-stake", "nation-stake-json", "nation-stake-csv", "region-stake", "region-stake-json", "region-stake-csv",
    "board-stake", "board-stake-json", "board-stake-csv", "trust", "trust-json", "capacity", "capacity-json",
    "intermediate-care", "intermediate-care-json", "intermediate-care-csv",
    "measures", "measures-json", "measure", "measure-json", "measure-csv", "board-measure", "board-measure-json", "board-measure-csv",
    "region", "region-json", "region-csv",
    "open", "open-json", "open-csv", "open-money", "open-money-json", "open-money-csv", "open-schemes", "open-schemes-json", "open-schemes-csv",
    "open-metrics", "open-metrics-json", "open-metrics-csv", "open-data", "open-zip", "open-package-json", "open-parquet", "open-file-csv",
    "standard", "standard-schema-json", "standard-codes-json",
    "exceptions", "exceptions-json", "exceptions-csv", "releases", "releases-json", "releases-csv", "releases-atom", "release", "release-json", "release-csv", "release-zip", "release-py",
    "release-money", "release-money-json", "release-money-csv", "release-scheme", "release-scheme-json", "release-scheme-csv",
    "release-metric", "release-metric-json", "release-metric-csv", "api", "api-openapi-json",
}  # fmt: skip
SIGNED_IN = {
    "me", "me-read", "my-tokens", "my-password", "my-second-factor", "my-second-factor-svg", "my-sessions", "my-identities",
    "my-invitations", "link-with", "body-offices", "own-measures", "assurance", "calendar", "calendar-json", "calendar-csv",
    "calendar-ics", "plan-new", "pool-new", "drafts", "draft", "draft-file", "draft-zip", "draft-effect", "draft-effect-json", "draft-effect-csv",
    "draft-drop", "portfolio", "stays",
}  # fmt: skip
PLAN = {
    "plan", "plan-json", "plan-section", "plan-check", "plan-save", "plan-versions", "plan-compare", "plan-history",
    "plan-paper", "plan-paper-pdf", "plan-paper-docx", "plan-paper-json", "plan-paper-css", "plan-paper-withhold",
    "plan-workbook", "plan-workbook-xlsx", "plan-workbook-annotated", "plan-workbook-map", "plan-carry", "plan-comments",
    "plan-from", "plan-from-json", "plan-decisions", "plan-decide", "plan-decide-how", "plan-decision", "plan-record",
    "plan-record-confirm", "plan-record-document", "plan-link", "plan-delegate", "plan-dispute", "plan-redeploy", "plan-publish",
    "plan-stage", "plan-money", "plan-releases", "plan-releases-json", "plan-statement-txt", "plan-open-pool", "plan-propose", "plan-approve", "plan-keep",
    "plan-assurance", "plan-assurance-json", "plan-review", "plan-review-item", "plan-moderate", "plan-moderate-item",
    "plan-outcome", "plan-dossier", "plan-calendar", "plan-calendar-json", "plan-calendar-csv", "plan-calendar-ics",
    "plan-notice", "plan-ccg", "plan-ccg-pdf", "plan-ccg-csv", "plan-stake", "plan-stake-json", "plan-stake-csv",
    "plan-returns", "plan-return", "plan-return-json", "plan-return-csv", "plan-return-pdf", "plan-return-txt", "plan-return-xlsx",
    "plan-delivery", "plan-delivery-json", "plan-scenario",
    "plan-return-fill", "plan-return-part",
}  # fmt: skip
POOL = {
    "pool", "pool-json", "pool-postings", "pool-postings-csv", "pool-posting", "pool-accounts", "pool-account",
    "pool-enter", "pool-enter-event", "pool-month-end", "pool-log", "pool-log-entry",
    "pool-statements", "pool-statement", "pool-statement-json", "pool-statement-pdf", "pool-statement-docx",
    "pool-statement-xlsx", "pool-statement-csv", "pool-partners", "pool-partners-json",
    "pool-partner", "pool-beancount", "pool-hledger", "pool-books-csv", "pool-books-xlsx",
    "pool-actuals", "pool-actuals-csv", "pool-actuals-line", "pool-imports", "pool-import", "pool-agreement", "pool-mandates",
    "pool-mandate", "pool-bears", "pool-checks", "pool-year-end", "pool-performance", "pool-action-plans",
}  # fmt: skip
LINK = {"sign-by-link", "new-password", "invitation", "invitation-with", "calendar-link-ics"}

AUDIENCES: dict[str, Audience] = {
    **dict.fromkeys(ANYBODY, Audience.ANYBODY),
    **dict.fromkeys(SIGNED_IN, Audience.SIGNED_IN),
    **dict.fromkeys(PLAN, Audience.PLAN),
    **dict.fromkeys(POOL, Audience.POOL),
    **dict.fromkeys(LINK, Audience.LINK),
}
"""The audience of every route, by its name. A route without one is not served."""


def opened(pattern: URLPattern, audience: Audience | None = None) -> URLPattern:
    """The route, open to its audience, or to another's, and to nobody else. KeyError for one that has no audience."""
    name = pattern.name or ""
    audience = audience or AUDIENCES[name]
    view: View = pattern.callback
    if audience is Audience.PLAN:
        view = _to_readers(view)
    elif audience is Audience.POOL:
        view = _to_partners(view)
    elif audience is Audience.SIGNED_IN:
        view = _to_the_signed_in(view)
    return URLPattern(pattern.pattern, view, pattern.default_args, name)


def _to_the_signed_in(view: View) -> View:
    @wraps(view)
    def answer(request: HttpRequest, **named: str) -> HttpResponseBase:
        return view(request, **named) if account_of(request) else _sign_in_first(request)

    return answer


def _to_readers(view: View) -> View:
    @wraps(view)
    def answer(request: HouseRequest, plan: str, **named: str) -> HttpResponseBase:
        account = account_of(request)
        if account is None:
            return _sign_in_first(request)
        then = request.method in {"GET", "HEAD"} and read_when(request).upto is not None
        check_may_read(request.house, account.id, plan, then=then)
        return view(request, plan=plan, **named)

    return answer


def _to_partners(view: View) -> View:
    @wraps(view)
    def answer(request: HouseRequest, pool: str, **named: str) -> HttpResponseBase:
        account = account_of(request)
        if account is None:
            return _sign_in_first(request)
        then = request.method in {"GET", "HEAD"} and read_when(request).upto is not None
        check_may_read_pool(request.house, account.id, pool, then=then)
        return view(request, pool=pool, **named)

    return answer


def _sign_in_first(request: HttpRequest) -> HttpResponseBase:
    """Off to sign in; or, where a form was sent, what was typed, to be copied: nothing was recorded."""
    if request.method in {"GET", "HEAD"}:
        return to_sign_in(request)
    context = {"typed": typed_in(request), "sign_in": reverse("sign-in"), "build": BUILD}
    return render(request, "web/sign_in_first.jinja", context, status=HTTPStatus.FORBIDDEN)
