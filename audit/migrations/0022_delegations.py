"""A person may decide in another's role while that other lets them."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0021_delegation_table")]

    operations = [SqlPair("audit", "0022_delegations")]
