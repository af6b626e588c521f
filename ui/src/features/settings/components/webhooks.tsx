/** Webhooks: list, add, test, inspect deliveries, remove. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button, IconButton } from "@/shared/ui/button";
import { CallProblem } from "@/shared/ui/call-problem";
import { FormDialog } from "@/shared/ui/layers/form-dialog";
import { Tag } from "@/shared/ui/tag";
import { useWebhookTranslation } from "../translation";
import { removeWebhook, testWebhook, webhooksQuery, type Webhook } from "../webhook-queries";
import { Section } from "./section";
import { WebhookAdd } from "./webhook-add";
import { WebhookMessages } from "./webhook-messages";

export function Webhooks() {
  const { t } = useWebhookTranslation();
  const [adding, setAdding] = useState(false);
  const webhooks = useQuery(webhooksQuery);
  const items = webhooks.data?.items ?? [];
  return (
    <Section
      title={t.webhooks.title}
      lead={t.webhooks.lead}
      aside={
        <Button size="small" onClick={() => setAdding(true)}>
          {t.webhooks.add}
        </Button>
      }
    >
      {webhooks.isError && <p className="py-3 text-data text-fail">{t.webhooks.failed}</p>}
      {webhooks.data && items.length === 0 && <p className="py-3 text-ink-2">{t.webhooks.empty}</p>}
      <ul>
        {items.map((webhook) => (
          <WebhookLine key={webhook.id} webhook={webhook} />
        ))}
      </ul>
      {adding && <WebhookAdd onClose={() => setAdding(false)} />}
    </Section>
  );
}

function WebhookLine({ webhook }: { webhook: Webhook }) {
  const { t } = useWebhookTranslation();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [removing, setRemoving] = useState(false);
  const test = useMutation({
    mutationFn: () => testWebhook(webhook.id),
    onSuccess: () => {
      setOpen(true);
      return client.invalidateQueries({ queryKey: webhooksQuery.queryKey });
    },
  });
  const events = webhook.events.map((event) => t.webhooks.events[event]).join(" · ");
  return (
    <li className="border-b border-line py-3">
      <div className="flex items-start justify-between gap-3">
        <p className="min-w-0 flex-1 text-body">
          <span className="break-all">{webhook.url}</span>
          <span className="block text-data text-ink-2">{events}</span>
        </p>
        {webhook.status === "disabled" && <Tag tone="warn">{t.webhooks.disabled}</Tag>}
        <IconButton
          name="remove"
          label={t.common.labelled(t.webhooks.remove, webhook.url)}
          onClick={() => setRemoving(true)}
        />
      </div>
      {webhook.disabled_reason && (
        <p className="pt-1 text-data text-warn">{t.webhooks.notices[webhook.disabled_reason]}</p>
      )}
      <div className="flex flex-wrap gap-2 pt-2">
        <Button size="small" disabled={test.isPending} onClick={() => test.mutate()}>
          {t.webhooks.test}
        </Button>
        <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t.webhooks.messages}
        </Button>
      </div>
      <CallProblem error={test.error} />
      {open && <WebhookMessages webhookId={webhook.id} />}
      {removing && <Remove webhook={webhook} onClose={() => setRemoving(false)} />}
    </li>
  );
}

function Remove({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { t } = useWebhookTranslation();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removeWebhook(webhook.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: webhooksQuery.queryKey, exact: true });
      onClose();
    },
  });
  return (
    <FormDialog
      title={t.webhooks.removeTitle}
      action={t.webhooks.remove}
      weight="danger"
      icon="remove"
      disabled={remove.isPending}
      error={remove.error}
      onSubmit={() => remove.mutate()}
      onClose={onClose}
    >
      <p className="break-all">{webhook.url}</p>
      <p className="text-body text-ink-2">{t.webhooks.removeBody}</p>
    </FormDialog>
  );
}
