/** Buttons: one filled per screen, the others outlined or plain. */
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { Icon, type IconName } from "./icon";

type Weight = "filled" | "yielding" | "outlined" | "text" | "danger";
type Size = "small" | "normal" | "action" | "touch";

const filled = "bg-accent text-accent-ink border-transparent font-semibold hover:opacity-92";

const weights: Record<Weight, string> = {
  filled,
  /** Outlined while there are words to send. */
  yielding: `${filled} writing:bg-field writing:text-ink writing:border-line-strong writing:font-medium`,
  outlined: "bg-field text-ink border-line-strong font-medium hover:bg-hover",
  text: "bg-transparent text-accent border-transparent font-medium hover:bg-hover",
  danger: "bg-field text-fail border-fail font-medium hover:bg-fail-soft",
};

const sizes: Record<Size, string> = {
  small: "h-[30px] px-2.5 gap-1.5 text-data",
  normal: "h-9 px-3 gap-2 text-body",
  action: "h-11 px-4 gap-2 text-body",
  touch: "h-12 px-5 gap-2.5 text-lead",
};

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  weight?: Weight;
  size?: Size;
  icon?: IconName | undefined;
  wide?: boolean;
  shortcut?: string;
  ref?: Ref<HTMLButtonElement>;
  children: ReactNode;
};

export function Button({
  weight = "outlined",
  size = "normal",
  icon,
  wide = false,
  shortcut,
  className = "",
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      className={`inline-flex items-center justify-center rounded-control border whitespace-nowrap transition-colors duration-(--motion-state) disabled:border-line-2 disabled:bg-hover disabled:text-ink-3 pointer-coarse:min-h-11 ${weights[weight]} ${sizes[size]} ${wide ? "w-full" : ""} ${className}`}
      {...rest}
    >
      {icon && <Icon name={icon} size={size === "small" ? 14 : 18} />}
      {children}
      {shortcut && <Key>{shortcut}</Key>}
    </button>
  );
}

/** Shortcut letter on a button, hidden on touch screens. */
function Key({ children }: { children: ReactNode }) {
  return (
    <kbd
      aria-hidden="true"
      className="ml-1 grid h-[18px] min-w-[18px] place-items-center rounded-tag border border-current px-1 font-sans text-caption font-normal opacity-80 pointer-coarse:hidden"
    >
      {children}
    </kbd>
  );
}

type IconButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  name: IconName;
  label: string;
  size?: 14 | 18 | 22;
  /** In the colour of the bar around it. */
  plain?: boolean;
  ref?: Ref<HTMLButtonElement>;
};

export function IconButton({
  name,
  label,
  size = 18,
  plain = false,
  className = "",
  ...rest
}: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={`grid size-9 shrink-0 place-items-center rounded-control transition-colors duration-(--motion-state) hover:bg-hover hover:text-ink disabled:text-ink-3 disabled:opacity-60 pointer-coarse:size-11 ${plain ? "text-current" : "text-ink-2"} ${className}`}
      {...rest}
    >
      <Icon name={name} size={size} />
    </button>
  );
}
