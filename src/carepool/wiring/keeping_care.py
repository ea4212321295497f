"""The command that says whose record has been kept as long as the rules ask: for whoever governs to look at, and never erased by it."""

import typer

from carepool.cli.commands import Json, say
from carepool.wiring.operations_care import start_care


def add_keeping(care: typer.Typer) -> None:
    """Add ``carepool care retention``."""

    @care.command("retention")
    def retention(json: Json = False) -> None:
        """List the records whose time for keeping is over, by reference and last day. The governance lead erases, on the page of each."""
        start_care(prepared=True)
        from carepool.care.actions.erasing import over
        from carepool.wiring.house_care import current_wing

        house = current_wing()
        found = [{"person": person, "kept_until": day.isoformat()} for person, day in over(house)]
        if json:
            say({"today": house.today.isoformat(), "over": found})
            return
        lines = [f"{each['person']}: kept until {each['kept_until']}\n" for each in found]
        say("".join(lines) or "No record has been kept as long as the rules ask.\n")
