/** Latest deliveries of a webhook with their results, and a resend button. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Button } from "@/shared/ui/button";
import { CallProblem } from "@/shared/ui/call-problem";
import { Tag } from "@/shared/ui/tag";
import { useWebhookTranslation } from "../translation";
import { deliveriesQuery, replayDelivery, webhooksQuery, type Delivery } from "../webhook-queries";

const tones = { pending: "plain", succeeded: "accent", failed: "fail" } as const;

export function WebhookMessages({ webhookId }: { webhookId: string }) {
  const { t, tag } = useWebhookTranslation();
  const client = useQueryClient();
  const deliveries = useQuery(deliveriesQuery(webhookId));
  const replay = useMutation({
    mutationFn: (n: number) => replayDelivery(webhookId, n),
    onSettled: () => client.invalidateQueries({ queryKey: deliveriesQuery(webhookId).queryKey }),
  });
  const items = deliveries.data?.items ?? [];
  const ended = items.filter(({ finished_at }) => finished_at).length;
  // A successful delivery can enable the webhook again, and a failed one can disable it.
  useEffect(() => {
    void client.invalidateQueries({ queryKey: webhooksQuery.queryKey, exact: true });
  }, [client, ended]);
  const moment = (iso: string) =>
    new Intl.DateTimeFormat(tag, { dateStyle: "short", timeStyle: "medium" }).format(new Date(iso));
  if (deliveries.isError) return <p className="pt-3 text-data text-fail">{t.webhooks.messagesFailed}</p>;
  if (deliveries.data && items.length === 0)
    return <p className="pt-3 text-data text-ink-2">{t.webhooks.noMessages}</p>;
  return (
    <>
      <ul className="pt-2 text-data">
        {items.map((one) => (
          <li key={one.n} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line py-2">
            <span className="min-w-0 flex-1 basis-48">
              {t.webhooks.events[one.type] ?? one.type}
              <span className="block text-ink-2">
                {moment(one.created_at)}
                {why(one, t.webhooks)}
              </span>
            </span>
            <Tag tone={tones[one.status]}>{t.webhooks.states[one.status]}</Tag>
            <Button size="small" disabled={replay.isPending} onClick={() => replay.mutate(one.n)}>
              {t.webhooks.again}
            </Button>
          </li>
        ))}
      </ul>
      <CallProblem error={replay.error} />
    </>
  );
}

type Words = ReturnType<typeof useWebhookTranslation>["t"]["webhooks"];

/** Reason of the last failure and number of attempts; empty without a failure. */
function why({ error, response_status, attempts }: Delivery, words: Words): string {
  if (!error) return "";
  const reason = words.errors[error] ?? (response_status === null ? error : words.answered(response_status));
  return ` · ${reason} · ${words.tries(attempts)}`;
}
