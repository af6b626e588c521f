/** The single keys and what they do, over the page. */
import { useSpeech } from "@/shared/i18n/words";
import { Dialog } from "@/shared/ui/dialog";

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useSpeech();
  return (
    <Dialog title={t.studio.shortcuts} onClose={onClose}>
      <dl className="scroll-quiet flex max-h-[70dvh] flex-col gap-1.5 overflow-y-auto px-6 pt-4 pb-5 text-data max-sm:px-4">
        {Object.entries(t.studio.shortcutList).map(([keys, words]) => (
          <div key={keys} className="flex items-baseline gap-3">
            <dt className="w-20 shrink-0">
              <kbd className="font-sans font-semibold">{keys}</kbd>
            </dt>
            <dd className="text-ink-2">{words}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
