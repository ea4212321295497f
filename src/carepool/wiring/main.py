"""The command's entry: composes the commands with what they need, and says every refusal in one sentence."""

import sys
from datetime import UTC, datetime
from functools import lru_cache

import typer

from carepool.actions.england import read_england
from carepool.actions.house import House
from carepool.actions.ports import MemoryDrafts
from carepool.basics.refusals import Unusable, printable
from carepool.care.actions.house import CareHouse
from carepool.care.cli.activity import add_activity
from carepool.care.cli.fhir import add_fhir
from carepool.care.cli.linking import add_linking
from carepool.care.cli.nhs_numbers import add_nhs_numbers
from carepool.care.cli.tracing import add_tracing
from carepool.cli.agreements import add_agreements
from carepool.cli.assurance import add_assurance
from carepool.cli.beds import add_beds
from carepool.cli.calendar import add_calendar
from carepool.cli.capacity import add_capacity
from carepool.cli.carrying import add_carrying
from carepool.cli.commands import add_commands
from carepool.cli.delivery import add_delivery
from carepool.cli.dossiers import add_dossier
from carepool.cli.forecasts import add_forecasts
from carepool.cli.intermediate import add_intermediate
from carepool.cli.ledgers import add_ledgers
from carepool.cli.measures import add_measures
from carepool.cli.packs import add_packs
from carepool.cli.payments import add_payments
from carepool.cli.plans import add_plans
from carepool.cli.pool_years import add_pool_years
from carepool.cli.pools import add_pools
from carepool.cli.portfolios import add_portfolio
from carepool.cli.publishing import add_publishing
from carepool.cli.releases import add_releases
from carepool.cli.returns import add_returns
from carepool.cli.rules import add_rules
from carepool.cli.stakes import add_stakes
from carepool.cli.statements import add_statements
from carepool.cli.stays import add_stay
from carepool.cli.workbooks import add_workbooks
from carepool.journal.memory import MemoryJournal
from carepool.rules.schema import Disclosure, Suppression
from carepool.wiring import disk
from carepool.wiring.config import Config


def now() -> datetime:
    """The one clock."""
    return datetime.now(UTC)


@lru_cache(maxsize=1)
def shipped() -> House:
    """The house that answers from the shipped files alone."""
    areas = disk.areas(read_england(disk.england_files()))
    return House(areas, disk.rulebook(), MemoryJournal(), MemoryDrafts(), now)


def held() -> House:
    """The house that answers from the database. Unusable when it has not been prepared."""
    from carepool.wiring.operations import start_django

    start_django(prepared=True)
    from carepool.wiring.house import current_house

    return current_house()


def wing() -> CareHouse:
    """The person wing's house, from its own database. Unusable when it has not been prepared."""
    from carepool.wiring.operations_care import start_care

    start_care(prepared=True)
    from carepool.wiring.house_care import current_wing

    return current_wing()


def latest() -> House:
    """The house of the database where there is one, else that of the shipped files."""
    from carepool.wiring.operations import is_prepared

    return held() if is_prepared() else shipped()


def published_admissions() -> dict[tuple[str, str], int]:
    """The first episodes that were published of each board and month, apportioned and rounded."""
    from carepool.actions.backtesting import monthly_admissions
    from carepool.measures.monthly import after

    series = monthly_admissions(shipped().england.admissions)
    return {
        (each.name, after(each.first, n)): round(value)
        for each in series
        for n, value in enumerate(each.values)
    }


def suppressions() -> dict[str, Suppression]:
    """The rules for small numbers, by kind of data."""
    found = disk.rulebook().measuring.find("disclosure", Disclosure)
    return {each.data: each for each in found.suppressions} if found else {}


def application() -> typer.Typer:
    """Every command."""
    app = typer.Typer(
        help="Runs a pooled health and social care fund.",
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    add_commands(app, shipped, held, latest)
    add_measures(app, latest)
    add_packs(app, latest)
    add_payments(app, shipped, latest)
    add_stakes(app, latest)
    add_rules(app, disk.rulebook, shipped, now)
    add_plans(app, shipped, held)
    add_agreements(app, disk.rulebook, now)
    pools = add_pools(app, held)
    add_pool_years(pools, held)
    add_ledgers(pools, held)
    add_statements(pools, held)
    add_returns(app, held)
    add_releases(app, held)
    add_delivery(app, held)
    add_assurance(app, held)
    add_workbooks(app, shipped, held, latest)
    add_carrying(app, shipped)
    add_calendar(app, held)
    add_dossier(app, held)
    add_publishing(app, held)
    add_forecasts(app, shipped)
    add_beds(app)
    add_capacity(app, latest)
    add_intermediate(app, disk.rulebook)
    add_portfolio(app)
    add_stay(app)
    add_activity(app, published_admissions, suppressions)
    add_nhs_numbers(app, lambda: Config.from_environment().production)
    add_linking(app, lambda: Config.from_environment().production)
    add_tracing(app, lambda: disk.rulebook().number_statuses, lambda: Config.from_environment().production)
    add_fhir(app, lambda: Config.from_environment().production, wing)
    # The commands that need a database bring Django with them, which the others should not wait for.
    from carepool.wiring.backing_up import add_backing_up
    from carepool.wiring.backing_up_care import add_backing_up_care
    from carepool.wiring.counts_care import add_counts
    from carepool.wiring.keeping_care import add_keeping
    from carepool.wiring.notices import add_notices
    from carepool.wiring.operations import add_operations
    from carepool.wiring.operations_care import add_care
    from carepool.wiring.people import add_people

    add_operations(app)
    care = add_care(app)
    add_counts(care)
    add_backing_up_care(care)
    add_keeping(care)
    add_backing_up(app)
    add_people(app)
    add_notices(app)
    return app


def main(arguments: list[str] | None = None) -> None:
    """Run one command: exit 0 fine, 1 findings that block, 2 input it cannot use."""
    try:
        code = application()(arguments, standalone_mode=False)
    except Unusable as error:
        code = refuse(str(error))
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            sys.stderr.write(f"{error.format_message()}\n")
            code = 2
        else:
            code = refuse(f"{error.format_message().rstrip('.')}. “carepool --help” shows what can be asked.")
    except (KeyboardInterrupt, typer.Abort):
        code = 130
    except BrokenPipeError:
        # The reader (head, less) has seen enough; nothing more can be said to it.
        sys.stderr.close()
        code = 0
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        code = refuse(
            f"The system refused{where}: {error.strerror or error}. Check that the place exists and may be written."
        )
    except Exception as error:
        if not is_of_the_database(error):
            raise
        said = str(error).strip().split("\n")[0].rstrip(".")
        code = refuse(
            f"The database cannot be used: {said}. Check CAREPOOL_DATABASE or CAREPOOL_HOME, then try again."
        )
    sys.exit(code if isinstance(code, int) else 0)


def refuse(says: str) -> int:
    """Say on standard error, on one line, why nothing was done."""
    sys.stderr.write(f"carepool: {printable(says)}\n")
    return 2


def is_of_the_database(error: Exception) -> bool:
    """Whether an exception is the database's own; Django is not imported for the commands that need none."""
    utils = sys.modules.get("django.db.utils")
    return utils is not None and isinstance(error, utils.Error)


if __name__ == "__main__":
    main()
