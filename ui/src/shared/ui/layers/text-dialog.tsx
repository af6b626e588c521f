/** Dialog that asks for one line of text. */
import { useId, useState } from "react";
import { useTranslation } from "../../i18n/translation";
import { Button } from "../button";
import { Dialog } from "./dialog";

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
    <Dialog title={title} onClose={onClose}>
      <form
        className="flex flex-col gap-2 px-6 pt-4 pb-5 max-sm:px-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!trimmed) return;
          if (trimmed !== value) onSave(trimmed);
          onClose();
        }}
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
        <div className="mt-3 flex justify-end gap-3">
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button weight="filled" type="submit" disabled={!trimmed}>
            {t.common.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
