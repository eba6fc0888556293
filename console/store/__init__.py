"""The operational database through SQLModel: one code path for SQLite and PostgreSQL."""
