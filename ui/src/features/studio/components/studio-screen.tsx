/** The studio of one product: stage in the middle, versions left, what to do on the right. */
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Schemas } from "@/api/client";
import type { Feed, JobEvent } from "@/api/feed";
import { ProblemError } from "@/api/problems";
import { configQuery } from "@/api/queries";
import { useTranslation } from "@/shared/i18n/translation";
import { useArranging } from "../hooks/use-arranging";
import { useBlink } from "../hooks/use-blink";
import { useCountdown } from "@/shared/hooks/use-countdown";
import { useFeeds } from "../hooks/use-feeds";
import { useHistory } from "../hooks/use-history";
import { usePictureInView } from "../hooks/use-picture-in-view";
import { useRatio } from "../hooks/use-ratio";
import { useRedone } from "../hooks/use-redone";
import { press, useRuns, type PlanChanges } from "../hooks/use-runs";
import { useSelection } from "../hooks/use-selection";
import { useSlots } from "../hooks/use-slots";
import { useSpoken } from "../hooks/use-spoken";
import { useStudioKeys } from "../hooks/use-studio-keys";
import { useToldOfNewest } from "../hooks/use-told";
import { useTitle } from "@/shared/hooks/use-title";
import { Viewport } from "@/shared/stage/viewport";
import type { Fix } from "../marks";
import { chosenOf, numberOf, turnsOf } from "../turns";
import { PictureActions } from "./picture-actions";
import { RatioMenu } from "./ratio-menu";
import { Stage } from "./stage";
import { StageTools, type Mode } from "./stage-tools";
import { StudioBar } from "./studio-bar";
import { StudioLayers, type Layer, type OtherFeatures } from "./studio-layers";
import { StudioPanel } from "./studio-panel";
import { Tray } from "./tray";
import { ToldBanner } from "./notices/told-banner";
import { Versions } from "./history/versions";

type StudioScreenProps = OtherFeatures & { session: Schemas["Session"] };

export function StudioScreen({ session, renderExport, renderCutout }: StudioScreenProps) {
  const { t } = useTranslation();
  const { data: config } = useQuery(configQuery);
  const turns = turnsOf(session);
  const speak = useSpoken(turns);
  const runs = useRuns(session.id);
  const selection = useSelection(turns);
  const { variant, turn } = selection;
  const [viewport] = useState(() => new Viewport());
  const [mode, setMode] = useState<Mode>("slider");
  const [peeking, setPeeking] = useState(false);
  const [layer, setLayer] = useState<Layer>(null);
  const [wait, setWait] = useCountdown();
  const field = useRef<HTMLTextAreaElement>(null);

  const hear = (event: JobEvent, feed: Feed) => {
    speak(event, feed);
    if (event.name === "progress" && event.data.variant) selection.land(event.data.variant);
    if (event.name === "succeeded" && document.hidden) document.title = `● ${session.title}`;
  };
  const { feedOf, connection } = useFeeds(session, hear);
  const slots = useSlots(turn, turn ? feedOf(turn.job.id) : null, selection.unseen);

  usePictureInView(variant?.id ?? null);
  useTitle(session.title || t.common.untitled);
  useEffect(() => viewport.fit(), [viewport, variant?.id]);

  const refused = runs.edit.error ?? runs.refine.error ?? runs.restore.error ?? runs.again.error;
  useEffect(() => {
    if (refused instanceof ProblemError && refused.code === "E_RATE_LIMITED")
      setWait(Math.max(1, refused.retryAfterSeconds));
    // Only a new refusal starts the countdown again.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [refused]);

  const adopt = () => variant && !variant.adopted && runs.adopt.mutate(variant.id);
  const fix = (base: Schemas["Variant"], mark: Fix) =>
    runs.restore.mutate(press({ base, restore: mark }), { onSuccess: (job) => selection.begin(job.id) });
  const blink = useBlink(mode === "blink");
  const openCompare = () => variant && setLayer("compare");
  const openExport = () => variant && setLayer("export");
  const correctable = config?.features.matte_correction ?? false;
  const openMatte = () => correctable && setLayer("matte");
  const fixCutOut = correctable ? openMatte : null;
  const redone = useRedone(variant, turns);
  const history = useHistory(turns, selection);
  const [tried, setTried] = useState<{ of: string; changes: PlanChanges } | null>(null);
  const arranging = useArranging(
    session,
    turns,
    selection,
    runs,
    tried && tried.of === variant?.id ? tried.changes : null,
  );
  const ratio = useRatio(turns, selection, runs);
  const newest = turns.at(-1) ?? null;
  const told = useToldOfNewest(newest, feedOf);
  const doInstead = (prompt: string) => {
    const base = (variant?.job_id === newest?.job.id ? variant : newest && chosenOf(newest)) ?? variant;
    if (!base) return;
    runs.refine.mutate(press({ base, prompt, candidates: 1, provider: null }), {
      onSuccess: (job) => selection.begin(job.id),
    });
  };
  const look = useCallback((next: Mode) => {
    setMode(next);
  }, []);

  useStudioKeys({
    turns,
    slots,
    viewport,
    selection,
    field,
    onMode: look,
    onBlink: () => (mode === "blink" ? blink.swap() : look("blink")),
    onCompare: openCompare,
    onPeek: setPeeking,
    onAdopt: adopt,
    onExport: openExport,
    onVersions: () => setLayer("versions"),
    onMatte: openMatte,
    onUndo: history.undo,
    onRedo: history.redo,
    onList: () => setLayer("keys"),
  });

  const stage = (
    <Stage
      session={session}
      turns={turns}
      variant={variant}
      mode={mode}
      viewport={viewport}
      peeking={peeking}
      earlier={blink.earlier}
      arranging={arranging}
      onFix={fixCutOut}
      onTouch={selection.touch}
    >
      <StageTools
        viewport={viewport}
        mode={mode}
        comparable={variant !== null}
        onMode={look}
        onSwap={blink.swap}
        onCompare={openCompare}
        onMatte={fixCutOut}
      >
        {ratio && <RatioMenu {...ratio} />}
        <PictureActions
          variant={variant}
          name={[session.title, variant ? numberOf(variant, turns) : ""].filter(Boolean).join(" ")}
          history={history}
        />
      </StageTools>
    </Stage>
  );
  const panel = (
    <StudioPanel
      session={session}
      turns={turns}
      selection={selection}
      runs={runs}
      feedOf={feedOf}
      lost={connection === "lost"}
      wait={wait}
      runningAtOnce={config?.limits.user_running ?? 2}
      fieldRef={field}
      onFix={fix}
      onCorrect={openMatte}
      preview={arranging?.preview ?? null}
      onTry={(changes) => setTried(variant && changes ? { of: variant.id, changes } : null)}
      bannered={told.lines.length > 0 ? (newest?.job.id ?? null) : null}
    />
  );

  return (
    <div className="flex min-h-dvh flex-col md:h-[calc(100dvh-var(--lines,0px))] md:min-h-0">
      <StudioBar
        session={session}
        runs={runs}
        exportable={variant !== null}
        onExport={openExport}
        onVersions={() => setLayer("versions")}
      />
      <ToldBanner
        lines={told.lines}
        busy={runs.refine.isPending || wait > 0}
        onDo={doInstead}
        onClose={told.putAway}
      />
      <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)] md:grid-cols-[minmax(0,1fr)_344px] lg:grid-cols-[108px_minmax(0,1fr)_392px] xl:grid-cols-[132px_minmax(0,1fr)_440px]">
        <Versions session={session} turns={turns} selection={selection} onTree={() => setLayer("versions")} />
        <div className="flex min-h-0 min-w-0 flex-col">
          {stage}
          {turn && (
            <Tray
              {...{ turns, turn, slots, selection }}
              adopting={runs.adopt.isPending}
              onAdopt={adopt}
              onCompare={openCompare}
              onFix={fix}
            />
          )}
        </div>
        {panel}
      </div>
      <StudioLayers
        {...{ layer, session, turns, variant, runs, selection, redone, field, renderExport, renderCutout }}
        onLayer={setLayer}
      />
    </div>
  );
}
