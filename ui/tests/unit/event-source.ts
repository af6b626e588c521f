/** The browser's event source, driven by the test. */
export class Source extends EventTarget {
  static CLOSED = 2;
  static all: Source[] = [];
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly url: string;
  constructor(url: string) {
    super();
    this.url = url;
    Source.all.push(this);
  }
  close() {
    this.readyState = Source.CLOSED;
  }
  send(name: string, seq: number, data: object = {}) {
    const body = JSON.stringify({ job_id: "job_1", seq, at: "2026-01-01T00:00:00Z", ...data });
    this.dispatchEvent(new MessageEvent(name, { data: body }));
  }
  fail(closed: boolean) {
    if (closed) this.close();
    this.onerror?.();
  }
}
