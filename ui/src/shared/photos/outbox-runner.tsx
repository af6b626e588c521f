/** Runs the outbox on every screen. */
import { useOutboxRunner } from "./use-outbox";

export function OutboxRunner() {
  useOutboxRunner();
  return null;
}
