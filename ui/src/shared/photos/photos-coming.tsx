/** Runs the outbox on every screen. */
import { useOutboxKept } from "./use-outbox";

export function PhotosComing() {
  useOutboxKept();
  return null;
}
