/** Files of a drop, including those in its folders. */
import { claimedKind } from "./signature";

export type Dropped = {
  files: File[];
  /** Name of the dropped folder; null if there was none. */
  folder: string | null;
};

/** Reads a drop. The entries are taken synchronously, because the browser clears the list after its event. */
export async function droppedFiles(transfer: DataTransfer): Promise<Dropped> {
  const plain = [...transfer.files];
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const folder = entries.find((entry) => entry.isDirectory)?.name ?? null;
  if (folder === null) return { files: plain, folder };
  const found = await Promise.all(entries.map(filesOf));
  return { files: found.flat(), folder };
}

/** Names pictures of the clipboard, which browsers call `image`. A copied file keeps its name. */
export const namedAsPasted = (files: readonly File[], nextName: () => string): File[] =>
  files.map((file) => {
    const ending = /^image(\.\w+)$/.exec(file.name)?.[1];
    return ending ? new File([file], nextName() + ending, { type: file.type }) : file;
  });

/** Photos of a folder, sorted by name. Other files, such as a thumbnail cache, are left out. */
export const photosAmong = (files: readonly File[]): File[] =>
  files
    .filter(({ name }) => !name.startsWith(".") && claimedKind(name) !== null)
    .toSorted((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (isFile(entry)) {
    // A file that was deleted meanwhile does not block the others.
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

/** A directory reader returns parts, the last one empty. */
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
