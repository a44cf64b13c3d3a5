"""Near-duplicates are found."""

from __future__ import annotations

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("markets", "0016_simhash_columns")]

    operations = [SqlPair("markets", "0017_duplicates")]
