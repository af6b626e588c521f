/** Native select with our frame. */
import type { SelectHTMLAttributes } from "react";
import { Icon } from "./icon";

export type Option<T extends string> = { value: T; label: string; disabled?: boolean };

type SelectProps<T extends string> = Omit<SelectHTMLAttributes<HTMLSelectElement>, "value" | "onChange"> & {
  label: string;
  showLabel?: boolean;
  value: T;
  options?: readonly Option<T>[];
  onChange: (value: T) => void;
};

/** The children follow the options. */
export function Select<T extends string>(props: SelectProps<T>) {
  const { label, showLabel = false, className = "", options = [], onChange, children, ...rest } = props;
  return (
    <label
      className={`relative inline-flex h-[34px] items-center rounded-control border border-line-strong bg-field text-body hover:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent pointer-coarse:h-11 ${className}`}
    >
      <span className={showLabel ? "pl-3 whitespace-nowrap text-ink-2" : "sr-only"}>{label}</span>
      <select
        className={`h-full max-w-full min-w-0 flex-1 cursor-pointer appearance-none truncate bg-transparent pr-8 font-medium text-ink outline-none ${showLabel ? "pl-2" : "pl-3"}`}
        onChange={(event) => onChange(event.target.value as T)}
        {...rest}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
        {children}
      </select>
      <Icon name="down" size={14} className="pointer-events-none absolute right-2.5 text-ink-2" />
    </label>
  );
}
