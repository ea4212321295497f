"""How a person is reached by telephone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """See the sentence above."""

    dependencies = [("care", "0001_people")]
    operations = [
        migrations.AddField("person", "telephone", models.CharField(max_length=50, default="")),
    ]
