/** Marks of a picture by the server's limits; empty until the configuration is loaded. */
import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "@/api/client";
import { configQuery } from "@/api/queries";
import { marksOf, type Mark } from "../marks";

export function useMarks(): (variant: Schemas["Variant"]) => Mark[] {
  const limits = useQuery(configQuery).data?.marks;
  return (variant) => (limits ? marksOf(variant, limits) : []);
}
