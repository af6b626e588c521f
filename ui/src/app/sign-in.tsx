/** Sign-in dialog, opened by a 401. The page behind it keeps its state. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { api, unwrap } from "@/api/client";
import { codeOf, identity, ProblemError } from "@/api/problems";
import { useCountdown } from "@/shared/hooks/use-countdown";
import { useTranslation } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";
import { CallProblem } from "@/shared/ui/call-problem";
import { Dialog } from "@/shared/ui/layers/dialog";
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
  const [wait, setWait] = useCountdown();
  const signIn = useMutation({
    mutationFn: () => unwrap(api.POST("/login", { body: { token: token.trim() } })),
    onSuccess: () => {
      onClose();
      identity.signedIn();
      void client.invalidateQueries();
    },
    onError: (error) => {
      if (error instanceof ProblemError && error.code === "E_RATE_LIMITED") {
        setWait(Math.max(1, error.retryAfterSeconds));
      }
    },
  });
  const wrong = codeOf(signIn.error) === "E_UNAUTHORIZED";
  return (
    <Dialog title={t.signIn.title} onClose={onClose}>
      <form
        className="flex flex-col gap-2 px-6 pt-4 pb-5 max-sm:px-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (token.trim() && wait === 0 && !signIn.isPending) signIn.mutate();
        }}
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
        <div className="mt-3 flex justify-end gap-3">
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button weight="filled" type="submit" disabled={!token.trim() || wait > 0 || signIn.isPending}>
            {wait > 0 ? t.studio.rateLimited(wait) : t.signIn.button}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
