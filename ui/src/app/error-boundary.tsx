/** Error boundary: a component that throws is replaced by a message with a way on. */
import { Component, useState, type ReactNode } from "react";
import { untilReachable } from "@/api/connectivity";
import { useTranslation } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";
import { Mark } from "@/shared/ui/icon";
import { column, MessageBlock } from "@/shared/ui/message-block";

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
  const [waits, setWaits] = useState(false);
  // A part of the page that did not load breaks it too. Without the server a reload would leave nothing of it.
  const reload = async () => {
    setWaits(true);
    await untilReachable(new AbortController().signal);
    window.location.reload();
  };
  return (
    <>
      <header className="flex h-[52px] items-center border-b border-line px-4 sm:px-6 lg:px-8 xl:px-10">
        <a href="/" className="flex items-center gap-2 rounded-control text-lead font-semibold">
          <Mark />
          {t.common.appName}
        </a>
      </header>
      <main role="alert" className={column}>
        <MessageBlock title={t.problem.crashTitle}>
          <p>{waits ? t.problem.serverAway : t.problem.crashBody}</p>
          <Button weight="filled" icon="retry" disabled={waits} onClick={() => void reload()}>
            {t.problem.reload}
          </Button>
        </MessageBlock>
      </main>
    </>
  );
}
