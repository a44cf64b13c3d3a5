"""What changed of a row is found more quickly, and the pages say approval policies."""

from django.db import migrations

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0040_unreviewed")]

    operations = [
        SqlPair("audit", "0041_differences"),
        migrations.AlterModelOptions(
            name="approvalpolicy", options={"verbose_name_plural": "approval policies"}
        ),
    ]
