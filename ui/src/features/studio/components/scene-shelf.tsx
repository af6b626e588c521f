/** The scenes, beside the results: one press puts the product of the picture shown into another one. */
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "@/api/client";
import { configQuery } from "@/api/queries";
import { useSpeech } from "@/shared/i18n/words";
import { TemplateGrid } from "@/shared/recipe/template-grid";
import { press, type Runs } from "../hooks/use-runs";

type SceneShelfProps = {
  base: Schemas["Variant"];
  runs: Runs;
  /** Seconds until the server takes another job. */
  wait: number;
  onSubmitted: (jobId: string) => void;
};

export function SceneShelf({ base, runs, wait, onSubmitted }: SceneShelfProps) {
  const { t, say } = useSpeech();
  const { data: config } = useQuery(configQuery);
  const templates = (config?.templates ?? []).filter(
    ({ operation, wish }) => operation === "bg_replace" && wish !== null,
  );
  const take = (id: string | null) => {
    const wish = templates.find((template) => template.id === id)?.wish;
    if (!wish) return;
    // On this machine, so that trying one after the other is never paid for.
    runs.refine.mutate(press({ base, prompt: say(wish), candidates: 1, provider: "local" }), {
      onSuccess: (job) => onSubmitted(job.id),
    });
  };
  if (templates.length === 0) return null;
  return (
    <div className="flex flex-col gap-2 border-t border-line px-5 py-4 max-sm:px-4">
      <TemplateGrid
        templates={templates}
        selected={null}
        disabled={runs.refine.isPending || wait > 0}
        onSelect={take}
      />
      <p className="text-caption text-ink-2">{t.studio.sceneNote}</p>
    </div>
  );
}
