/** Checkbox with its label. */
import type { ReactNode } from "react";
import { Icon } from "./icon";

type CheckboxProps = {
  checked: boolean;
  onChange: (checked: boolean) => void;
  /** The space bar ticks; the enter key is free. */
  onEnter?: () => void;
  children: ReactNode;
  className?: string;
};

export function Checkbox({ checked, onChange, onEnter, children, className = "" }: CheckboxProps) {
  return (
    <label
      className={`relative flex cursor-pointer items-center gap-2.5 pointer-coarse:min-h-11 ${className}`}
    >
      <span className="relative grid size-[18px] shrink-0 place-items-center rounded-tag border border-line-strong bg-field text-accent-ink has-checked:border-accent has-checked:bg-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent">
        <input
          type="checkbox"
          className="absolute inset-0 cursor-pointer appearance-none"
          checked={checked}
          onChange={(event) => onChange(event.target.checked)}
          onKeyDown={(event) => event.key === "Enter" && onEnter?.()}
        />
        {checked && <Icon name="adopt" size={14} className="pointer-events-none" />}
      </span>
      {children}
    </label>
  );
}
