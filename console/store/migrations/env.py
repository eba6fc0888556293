"""Alembic's entry: runs the migrations on the store that `schema.upgrade` names."""

from alembic import context
from sqlmodel import SQLModel

from console.store import schema, tables  # noqa: F401 - fills the metadata
from console.store.engine import migration_engine

engine = migration_engine(context.config.attributes["url"])
try:
    with engine.connect().execution_options(zhiban_write=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=SQLModel.metadata,
            render_as_batch=True,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            schema.lock(connection)
            context.run_migrations()
finally:
    engine.dispose()
