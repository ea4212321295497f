"""The tables of the journal and of documents; what is written to them is in ``store.journal``, in SQL."""

from django.db import models


class Fact(models.Model):
    """One fact, insert only. Texts are the canonical ones that its digest is over."""

    stream = models.CharField(max_length=200)
    version = models.BigIntegerField()
    kind = models.CharField(max_length=100)
    schema = models.IntegerField()
    body = models.TextField()
    by = models.CharField(max_length=200)
    on_behalf_of = models.CharField(max_length=200, null=True)
    at = models.CharField(max_length=27)
    effective_on = models.CharField(max_length=10, null=True)
    previous = models.CharField(max_length=64, null=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["stream", "version"], name="store_fact_version"),)
        # Every stream has one first version, so this is the list of streams.
        indexes = (models.Index(fields=["stream"], condition=models.Q(version=1), name="store_fact_stream"),)


class Seal(models.Model):
    """The position of a fact among all facts, insert only."""

    position = models.BigIntegerField(primary_key=True)
    fact = models.OneToOneField(Fact, models.PROTECT)
    recorded = models.CharField(max_length=27)
    """The latest ``at`` up to this position."""

    class Meta:
        indexes = (models.Index(fields=["recorded", "position"], name="store_seal_recorded"),)


class Unsealed(models.Model):
    """A fact that has no position yet: written with it, deleted when it is sealed."""

    fact = models.OneToOneField(Fact, models.PROTECT, primary_key=True, db_constraint=False)


class Command(models.Model):
    """A request that was carried out, insert only."""

    by = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    request = models.CharField(max_length=64)
    answer = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["by", "key"], name="store_command_key"),)


class Document(models.Model):
    """That a document was put, insert only."""

    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=100)
    schema = models.IntegerField()
    media_type = models.CharField(max_length=200)
    length = models.BigIntegerField()
    salted = models.BooleanField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["digest"], name="store_document_digest"),)


class DocumentBytes(models.Model):
    """The bytes of a document, compressed by zlib, and its salt: never changed, gone when it is withdrawn."""

    document = models.OneToOneField(Document, models.PROTECT, primary_key=True)
    content = models.BinaryField()
    salt = models.BinaryField()

    class Meta:
        db_table = "store_document_bytes"


class Draft(models.Model):
    """What an editor has typed in a section of a plan and not saved: overwritten and deleted freely."""

    plan = models.CharField(max_length=200)
    section = models.CharField(max_length=100)
    editor = models.CharField(max_length=200)
    content = models.TextField()
    base = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["plan", "section", "editor"], name="store_draft_key"),)


class RuleDraft(models.Model):
    """Somebody's draft of a set of rules: changed and deleted freely."""

    id = models.CharField(max_length=40, primary_key=True)
    owner = models.CharField(max_length=200, db_index=True)
    title = models.CharField(max_length=200)
    base = models.CharField(max_length=100)
    files = models.TextField()
    edition = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "store_rule_draft"


class Notice(models.Model):
    """A notice or a letter on its way: changed as it is sent and read, never deleted by the service."""

    message_id = models.CharField(max_length=200, unique=True)
    account = models.CharField(max_length=200, db_index=True)
    subject = models.CharField(max_length=500)
    text = models.TextField()
    link = models.CharField(max_length=500)
    created = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    next_try = models.DateTimeField(null=True)
    """When it is tried next; none once it is delivered, or where there is nowhere to send it."""
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500)
    letter = models.TextField(default="")
    """Sealed: to whom it goes and what it says. Emptied once it is delivered, or not to be sent any more."""
    expires = models.DateTimeField(null=True)

    class Meta:
        db_table = "store_notice"
        indexes = (models.Index(fields=["next_try", "id"], name="store_notice_due"),)


class Reader(models.Model):
    """How far a reader of the journal has come."""

    name = models.CharField(max_length=100, primary_key=True)
    position = models.BigIntegerField()


class Lease(models.Model):
    """Which process does a thing that one at a time should do, and until when."""

    name = models.CharField(max_length=100, primary_key=True)
    holder = models.CharField(max_length=200)
    until = models.DateTimeField()
