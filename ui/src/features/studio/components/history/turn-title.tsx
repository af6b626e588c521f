/** Title of a turn: its instruction in words. */
import { useQueryClient } from "@tanstack/react-query";
import type { Job } from "@/api/client";
import { sessionQuery } from "@/api/queries";
import { useConfig } from "@/shared/hooks/use-config";
import { placementsIn, withoutFigure } from "../../placed-title";
import { useTranslation } from "@/shared/i18n/translation";

export function useTurnTitle(): (job: Job) => string {
  const { t, say } = useTranslation();
  const config = useConfig();
  const client = useQueryClient();
  const isRepaired = ({ session_id, retry_of }: Job) =>
    retry_of !== null &&
    client
      .getQueryData(sessionQuery(session_id).queryKey)
      ?.jobs.some(({ id, status }) => id === retry_of && status === "succeeded");
  return (job) => {
    // A job that succeeded is repeated only with another cut-out.
    if (isRepaired(job)) return t.studio.repaired;
    if (job.prompt) return job.prompt;
    const placements = placementsIn(job.changes);
    // A first picture has none before it than which it could be larger.
    if (placements && job.type !== "refine") return t.studio.placed.first;
    if (placements) return placements.map((one) => t.studio.placed[one]).join(t.studio.joiner);
    if (job.changes.length)
      return [...new Set(job.changes.map(({ label }) => withoutFigure(label)))].join(t.studio.joiner);
    if (job.restore) return t.studio.restore[job.restore];
    const template = config?.templates.find((other) => other.id === job.template);
    if (template) return say(template.wish ?? template.name);
    return job.type === "optimize" ? t.studio.optimise : t.studio.replace;
  };
}
