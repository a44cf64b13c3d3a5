"""An event is let out at the risk that its market has by now, and at no machine's hand while machines are stopped."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("markets", "0018_overdue"), ("audit", "0040_unreviewed")]

    operations = [SqlPair("markets", "0019_risen")]
