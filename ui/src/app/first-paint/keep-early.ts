/** Hands to React what the page's first script has fetched, so that its first drawing is whole. */
import type { QueryClient } from "@tanstack/react-query";
import type { Schemas } from "@/api/client";
import { takeEarly } from "@/api/early";
import { configQuery } from "@/api/queries";
import { FIRST_LIST, sessionsQuery } from "@/features/library";

export function keepEarly(client: QueryClient): void {
  const come = takeEarly();
  const config = come.get("/config");
  if (config) {
    client.setQueryData(configQuery.queryKey, config.json as Schemas["Config"], {
      updatedAt: config.at,
    });
  }
  const page = come.get(FIRST_LIST);
  if (page) {
    const pages = [page.json as Schemas["SessionPage"]];
    client.setQueryData(sessionsQuery.queryKey, { pages, pageParams: [null] }, { updatedAt: page.at });
  }
}
