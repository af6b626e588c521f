/** Dialog that asks for one line of text. */
import { useId, useState } from "react";
import { useTranslation } from "../../i18n/translation";
import { FormDialog } from "./form-dialog";

type TextDialogProps = {
  title: string;
  label: string;
  value: string;
  maxLength: number;
  onSave: (value: string) => void;
  onClose: () => void;
};

export function TextDialog({ title, label, value, maxLength, onSave, onClose }: TextDialogProps) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState(value);
  const trimmed = text.trim();
  return (
    <FormDialog
      title={title}
      action={t.common.save}
      disabled={!trimmed}
      gap="gap-2"
      onSubmit={() => {
        if (trimmed !== value) onSave(trimmed);
        onClose();
      }}
      onClose={onClose}
    >
      <label htmlFor={id} className="text-data text-ink-2">
        {label}
      </label>
      <input
        id={id}
        value={text}
        maxLength={maxLength}
        onChange={(event) => setText(event.target.value)}
        onFocus={(event) => event.target.select()}
        className="h-9 rounded-control border border-line-strong bg-field px-3 text-body pointer-coarse:h-11"
      />
    </FormDialog>
  );
}
