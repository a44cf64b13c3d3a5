"""Whoever watches the log sees who keeps its checkpoints now, and not who once did."""

from django.db import migrations, models

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0015_standing")]

    operations = [
        migrations.AddField(
            model_name="holderstate",
            name="left_at",
            field=models.DateTimeField(null=True),
        ),
        SqlPair("audit", "0016_standing_of_holders"),
    ]
