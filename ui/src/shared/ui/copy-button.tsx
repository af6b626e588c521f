/** Puts a text on the clipboard and says so. */
import { useState } from "react";
import { useSpeech } from "../i18n/words";
import { Icon } from "./icon";

export function CopyButton({ text }: { text: string }) {
  const { t } = useSpeech();
  const [copied, setCopied] = useState(false);
  const label = copied ? t.common.copied : t.common.copy;
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className="grid size-6 place-items-center rounded-tag hover:bg-hover pointer-coarse:size-11"
      onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
    >
      <Icon name={copied ? "adopt" : "copy"} size={14} />
    </button>
  );
}
