"""What the law asks of an agreement to pool money under section 75, as data: its contents, and who may host."""

from typing import Annotated, Literal

from pydantic import Field

from carepool.rules.procedure import KindWord
from carepool.rules.scalars import Checked, Cited, Entry, Name, Number, Text, YesNo

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


class Function(Cited):
    """A function that an arrangement can cover: whose it is, and whether people can be charged for what is done under it."""

    id: Name
    says: Text
    kind: Literal["nhs", "health_related"]
    of: tuple[KindWord, ...] = Field(min_length=1)
    """The kinds of body that exercise it."""
    chargeable: YesNo

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Near(Cited):
    """How near two sums of one body and one source are when they may be the same pounds."""

    says: Text
    per_cent: Annotated[Number, Field(ge=0, le=100)]
    """Of the larger."""


class Section75(Entry):
    """``section_75.yaml``."""

    says: Text
    contents: tuple[Content, ...] = Field(min_length=1)
    hosting: Hosting
    functions: tuple[Function, ...] = Field(min_length=1)
    near: Near
    checked: Checked
