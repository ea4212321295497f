"""What browser somebody uses, in plain words, from what it says of itself."""

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""In this order: the later ones are claimed by the earlier ones too."""
MACHINES = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "an Android device"),
    ("Windows", "Windows"),
    ("Mac OS X", "a Mac"),
    ("CrOS", "a Chromebook"),
    ("Linux", "Linux"),
)
UNKNOWN = "A browser that does not say what it is"


def in_words(said: str) -> str:
    """Like “Firefox on Windows”."""
    browser = next((words for sign, words in BROWSERS if sign in said), "")
    machine = next((words for sign, words in MACHINES if sign in said), "")
    if not browser:
        return f"A browser on {machine}" if machine else UNKNOWN
    return f"{browser} on {machine}" if machine else browser
