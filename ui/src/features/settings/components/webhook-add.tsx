/** Dialog that adds a webhook, then shows its signing key once. */
import { newWebhookBounds } from "@/api/bounds.gen";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ProblemError } from "@/api/problems";
import { useSingleMutation } from "@/shared/hooks/use-single-mutation";
import { ErrorLine } from "@/shared/ui/call-problem";
import { Checkbox } from "@/shared/ui/checkbox";
import { CopyButton } from "@/shared/ui/copy-button";
import { FormDialog } from "@/shared/ui/layers/form-dialog";
import { TextField } from "@/shared/ui/text-field";
import { useWebhookTranslation } from "../translation";
import { addWebhook, eventNames, webhooksQuery } from "../webhook-queries";

type Words = ReturnType<typeof useWebhookTranslation>["t"]["webhooks"];

/** Reason why the server refused the address. */
function refusalOf(error: unknown, words: Words): string | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  const fields = error.problem?.params.fields as { reason: string }[] | undefined;
  return words.refused[fields?.[0]?.reason ?? ""];
}

export function WebhookAdd({ onClose }: { onClose: () => void }) {
  const { t } = useWebhookTranslation();
  const client = useQueryClient();
  const [url, setUrl] = useState("");
  const [events, setEvents] = useState(eventNames);
  const add = useSingleMutation({
    mutationFn: () => addWebhook({ url: url.trim(), events }),
    onSuccess: () => client.invalidateQueries({ queryKey: webhooksQuery.queryKey, exact: true }),
  });
  const refusal = refusalOf(add.error, t.webhooks);
  if (add.data) return <Secret secret={add.data.secret} onClose={onClose} />;
  return (
    <FormDialog
      title={t.webhooks.addTitle}
      action={t.webhooks.create}
      disabled={add.isPending || !url.trim() || events.length === 0}
      error={refusal ? null : add.error}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    >
      <TextField
        label={t.webhooks.url}
        hint={t.webhooks.urlHint}
        type="url"
        required
        maxLength={newWebhookBounds.url.maxLength}
        value={url}
        placeholder="https://"
        onChange={setUrl}
      />
      <fieldset className="flex flex-col gap-2">
        <legend className="pb-2">{t.webhooks.what}</legend>
        {eventNames.map((name) => (
          <Checkbox
            key={name}
            checked={events.includes(name)}
            onChange={(on) =>
              setEvents(eventNames.filter((one) => (one === name ? on : events.includes(one))))
            }
          >
            {t.webhooks.events[name]}
          </Checkbox>
        ))}
      </fieldset>
      {refusal && <ErrorLine>{refusal}</ErrorLine>}
    </FormDialog>
  );
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useWebhookTranslation();
  return (
    <FormDialog
      title={t.webhooks.secretTitle}
      action={t.webhooks.done}
      cancel={null}
      onSubmit={onClose}
      onClose={onClose}
    >
      <p className="text-body text-ink-2">{t.webhooks.secretBody}</p>
      <div className="flex items-center gap-2 rounded-control border border-line-strong bg-field px-3 py-2">
        <code className="min-w-0 flex-1 text-data break-all">{secret}</code>
        <CopyButton text={secret} />
      </div>
    </FormDialog>
  );
}
