"""Nobody sees users, keys, jobs or messages of another tenant."""

from django.db import migrations, models
from django.db.models.functions import Coalesce

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("core", "0004_walls")]

    operations = [
        migrations.AddField(
            "job",
            "visible_to",
            models.GeneratedField(
                expression=Coalesce("owner", "tenant"), output_field=models.UUIDField(), db_persist=True
            ),
        ),
        migrations.AddIndex(
            "job", models.Index(fields=["tenant", "owner", "created_at"], name="idx_jobs_of_an_owner")
        ),
        SqlPair("core", "0005_tenant_walls"),
    ]
