"""Nobody raises themselves or another above what they hold, and whoever is nobody raises none."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("core", "0019_inlined_ids")]

    operations = [SqlPair("core", "0020_granting")]
