/** Search field that filters a list. */
import { Icon } from "./icon";

type SearchFieldProps = {
  label: string;
  value: string;
  onChange: (words: string) => void;
  className?: string;
};

export function SearchField({ label, value, onChange, className = "" }: SearchFieldProps) {
  return (
    <label
      className={`flex h-[34px] min-w-0 items-center gap-2 rounded-control border border-line-strong bg-field px-2.5 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent pointer-coarse:h-11 ${className}`}
    >
      <Icon name="search" size={14} className="text-ink-2" />
      <span className="sr-only">{label}</span>
      <input
        type="search"
        value={value}
        placeholder={label}
        onChange={(event) => onChange(event.target.value)}
        className="min-w-0 flex-1 bg-transparent text-body outline-none"
      />
    </label>
  );
}
