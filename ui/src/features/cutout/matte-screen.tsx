/** Cut-out correction screen: marks what belongs to the product and what does not. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { Job, Session, Schemas } from "@/api/client";
import { retryLost } from "@/api/problems";
import { matteQuery, scenePreviewsKey } from "@/api/queries";
import { usePhone } from "@/shared/hooks/use-media";
import { freshKey } from "@/shared/fresh-key";
import { useSingleMutation } from "@/shared/hooks/use-single-mutation";
import { useShortcuts } from "@/shared/hooks/use-shortcuts";
import { useWindowEvent } from "@/shared/hooks/use-window-event";
import { useMatteTranslation } from "./translation";
import { IconButton } from "@/shared/ui/button";
import { LoadProblem } from "@/shared/ui/load-problem";
import { Dialog } from "@/shared/ui/layers/dialog";
import { FormDialog } from "@/shared/ui/layers/form-dialog";
import { Segment } from "@/shared/ui/segment";
import { useGround } from "@/shared/stage/use-surround";
import { Viewport } from "@/shared/stage/viewport";
import { ZoomControls, zoomKeys } from "@/shared/stage/zoom-controls";
import {
  chosenOf,
  radiusOf,
  withPoint,
  withStroke,
  withSubject,
  type Correction,
  type Mode,
} from "./correction";
import { Confidence } from "./confidence";
import { MaskCanvas, type MaskCanvasHandle } from "./mask-canvas";
import { MatteFoot } from "./matte-foot";
import { MatteTools, SIZE } from "./matte-tools";
import { changeMatte } from "./queries";
import { views, type View } from "./sheet";
import { SubjectChoice } from "./subject-choice";
import { useCorrection } from "./use-correction";
import type { Tool } from "./strokes";

type MatteScreenProps = {
  session: Session;
  /** The picture to make again with the new cut-out: its number and highest cost. */
  shown: { id: string; number: string; price: string | null } | null;
  onRedo: (job: Job) => void;
  onClose: () => void;
};

const SIZE_STEP = 1.2;

export default function MatteScreen(props: MatteScreenProps) {
  const { session, onClose } = props;
  const { t } = useMatteTranslation();
  const matte = useQuery(matteQuery(session.id));
  const [isUnsaved, setUnsaved] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  // Strokes take minutes, and Escape or "back" is pressed quickly.
  const leave = () => (isUnsaved ? setLeaving(true) : onClose());
  return (
    <Dialog size="full" title={t.studio.fixCutOut} lead={session.title} onClose={leave}>
      {matte.data ? (
        <Workplace {...props} matte={matte.data} onLeave={leave} onUnsaved={setUnsaved} />
      ) : (
        <div className="grid flex-1 place-content-center justify-items-center gap-3 bg-stage text-body text-ink-2">
          {matte.isError ? (
            <LoadProblem error={matte.error} onRetry={() => void matte.refetch()} />
          ) : (
            t.studio.stages.matte
          )}
        </div>
      )}
      {isLeaving && (
        <FormDialog
          title={t.matte.leave}
          action={t.matte.discard}
          cancel={t.matte.keepFixing}
          weight="danger"
          onSubmit={onClose}
          onClose={() => setLeaving(false)}
        >
          <p className="text-body text-ink-2">{t.matte.leaveMeans}</p>
        </FormDialog>
      )}
    </Dialog>
  );
}

type WorkplaceProps = MatteScreenProps & {
  matte: Schemas["Matte"];
  onLeave: () => void;
  onUnsaved: (isUnsaved: boolean) => void;
};

function Workplace({ session, matte, shown, onRedo, onClose, onLeave, ...on }: WorkplaceProps) {
  const { t } = useMatteTranslation();
  const client = useQueryClient();
  const ground = useGround();
  const [viewport] = useState(() => new Viewport());
  const [view, setView] = useState<View>("faded");
  const [tool, setTool] = useState<Tool>("point");
  const [mode, setMode] = useState<Mode>("add");
  const [size, setSize] = useState(56);
  /** The tool whose limit is reached. */
  const [full, setFull] = useState<Tool | null>(null);
  const canvas = useRef<MaskCanvasHandle>(null);
  const correction = useCorrection(matte, (file) => canvas.current?.show(file));
  const chosen = chosenOf(correction.current, matte.subjects);
  const tell = useEffectEvent(on.onUnsaved);
  useEffect(() => tell(correction.changed), [correction.changed]);
  // An uncertain choice of subjects can be confirmed without a change.
  const isAsked = !matte.certain && matte.correction === null && matte.subjects.length > 1;
  // A tick on several objects would be no answer, and pressing one of them could mean to take it or to leave it out.
  const isOpen = isAsked && chosen.length > 1 && correction.current.subjects.length === 0;
  const radius = radiusOf(size, Math.max(matte.width, matte.height));

  const change = useSingleMutation({
    mutationFn: ({ body, key }: { body: Correction | null; key: string }) =>
      changeMatte(session.id, body, shown?.id ?? null, key),
    retry: retryLost(),
    onSuccess: (made) => {
      void client.resetQueries({ queryKey: matteQuery(session.id).queryKey });
      void client.resetQueries({ queryKey: scenePreviewsKey(session.id) });
      if ("status" in made) onRedo(made);
      onClose();
    },
  });
  const extend = (next: Correction | null) => {
    setFull(next === null ? tool : null);
    if (next) correction.change(next);
    else correction.revoke();
  };
  // A phone has room for one of them, and tools are of more use once the product is certain.
  const toolsFirst = usePhone() && matte.certain;
  const subjects = (
    <SubjectChoice
      matte={matte}
      photo={session.image}
      chosen={isOpen ? [] : chosen}
      busy={correction.busy && correction.changed}
      onToggle={(id) => correction.change(withSubject(correction.current, id))}
    />
  );
  const resize = (factor: number) => setSize(Math.min(SIZE.maximum, Math.max(SIZE.minimum, size * factor)));

  useShortcuts(
    {
      "[": () => resize(1 / SIZE_STEP),
      "]": () => resize(SIZE_STEP),
      x: () => setMode(mode === "add" ? "remove" : "add"),
      p: () => setTool("point"),
      b: () => setTool("brush"),
      ...zoomKeys(viewport),
    },
    "dialog",
  );
  useWindowEvent("keydown", (event) => {
    if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    correction.undo();
  });

  return (
    <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)_auto] md:grid-cols-[minmax(0,1fr)_392px] md:grid-rows-1 sm:max-md:landscape:grid-cols-[minmax(0,1fr)_320px] sm:max-md:landscape:grid-rows-1">
      <div className={`flex min-h-0 min-w-0 flex-col ${ground}`}>
        <MaskCanvas
          ref={canvas}
          photo={session.image}
          viewport={viewport}
          view={view}
          tool={tool}
          mode={mode}
          radius={radius}
          area={correction.current.box}
          points={correction.current.points}
          busy={correction.busy}
          onPoint={(x, y) => extend(withPoint(correction.current, x, y, mode))}
          onStroke={(stroke) => extend(withStroke(correction.current, stroke))}
          onRevoke={correction.revoke}
          onArea={(box) => correction.adjust({ box, subjects: [] })}
        />
        <div className="flex h-[52px] shrink-0 items-center gap-2 overflow-x-auto px-4 text-data max-sm:gap-0 max-sm:px-1">
          <ZoomControls viewport={viewport} className="max-md:hidden" />
          <div className="mx-auto flex items-center gap-2">
            <span className="max-md:hidden">{t.matte.view}</span>
            <Segment
              label={t.matte.view}
              choices={views.map((value) => ({ value, label: t.matte.views[value] }))}
              value={view}
              onChange={setView}
            />
          </div>
          <IconButton
            name="undo"
            label={t.common.undo}
            plain
            disabled={!correction.canUndo}
            onClick={correction.undo}
          />
        </div>
      </div>
      <aside
        aria-label={t.studio.fixCutOut}
        className="flex min-h-0 flex-col border-line bg-panel max-md:max-h-[46dvh] max-md:border-t sm:max-md:landscape:max-h-none md:border-l"
      >
        <div className="scroll-quiet flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-5 py-[18px] max-sm:px-4">
          {!toolsFirst && subjects}
          <Confidence matte={matte} />
          <MatteTools
            tool={tool}
            mode={mode}
            size={size}
            correction={correction.current}
            onTool={setTool}
            onMode={setMode}
            onSize={setSize}
            onAdjust={correction.adjust}
          />
          {toolsFirst && subjects}
          {full && <p className="text-data text-warn">{t.matte.full[full]}</p>}
        </div>
        <MatteFoot
          corrected={matte.correction !== null}
          changed={correction.changed || isAsked}
          busy={correction.busy}
          saving={change.isPending}
          notices={correction.notices}
          redoes={shown?.number ?? null}
          price={shown?.price ?? null}
          error={correction.error ?? change.error}
          onSave={() => {
            const confirmed = correction.changed ? {} : { subjects: chosen };
            change.mutate({ body: { ...correction.current, ...confirmed }, key: freshKey() });
          }}
          onReset={() => change.mutate({ body: null, key: freshKey() })}
          onClose={onLeave}
        />
      </aside>
    </div>
  );
}
