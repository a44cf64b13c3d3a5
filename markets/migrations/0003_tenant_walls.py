"""Nobody sees what another tenant proposes, trades or publishes."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [
        ("markets", "0002_rule"),
        ("audit", "0004_tenant_walls"),
        ("artifacts", "0003_tenant_walls"),
    ]

    operations = [SqlPair("markets", "0003_tenant_walls")]
