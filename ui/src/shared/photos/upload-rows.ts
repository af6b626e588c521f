/** Observable list of upload rows. */
import type { UploadRow } from "./upload-row";

export class UploadRows {
  private readonly listeners = new Set<() => void>();
  private rows: readonly UploadRow[] = [];

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): readonly UploadRow[] => this.rows;

  find(id: string): UploadRow | undefined {
    return this.rows.find((row) => row.id === id);
  }

  add(row: UploadRow): void {
    this.show([...this.rows, row]);
  }

  set(id: string, part: Partial<UploadRow>): void {
    this.show(this.rows.map((row) => (row.id === id ? { ...row, ...part } : row)));
  }

  remove(isGone: (row: UploadRow) => boolean): void {
    this.show(this.rows.filter((row) => !isGone(row)));
  }

  private show(rows: readonly UploadRow[]): void {
    const shown = new Set(rows.map(({ preview }) => preview));
    // Object URLs keep the file in memory until they are revoked.
    for (const { preview } of this.rows) {
      if (preview.startsWith("blob:") && !shown.has(preview)) URL.revokeObjectURL(preview);
    }
    this.rows = rows;
    this.listeners.forEach((listener) => listener());
  }
}
