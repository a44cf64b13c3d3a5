"""A key says what it is good for, and when it was last used."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Value

from core.database.expressions import EmptyTextArray


class Migration(migrations.Migration):
    dependencies = [("core", "0005_tenant_walls")]

    operations = [
        migrations.AddField("apikey", "last_used_at", models.DateTimeField(null=True)),
        # a key that is there already could do whatever its holder may, and so it still can
        migrations.AddField("apikey", "scopes", ArrayField(models.TextField(), db_default=Value(["*"]))),
        migrations.AlterField(
            "apikey", "scopes", ArrayField(models.TextField(), db_default=EmptyTextArray())
        ),
    ]
