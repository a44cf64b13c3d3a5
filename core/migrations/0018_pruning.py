"""At most a hundred old answers and nonces are taken away at once."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("core", "0017_tasks")]

    operations = [SqlPair("core", "0018_pruning")]
