/** Sign-out button, shown if the server requires a token. */
import { useState } from "react";
import { api, unwrap } from "@/api/client";
import { useSingleMutation } from "@/shared/hooks/use-single-mutation";
import { useConfig } from "@/shared/hooks/use-config";
import { useTranslation } from "../i18n/translation";
import { IndexedPhotos } from "../photos/photo-store";
import { IconButton } from "../ui/button";
import { FormDialog } from "../ui/layers/form-dialog";
import { forgetEverywhere } from "./signed-out";

export function SignOut() {
  const { t } = useTranslation();
  const config = useConfig();
  /** Number of unsent photos that signing out would delete; null while no confirmation is shown. */
  const [unsent, setUnsent] = useState<number | null>(null);
  const leave = useSingleMutation({
    mutationFn: () => unwrap(api.POST("/logout")),
    onSuccess: forgetEverywhere,
  });
  const press = async () => {
    const count = await new IndexedPhotos().count();
    if (count > 0) setUnsent(count);
    else leave.mutate();
  };
  if (config?.auth !== "token") return null;
  return (
    <>
      <IconButton
        name="signOut"
        label={t.signIn.signOut}
        disabled={leave.isPending}
        onClick={() => void press()}
      />
      {unsent !== null && (
        <FormDialog
          title={t.signIn.signOut}
          action={t.signIn.signOut}
          weight="danger"
          disabled={leave.isPending}
          onSubmit={() => leave.mutate()}
          onClose={() => setUnsent(null)}
        >
          <p className="text-body text-ink-2">{t.signIn.unsent(unsent)}</p>
        </FormDialog>
      )}
    </>
  );
}
