/** Scene shelf beside the results: one press puts the product into another scene. */
import type { Variant } from "@/api/client";
import { useTranslation } from "@/shared/i18n/translation";
import { useScenes } from "@/shared/recipe/use-offers";
import { press, type PlanChanges } from "../hooks/use-runs";
import { useStudio } from "../hooks/use-studio";
import { changesOf, type SceneChoice } from "./choice";
import { HorizonSlider } from "./horizon-slider";
import { ScenePicker } from "./scene-picker";
import { SizeQuestion } from "./size-question";
import { useSceneTranslation } from "./translation";

const SCENES = "scenes";

/** Scrolls to the scenes and moves the focus there. */
export function showScenes(): void {
  const shelf = document.getElementById(SCENES);
  shelf?.scrollIntoView();
  shelf?.focus({ preventScroll: true });
}

type SceneShelfProps = {
  base: Variant;
  /** True while a job runs. */
  busy: boolean;
  /** Previews these plan changes on the stage. */
  onTry: (changes: PlanChanges | null) => void;
  /** URL of the preview, as soon as it is drawn. */
  preview: string | null;
  onSubmitted: (jobId: string) => void;
};

export function SceneShelf({ base, busy, onTry, preview, onSubmitted }: SceneShelfProps) {
  const { runs, wait } = useStudio();
  const { say } = useTranslation();
  const { t } = useSceneTranslation();
  const scenes = useScenes();
  const { kind, scene, horizon_y } = base.plan.backdrop;
  const isStopped = runs.refine.isPending || runs.arrange.isPending || wait > 0;
  // Rendered locally, so that trying scenes costs nothing.
  const arrange = (changes: PlanChanges) =>
    runs.arrange.mutate(press({ base, changes }), {
      onSuccess: (job) => onSubmitted(job.id),
      onError: () => onTry(null),
    });
  const take = (choice: SceneChoice | null) => {
    if (choice === null) return;
    if (choice.kind !== "template") {
      arrange(changesOf(choice));
      return;
    }
    const wish = scenes.find(({ id }) => id === choice.id)?.wish;
    if (!wish) return;
    runs.refine.mutate(press({ base, prompt: say(wish), candidates: 1, provider: "local" }), {
      onSuccess: (job) => onSubmitted(job.id),
    });
  };
  return (
    <div
      id={SCENES}
      tabIndex={-1}
      className="flex scroll-mt-14 flex-col gap-4 border-t border-line px-5 py-4 outline-none max-sm:px-4"
    >
      {kind === "scene" && (
        <SizeQuestion
          // A plan that differs: the server refuses one that the picture shows already.
          onRedo={isStopped ? null : () => arrange({ backdrop: { scene, mirrored: null } })}
        />
      )}
      <ScenePicker
        base={base}
        selected={null}
        disabled={isStopped}
        paused={busy || isStopped}
        onSelect={take}
      />
      {kind === "picture" && (
        <HorizonSlider
          key={base.id}
          value={horizon_y ?? null}
          disabled={isStopped || busy}
          preview={preview ?? base.image.url}
          onTry={onTry}
          onSet={arrange}
        />
      )}
      <p className="text-caption text-ink-2">{t.scenes.note}</p>
    </div>
  );
}

/** Scenes while the first picture is being made: they stay in view, and can be pressed afterwards. */
export function WaitingScenes() {
  const { t } = useSceneTranslation();
  return (
    <div className="flex flex-col gap-4 border-t border-line px-5 py-4 max-sm:px-4">
      <ScenePicker base={null} selected={null} disabled paused onSelect={ignore} />
      <p className="text-caption text-ink-2">{t.scenes.soon}</p>
    </div>
  );
}

const ignore = () => undefined;
