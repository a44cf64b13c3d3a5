"""When a request is due, who is barred from deciding on it, and which grant set a policy."""

from datetime import timedelta

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import core.database.expressions


class Migration(migrations.Migration):
    dependencies = [("audit", "0017_backlog")]

    operations = [
        migrations.AddField(
            model_name="approvalpolicy",
            name="due_after",
            # half of the day that every policy so far gives
            field=models.DurationField(default=timedelta(hours=12)),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="approvalpolicy",
            name="publishes_by_itself",
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name="approvalpolicy",
            name="set_by_audit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="audit.approvalgrant",
            ),
        ),
        migrations.AddConstraint(
            model_name="approvalpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("publishes_by_itself", False),
                    models.Q(("action", "event:publish"), models.Q(("risk", "high"), _negated=True)),
                    _connector="OR",
                ),
                name="only_events_publish_by_themselves",
            ),
        ),
        migrations.AddField(
            model_name="approvalsubject",
            name="barred",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(),
                db_default=core.database.expressions.EmptyUuidArray(),
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="approvalrequest",
            name="barred",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(),
                db_default=core.database.expressions.EmptyUuidArray(),
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="approvalrequest", name="due_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name="approvalrequest", name="escalated_at", field=models.DateTimeField(null=True)
        ),
    ]
