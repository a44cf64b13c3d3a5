"""That a key was used is no news for the log."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_tenant_walls"), ("core", "0007_keys")]

    operations = [SqlPair("audit", "0005_keys")]
