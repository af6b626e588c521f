/** Slots of a turn's pictures in the tray, filled or empty. */
import type { Feed } from "@/api/feed";
import { seconds } from "@/shared/format";
import { useNames } from "@/shared/hooks/use-names";
import { useTranslation } from "@/shared/i18n/translation";
import { providerOf } from "@/shared/providers";
import type { Slot } from "../components/candidate-tray";
import { useWorst } from "../components/facts/variant-marks";
import { useFavourites } from "./use-favourites";
import { placeOf, placesOf, type Turn } from "../turns";

export function useSlots(turn: Turn | null, feed: Feed | null, unseen: ReadonlySet<string>): Slot[] {
  const { t } = useTranslation();
  const names = useNames();
  const overallVerdict = useWorst();
  const favourites = useFavourites();
  if (!turn) return [];
  const { job, active, number } = turn;
  const places = placesOf(turn);
  const owed = places.find((place) => !turn.variants.some((variant) => placeOf(variant) === place));

  return places.map((place): Slot => {
    const variant = turn.variants.find((other) => placeOf(other) === place);
    const base = {
      number: `${number}.${place}`,
      percent: feed?.percent ?? 0,
      silhouette: active ? (feed?.matteUrl ?? null) : null,
    };
    if (!variant) {
      const state = !active
        ? "missing"
        : place === owed && job.status === "running"
          ? "developing"
          : "pending";
      return {
        ...base,
        key: `${job.id}.${place}`,
        state,
        src: null,
        provider: "",
        time: "",
        adopted: false,
        favourite: false,
        worst: null,
        unseen: false,
      };
    }
    const took = job.started_at ? Date.parse(variant.created_at) - Date.parse(job.started_at) : 0;
    return {
      ...base,
      key: variant.id,
      state: "ready",
      src: variant.image.thumbnail_url,
      provider:
        variant.role === "preview" ? t.studio.preview : names.provider(providerOf(variant.model_used)),
      time: took > 0 ? seconds(took) : "",
      adopted: variant.adopted,
      favourite: favourites.has(variant.id),
      worst: overallVerdict(variant),
      unseen: unseen.has(variant.id),
    };
  });
}
