"""A PDF as it was made: its objects unpacked, its tags, and the words that its fonts write."""

import re
import zlib
from functools import cached_property


class Pdf:
    """A PDF taken apart, as far as WeasyPrint's need it."""

    def __init__(self, content: bytes) -> None:
        assert content.startswith(b"%PDF-")
        self.content = content

    @cached_property
    def streams(self) -> list[bytes]:
        """Every stream, unpacked where it is packed."""
        found = []
        for each in re.finditer(rb"stream\r?\n(.*?)endstream", self.content, re.DOTALL):
            try:
                found.append(zlib.decompressobj().decompress(each[1]))
            except zlib.error:
                found.append(each[1])
        return found

    @cached_property
    def unpacked(self) -> str:
        """All bytes, with texts in UTF-16 read as such."""
        raw = b"\n".join([re.sub(rb"stream\r?\n.*?endstream", b"", self.content, flags=re.DOTALL), *self.streams])  # fmt: skip
        wide = [each[1] for each in re.finditer(rb"<(feff[0-9a-f]+)>", raw, re.IGNORECASE)]
        return (
            raw.decode("latin-1")
            + " "
            + " ".join(bytes.fromhex(each.decode()).decode("utf-16") for each in wide)
        )

    def says(self, *keys: str) -> bool:
        """Whether all of this stands in it."""
        missing = [each for each in keys if each not in self.unpacked]
        assert not missing, missing
        return True

    @cached_property
    def tags(self) -> set[str]:
        """The kinds of its structure."""
        return set(re.findall(r"/S\s*/(\w+)", self.unpacked))

    @cached_property
    def pages(self) -> int:
        """How many there are."""
        return len(re.findall(r"/Type\s*/Page\b(?!s)", self.unpacked))

    @cached_property
    def title(self) -> str:
        """The title in its description."""
        found = re.search(r"<dc:title>.*?<rdf:li[^>]*>(.*?)</rdf:li>", self.xmp, re.DOTALL)
        assert found, self.xmp
        return found[1]

    @cached_property
    def xmp(self) -> str:
        """Its description."""
        return next(each for each in self.streams if b"<x:xmpmeta" in each or b"rdf:RDF" in each).decode()

    @cached_property
    def text(self) -> str:
        """What its fonts write. Fonts are taken together: of two readings of a glyph each is given, font by font."""
        maps = [_map(each) for each in self.streams if b"begincmap" in each]
        written = [each for each in self.streams if b"BT" in each and re.search(rb"<[0-9A-Fa-f]+>", each)]
        lines = []
        for found in maps:
            for stream in written:
                runs = re.findall(rb"\[(.*?)\]\s*TJ", stream, re.DOTALL)
                lines.append(" ".join("".join(_read(found, one) for one in re.findall(rb"<([0-9A-Fa-f]+)>", run)) for run in runs))  # fmt: skip
        return "\n".join(lines)


def _map(stream: bytes) -> dict[int, str]:
    """What each glyph of a font stands for."""
    found = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", stream, re.DOTALL):
        for glyph, text in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[int(glyph, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    return found


def _read(found: dict[int, str], run: bytes) -> str:
    return "".join(found.get(int(run[at : at + 4], 16), "") for at in range(0, len(run), 4))
