/** The page around a part of it: its language and its query cache. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { configQuery } from "@/api/queries";
import { TranslationProvider, type Locale } from "@/shared/i18n/translation";

type Page = { locale?: Locale; client?: QueryClient };

export const inPage = (part: ReactNode, { locale = "en", client = new QueryClient() }: Page = {}) => (
  <TranslationProvider fixed={locale}>
    <QueryClientProvider client={client}>{part}</QueryClientProvider>
  </TranslationProvider>
);

/** A query cache that knows the server's configuration. */
export function cacheWith(config: object): QueryClient {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  client.setQueryData(configQuery.queryKey, config as never);
  return client;
}
