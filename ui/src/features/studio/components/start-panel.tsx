/** Start panel: one-press actions on the photo, or another backdrop. */
import { useState } from "react";
import { codeOf } from "@/api/problems";
import { useCandidates } from "@/shared/hooks/use-defaults";
import { useTranslation } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";
import { CallProblem } from "@/shared/ui/call-problem";
import { HowMany } from "@/shared/recipe/how-many";
import { useModelChoice, usePrice } from "@/shared/recipe/use-model-choice";
import { usePhrases, useScenes } from "@/shared/recipe/use-offers";
import { useInstruction } from "../instruction/use-instruction";
import { useIsScene, type Subject } from "../instruction/use-reading";
import { press, type EditOrder } from "../hooks/use-runs";
import { useStudio } from "../hooks/use-studio";
import { MatteNotice } from "./notices/matte-notice";
import { ProductLine } from "./product-line";
import { ModelNotices } from "@/shared/recipe/model-notices";
import { ModelPicker } from "@/shared/recipe/model-picker";
import { PromptField } from "@/shared/recipe/prompt-field";
import { changesOf, type SceneChoice } from "../scenes/choice";
import { ScenePicker } from "../scenes/scene-picker";
import { SizeQuestion } from "../scenes/size-question";

type StartPanelProps = {
  /** True while a job runs, so that this panel's buttons are not shown as the likely next step. */
  busy: boolean;
  onSubmitted: (jobId: string) => void;
};

export function StartPanel({ busy, onSubmitted }: StartPanelProps) {
  const { session, runs, wait, field } = useStudio();
  const { t, say } = useTranslation();
  const { id: sessionId, jobs } = session;
  const subject: Subject = { sessionId, variantId: null, operation: "bg_replace" };
  const order = { jobs, fieldRef: field, subject, key: `start.${sessionId}`, order: runs.edit };
  const instruction = useInstruction(order);
  const { prompt, limit, isRefused, reading } = instruction;
  const [pressed, setPressed] = useState<SceneChoice | null>(null);
  const scenes = useScenes();
  const phrases = usePhrases("bg_replace");
  const choice = useModelChoice();
  const [candidates, setCandidates] = useCandidates();

  const wantsBackground = pressed !== null || prompt.trim() !== "";
  // A backdrop named in the instruction overrides the selected scene, so the scene is shown as unselected.
  const scene = reading?.namesBackdrop ? null : pressed;
  const template = scene?.kind === "template" ? scene.id : null;
  const changes = scene && scene.kind !== "template" ? changesOf(scene) : null;
  const wish = scenes.find(({ id }) => id === template)?.wish;
  const isScene = useIsScene(subject, prompt.trim() || (wish ? say(wish) : ""), limit);
  const stopped = runs.edit.isPending || wait > 0;

  const run = (operation: EditOrder["operation"]) => {
    if (stopped || (operation === "bg_replace" && prompt.length > limit)) return;
    if (operation === "bg_replace" && !wantsBackground) {
      field.current?.focus();
      return;
    }
    const words =
      operation === "bg_replace"
        ? { prompt: prompt.trim() || null, template, changes }
        : { prompt: null, template: null };
    // Generative models accept no custom picture or colour as backdrop.
    const provider = operation === "bg_replace" && changes ? "local" : choice.chosen;
    runs.edit.mutate(press({ operation, candidates, provider, ...words }), {
      onSuccess: (job) => {
        if (operation === "bg_replace") setPressed(null);
        onSubmitted(job.id);
      },
      onError: (error) => {
        if (codeOf(error) === "E_PROMPT_INVALID") field.current?.focus();
      },
    });
  };

  const priceOf = usePrice();
  const optimiseRoutes = choice.routesOf("optimize");
  const routes = choice.routesOf("bg_replace").filter((route) => !changes || route.provider === "local");
  const local = optimiseRoutes.find((route) => route.provider === "local");
  const firstPicture = Math.max(1, Math.round((local ?? optimiseRoutes[0])?.latency_seconds ?? 1));

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="scroll-quiet min-h-0 flex-1 overflow-y-auto max-md:overflow-visible">
        <MatteNotice />
        <section className="flex flex-col gap-2.5 border-b border-line px-5 pt-[18px] pb-4 max-sm:px-4">
          <Button
            id="optimise"
            size="touch"
            wide
            icon="optimise"
            weight={wantsBackground || busy ? "outlined" : "filled"}
            disabled={stopped}
            onClick={() => run("optimize")}
          >
            {wait > 0 ? t.studio.rateLimited(wait) : t.studio.optimise}
          </Button>
          <p className="text-data text-ink-2">
            {t.studio.optimiseLine(firstPicture)}
            {optimiseRoutes.some(({ provider }) => provider !== "local") &&
              ` ${priceOf(optimiseRoutes, candidates)}`}
          </p>
        </section>
        <section className="flex flex-col gap-4 px-5 py-4 max-sm:px-4">
          <h2 className="text-body font-semibold">{t.studio.replace}</h2>
          <PromptField
            label={t.studio.promptLabel}
            placeholder={t.studio.promptPlaceholder}
            {...instruction.field}
            phrases={phrases}
            hint={instruction.returned ? t.studio.wordsReturned : t.studio.promptHint}
            onSubmit={() => run("bg_replace")}
          />
          <ScenePicker
            title={t.studio.scenes}
            base={null}
            selected={scene}
            disabled={false}
            paused={busy || stopped}
            onSelect={setPressed}
          />
          {isScene && <SizeQuestion onRedo={null} />}
        </section>
        <ProductLine />
      </div>
      <footer className="flex shrink-0 flex-col gap-3 border-t border-line bg-panel px-5 pt-4 max-sm:px-4">
        <div className="flex items-center justify-between gap-3">
          <span className="text-data text-ink-2">{t.studio.howMany}</span>
          <HowMany value={candidates} onChange={setCandidates} />
        </div>
        <ModelPicker operation="bg_replace" choice={choice} />
        <ModelNotices jobs={jobs} />
        <CallProblem countdown call={runs.edit} error={isRefused ? null : runs.edit.error} />
        {routes.some(({ provider }) => provider !== "local") && (
          <p className="text-data text-ink-3">{t.studio.billing}</p>
        )}
      </footer>
      {/* Sticky on a phone, so that it stays visible while scenes above it are chosen. */}
      <div
        data-foot={wantsBackground || undefined}
        className={`bg-panel px-5 pt-3 pb-4 max-sm:px-4 ${wantsBackground ? "bottom-(--strip,0px) max-md:sticky max-md:border-t max-md:border-line" : ""}`}
      >
        <Button
          size="action"
          wide
          weight={wantsBackground ? "filled" : "outlined"}
          disabled={stopped || prompt.length > limit}
          onClick={() => run("bg_replace")}
        >
          {wait > 0 ? (
            t.studio.rateLimited(wait)
          ) : (
            <>
              <span className="font-semibold">{t.studio.replaceShort}</span>
              <span className="font-normal">
                {[t.studio.pictures(candidates), priceOf(routes, candidates)].join(t.studio.joiner)}
              </span>
            </>
          )}
        </Button>
      </div>
    </div>
  );
}
