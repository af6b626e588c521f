/** Button that copies a text and reports success or failure. */
import { useState } from "react";
import { useTranslation } from "../i18n/translation";
import { copy } from "./copy";
import { Icon } from "./icon";
import { useToast } from "./layers/toast";

type CopyButtonProps = {
  text: string;
  /** Name of the text, needed if there are several buttons. */
  label?: string;
};

export function CopyButton({ text, label: what }: CopyButtonProps) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const toast = useToast();
  const label = copied ? t.common.copied : (what ?? t.common.copy);
  const press = async () => {
    const worked = await copy(text);
    setCopied(worked);
    if (!worked) toast(t.common.notCopied);
  };
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className="grid size-6 place-items-center rounded-tag hover:bg-hover pointer-coarse:size-11"
      onClick={() => void press()}
    >
      <Icon name={copied ? "adopt" : "copy"} size={14} />
    </button>
  );
}
