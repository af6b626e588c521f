/** Undo history of a correction, and the server's matte for its current state. */
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { fetchFile, type Schemas } from "@/api/client";
import { keyOf, untouched, type Correction } from "./correction";
import { previewMatte, type MattePreview } from "./queries";

const UNDO_STEPS = 50;
/** Debounce in milliseconds, so that a preview does not interrupt painting. */
const PAUSE_MS = 250;

const startOf = ({ correction }: Schemas["Matte"]): Correction => ({ ...untouched, ...correction });

export function useCorrection(matte: Schemas["Matte"], onMatte: (file: Blob) => Promise<void> | undefined) {
  const [steps, setSteps] = useState<readonly Correction[]>(() => [startOf(matte)]);
  const [busy, setBusy] = useState(true);
  const [error, setError] = useState<unknown>(null);
  /** Server notices about the matte shown; null before the first matte. */
  const [notices, setNotices] = useState<MattePreview["notices"] | null>(null);
  /** Incremented to redraw the matte when the correction has not changed. */
  const [revoked, setRevoked] = useState(0);
  const known = useRef(new Map<string, MattePreview>());
  const current = steps.at(-1) ?? untouched;
  const key = keyOf(current);
  const first = keyOf(startOf(matte));
  const preview = useEffectEvent((signal: AbortSignal) => previewMatte(matte.session_id, current, signal));
  const draw = useEffectEvent(onMatte);

  useEffect(() => {
    const abort = new AbortController();
    const show = async (seen: MattePreview) => {
      await draw(seen.file);
      known.current.set(key, seen);
      if (abort.signal.aborted) return;
      setNotices(seen.notices);
      setBusy(false);
    };
    const ask = async () => {
      const seen = known.current.get(key);
      if (seen) {
        await show(seen);
        return;
      }
      setBusy(true);
      setError(null);
      if (key === first) {
        const file = await (await fetchFile(matte.url, abort.signal)).blob();
        await show({ file, notices: matte.notices });
        return;
      }
      await new Promise((done) => setTimeout(done, PAUSE_MS));
      if (abort.signal.aborted) return;
      await show(await preview(abort.signal));
    };
    ask().catch((reason: unknown) => {
      if (abort.signal.aborted) return;
      setBusy(false);
      setError(reason);
    });
    return () => abort.abort();
  }, [key, first, matte.url, matte.notices, revoked]);

  return {
    current,
    busy,
    error,
    notices,
    changed: key !== first,
    canUndo: steps.length > 1,
    change: (next: Correction) => setSteps((all) => [...all, next].slice(-UNDO_STEPS - 1)),
    /** One slider drag is one undo step. */
    adjust: (part: Partial<Correction>) =>
      setSteps((all) => {
        const [before, last] = [all.at(-2), all.at(-1) ?? untouched];
        const next = { ...last, ...part };
        const same = before !== undefined && keyOf({ ...before, ...part }) === keyOf(next);
        return [...(same ? all.slice(0, -1) : all), next].slice(-UNDO_STEPS - 1);
      }),
    undo: () => setSteps((all) => (all.length > 1 ? all.slice(0, -1) : all)),
    revoke: () => setRevoked((count) => count + 1),
  };
}
