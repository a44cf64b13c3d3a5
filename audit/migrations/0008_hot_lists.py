"""What the API shows is written by the database, as JSON text."""

from __future__ import annotations

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0007_entitlements")]

    operations = [SqlPair("audit", "0008_hot_lists")]
