"""documents that supersede others."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "supersessions",
        sa.Column("newer_id", sa.Text(), nullable=False),
        sa.Column("older_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["newer_id"], ["documents.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("newer_id", "older_id"),
    )
    op.create_index("ix_supersessions_older_id", "supersessions", ["older_id"])


def downgrade() -> None:
    op.drop_table("supersessions")
