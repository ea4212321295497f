"""Which computation each payment method of the rulebook names."""

from collections.abc import Callable, Mapping

from carepool.payment.release import Statement, release
from carepool.rules.scalars import PaymentMethod

METHODS: Mapping[PaymentMethod, Callable[..., Statement]] = {PaymentMethod.CUMULATIVE_RELEASE: release}
