"""The truth chain only grows, by one function, and everybody can see whether it is whole."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0011_seal")]

    operations = [SqlPair("audit", "0012_truth")]
