"""Somebody with a browser, for tests of pages: what they see, and the forms that they send."""

import re
from dataclasses import dataclass

from django.http import HttpResponse
from django.test import Client

from tests.web.reading import Page


@dataclass
class Person:
    """Somebody with a browser; nobody in particular where there is no handle."""

    browser: Client

    def page(self, path: str) -> Page:
        """A page as they see it, its HTML sound."""
        return sound(path, self.browser.get(path))

    def form(self, path: str, action: str, number: int = 0) -> dict[str, str]:
        """What the hidden fields of a form on a page hold."""
        html = self.browser.get(path).content.decode()
        forms = re.findall(rf'<form[^>]*action="{action}".*?</form>', html, re.DOTALL)
        fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', forms[number])
        return {name: value for name, value in fields if name != "csrfmiddlewaretoken"}

    def send(self, path: str, fields: dict[str, str]) -> HttpResponse:
        """Send a form."""
        return self.browser.post(path, fields)


def sound(path: str, answer: HttpResponse) -> Page:
    """The page in an answer, once its HTML has been found sound."""
    page = Page(path, answer.content.decode())
    assert page.problems == [], path
    return page
