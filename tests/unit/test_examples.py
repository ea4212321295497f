"""Every example in Python that the how-to pages show runs as it stands, and says what is so."""

import re
from pathlib import Path

import pytest

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
EXAMPLES = [
    (page.name, number, code)
    for page in sorted(HOW_TO.glob("*.md"))
    for number, code in enumerate(re.findall(r"^```python\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL), 1)
]  # fmt: skip
SAYS = {
    ("capacity.md", 2): "At the end of 2015-05 7 people wait for intermediate care",
    ("capacity.md", 3): "('A', 'B') 14.0 14.0",
}
"""What the answer of an example is known to begin with."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "number", "code"), EXAMPLES, ids=[f"{page} {number}" for page, number, _ in EXAMPLES]
)
def test_an_example_runs(page: str, number: int, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As somebody would paste it; what it prints is not nothing."""
    exec(compile(code, f"{page}, example {number}", "exec"), {})
    said = capsys.readouterr().out
    assert said.strip()
    assert said.startswith(SAYS.get((page, number), ""))


def test_there_are_examples() -> None:
    """Of beds, of intermediate care and of choosing schemes."""
    assert [(page, number) for page, number, _ in EXAMPLES if page == "capacity.md"] == [("capacity.md", each) for each in (1, 2, 3)]  # fmt: skip
