/** One-line text input with its label above it and a hint below. */
import { useId, type InputHTMLAttributes, type ReactNode, type Ref } from "react";

type TextFieldProps = Omit<InputHTMLAttributes<HTMLInputElement>, "onChange"> & {
  label: string;
  hint?: ReactNode;
  ref?: Ref<HTMLInputElement>;
  onChange: (value: string) => void;
};

export function TextField({ label, hint, onChange, ...input }: TextFieldProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-2">
      <label htmlFor={id} className="text-data text-ink-2">
        {label}
      </label>
      <input
        id={id}
        autoComplete="off"
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.target.value)}
        className="h-9 rounded-control border border-line-strong bg-field px-3 text-body aria-invalid:border-fail pointer-coarse:h-11"
        {...input}
      />
      {hint && (
        <p id={`${id}-hint`} className="text-data text-ink-2">
          {hint}
        </p>
      )}
    </div>
  );
}
