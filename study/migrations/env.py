"""Runs migrations on the connection that the study hands over."""

from alembic import context

from study.tables import metadata

connection = context.config.attributes["connection"].execution_options(themeloop_write=True)
context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)
with context.begin_transaction():
    context.run_migrations()
