"""Every kind of fact there is, from the rooms that own them."""

from carepool.actions import allocations, importing, return_imports, series
from carepool.assurance import facts as assurance
from carepool.calendar import meetings
from carepool.journal import epochs
from carepool.journal.folding import Kinds
from carepool.measures import own as measures
from carepool.offices import holdings
from carepool.plans import comments, versions
from carepool.pool import facts as pool
from carepool.publication import releases, waivers
from carepool.returns import delivery
from carepool.returns import facts as returns
from carepool.signoff import facts as signoff

KINDS = Kinds(
    kind
    for owner in (
        allocations,
        importing,
        return_imports,
        series,
        holdings,
        versions,
        comments,
        signoff,
        assurance,
        pool,
        returns,
        delivery,
        meetings,
        measures,
        epochs,
        releases,
        waivers,
    )
    for kind in owner.KINDS
)
