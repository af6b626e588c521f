/** Photos of tests. jsdom's File cannot be read piece by piece, as a browser's can. */

function fileOf(name: string, read: () => Promise<ArrayBuffer>): File {
  return Object.assign(new File(["content"], name), { slice: () => ({ arrayBuffer: read }) });
}

const contentOf = (...bytes: number[]) => {
  const { buffer } = new Uint8Array(bytes);
  return () => Promise.resolve(buffer);
};

export const jpeg = (name: string) => fileOf(name, contentOf(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4));

export const notes = (name: string) => fileOf(name, contentOf(110, 111, 116, 101, 115));

/** A file that was moved or changed since it was chosen. */
export const moved = (name: string) =>
  fileOf(name, () => Promise.reject(new DOMException("changed on disk", "NotReadableError")));
