/** Failed uploads that no screen shows, collected for one toast. */
import type { FailedUpload } from "./upload-row";

export class UploadFailures {
  private readonly unseen: FailedUpload[] = [];
  /** Batches whose rows are on the screen; null stands for products. */
  private readonly visible = new Set<string | null>();

  /** Marks rows as visible, so that their failures are not reported by a toast as well. */
  markVisible = (batch: string | null): (() => void) => {
    this.visible.add(batch);
    this.unseen.length = 0;
    return () => void this.visible.delete(batch);
  };

  add(batch: string | null, failed: FailedUpload): void {
    if (!this.visible.has(batch)) this.unseen.push(failed);
  }

  report(listener: ((failures: readonly FailedUpload[]) => void) | undefined): void {
    if (this.unseen.length > 0) listener?.(this.unseen.splice(0));
  }
}
