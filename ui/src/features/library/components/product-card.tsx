/** Product card: best picture, title and state. */
import { Link } from "wouter";
import type { Job, Session } from "@/api/client";
import { isActive } from "@/api/queries";
import { useNames } from "@/shared/hooks/use-names";
import { ago } from "@/shared/format";
import { useTranslation } from "@/shared/i18n/translation";
import { Frame } from "@/shared/ui/frame";
import { Menu } from "@/shared/ui/layers/menu";
import { Tag } from "@/shared/ui/tag";
import { coverOf } from "../shelf";

type ProductCardProps = { session: Session; onRename: () => void; onDelete: () => void };

export function ProductCard({ session, onRename, onDelete }: ProductCardProps) {
  const { t, tag } = useTranslation();
  const names = useNames();
  const title = session.title || t.common.untitled;
  const platform = names.platform(session.platform);
  const facts = [
    ...(platform ? [platform] : []),
    session.variants.length ? t.home.versions(session.variants.length) : t.home.notStarted,
    ago(session.updated_at, tag, t.home.relative),
  ];
  return (
    <li className="min-w-0">
      <Link
        href={`/studio/${session.id}`}
        aria-label={t.home.openProduct(title)}
        className="frame-button block"
      >
        <Frame src={coverOf(session).thumbnail_url} alt="" className="aspect-square w-full" />
      </Link>
      {/* Positioned, so that the picture does not cover the focus ring of the menu. */}
      <div className="relative flex items-start gap-2 pt-2 max-sm:pt-0.5">
        {/* Opens it as the picture does; one tab stop is enough. */}
        <Link
          href={`/studio/${session.id}`}
          tabIndex={-1}
          title={title}
          className="flex min-w-0 flex-1 flex-col items-start gap-1 max-sm:pt-1.5"
        >
          <span className="max-w-full truncate text-body font-medium">{title}</span>
          <span className="max-w-full truncate text-data text-ink-2 max-sm:hidden">
            {facts.join(t.common.dot)}
          </span>
          <StateTag session={session} />
        </Link>
        <Menu
          label={t.home.more(title)}
          items={[
            { icon: "edit", label: t.common.rename, onPick: onRename },
            { icon: "remove", label: t.common.remove, onPick: onDelete, danger: true },
          ]}
        />
      </div>
    </li>
  );
}

function StateTag({ session }: { session: Session }) {
  const { t } = useTranslation();
  const latest = session.jobs.toSorted((a, b) => a.created_at.localeCompare(b.created_at)).at(-1);
  const active = session.jobs.find(isActive);
  const made = (job: Job) => job.variants.filter(({ role }) => role === "candidate").length;
  if (active?.status === "queued") return <Tag>{t.home.queued}</Tag>;
  if (active) return <Tag>{t.home.making(made(active), active.candidates)}</Tag>;
  if (latest?.status !== "failed") return null;
  const missing = latest.candidates - made(latest);
  return (
    <Tag tone="fail" icon="stop">
      {made(latest) > 0 ? t.home.missing(missing) : t.studio.turnFailed}
    </Tag>
  );
}
