"""Blob keys that rows refer to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from stillroom.storage.blobs import HALF_WRITTEN, PROBE_FOLDER
from stillroom.storage.repositories.base import Repository
from stillroom.storage.tables.work import assets, exports, mattes, variants

_OWNERS: Mapping[str, sa.Table] = {table.name: table for table in (assets, variants, exports, mattes)}
"""Tables by the first segment of a blob key; the second segment begins with the id of the row."""


class SqlBlobNames(Repository):
    async def among(self, keys: Sequence[str]) -> frozenset[str]:
        named: set[str] = set()
        of_row: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for key in keys:
            if HALF_WRITTEN in key:
                continue
            folder, _, name = key.partition("/")
            if folder in _OWNERS:
                of_row[folder][name.partition(".")[0]].add(key)
            elif folder != PROBE_FOLDER:
                named.add(key)
        for folder, by_id in of_row.items():
            table = _OWNERS[folder]
            found = await self._connection.execute(sa.select(table.c.id).where(table.c.id.in_(list(by_id))))
            named |= {key for row_id in found.scalars() for key in by_id[row_id]}
        return frozenset(named)
