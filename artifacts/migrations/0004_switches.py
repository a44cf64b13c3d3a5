"""A stopped agent stores no evidence."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("artifacts", "0003_tenant_walls"), ("audit", "0007_entitlements")]

    operations = [SqlPair("artifacts", "0004_switches")]
