"""Metadata of the schema, and the kinds of columns that its tables share."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from pydantic_core import to_json

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


class _Document(sa.TypeDecorator[Any]):
    """JSON that holds a value of one type; NULL stands for `missing`."""

    impl = sa.JSON(none_as_null=True)
    cache_ok = True

    def __init__(self, kind: Any, missing: Any = None) -> None:
        super().__init__()
        self.kind, self.missing = kind, missing
        self._adapter = TypeAdapter(kind)

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:  # noqa: ARG002
        """Convert to what JSON has."""
        return None if value == self.missing else self._adapter.dump_python(value, mode="json")

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Any:  # noqa: ARG002
        """Convert back; from JSON text, because strict models take bytes and tuples from nothing else."""
        return self.missing if value is None else self._adapter.validate_json(to_json(value))


class Choice(sa.TypeDecorator[Any]):
    """Text that holds a member of an enumeration."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        """Convert to plain text."""
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> StrEnum | None:  # noqa: ARG002
        """Convert back. Raises ValueError for a member that a later release has added."""
        return None if value is None else self.kind(value)


def stored(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Return a column as it is stored, without the conversion to a value of the domain."""
    kind = column.type.impl_instance if isinstance(column.type, _Document | Choice) else column.type
    return sa.type_coerce(column, kind).label(column.name)


def json(name: str, *, key: str | None = None, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(none_as_null=True), key=key or name, nullable=nullable)


def document(
    name: str, kind: Any, *, key: str, missing: Any = None, nullable: bool = False
) -> sa.Column[object]:
    """Column for a value of one type, with the name of its field as the key."""
    return sa.Column(name, _Document(kind, missing), key=key, nullable=nullable)


def choice(name: str, kind: type[StrEnum], *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, Choice(kind), nullable=nullable)


def text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def moment(name: str, *, key: str | None = None, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, UtcDateTime, key=key or name, nullable=nullable)


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
