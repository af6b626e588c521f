/** Root component: providers and routes. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { retryLost } from "@/api/problems";
import { HomeScreen } from "@/features/library";
import { useTheme } from "@/shared/hooks/use-theme";
import { TranslationProvider, useTranslation } from "@/shared/i18n/translation";
import { OutboxRunner } from "@/shared/photos/use-outbox";
import { MessagePage } from "@/shared/shell/message-page";
import { LiveRegion } from "@/shared/ui/layers/live-region";
import { ToastProvider } from "@/shared/ui/layers/toast";
import { ErrorBoundary } from "./error-boundary";
import { SignIn } from "./sign-in";
import { StatusLines } from "./status-lines";

const loadStudio = () => import("./studio-page");
const StudioPage = lazy(loadStudio);
const BatchPage = lazy(() => import("./batch-page"));
const SettingsPage = lazy(() => import("./settings-page"));
const LabScreen = lazy(() => import("@/features/lab").then((feature) => ({ default: feature.LabScreen })));

const RETRIES = 2;

/**
 * Requests are sent even when the browser reports that it is offline, because the server may run on this computer.
 */
const client = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: "always",
      refetchOnReconnect: true,
      staleTime: 2_000,
      retry: retryLost(RETRIES),
    },
    mutations: { networkMode: "always" },
  },
});

export function App() {
  useTheme();
  return (
    <TranslationProvider>
      <ErrorBoundary>
        <QueryClientProvider client={client}>
          <LiveRegion>
            <ToastProvider>
              <SkipLink />
              <OutboxRunner />
              <StatusLines />
              <Suspense fallback={<div aria-busy="true" className="h-[52px] border-b border-line" />}>
                <Switch>
                  <Route path="/">
                    <HomeScreen prefetch={() => void loadStudio()} />
                  </Route>
                  <Route path="/batches/:id?">{({ id }) => <BatchPage id={id} />}</Route>
                  <Route path="/studio/:id">{({ id }) => <StudioPage key={id} id={id} />}</Route>
                  <Route path="/settings">
                    <SettingsPage />
                  </Route>
                  <Route path="/lab/golden">
                    <LabScreen />
                  </Route>
                  <Route>
                    <UnknownPage />
                  </Route>
                </Switch>
              </Suspense>
              <SignIn />
            </ToastProvider>
          </LiveRegion>
        </QueryClientProvider>
      </ErrorBoundary>
    </TranslationProvider>
  );
}

function UnknownPage() {
  const { t } = useTranslation();
  return <MessagePage title={t.problem.notFoundPage} />;
}

/** Skip link: lets keyboard users jump over the top bar. */
function SkipLink() {
  const { t } = useTranslation();
  return (
    <a
      href="#content"
      className="fixed top-2 left-2 z-(--z-toast) -translate-y-20 rounded-control bg-ink px-3 py-2 text-chrome focus:translate-y-0"
    >
      {t.common.skipToContent}
    </a>
  );
}
