"""A search of the log, by a whole id or by the beginning of an action, is answered by an index."""

from django.db import migrations, models

from core.database.pairs import SqlPair


class Migration(migrations.Migration):
    dependencies = [("audit", "0038_overdue")]

    operations = [
        SqlPair("audit", "0039_searched"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="auditevent",
                    name="action",
                    field=models.CharField(db_collation="C", max_length=100),
                )
            ],
        ),
        migrations.RemoveIndex(model_name="auditevent", name="idx_audit_event_entity"),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["entity_id", "entity_type"], name="idx_audit_event_entity"),
        ),
    ]
