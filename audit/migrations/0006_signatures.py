"""What a signed request changed says with which signature, and over which body."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_keys"), ("core", "0009_signatures")]

    operations = [SqlPair("audit", "0006_signatures")]
