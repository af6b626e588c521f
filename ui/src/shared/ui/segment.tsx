/** Segmented control over radio buttons, which provide arrow keys and labels. */
import { useId } from "react";

type Choice<T extends string | number> = { value: T; label: string };

type SegmentProps<T extends string | number> = {
  label: string;
  choices: readonly Choice<T>[];
  value: T;
  onChange: (value: T) => void;
  size?: "small" | "normal";
};

export function Segment<T extends string | number>(props: SegmentProps<T>) {
  const { label, choices, value, onChange, size = "normal" } = props;
  const name = useId();
  const height = size === "small" ? "h-8" : "h-[34px]";
  return (
    <fieldset className="inline-flex shrink-0 rounded-control border border-line-strong bg-field">
      <legend className="sr-only">{label}</legend>
      {choices.map((choice) => (
        <label
          key={choice.value}
          className={`relative grid ${height} min-w-[34px] cursor-pointer place-items-center border-l border-line-2 px-3 text-body whitespace-nowrap text-ink-2 first-of-type:rounded-l-[5px] first-of-type:border-l-0 last-of-type:rounded-r-[5px] hover:bg-hover has-checked:bg-ink has-checked:font-semibold has-checked:text-chrome has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent pointer-coarse:h-11`}
        >
          <input
            type="radio"
            name={name}
            className="absolute inset-0 cursor-pointer appearance-none opacity-0"
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          {choice.label}
        </label>
      ))}
    </fieldset>
  );
}
