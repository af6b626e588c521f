/** Dialog that asks for one line of text. It stays open until the text is saved, so that an error does not lose it. */
import { useState } from "react";
import { useSingleMutation } from "../../hooks/use-single-mutation";
import { useTranslation } from "../../i18n/translation";
import { TextField } from "../text-field";
import { FormDialog } from "./form-dialog";

type TextDialogProps = {
  title: string;
  label: string;
  value: string;
  maxLength: number;
  /** Rejects if the text could not be saved. */
  onSave: (value: string) => Promise<unknown>;
  onClose: () => void;
};

export function TextDialog({ title, label, value, maxLength, onSave, onClose }: TextDialogProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const trimmed = text.trim();
  const save = useSingleMutation({ mutationFn: (name: string) => onSave(name), onSuccess: onClose });
  return (
    <FormDialog
      title={title}
      action={t.common.save}
      disabled={!trimmed || save.isPending}
      error={save.error}
      onSubmit={() => {
        if (trimmed === value) onClose();
        else save.mutate(trimmed);
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
