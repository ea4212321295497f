"""What somebody typed into a form that came to nothing, shown again so that it can be copied."""

from django.http import HttpRequest

_OF = ("/plans/", "/pools/", "/rules/draft", "/bodies/", "/boards/")
"""Where forms are whose fields may be shown again. Those of signing in hold passwords and codes, so none of theirs is."""
_NOT_TYPED = {"csrfmiddlewaretoken", "key", "digest", "findings", "act", "do", "base", "rows", "version"}
"""Fields that a form carries along by itself."""
_TOO_LONG = {"template", "carried", "carried_map"}
"""What a form carries along that nobody could copy."""


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """Each field of the form that was sent, in words, with what stood in it; nothing where nothing was sent."""
    if request.method != "POST" or not request.path.startswith(_OF):
        return []
    return [
        (name.replace("_", " ").replace("-", " "), ", ".join(values))
        for name, values in request.POST.lists()
        if name not in _NOT_TYPED | _TOO_LONG and any(value.strip() for value in values)
    ]
