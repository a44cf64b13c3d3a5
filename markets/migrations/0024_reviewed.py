"""A market that rested on what one person let through alone waits for the review of that, whatever it says by then."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("markets", "0023_asking")]

    operations = [
        SqlPair("markets", "0024_reviewed"),
        migrations.AlterModelOptions(name="candidate", options={"verbose_name": "proposed event"}),
    ]
