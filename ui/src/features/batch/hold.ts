/** What keeps a batch from sending for a while. */

export type Why = "limited" | "unreachable" | "signedOut";

export class Hold {
  /** The moment until which nothing is sent; 0 for now. */
  until = 0;
  why: Why | null = null;
  private timer = 0;
  private readonly onChange: () => void;

  constructor(onChange: () => void) {
    this.onChange = onChange;
  }

  get isOn(): boolean {
    return Date.now() < this.until;
  }

  /** A sign-in that is waited for outlasts the rest. */
  take(ms: number, why: "limited" | "unreachable"): void {
    if (this.why === "signedOut") return;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.lift(), ms);
    this.until = Date.now() + ms;
    this.why = why;
    this.onChange();
  }

  untilSignIn(): void {
    window.clearTimeout(this.timer);
    this.until = Infinity;
    this.why = "signedOut";
    this.onChange();
  }

  lift(): void {
    window.clearTimeout(this.timer);
    this.until = 0;
    this.why = null;
    this.onChange();
  }
}
