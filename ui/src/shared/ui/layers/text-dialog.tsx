/** Dialog that asks for one line of text. */
import { useState } from "react";
import { useTranslation } from "../../i18n/translation";
import { TextField } from "../text-field";
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
  const [text, setText] = useState(value);
  const trimmed = text.trim();
  return (
    <FormDialog
      title={title}
      action={t.common.save}
      disabled={!trimmed}
      onSubmit={() => {
        if (trimmed !== value) onSave(trimmed);
        onClose();
      }}
      onClose={onClose}
    >
      <TextField
        label={label}
        value={text}
        maxLength={maxLength}
        onChange={setText}
        onFocus={(event) => event.target.select()}
      />
    </FormDialog>
  );
}
