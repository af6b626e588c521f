/** The browser's own database: what outlives the page, and which tables there are for it. */
import { openDB, type IDBPDatabase } from "idb";

const NAME = "stillroom";
/** Counts up with every change of the tables. */
const VERSION = 3;

/** Of every feature, because one database has one list of tables. */
const tables: Record<string, IDBObjectStoreParameters> = { uploads: { keyPath: "id" } };
/** Those that hold what the server does not have yet. */
const unsent = ["uploads"];

/** The database as one feature sees it. Where there is none, all lives as long as the page. */
export class Database<Tables = unknown> {
  private opened: Promise<IDBPDatabase | null> | null = null;

  /** A full or forbidden database costs what it was for, and nothing else. */
  async attempt<T>(act: (db: IDBPDatabase<Tables>) => Promise<T>): Promise<T | null> {
    this.opened ??= open();
    const db = await this.opened;
    return db && (await act(db as unknown as IDBPDatabase<Tables>).catch(() => null));
  }
}

function open(): Promise<IDBPDatabase | null> {
  return new Promise((resolve) => {
    const opening = openDB(NAME, VERSION, {
      upgrade: (db) => {
        for (const [name, options] of Object.entries(tables)) {
          if (!db.objectStoreNames.contains(name)) db.createObjectStore(name, options);
        }
        // Tables of an earlier release.
        for (const name of db.objectStoreNames) if (!(name in tables)) db.deleteObjectStore(name);
      },
      // A tab with an older page still holds it; this one does without rather than wait for the other to be closed.
      blocked: () => resolve(null),
      blocking: (_current, _wanted, event) => (event.target as IDBDatabase).close(),
    });
    opening.then(resolve, () => resolve(null));
  });
}

/** How many photos would be lost with the database. */
export async function countUnsent(): Promise<number> {
  const counts = await new Database().attempt((db) => Promise.all(unsent.map((table) => db.count(table))));
  return (counts ?? []).reduce((sum, count) => sum + count, 0);
}

/** Leaves nothing to the next who uses this browser. */
export async function forgetKept(): Promise<void> {
  await new Database().attempt((db) => Promise.all(Object.keys(tables).map((table) => db.clear(table))));
}
