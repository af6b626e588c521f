/** The line between before and after, and the knob that moves it. */
import type { KeyboardEvent, Ref } from "react";
import { Icon } from "@/shared/ui/icon";

type SliderHandleProps = {
  ref: Ref<HTMLDivElement>;
  label: string;
  valueText: string;
  percent: number;
  onMove: (share: number) => void;
};

export function SliderHandle({ ref, label, valueText, percent, onMove }: SliderHandleProps) {
  const press = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 10 : 1;
    const next: Record<string, number> = {
      ArrowLeft: percent - step,
      ArrowDown: percent - step,
      ArrowRight: percent + step,
      ArrowUp: percent + step,
      Home: 0,
      End: 100,
    };
    const to = next[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onMove(to / 100);
  };
  return (
    <div ref={ref} className="pointer-events-none absolute top-0 left-0 w-0">
      <div className="absolute inset-y-0 -left-[1.5px] w-[3px] border-x border-on-light/40 bg-on-dark" />
      <div className="pointer-events-auto absolute inset-y-0 -left-3 w-6 cursor-ew-resize" />
      <div
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={valueText}
        onKeyDown={press}
        className="pointer-events-auto absolute bottom-5 -left-[18px] grid size-9 cursor-ew-resize place-items-center rounded-full bg-on-dark text-on-light shadow-menu pointer-coarse:-left-[22px] pointer-coarse:size-11"
      >
        <Icon name="slide" />
      </div>
    </div>
  );
}
