/** Connection test: checks each vendor's key, address and model free of charge, and says how to fix a failure. */
import { useMutation } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { useNames } from "@/shared/hooks/use-names";
import { useTranslation } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";
import { CallProblem } from "@/shared/ui/call-problem";

const tones = { ok: "text-ink-2", warn: "text-warn", fail: "text-fail" } as const;

export function ProviderCheck() {
  const { t, say } = useTranslation();
  const names = useNames();
  const check = useMutation({ mutationFn: () => unwrap(api.POST("/config/check")) });
  return (
    <div className="border-b border-line py-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-0 flex-1 text-data text-ink-2">{t.settings.checkHint}</p>
        <Button size="small" disabled={check.isPending} onClick={() => check.mutate()}>
          {check.isPending ? t.settings.checking : t.settings.check}
        </Button>
      </div>
      <div role="status">
        {check.data?.checks.length === 0 && (
          <p className="pt-2 text-data text-ink-2">{t.settings.nothingToCheck}</p>
        )}
        {check.data && check.data.checks.length > 0 && (
          <ul className="pt-2 text-data">
            {check.data.checks.map(({ provider, model, verdict, words }) => (
              <li key={provider} className="py-1">
                <span className="inline-block font-medium first-letter:uppercase">
                  {names.provider(provider)}
                </span>{" "}
                <span className="break-all text-ink-3">{model}</span>
                <span className={`block ${tones[verdict]}`}>{say(words)}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
      <CallProblem error={check.error} />
    </div>
  );
}
