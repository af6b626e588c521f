/** The files of a drop, with those in its folders. */
import { claimedKind } from "./signature";

export type Dropped = {
  files: File[];
  /** The name of the folder that was dropped; null where there was none. */
  folder: string | null;
};

/** Reads what was dropped. The list of a drop is only there during its event, so the entries are taken at once. */
export async function droppedFiles(transfer: DataTransfer): Promise<Dropped> {
  const plain = [...transfer.files];
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const folder = entries.find((entry) => entry.isDirectory)?.name ?? null;
  if (folder === null) return { files: plain, folder };
  const found = await Promise.all(entries.map(filesOf));
  return { files: found.flat(), folder };
}

/** A folder's files by name; what lies there beside the photos, such as a thumbnail cache, is left out. */
export const photosAmong = (files: readonly File[]): File[] =>
  files
    .filter(({ name }) => !name.startsWith(".") && claimedKind(name) !== null)
    .toSorted((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (isFile(entry)) {
    // One that went away meanwhile holds up no other.
    return new Promise((done) =>
      entry.file(
        (file) => done([file]),
        () => done([]),
      ),
    );
  }
  if (!isFolder(entry)) return [];
  const inside = await Promise.all((await entriesOf(entry)).map(filesOf));
  return photosAmong(inside.flat());
}

/** A reader hands out a part at a time and ends with an empty one. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((done) => reader.readEntries(done, () => done([])));
    if (part.length === 0) return all;
    all.push(...part);
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
