/** IndexedDB access. */
import { openDB, type IDBPDatabase } from "idb";

const NAME = "stillroom";
/** Incremented with every change of the object stores. */
const VERSION = 3;

/** Store of the photos that the server does not have yet. */
const UPLOADS = "uploads";

/** Typed access for a feature. Without IndexedDB, data lasts as long as the page. */
export class Database<Tables = unknown> {
  private opened: Promise<IDBPDatabase | null> | null = null;

  /**
   * Runs a database action. Returns null on any error, because storage may be full or forbidden and the page must
   * work without it.
   */
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
        if (!db.objectStoreNames.contains(UPLOADS)) db.createObjectStore(UPLOADS, { keyPath: "id" });
        // Delete stores of earlier releases.
        for (const name of db.objectStoreNames) if (name !== UPLOADS) db.deleteObjectStore(name);
      },
      // A tab with an older page holds the database open. Continue without it rather than wait for that tab to close.
      blocked: () => resolve(null),
      blocking: (_current, _wanted, event) => (event.target as IDBDatabase).close(),
    });
    opening.then(resolve, () => resolve(null));
  });
}

/** Counts the photos that exist only in this browser. */
export async function countUnsent(): Promise<number> {
  return (await new Database().attempt((db) => db.count(UPLOADS))) ?? 0;
}

/** Clears the database, so that the next user of this browser finds no data. */
export async function forgetKept(): Promise<void> {
  await new Database().attempt((db) => db.clear(UPLOADS));
}
