"""Nobody proposes what they are not entitled to."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("markets", "0003_tenant_walls"), ("audit", "0007_entitlements")]

    operations = [SqlPair("markets", "0004_entitlements")]
