/** Short state label beside a title. */
import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon";

type Tone = "plain" | "accent" | "warn" | "fail";

const tones: Record<Tone, string> = {
  plain: "bg-hover text-ink",
  accent: "bg-accent-soft text-accent",
  warn: "bg-warn-soft text-warn",
  fail: "bg-fail-soft text-fail",
};

type TagProps = { tone?: Tone; icon?: IconName; children: ReactNode };

export function Tag({ tone = "plain", icon, children }: TagProps) {
  return (
    <span
      className={`inline-flex shrink-0 items-center gap-1 rounded-tag px-2 py-0.5 text-caption font-medium whitespace-nowrap ${tones[tone]}`}
    >
      {icon && <Icon name={icon} size={14} />}
      {children}
    </span>
  );
}
