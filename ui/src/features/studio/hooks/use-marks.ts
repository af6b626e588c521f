/** The marks of a picture, by the limits that the server has; none before those have come. */
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "@/api/client";
import { configQuery } from "@/api/queries";
import { marksOf, type Mark } from "../marks";

export function useMarks(): (variant: Schemas["Variant"]) => Mark[] {
  const limits = useQuery(configQuery).data?.marks;
  return (variant) => (limits ? marksOf(variant, limits) : []);
}
