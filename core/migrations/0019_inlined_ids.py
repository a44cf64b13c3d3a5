"""An id costs a row what PostgreSQL itself takes for it, from version 18 on."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("core", "0018_pruning")]

    operations = [SqlPair("core", "0019_inlined_ids")]
