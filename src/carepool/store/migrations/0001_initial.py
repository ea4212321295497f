"""The tables of the journal and of documents, as they began."""

import django.db.models.deletion
from django.db import migrations, models


def compare_bytes(apps, schema_editor):
    """On PostgreSQL, compare names and instants by bytes, as SQLite does: ranges of them are asked for."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            'ALTER TABLE store_fact ALTER COLUMN stream TYPE varchar(200) COLLATE "C", '
            'ALTER COLUMN at TYPE varchar(27) COLLATE "C"'
        )
        schema_editor.execute('ALTER TABLE store_seal ALTER COLUMN recorded TYPE varchar(27) COLLATE "C"')
        schema_editor.execute('ALTER TABLE store_document ALTER COLUMN digest TYPE varchar(64) COLLATE "C"')


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('kind', models.CharField(max_length=100)),
                ('schema', models.IntegerField()),
                ('media_type', models.CharField(max_length=200)),
                ('length', models.BigIntegerField()),
                ('salted', models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name='Fact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stream', models.CharField(max_length=200)),
                ('version', models.BigIntegerField()),
                ('kind', models.CharField(max_length=100)),
                ('schema', models.IntegerField()),
                ('body', models.TextField()),
                ('by', models.CharField(max_length=200)),
                ('on_behalf_of', models.CharField(max_length=200, null=True)),
                ('at', models.CharField(max_length=27)),
                ('effective_on', models.CharField(max_length=10, null=True)),
                ('previous', models.CharField(max_length=64, null=True)),
                ('digest', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('position', models.BigIntegerField(primary_key=True, serialize=False)),
                ('recorded', models.CharField(max_length=27)),
            ],
        ),
        migrations.CreateModel(
            name='Command',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.CharField(max_length=200)),
                ('key', models.CharField(max_length=200)),
                ('request', models.CharField(max_length=64)),
                ('answer', models.TextField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('by', 'key'), name='store_command_key')],
            },
        ),
        migrations.CreateModel(
            name='DocumentBytes',
            fields=[
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='store.document')),
                ('content', models.BinaryField()),
                ('salt', models.BinaryField()),
            ],
            options={
                'db_table': 'store_document_bytes',
            },
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(fields=('digest',), name='store_document_digest'),
        ),
        migrations.CreateModel(
            name='Unsealed',
            fields=[
                ('fact', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='store.fact')),
            ],
        ),
        migrations.AddIndex(
            model_name='fact',
            index=models.Index(condition=models.Q(('version', 1)), fields=['stream'], name='store_fact_stream'),
        ),
        migrations.AddConstraint(
            model_name='fact',
            constraint=models.UniqueConstraint(fields=('stream', 'version'), name='store_fact_version'),
        ),
        migrations.AddField(
            model_name='seal',
            name='fact',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='store.fact'),
        ),
        migrations.AddIndex(
            model_name='seal',
            index=models.Index(fields=['recorded', 'position'], name='store_seal_recorded'),
        ),
        migrations.RunPython(compare_bytes, migrations.RunPython.noop),
    ]
