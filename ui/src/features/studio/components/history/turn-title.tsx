/** Title of a turn: its instruction in words. */
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "@/api/client";
import { configQuery } from "@/api/queries";
import { placementsIn, withoutFigure } from "../../placed-title";
import { useTranslation } from "@/shared/i18n/translation";

export function useTurnTitle(): (job: Schemas["Job"]) => string {
  const { t, say } = useTranslation();
  const { data: config } = useQuery(configQuery);
  return (job) => {
    if (job.prompt) return job.prompt;
    const placements = placementsIn(job.changes);
    if (placements) return placements.map((one) => t.studio.placed[one]).join(t.studio.joiner);
    if (job.changes.length)
      return [...new Set(job.changes.map(({ label }) => withoutFigure(label)))].join(t.studio.joiner);
    if (job.restore) return t.studio.restore[job.restore];
    const template = config?.templates.find((other) => other.id === job.template);
    if (template) return say(template.wish ?? template.name);
    return job.type === "optimize" ? t.studio.optimise : t.studio.replace;
  };
}
