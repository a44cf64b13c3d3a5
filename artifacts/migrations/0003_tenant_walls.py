"""Nobody sees the evidence of another tenant."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("artifacts", "0002_evidence"), ("core", "0005_tenant_walls")]

    operations = [SqlPair("artifacts", "0003_tenant_walls")]
