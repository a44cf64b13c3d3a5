"""A signed request is accepted once, from a key that only ends and never changes."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("core", "0008_signature_tables")]

    operations = [SqlPair("core", "0009_signatures")]
