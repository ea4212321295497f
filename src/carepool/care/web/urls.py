"""The addresses of the wing. None holds anything of a person but an opaque id."""

from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carepool.care.actions import matching
from carepool.care.actions.ports import RoleKind
from carepool.care.web import (
    assessing,
    copies,
    day,
    details,
    finding,
    governing,
    letters,
    numbers,
    own,
    pairs,
    planning,
    record,
    responsible,
    reviewing,
    signing_in,
    voices,
)
from carepool.care.web.frame import open_to

BOTH = require_http_methods(["GET", "HEAD", "POST"])
STAFF = open_to(RoleKind.PRACTITIONER)
GUARDIAN = open_to(RoleKind.GOVERNANCE)
REVIEWERS = open_to(*matching.REVIEWERS)
OWN = open_to(RoleKind.PERSON, RoleKind.CARER)

BEFORE_SECOND_FACTOR = {"second-factor", "second-factor-svg", "sign-out", "sign-in", "sign-in-code"}
"""What may be asked for by somebody who still has to set up a second factor."""

handler404 = "carepool.care.web.problems.not_found"
handler400 = "carepool.care.web.problems.too_much"
handler500 = "carepool.care.web.problems.broken"

urlpatterns = [
    path("", require_safe(day.home), name="home"),
    path("sign-in", BOTH(signing_in.page), name="sign-in"),
    path("sign-in/code", BOTH(signing_in.code), name="sign-in-code"),
    path("sign-out", require_POST(signing_in.leave), name="sign-out"),
    path("second-factor", BOTH(signing_in.factor), name="second-factor"),
    path("second-factor.svg", require_safe(signing_in.picture), name="second-factor-svg"),
    path("day", require_safe(STAFF(day.page)), name="day"),
    path("find", BOTH(STAFF(finding.page)), name="find"),
    path("people/<slug:person>", require_safe(STAFF(record.page)), name="record"),
    path("people/<slug:person>/glass", require_POST(STAFF(record.glass)), name="glass"),
    path("people/<slug:person>/responsible", BOTH(STAFF(responsible.page)), name="responsible"),
    path("people/<slug:person>/details", BOTH(STAFF(details.of_staff)), name="details"),
    path("people/<slug:person>/assessment", BOTH(STAFF(assessing.page)), name="assessment"),
    path("people/<slug:person>/assessment/said/<who>", BOTH(STAFF(assessing.said)), name="assessment-said"),
    path(
        "people/<slug:person>/assessment/part/<slug:part>",
        BOTH(STAFF(assessing.part)),
        name="assessment-part",
    ),
    path(
        "people/<slug:person>/assessment/carer/<who>", BOTH(STAFF(assessing.carer)), name="assessment-carer"
    ),
    path(
        "people/<slug:person>/assessment/eligibility",
        BOTH(STAFF(assessing.eligibility)),
        name="assessment-eligible",
    ),
    path(
        "people/<slug:person>/assessment/eligibility/<who>",
        BOTH(STAFF(assessing.eligibility)),
        name="assessment-eligible-carer",
    ),
    path(
        "people/<slug:person>/assessment/<int:number>",
        require_safe(STAFF(assessing.version)),
        name="assessment-version",
    ),
    path("people/<slug:person>/plan", BOTH(STAFF(planning.page)), name="plan"),
    path("people/<slug:person>/plan/part/<slug:part>", BOTH(STAFF(planning.part)), name="plan-part"),
    path(
        "people/<slug:person>/plan/<int:number>", require_safe(STAFF(planning.version)), name="plan-version"
    ),
    path("people/<slug:person>/coming-home", require_safe(STAFF(planning.coming_home)), name="coming-home"),
    path("people/<slug:person>/voice", BOTH(STAFF(voices.of_staff)), name="voice"),
    path("mine/assessment", BOTH(OWN(assessing.mine)), name="own-assessment"),
    path("mine/voice", BOTH(OWN(voices.own)), name="own-voice"),
    path("mine/details", BOTH(open_to(RoleKind.PERSON)(details.own)), name="own-details"),
    path("people/<slug:person>/review", BOTH(STAFF(reviewing.page)), name="review"),
    path("pairs", require_safe(REVIEWERS(pairs.page)), name="pairs"),
    path("pairs/<slug:pair>", BOTH(REVIEWERS(pairs.one)), name="pair"),
    path("numbers", require_safe(REVIEWERS(numbers.page)), name="numbers"),
    path("mine/copy", require_safe(open_to(RoleKind.PERSON)(copies.page)), name="my-copy"),
    path("mine/copy.json", require_safe(open_to(RoleKind.PERSON)(copies.data)), name="my-copy-json"),
    path("mine", require_safe(OWN(own.page)), name="mine"),
    path("mine/log", require_safe(open_to(RoleKind.PERSON)(own.log)), name="my-log"),
    path(
        "mine/letters/<int:version>", require_safe(open_to(RoleKind.PERSON)(letters.page)), name="my-letter"
    ),
    path("log/<slug:person>/letters/<int:version>", require_safe(GUARDIAN(letters.page)), name="letter"),
    path("log/<slug:person>", BOTH(GUARDIAN(governing.person_page)), name="watched"),
    path("log/<slug:person>/copy", require_safe(GUARDIAN(copies.page)), name="copy"),
    path("log/<slug:person>/copy.json", require_safe(GUARDIAN(copies.data)), name="copy-json"),
    path("log", require_safe(GUARDIAN(governing.page)), name="log"),
]
