/** Dialog with the keyboard shortcuts. */
import { useTranslation } from "@/shared/i18n/translation";
import { Dialog } from "@/shared/ui/layers/dialog";
import { KeyList } from "@/shared/ui/key-list";

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t.studio.shortcuts} onClose={onClose}>
      <KeyList className="scroll-quiet flex max-h-[70dvh] flex-col gap-1.5 overflow-y-auto px-6 pt-4 pb-5 max-sm:px-4" />
    </Dialog>
  );
}
