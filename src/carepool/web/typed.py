"""What somebody typed into a form that came to nothing, shown again so that it can be copied."""

from django.http import HttpRequest

_NOT_TYPED = {"csrfmiddlewaretoken", "key", "digest", "findings", "act", "do", "base", "rows", "version"}
"""Fields that a form carries along by itself."""
_SECRET = {"password", "code", "token", "template"}
"""Fields that are never shown again, or too long to be."""


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """Each field of the form that was sent, in words, with what stood in it; nothing where nothing was sent."""
    if request.method != "POST":
        return []
    return [
        (name.replace("_", " ").replace("-", " "), ", ".join(values))
        for name, values in request.POST.lists()
        if name not in _NOT_TYPED | _SECRET and any(value.strip() for value in values)
    ]
