"""An override that waits for its review stays as it was made, also once it is overdue."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0039_searched")]

    operations = [SqlPair("audit", "0040_unreviewed")]
