/** Marks of a picture by the server's limits; empty until the configuration is loaded. */
import type { Variant } from "@/api/client";
import { useConfig } from "@/shared/hooks/use-config";
import { marksOf, type Mark } from "../marks";

export function useMarks(): (variant: Variant) => Mark[] {
  const limits = useConfig()?.marks;
  return (variant) => (limits ? marksOf(variant, limits) : []);
}
