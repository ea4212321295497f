"""The tables of the person wing: ordinary rows, changed and deleted as people's lives and rights ask."""

from typing import ClassVar

from django.db import models


class Person(models.Model):
    """Who a person is."""

    id = models.CharField(max_length=40, primary_key=True)
    given = models.CharField(max_length=200)
    family = models.CharField(max_length=200)
    given_folded = models.CharField(max_length=200)
    """As names are compared: small letters, no accents, nothing but letters."""
    family_folded = models.CharField(max_length=200)
    born = models.DateField(null=True)
    sex = models.CharField(max_length=20)
    postcode = models.CharField(max_length=10)
    address = models.CharField(max_length=500)
    number = models.CharField(max_length=10, null=True, db_index=True)
    """Not unique: the same number on two records is something to find and put right."""
    number_status = models.CharField(max_length=2)
    demonstration = models.BooleanField(default=False)
    telephone = models.CharField(max_length=50, default="")
    into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    """The record that stands for this one."""
    into_id: str | None

    objects: ClassVar[models.Manager["Person"]] = models.Manager()

    class Meta:
        db_table = "care_person"
        indexes = (
            models.Index(fields=["family_folded", "born", "given_folded"], name="care_person_names"),
            models.Index(
                fields=["demonstration"], condition=models.Q(demonstration=True), name="care_person_invented"
            ),
        )


class LocalId(models.Model):
    """What an organisation calls a person in its own system."""

    person = models.ForeignKey(Person, models.CASCADE)
    organisation = models.CharField(max_length=100)
    value = models.CharField(max_length=100)

    objects: ClassVar[models.Manager["LocalId"]] = models.Manager()

    class Meta:
        db_table = "care_local_id"
        constraints = (
            models.UniqueConstraint(fields=["person", "organisation", "value"], name="care_local_id_key"),
        )
        indexes = (models.Index(fields=["organisation", "value"], name="care_local_id_found"),)


class Role(models.Model):
    """What an account is in the wing."""

    account = models.CharField(max_length=40, primary_key=True)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200)
    sector = models.CharField(max_length=20)
    person = models.CharField(max_length=40, db_index=True)

    objects: ClassVar[models.Manager["Role"]] = models.Manager()

    class Meta:
        db_table = "care_role"


class Caseload(models.Model):
    """That an account works with a person."""

    account = models.CharField(max_length=40, db_index=True)
    person = models.ForeignKey(Person, models.CASCADE)

    objects: ClassVar[models.Manager["Caseload"]] = models.Manager()

    class Meta:
        db_table = "care_caseload"
        constraints = (models.UniqueConstraint(fields=["account", "person"], name="care_caseload_key"),)


class Look(models.Model):
    """That a look at a record was decided on: by what the log is found. It outlives the person's rows, and names nobody."""

    person = models.CharField(max_length=40)
    version = models.BigIntegerField()
    at = models.DateTimeField()
    account = models.CharField(max_length=40)
    outcome = models.CharField(max_length=20)
    glass = models.BooleanField()

    objects: ClassVar[models.Manager["Look"]] = models.Manager()

    class Meta:
        db_table = "care_look"
        indexes = (
            models.Index(fields=["person", "-id"], name="care_look_person"),
            models.Index(fields=["account", "person", "-at"], name="care_look_account"),
            models.Index(fields=["-id"], condition=models.Q(glass=True), name="care_look_glass"),
        )


class Pair(models.Model):
    """Two records that may be of one person. It goes with the rows of either."""

    id = models.CharField(max_length=40, primary_key=True)
    left = models.ForeignKey(Person, models.CASCADE, related_name="+")
    left_id: str
    right = models.ForeignKey(Person, models.CASCADE, related_name="+")
    right_id: str
    rule = models.CharField(max_length=100)
    probability = models.FloatField(null=True)
    source = models.CharField(max_length=200)
    since = models.DateTimeField()
    state = models.CharField(max_length=20)

    objects: ClassVar[models.Manager["Pair"]] = models.Manager()

    class Meta:
        db_table = "care_pair"
        constraints = (models.UniqueConstraint(fields=["left", "right"], name="care_pair_key"),)
        indexes = (models.Index(fields=["state", "since"], name="care_pair_state"),)


class Doubt(models.Model):
    """Something about a record that tracing left for a person to see to. It goes with the person's row."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    person_id: str
    organisation = models.CharField(max_length=200)
    local_id = models.CharField(max_length=100)
    code = models.CharField(max_length=50)
    says = models.CharField(max_length=500)
    since = models.DateTimeField()

    objects: ClassVar[models.Manager["Doubt"]] = models.Manager()

    class Meta:
        db_table = "care_doubt"
        indexes = (models.Index(fields=["organisation", "since"], name="care_doubt_queue"),)
