/** Error boundary: a component that throws is replaced by a message, the rest of the page stays usable. */
import { Component, type ReactNode } from "react";
import { useTranslation } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";

type Props = { children: ReactNode };

export class ErrorBoundary extends Component<Props, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const { t } = useTranslation();
  return (
    <main role="alert" className="grid min-h-dvh place-content-center gap-3 px-6 text-center">
      <h1 className="text-title font-semibold">{t.problem.crashTitle}</h1>
      <p className="text-ink-2">{t.problem.crashBody}</p>
      <div>
        <Button weight="filled" icon="retry" onClick={() => window.location.reload()}>
          {t.problem.reload}
        </Button>
      </div>
    </main>
  );
}
