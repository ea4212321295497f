"""Building much at once without Python looking for garbage in it: there is none, and looking took half the time."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def building() -> Iterator[None]:
    """Leave the search for rings of garbage out while something large is read or folded.

    It is the process's, and threads may overlap: whoever found it on puts it back on.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def keep_for_ever() -> None:
    """What has been read until now stays as long as the process: Python does not look through it again, which held all readers up."""
    gc.collect()
    gc.freeze()
