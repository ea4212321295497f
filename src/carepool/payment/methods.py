"""Which computation each payment method of the rulebook names."""

from collections.abc import Callable, Mapping

from carepool.payment.instead import AsideStatement, out_of_hospital
from carepool.payment.rebasing import rebased_release
from carepool.payment.release import Statement, release
from carepool.payment.tranches import TrancheStatement, nothing_withheld, own_measures, passed_tests
from carepool.rules.scalars import PaymentMethod

AnyStatement = Statement | TrancheStatement | AsideStatement
"""What a payment method answers with."""

RELEASES: Mapping[PaymentMethod, Callable[..., Statement]] = {
    PaymentMethod.CUMULATIVE_RELEASE: release,
    PaymentMethod.REBASED_RELEASE: rebased_release,
}
"""The methods of ``payment/release.yaml``: by quarter."""
TRANCHES: Mapping[PaymentMethod, Callable[..., TrancheStatement]] = {
    PaymentMethod.PASSED_TESTS: passed_tests,
    PaymentMethod.NOTHING_WITHHELD: nothing_withheld,
    PaymentMethod.OWN_MEASURES: own_measures,
}
"""The methods of ``payment/tranches.yaml``: in parts, by tests."""
INSTEAD: Mapping[PaymentMethod, Callable[..., AsideStatement]] = {
    PaymentMethod.OUT_OF_HOSPITAL: out_of_hospital
}
"""The methods of ``payment/out_of_hospital.yaml``: what stands in the place of performance money."""
METHODS: Mapping[PaymentMethod, Callable[..., AnyStatement]] = {**RELEASES, **TRANCHES, **INSTEAD}
"""All of them, each once."""
