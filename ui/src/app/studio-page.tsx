/** Studio route. It combines the studio with the export dialog and the cut-out correction of other features. */
import { Suspense } from "react";
import { useQuery } from "@tanstack/react-query";
import { codeOf } from "@/api/problems";
import { sessionQuery } from "@/api/queries";
import { MatteScreen } from "@/features/cutout";
import { ExportDialog } from "@/features/export";
import { StudioScreen } from "@/features/studio";
import { useTranslation } from "@/shared/i18n/translation";
import { MessagePage } from "@/shared/shell/message-page";

export default function StudioPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const session = useQuery(sessionQuery(id));
  // Also while its last state is still known: it may have been deleted in another window.
  if (codeOf(session.error) === "E_NOT_FOUND") return <MessagePage title={t.problem.notFoundTitle} />;
  if (session.data) {
    const { platform, title } = session.data;
    return (
      <StudioScreen
        session={session.data}
        renderExport={(shown) => (
          <Suspense fallback={null}>
            <ExportDialog {...shown} title={title} platform={platform} />
          </Suspense>
        )}
        renderCutout={(shown) => (
          <Suspense fallback={null}>
            <MatteScreen {...shown} session={session.data} />
          </Suspense>
        )}
      />
    );
  }
  if (session.isError) {
    const problem = { error: session.error, onRetry: () => void session.refetch() };
    return <MessagePage title={t.problem.notLoaded} problem={problem} />;
  }
  return (
    <main aria-busy="true" aria-label={t.common.loading} className="flex h-dvh flex-col">
      <div className="h-[52px] shrink-0 border-b border-line" />
      <div className="flex-1 bg-stage lg:ml-[108px] md:mr-[344px] lg:mr-[392px]" />
    </main>
  );
}
