"""Operations about rules: the sets, their files value by value, and what differs between two."""

from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from carepool.render.rule_words import how_it_pays, sureness
from carepool.rules.rulebook import RuleSet
from carepool.web import rule_difference, rule_values, rulebook
from carepool.web.api.asked import FilePath, Later, Paged, SetName, Word
from carepool.web.api.paging import listed, named, only
from carepool.web.api.service import reads
from carepool.web.api.shapes import rules as shapes
from carepool.web.api.shapes.parts import Page
from carepool.web.asking import HouseRequest

TAG = "Rules"


class Sets(Paged):
    """A page of sets of rules."""

    q: Word = None
    status: Annotated[
        Literal["operated", "proposed", "draft", "standing"] | None,
        Field(description="Only those of this status."),
    ] = None


@reads("/rules", of="rules", answers=Page[shapes.RuleSetListed], tag=TAG)
def rule_sets(request: HouseRequest, asked: Query[Sets]) -> HttpResponse:
    """Every set of rules, in the order of the days that they govern; then those that hold beside all."""
    book = request.house.rulebook
    rows = only([_listed(each) for each in (*book.in_order, *book.standing)], status=asked.status)
    return listed(request, named(rows, asked.q, "title", "rules"), asked)


def _listed(rules: RuleSet) -> dict[str, object]:
    about = rules.about
    return {
        "rules": rules.name,
        "title": about.title,
        "status": about.status,
        "governs": {"first": about.governs.first, "last": about.governs.last},
        "follows": about.follows or None,
        "digest": rules.digest,
        "pays": how_it_pays(rules),
        "values": {each.value: number for each, number in sureness(rules).items()},
    }


@reads("/rules/{which}", of="rules-json", answers=shapes.RuleSet, tag=TAG)
def rule_set(request: HouseRequest, which: SetName) -> HttpResponse:
    """A set of rules with every value, its source and how sure it is."""
    return rulebook.as_json(request, which)


@reads("/rules/{which}/files/{path:path}", of="rules-value-json", answers=shapes.RuleFile, tag=TAG)
def rule_file(request: HouseRequest, which: SetName, path: FilePath) -> HttpResponse:
    """A file of a set, what computes with it, and what stood there in every other set."""
    return rule_values.as_json(request, which, path)


@reads("/rules/{before}/against/{after}", of="rules-difference-json", answers=shapes.Difference, tag=TAG)
def rule_differences(request: HouseRequest, before: SetName, after: Later) -> HttpResponse:
    """What differs from one set of rules to another, and what a plan needs that was made under the first."""
    return rule_difference.as_json(request, before, after)
