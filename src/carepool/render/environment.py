"""The one Jinja environment of all pages: where templates are, what a missing name does, and the words filters."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2

import carepool
from carepool.render import tables, words

_ROOMS = Path(carepool.__file__).parent
FOLDERS = (
    _ROOMS / "render" / "templates",
    _ROOMS / "web" / "templates",
    _ROOMS / "care" / "web" / "templates",
)
"""Where templates are looked for, in this order. A folder may be missing; each keeps to a subfolder of its own name."""


def static(path: str) -> str:
    """The address of a static file of ours."""
    from django.templatetags.static import static as django_static

    return django_static(path)


def url(
    name: str, *, query: dict[str, str] | None = None, fragment: str | None = None, **kwargs: object
) -> str:
    """The address of the page of that name, with a query or a fragment when they are given."""
    from django.urls import reverse

    return reverse(name, kwargs=kwargs, query=query, fragment=fragment)


_OF_EVERY_DICT = frozenset(dir(dict))


class _Environment(jinja2.Environment):
    """Jinja's, quicker where templates ask a dict for a key that nobody gave, which the design system's do 1,500 times a page.

    Jinja asks for an attribute first and for a key after, and each that is not there is an exception raised and caught.
    """

    def getattr(self, obj: Any, attribute: str) -> Any:
        """The same answer as Jinja's: the attribute, else the key, else what stands for a missing one."""
        if type(obj) is dict and attribute not in _OF_EVERY_DICT:
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


def environment(**options: object) -> jinja2.Environment:
    """The environment as Django's Jinja2 backend asks for it: its options first, ours over them."""
    options |= {
        "loader": jinja2.ChoiceLoader(
            [jinja2.FileSystemLoader(FOLDERS), jinja2.PackageLoader("nhsuk_frontend_jinja")]
        ),
        "undefined": jinja2.ChainableUndefined,  # the design system's macros read parameters that nobody gave
        "autoescape": True,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    made = _Environment(**options)  # type: ignore[arg-type]  # Django's options are objects to us
    for word in (words.pounds, words.pence, words.pounds_short, words.count, words.percent, words.day):
        made.filters[word.__name__] = word
    made.filters |= {"quarter_words": words.quarter_words, "amount": words.amount}
    made.globals |= {"static": static, "url": url, "table_columns": tables.columns, "table_rows": tables.rows}
    return made


def standalone(url: Callable[..., str] = "/{}".format) -> jinja2.Environment:
    """The same environment without Django, for tests and documents: static files under ``/static/``."""
    made = environment()
    made.globals |= {"static": "/static/{}".format, "url": url}
    return made
