"""What the law asks of an agreement to pool money under section 75, as data: its contents, and who may host."""

from typing import Literal

from pydantic import Field

from carepool.rules.procedure import KindWord
from carepool.rules.scalars import Checked, Cited, Entry, Name, Text

AspectWord = Literal[
    "aims", "outcomes", "contributions", "varied", "functions", "persons", "services", "provided",
    "duration", "review", "variation", "termination", "managed", "host", "pool_manager", "reports",
]  # fmt: skip
"""What an agreement can hold. Each is looked for in exactly one way, in ``carepool.partnership``."""


class Content(Cited):
    """Something that the agreement must specify, and what shows that it does."""

    id: Name
    title: Text
    says: Text
    needs: tuple[AspectWord, ...] = Field(min_length=1)

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Hosting(Cited):
    """Which kinds of body may be partners, and which of them may host."""

    says: Text
    partners: tuple[KindWord, ...] = Field(min_length=1)
    hosts: tuple[KindWord, ...] = Field(min_length=1)


class Section75(Entry):
    """``section_75.yaml``."""

    says: Text
    contents: tuple[Content, ...] = Field(min_length=1)
    hosting: Hosting
    checked: Checked
