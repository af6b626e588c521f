/** Native select with our frame. */
import type { SelectHTMLAttributes } from "react";
import { Icon } from "./icon";

type SelectProps = SelectHTMLAttributes<HTMLSelectElement> & { label: string; showLabel?: boolean };

export function Select({ label, showLabel = false, className = "", children, ...rest }: SelectProps) {
  return (
    <label
      className={`relative inline-flex h-[34px] items-center rounded-control border border-line-strong bg-field text-body hover:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent pointer-coarse:h-11 ${className}`}
    >
      <span className={showLabel ? "pl-3 whitespace-nowrap text-ink-2" : "sr-only"}>{label}</span>
      <select
        className="h-full max-w-full min-w-0 flex-1 cursor-pointer appearance-none truncate bg-transparent pr-8 pl-2 font-medium text-ink outline-none"
        {...rest}
      >
        {children}
      </select>
      <Icon name="down" size={14} className="pointer-events-none absolute right-2.5 text-ink-2" />
    </label>
  );
}
