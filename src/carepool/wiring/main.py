"""The command's entry: composes the commands with what they need, and says every refusal in one sentence."""

import sys
from datetime import UTC, datetime
from functools import lru_cache

import typer

from carepool.actions.england import read_england
from carepool.actions.house import House
from carepool.actions.ports import MemoryDrafts
from carepool.basics.refusals import Unusable
from carepool.cli.commands import add_commands
from carepool.cli.rules import add_rules
from carepool.journal.memory import MemoryJournal
from carepool.wiring import disk


def now() -> datetime:
    """The one clock."""
    return datetime.now(UTC)


@lru_cache(maxsize=1)
def shipped() -> House:
    """The house that answers from the shipped files alone."""
    areas = disk.areas(read_england(disk.england_files()))
    return House(areas, disk.rulebook(), MemoryJournal(), MemoryDrafts(), now)


def application() -> typer.Typer:
    """Every command."""
    app = typer.Typer(
        help="Runs a pooled health and social care fund.",
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    add_commands(app, shipped)
    add_rules(app, disk.rulebook)
    # The commands that need a database bring Django with them, which the others should not wait for.
    from carepool.wiring.operations import add_operations

    add_operations(app)
    return app


def main(arguments: list[str] | None = None) -> None:
    """Run one command: exit 0 fine, 1 findings that block, 2 input it cannot use."""
    try:
        code = application()(arguments, standalone_mode=False)
    except Unusable as error:
        sys.stderr.write(f"carepool: {error}\n")
        code = 2
    except typer.TyperException as error:
        said = error.format_message()
        if type(error).__name__ == "NoArgsIsHelpError":
            sys.stderr.write(f"{said}\n")
        else:
            sys.stderr.write(f"carepool: {said.rstrip('.')}. “carepool --help” shows what can be asked.\n")
        code = 2
    except (KeyboardInterrupt, typer.Abort):
        code = 130
    except BrokenPipeError:
        # The reader (head, less) has seen enough; nothing more can be said to it.
        sys.stderr.close()
        code = 0
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
