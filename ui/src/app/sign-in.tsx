/** Sign-in dialog, opened by a 401. The page behind it keeps its state. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { api, unwrap } from "@/api/client";
import { codeOf, identity } from "@/api/problems";
import { useRetryWait } from "@/shared/hooks/use-retry-wait";
import { useTranslation } from "@/shared/i18n/translation";
import { CallProblem } from "@/shared/ui/call-problem";
import { FormDialog } from "@/shared/ui/layers/form-dialog";
import { Icon } from "@/shared/ui/icon";

export function SignIn() {
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    const ask = () => setAsked(true);
    identity.addEventListener("refused", ask);
    return () => identity.removeEventListener("refused", ask);
  }, []);
  return asked ? <TokenDialog onClose={() => setAsked(false)} /> : null;
}

function TokenDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  // After the dialog has taken the focus: it asks for one thing, so that typing can begin at once.
  useLayoutEffect(() => field.current?.focus(), []);
  const client = useQueryClient();
  const [token, setToken] = useState("");
  const signIn = useMutation({
    mutationFn: () => unwrap(api.POST("/login", { body: { token: token.trim() } })),
    onSuccess: () => {
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
      gap="gap-2"
      onSubmit={() => signIn.mutate()}
      onClose={onClose}
    >
      <label htmlFor={id} className="text-body">
        {t.signIn.label}
      </label>
      <input
        ref={field}
        id={id}
        type="password"
        autoComplete="current-password"
        value={token}
        aria-invalid={wrong}
        aria-describedby={`${id}-hint`}
        onChange={(event) => setToken(event.target.value)}
        className={`h-9 rounded-control border bg-field px-3 text-body pointer-coarse:h-11 ${wrong ? "border-fail" : "border-line-strong"}`}
      />
      <p id={`${id}-hint`} className="text-data text-ink-2">
        {t.signIn.hint}
        <code className="rounded-tag bg-hover px-1 whitespace-nowrap">stillroom token create</code>
      </p>
      {wrong ? (
        <p role="alert" className="flex items-center gap-1.5 text-data text-fail">
          <Icon name="stop" size={14} />
          {t.signIn.wrong}
        </p>
      ) : (
        <CallProblem countdown error={signIn.error} />
      )}
    </FormDialog>
  );
}
