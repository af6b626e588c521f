/**
 * Foot of the correction: apply it, or return to the automatic cut-out. Asks before it applies a matte without a
 * product.
 */
import { useState } from "react";
import { Button } from "@/shared/ui/button";
import { CallProblem } from "@/shared/ui/call-problem";
import { Late } from "@/shared/ui/late";
import { Dialog } from "@/shared/ui/layers/dialog";
import { useMatteTranslation } from "./translation";

/** Most cut-outs are found by then, unless the machine has other work. */
const SLOW_MS = 4_000;

type MatteFootProps = {
  /** True if the cut-out in use is a correction, which can be reverted. */
  corrected: boolean;
  changed: boolean;
  busy: boolean;
  saving: boolean;
  /** Server notices about the cut-out; null until they are loaded. */
  notices: readonly string[] | null;
  /** Number of the picture that will be made again; null if there is none. */
  redoes: string | null;
  /** Formatted highest cost of making it again; null if it is free. */
  price: string | null;
  error: unknown;
  onSave: () => void;
  onReset: () => void;
  onClose: () => void;
};

export function MatteFoot(props: MatteFootProps) {
  const { corrected, changed, busy, saving, notices, redoes, price, error, ...on } = props;
  const { t } = useMatteTranslation();
  const [asking, setAsking] = useState(false);
  const note = redoes === null ? t.matte.note : t.matte.redoNote(redoes);
  return (
    <footer className="flex flex-col gap-2.5 border-t border-line px-5 py-4 max-sm:px-4 max-sm:py-3">
      <p className="min-h-5 text-data text-ink-2 max-sm:min-h-10" role="status">
        {busy ? (
          <>
            {t.matte.finding}
            <Late ms={SLOW_MS}>
              {t.common.dot}
              {t.matte.slow}
            </Late>
          </>
        ) : (
          [note, ...(price === null ? [] : [price])].join(t.common.dot)
        )}
      </p>
      <CallProblem error={error} />
      <div className="flex gap-2.5">
        {corrected ? (
          <Button size="action" disabled={saving} onClick={on.onReset}>
            {t.matte.reset}
          </Button>
        ) : (
          <Button size="action" onClick={on.onClose}>
            {t.common.cancel}
          </Button>
        )}
        <Button
          size="action"
          weight="filled"
          className="flex-1"
          disabled={!changed || saving || busy || notices === null}
          onClick={() => (notices?.includes("NO_PRODUCT_FOUND") ? setAsking(true) : on.onSave())}
        >
          {t.matte.save}
        </Button>
      </div>
      {asking && (
        <Dialog title={t.matte.nothing} onClose={() => setAsking(false)}>
          <div className="flex flex-col gap-4 px-6 pt-4 pb-5 max-sm:px-4">
            <p className="text-body text-ink-2">{t.matte.nothingMeans}</p>
            <div className="flex justify-end gap-3">
              <Button
                onClick={() => {
                  setAsking(false);
                  on.onSave();
                }}
              >
                {t.matte.useAnyway}
              </Button>
              <Button weight="filled" onClick={() => setAsking(false)}>
                {t.matte.keepFixing}
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </footer>
  );
}
