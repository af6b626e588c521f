/** Line icons. */
import * as drawings from "./drawings";

export type IconName = keyof typeof drawings;

type IconProps = { name: IconName; size?: 14 | 18 | 22; className?: string };

const sizes = { 14: "size-3.5", 18: "size-[18px]", 22: "size-[22px]" };

/** Decorative icon without an accessible name: the text beside it or the button's label provides one. */
export function Icon({ name, size = 18, className = "" }: IconProps) {
  return (
    <span
      aria-hidden="true"
      className={`icon inline-block shrink-0 ${sizes[size]} ${className}`}
      dangerouslySetInnerHTML={{ __html: drawings[name] }}
    />
  );
}

/** Logo: a studio sweep in a square. */
export function Mark() {
  return (
    <svg viewBox="0 0 22 22" className="size-[22px] shrink-0" aria-hidden="true">
      <rect width="22" height="22" rx="3" className="fill-ink" />
      <path
        d="M5 17h5.2c4.2 0 6.8-2.6 6.8-6.8V5"
        className="fill-none stroke-chrome"
        strokeWidth="1.7"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
