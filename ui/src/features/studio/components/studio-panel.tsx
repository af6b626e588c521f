/** Right panel: running and failed jobs, standing wishes and next steps. */
import { useState, type ReactNode } from "react";
import { codeOf } from "@/api/problems";
import { usePhone } from "@/shared/hooks/use-media";
import { useTranslation } from "@/shared/i18n/translation";
import { PlatformSelect } from "@/shared/recipe/platform-select";
import { SaveRecipe } from "@/shared/recipe/save-recipe";
import { Button } from "@/shared/ui/button";
import { CallProblem } from "@/shared/ui/call-problem";
import { Dialog } from "@/shared/ui/layers/dialog";
import { Icon } from "@/shared/ui/icon";
import { Late } from "@/shared/ui/late";
import { latestError, type PlanChanges, type Runs } from "../hooks/use-runs";
import { useStudio } from "../hooks/use-studio";
import { useWishes, type WishesState } from "../hooks/use-wishes";
import { SceneShelf, WaitingScenes } from "../scenes/scene-shelf";
import { stoppedTurn } from "../turns";
import { MatteNotice } from "./notices/matte-notice";
import { ProblemBlock } from "./notices/problem-block";
import { ProductLine } from "./product-line";
import { ProcessingProgress } from "./notices/progress-block";
import { RefinePanel } from "./refine-panel";
import { StartPanel } from "./start-panel";
import { TurnList } from "./history/turn-list";
import { WishList } from "./wish-list";

/** A change of a picture on this machine is mostly over by then; the tray shows its progress from the start. */
const SHORT_MS = 800;

type StudioPanelProps = {
  /** Previews these plan changes on the stage. */
  onTry: (changes: PlanChanges | null) => void;
  preview: string | null;
  banner: ReactNode;
  /** Id of the turn whose warnings the banner shows. */
  bannered: string | null;
};

export function StudioPanel(props: StudioPanelProps) {
  const { session, turns, selection, runs } = useStudio();
  const { t } = useTranslation();
  const phone = usePhone();
  const { variant } = selection;
  /** Id of the last job started from this panel. The control that started it may be gone by now. */
  const [begun, setBegun] = useState<string | null>(null);
  const begin = (jobId: string) => {
    selection.begin(jobId);
    setBegun(jobId);
  };
  const startOver = () => {
    selection.pick(null);
    setTimeout(() => document.getElementById("optimise")?.focus());
  };
  const wishes = useWishes(session, variant);
  const failed = stoppedTurn(turns, selection.turn);
  const active = turns.filter((turn) => turn.active);
  // While the first picture is being made the stage shows the photo, but the panel already shows the job.
  const startsOver = variant === null && !(active.length > 0 && selection.turn?.active);
  const state = <RunStates begun={begun} onBegin={begin} />;
  const listed = turns.filter((turn) => !active.includes(turn) && turn !== failed);
  const { bannered } = props;
  // Below the field where the banner stands above it: both would push the field off a phone's screen.
  const isBelow = phone && bannered !== null;

  return (
    <aside
      tabIndex={-1}
      aria-label={t.studio.panelLabel}
      className="flex min-h-0 flex-col border-l border-line bg-panel outline-none max-md:border-t max-md:border-l-0"
    >
      {startsOver ? (
        <>
          {state}
          {phone && (
            <div className="p-4">
              <PlatformSelect
                showLabel
                className="w-full"
                value={session.platform}
                onChange={(platform) => runs.change.mutate({ platform })}
              />
            </div>
          )}
          <StartPanel busy={active.length > 0} onSubmitted={begin} />
        </>
      ) : (
        <RefinePanel
          banner={props.banner}
          onSubmitted={begin}
          head={
            <>
              {!isBelow && <MatteNotice />}
              {state}
            </>
          }
        >
          {isBelow && <MatteNotice />}
          <TurnList label={t.studio.newestTurn} turns={listed.slice(-1)} bannered={bannered} />
          {variant ? (
            <SceneShelf
              base={variant}
              busy={active.length > 0}
              onTry={props.onTry}
              preview={props.preview}
              onSubmitted={begin}
            />
          ) : (
            <WaitingScenes />
          )}
          {!phone && (
            <TurnList label={t.studio.earlierTurns} turns={listed.slice(0, -1)} bannered={bannered} />
          )}
          {phone ? <PhoneWishes state={wishes} /> : <WishList state={wishes} />}
          <ProductLine />
          {active.length === 0 && (
            <div className="flex flex-wrap items-center gap-2 px-5 pt-3 pb-4 max-sm:px-4 [section+&]:pt-0">
              <Button weight="text" size="small" className="-ml-2.5" onClick={startOver}>
                {t.studio.newRun}
              </Button>
              {phone && variant && <SaveRecipe size="small" settings={{ variant_id: variant.id }} />}
            </div>
          )}
        </RefinePanel>
      )}
    </aside>
  );
}

function RunStates({ begun, onBegin }: { begun: string | null; onBegin: (jobId: string) => void }) {
  const { turns, selection, runs } = useStudio();
  const active = turns.filter((turn) => turn.active);
  const failed = stoppedTurn(turns, selection.turn);
  const frame = "border-b border-line px-5 py-[18px] max-sm:px-4 max-sm:py-2";
  const refused = latestRefusal(runs);
  return (
    <>
      {refused !== null && (
        <div className={frame}>
          <CallProblem error={refused} />
        </div>
      )}
      {active.map((turn) => (
        <Late key={turn.job.id} ms={selection.variant ? SHORT_MS : 0}>
          <div className={frame}>
            <ProcessingProgress turn={turn} begunHere={turn.job.id === begun} />
          </div>
        </Late>
      ))}
      {failed && (
        <div className={frame}>
          <ProblemBlock turn={failed} onBegin={onBegin} />
        </div>
      )}
    </>
  );
}

/** Error of the latest action that has no error text beside its button. */
function latestRefusal({ restore, arrange, adopt, cancel, again, change }: Runs): unknown {
  const error = latestError([restore, arrange, adopt, cancel, again, change]);
  // A toast reports the conflict.
  return codeOf(error) === "E_CONFLICT" ? null : error;
}

function PhoneWishes({ state }: { state: WishesState }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        className="flex h-11 w-full items-center gap-2 px-4 text-body text-ink-2"
      >
        <Icon name="wishes" size={14} />
        {t.studio.wishesCount(state.wishes.length)}
        <Icon name="right" size={14} className="ml-auto" />
      </button>
      {open && (
        <Dialog size="sheet" title={t.studio.wishes} onClose={() => setOpen(false)}>
          <WishList untitled state={state} />
        </Dialog>
      )}
    </>
  );
}
