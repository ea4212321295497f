"""Names as they are compared."""

import unicodedata


def folded(name: str) -> str:
    """A name as it is compared: small letters without accents, and nothing else."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(each for each in plain if each.isalpha())
