"""What the forms of a page would send as they stand, as a browser reads them."""

from html.parser import HTMLParser

Fields = dict[str, str | list[str]]


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Fields] = []
        self._area = self._list = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = True
            self.found.append({})
        elif not self._inside:
            return
        elif tag == "input":
            self._input(held)
        elif tag == "textarea":
            self._area = held["name"]
            self.found[-1][self._area] = ""
        elif tag == "select":
            self._list = held["name"]
            self.found[-1][self._list] = ""
        elif tag == "option" and "selected" in held:
            self.found[-1][self._list] = held["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[-1][self._area] = f"{self.found[-1][self._area]}{data}"

    def _input(self, held: dict[str, str]) -> None:
        if held.get("type") not in {"checkbox", "radio"}:
            self.found[-1][held["name"]] = held.get("value", "")
        elif "checked" in held and held["type"] == "radio":
            self.found[-1][held["name"]] = held["value"]
        elif "checked" in held:
            several = self.found[-1].setdefault(held["name"], [])
            assert isinstance(several, list)
            several.append(held["value"])


def forms(html: str) -> list[Fields]:
    """The forms of a page, in order."""
    read = _Forms()
    read.feed(html)
    return read.found
