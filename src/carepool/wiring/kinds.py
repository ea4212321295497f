"""Every kind of fact there is, from the rooms that own them."""

from carepool.actions import allocations, series
from carepool.journal.folding import Kinds
from carepool.offices import holdings
from carepool.plans import versions
from carepool.pool import facts as pool
from carepool.signoff import decisions

KINDS = Kinds(
    kind for owner in (allocations, series, holdings, versions, decisions, pool) for kind in owner.KINDS
)
