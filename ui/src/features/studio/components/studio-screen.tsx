/** The studio of one product: stage in the middle, versions left, what to do on the right. */
import { useRef, useState } from "react";
import type { Session } from "@/api/client";
import { useConfig } from "@/shared/hooks/use-config";
import { useTranslation } from "@/shared/i18n/translation";
import { showScenes } from "../scenes/scene-shelf";
import { useArranging, useTried } from "../placing/use-arranging";
import { useStudioJobs } from "../hooks/use-feeds";
import { useHistory } from "../hooks/use-history";
import { usePictureOrders, useRuns, useRunsWait } from "../hooks/use-runs";
import { useSelection } from "../hooks/use-selection";
import { StudioContext } from "../hooks/use-studio";
import { useStageView } from "../stage/use-stage-view";
import { useStudioKeys } from "../hooks/use-studio-keys";
import { useNewestWarnings } from "../hooks/use-turn-notices";
import { useTitle } from "@/shared/hooks/use-title";
import { turnsOf } from "../turns";
import { PictureActions } from "./picture-actions";
import { RatioMenu } from "./ratio-menu";
import { Stage } from "./stage";
import { StageTools } from "./stage-tools";
import { StudioBar } from "./studio-bar";
import { StudioLayers, type Layer, type OtherFeatures } from "./studio-layers";
import { StudioPanel } from "./studio-panel";
import { Tray } from "./tray";
import { WarningBanner } from "./notices/warning-banner";
import { Versions } from "./history/versions";
import { WaysOut } from "@/shared/instruction/rejected-clause-list";

type StudioScreenProps = OtherFeatures & { session: Session };

export function StudioScreen({ session, renderExport, renderCutout }: StudioScreenProps) {
  const { t } = useTranslation();
  const config = useConfig();
  const turns = turnsOf(session);
  const newest = turns.at(-1) ?? null;
  const runs = useRuns(session.id);
  const selection = useSelection(turns);
  const { variant, turn } = selection;
  const { viewport, mode, setMode, peeking, setPeeking, blink } = useStageView(variant?.id ?? null);
  const [layer, setLayer] = useState<Layer>(null);
  const field = useRef<HTMLTextAreaElement>(null);

  const { feedOf, isLost } = useStudioJobs(session, turns, selection);
  const warnings = useNewestWarnings(newest, turn, feedOf);
  const wait = useRunsWait(runs);
  const { adopt, fix, doInstead } = usePictureOrders(turns, selection, runs);
  const history = useHistory(turns, selection, (jobId) => runs.cancel.mutate(jobId));
  const [tried, setTried] = useTried(variant);
  const arranging = useArranging(session, turns, selection, runs, tried);
  useTitle(session.title || t.common.untitled);

  const openCompare = () => variant && setLayer("compare");
  const openVersions = () => setLayer("versions");
  const openExport = () => variant && setLayer("export");
  const correctable = config?.features.matte_correction ?? false;
  const openMatte = () => correctable && setLayer("matte");
  const fixCutOut = correctable ? openMatte : null;

  useStudioKeys(
    { turns, viewport, selection, field, history, onPeek: setPeeking },
    {
      a: adopt,
      e: openExport,
      t: openVersions,
      m: openMatte,
      c: openCompare,
      s: () => setMode("single"),
      d: () => setMode("slider"),
      f: () => setMode("side"),
      b: () => (mode === "blink" ? blink.swap() : setMode("blink")),
      x: () => setMode("difference"),
      "?": () => setLayer("keys"),
    },
  );

  const banner = (
    <WarningBanner
      lines={warnings.lines}
      busy={runs.refine.isPending || wait > 0}
      onDo={doInstead}
      onClose={warnings.dismiss}
      onUndo={variant?.job_id === newest?.job.id ? history.undo : null}
      onBackground={showScenes}
    />
  );
  return (
    <StudioContext
      value={{
        session,
        turns,
        selection,
        runs,
        feedOf,
        isLost,
        wait,
        field,
        onFix: fix,
        onCorrect: openMatte,
      }}
    >
      <div className="flex min-h-dvh flex-col md:h-[calc(100dvh-var(--lines,0px))] md:min-h-0">
        <StudioBar onExport={openExport} onVersions={openVersions} />
        <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)] md:grid-cols-[minmax(0,1fr)_344px] lg:grid-cols-[108px_minmax(0,1fr)_392px] xl:grid-cols-[132px_minmax(0,1fr)_440px]">
          <Versions onTree={openVersions} />
          <div className="flex min-h-0 min-w-0 flex-col">
            <Stage {...{ mode, viewport, peeking, arranging }} earlier={blink.earlier} onFix={fixCutOut}>
              <StageTools
                viewport={viewport}
                mode={mode}
                onMode={setMode}
                onSwap={blink.swap}
                onCompare={openCompare}
                onMatte={fixCutOut}
              >
                <RatioMenu />
                <PictureActions history={history} />
              </StageTools>
            </Stage>
            {turn && <Tray turn={turn} onCompare={openCompare} />}
            {/* In one column it stands below the tray, so that no control of a picture moves when it comes. */}
            <div className="md:hidden">{banner}</div>
          </div>
          <WaysOut value={{ undo: history.undo, fix_cutout: variant && fixCutOut }}>
            <StudioPanel
              preview={arranging?.preview ?? null}
              onTry={setTried}
              banner={<div className="max-md:hidden">{banner}</div>}
              bannered={warnings.lines.length > 0 ? (newest?.job.id ?? null) : null}
            />
          </WaysOut>
        </div>
        <StudioLayers {...{ layer, renderExport, renderCutout }} onLayer={setLayer} />
      </div>
    </StudioContext>
  );
}
