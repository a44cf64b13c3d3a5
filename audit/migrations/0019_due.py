"""Every request is due before it expires, and who is barred does not decide."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0018_due_columns")]

    operations = [SqlPair("audit", "0019_due")]
