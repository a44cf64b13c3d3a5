"""What the API shows is written by the database, as JSON text."""

from __future__ import annotations

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("markets", "0004_entitlements")]

    operations = [SqlPair("markets", "0005_hot_lists")]
