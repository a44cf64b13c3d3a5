"""A person may decide in another's role while that other lets them."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0023_delegation_table")]

    operations = [SqlPair("audit", "0024_delegations")]
