"""Failures of the drivers that mean that storage cannot be reached."""

import sqlite3

import asyncpg
import pytest
import sqlalchemy as sa

from stillroom.domain.errors import Conflict, StorageUnavailable
from stillroom.storage.driver_errors import translate_connect_errors, translate_driver_errors


def of_sqlite(code: int, kind: type[sa.exc.DBAPIError] = sa.exc.OperationalError) -> sa.exc.DBAPIError:
    cause = sqlite3.OperationalError("some words")
    cause.sqlite_errorcode = code
    return kind("SELECT 1", {}, cause)


def of_postgresql(state: str, kind: type[sa.exc.DBAPIError] = sa.exc.DBAPIError) -> sa.exc.DBAPIError:
    cause = Exception("some words")
    cause.sqlstate = state  # type: ignore[attr-defined]
    return kind("SELECT 1", {}, cause)


@pytest.mark.parametrize(
    "failure",
    [
        of_sqlite(sqlite3.SQLITE_BUSY),
        of_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT),
        of_sqlite(sqlite3.SQLITE_FULL),
        of_sqlite(sqlite3.SQLITE_IOERR_WRITE),
        of_sqlite(sqlite3.SQLITE_CANTOPEN),
        of_postgresql("53100"),
        of_postgresql("55P03"),
        of_postgresql("57014"),
        of_postgresql("57P01"),
        of_postgresql("40P01"),
        of_postgresql("08006"),
        of_postgresql("25006"),
        asyncpg.InternalClientError("some words"),
        TimeoutError(),
    ],
    ids=str,
)
def test_database_outage_is_storage_unavailable(failure: Exception) -> None:
    with pytest.raises(StorageUnavailable) as reported, translate_driver_errors():
        raise failure
    assert reported.value.__cause__ is failure
    assert "some words" not in reported.value.detail


@pytest.mark.parametrize(
    "failure", [of_sqlite(sqlite3.SQLITE_ERROR), of_postgresql("42601"), of_postgresql("25P02")], ids=str
)
def test_error_in_a_statement_is_not_an_outage(failure: Exception) -> None:
    with pytest.raises(sa.exc.DBAPIError), translate_driver_errors():
        raise failure


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (of_sqlite(sqlite3.SQLITE_FULL), "full"),
        (of_sqlite(sqlite3.SQLITE_IOERR_SHMSIZE), "full"),
        (of_sqlite(sqlite3.SQLITE_READONLY), "read_only"),
        (of_sqlite(sqlite3.SQLITE_READONLY_DBMOVED), "read_only"),
        (of_sqlite(sqlite3.SQLITE_BUSY), None),
        (of_postgresql("53100"), "full"),
        (of_postgresql("57P01"), None),
    ],
    ids=str,
)
def test_full_or_read_only_database_is_reported_as_such(failure: Exception, reason: str | None) -> None:
    with pytest.raises(StorageUnavailable) as reported, translate_driver_errors():
        raise failure
    assert reported.value.params.get("reason") == reason


@pytest.mark.parametrize(
    ("reason", "zh", "en"),
    [
        ("full", "磁盘已满", "disk is full"),
        ("read_only", "不可写", "not writable"),
        (None, "暂不可用", "not reachable"),
    ],
)
def test_message_names_the_cause(reason: str | None, zh: str, en: str) -> None:
    words = StorageUnavailable.words({"reason": reason})
    assert zh in words.zh
    assert en in words.en


@pytest.mark.parametrize(
    "failure",
    [
        of_sqlite(sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY, sa.exc.IntegrityError),
        of_postgresql("23503", sa.exc.IntegrityError),
    ],
    ids=str,
)
def test_foreign_key_violation_is_a_conflict(failure: Exception) -> None:
    with pytest.raises(Conflict), translate_driver_errors():
        raise failure


@pytest.mark.parametrize(
    "failure",
    [
        of_sqlite(sqlite3.SQLITE_CONSTRAINT_CHECK, sa.exc.IntegrityError),
        of_sqlite(sqlite3.SQLITE_CONSTRAINT_UNIQUE, sa.exc.IntegrityError),
        of_postgresql("23514", sa.exc.IntegrityError),
        of_postgresql("23505", sa.exc.IntegrityError),
    ],
    ids=str,
)
def test_violated_check_constraint_is_an_internal_error(failure: Exception) -> None:
    with pytest.raises(sa.exc.IntegrityError), translate_driver_errors():
        raise failure


@pytest.mark.parametrize(
    "failure",
    [
        *(ConnectionRefusedError(), TimeoutError(), sa.exc.TimeoutError(), of_postgresql("28P01")),
        asyncpg.InternalClientError("another operation is in progress"),
    ],
    ids=repr,
)
def test_refused_connection_is_storage_unavailable(failure: Exception) -> None:
    with pytest.raises(StorageUnavailable), translate_connect_errors():
        raise failure
