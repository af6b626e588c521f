/** Before the first picture: asks which of several things in the photo is the product. */
import { useQuery } from "@tanstack/react-query";
import { configQuery, matteQuery } from "@/api/queries";
import { useSpeech } from "@/shared/i18n/words";
import { Button } from "@/shared/ui/button";
import { Icon } from "@/shared/ui/icon";

type SubjectNoticeProps = { sessionId: string; onChoose: () => void };

export function SubjectNotice({ sessionId, onChoose }: SubjectNoticeProps) {
  const { t } = useSpeech();
  const isCorrectable = useQuery(configQuery).data?.features.matte_correction ?? false;
  const { data: matte } = useQuery({ ...matteQuery(sessionId), enabled: isCorrectable });
  if (!isCorrectable || !matte || matte.certain || matte.subjects.length < 2 || matte.correction) return null;
  return (
    <div className="flex items-center gap-2.5 border-b border-line bg-warn-soft px-5 py-3 text-data max-sm:px-4 max-sm:py-1">
      <Icon name="warning" className="text-warn" />
      <p className="min-w-0 flex-1">{t.studio.whichProduct}</p>
      <Button size="small" shortcut="M" onClick={onChoose}>
        {t.studio.chooseProduct}
      </Button>
    </div>
  );
}
