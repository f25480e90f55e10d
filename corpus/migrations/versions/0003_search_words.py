"""search tokens of passages, title vectors and short names of documents; no vectors of sections."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Older rows stay empty: other passage rules made them, so that they are read again before any search.
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title_digest", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("aliases", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("passages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tokens", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("sections", schema=None) as batch_op:
        batch_op.drop_column("vector_digest")


def downgrade() -> None:
    with op.batch_alter_table("sections", schema=None) as batch_op:
        batch_op.add_column(sa.Column("vector_digest", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("passages", schema=None) as batch_op:
        batch_op.drop_column("tokens")
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_column("aliases")
        batch_op.drop_column("title_digest")
