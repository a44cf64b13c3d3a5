"""People are asked about an event only while it waits."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("markets", "0022_revoked")]

    operations = [SqlPair("markets", "0023_asking")]
