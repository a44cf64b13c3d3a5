"""Nobody sees what happened, or what was decided, in another tenant."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_approvals"), ("core", "0005_tenant_walls")]

    operations = [SqlPair("audit", "0004_tenant_walls")]
