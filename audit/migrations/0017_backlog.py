"""What may be sealed next is decided in one statement, and hashed by several."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0016_standing_of_holders")]

    operations = [SqlPair("audit", "0017_backlog")]
