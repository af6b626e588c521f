/** Sign-in dialog, opened by a 401. The page behind it keeps its state for the same user. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { api, unwrap } from "@/api/client";
import { codeOf, identity } from "@/api/problems";
import { useRetryWait } from "@/shared/hooks/use-retry-wait";
import { useTranslation } from "@/shared/i18n/translation";
import { forgetEverywhere, isNewUser, onSignedOut, startAnew } from "@/shared/shell/signed-out";
import { CallProblem, ErrorLine } from "@/shared/ui/call-problem";
import { FormDialog } from "@/shared/ui/layers/form-dialog";
import { TextField } from "@/shared/ui/text-field";

export function SignIn() {
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    const ask = () => setAsked(true);
    identity.addEventListener("refused", ask);
    return () => identity.removeEventListener("refused", ask);
  }, []);
  useEffect(() => onSignedOut(startAnew), []);
  return asked ? <TokenDialog onClose={() => setAsked(false)} /> : null;
}

function TokenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  // After the dialog has taken the focus: it asks for one thing, so that typing can begin at once.
  useLayoutEffect(() => field.current?.focus(), []);
  const client = useQueryClient();
  const [token, setToken] = useState("");
  const signIn = useMutation({
    mutationFn: () => unwrap(api.POST("/login", { body: { token: token.trim() } })),
    onSuccess: async ({ name }) => {
      if (isNewUser(name)) {
        await forgetEverywhere();
        return;
      }
      onClose();
      identity.signedIn();
      void client.invalidateQueries();
    },
  });
  const wait = useRetryWait(signIn.error);
  const wrong = codeOf(signIn.error) === "E_UNAUTHORIZED";
  return (
    <FormDialog
      title={t.signIn.title}
      action={wait > 0 ? t.studio.rateLimited(wait) : t.signIn.title}
      disabled={!token.trim() || wait > 0 || signIn.isPending}
      onSubmit={() => signIn.mutate()}
      onClose={onClose}
    >
      <TextField
        ref={field}
        label={t.signIn.label}
        hint={
          <>
            {t.signIn.hint}
            <code className="rounded-tag bg-hover px-1 whitespace-nowrap">stillroom token create</code>
          </>
        }
        type="password"
        autoComplete="current-password"
        value={token}
        aria-invalid={wrong}
        onChange={setToken}
      />
      {wrong ? <ErrorLine>{t.signIn.wrong}</ErrorLine> : <CallProblem countdown error={signIn.error} />}
    </FormDialog>
  );
}
