"""Metadata of the schema, and the kinds of columns that its tables share."""

from collections.abc import Iterable

import sqlalchemy as sa

from stillroom.storage.database import UtcDateTime

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def json(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(none_as_null=True), nullable=nullable)


def text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime, nullable=nullable)


def number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def id() -> sa.Column[str]:
    return sa.Column("id", sa.Text, primary_key=True)


def owner() -> sa.Column[str]:
    return sa.Column("owner_id", sa.ForeignKey("owners.id"), nullable=False)


def part_of(column: str, target: str) -> sa.Column[str]:
    """Foreign key with ON DELETE CASCADE."""
    return sa.Column(column, sa.ForeignKey(f"{target}.id", ondelete="CASCADE"), nullable=False)


def backdrop() -> sa.Column[str]:
    """Own backdrop in the row's plan or changes; the database computes it, so nothing inserts it."""
    return sa.Column("backdrop_id", sa.Text, nullable=True, index=True)


def index_where(name: str, condition: str, *columns: str) -> sa.Index:
    """Return a partial index; both databases have them."""
    where = sa.text(condition)
    return sa.Index(name, *columns, sqlite_where=where, postgresql_where=where)


def one_of(column: str, values: Iterable[str]) -> sa.CheckConstraint:
    """CHECK constraint on a state or kind; a new value needs a migration."""
    known = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({known})", name=column)
