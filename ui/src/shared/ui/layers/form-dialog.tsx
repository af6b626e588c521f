/** Dialog with one action, which its button or Enter carries out, and a button that closes it. */
import type { ReactNode } from "react";
import { useTranslation } from "../../i18n/translation";
import { Button } from "../button";
import { CallProblem } from "../call-problem";
import type { IconName } from "../icon";
import { Dialog } from "./dialog";

type FormDialogProps = {
  title: string;
  /** Label of the action; null once there is nothing left to do. */
  action: string | null;
  /** Label of the button that closes it; null without one. */
  cancel?: string | null;
  weight?: "filled" | "danger";
  icon?: IconName;
  disabled?: boolean;
  /** Error of the action. */
  error?: unknown;
  children: ReactNode;
  onSubmit: () => void;
  onClose: () => void;
};

export function FormDialog({ title, action, disabled = false, error, children, ...props }: FormDialogProps) {
  const { t } = useTranslation();
  const { cancel = t.common.cancel, weight = "filled", icon, onSubmit, onClose } = props;
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="flex flex-col gap-5 px-6 pt-4 pb-5 max-sm:px-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!disabled) onSubmit();
        }}
      >
        <div className="flex flex-col gap-3">
          {children}
          <CallProblem error={error} />
        </div>
        <div className="flex justify-end gap-3">
          {cancel && <Button onClick={onClose}>{cancel}</Button>}
          {action && (
            <Button type="submit" weight={weight} icon={icon} disabled={disabled}>
              {action}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
