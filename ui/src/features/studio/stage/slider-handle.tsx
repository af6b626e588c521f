/** Slider line between before and after, with its knob. */
import { useImperativeHandle, useLayoutEffect, useRef, type KeyboardEvent, type Ref } from "react";
import { useTranslation } from "@/shared/i18n/translation";
import { Icon } from "@/shared/ui/icon";

export const START_PERCENT = 38;

export type SliderHandleParts = { place: (line: number, top: number, height: number, share: number) => void };

type SliderHandleProps = {
  ref: Ref<SliderHandleParts>;
  onMove: (share: number) => void;
};

export function SliderHandle({ ref, onMove }: SliderHandleProps) {
  const { t } = useTranslation();
  const line = useRef<HTMLDivElement>(null);
  const knob = useRef<HTMLDivElement>(null);
  const percent = useRef(START_PERCENT);
  // Written to the DOM without rendering, to keep up with the pointer.
  const tell = () => {
    knob.current?.setAttribute("aria-valuenow", String(percent.current));
    knob.current?.setAttribute("aria-valuetext", t.studio.sliderValue(percent.current));
  };
  useLayoutEffect(tell);
  useImperativeHandle(ref, () => ({
    place: (left, top, height, share) => {
      if (!line.current) return;
      line.current.style.transform = `translate(${left}px, ${top}px)`;
      line.current.style.height = `${height}px`;
      percent.current = Math.round(share * 100);
      tell();
    },
  }));
  const press = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 10 : 1;
    const next: Record<string, number> = {
      ArrowLeft: percent.current - step,
      ArrowDown: percent.current - step,
      ArrowRight: percent.current + step,
      ArrowUp: percent.current + step,
      Home: 0,
      End: 100,
    };
    const to = next[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onMove(to / 100);
  };
  return (
    <div ref={line} className="pointer-events-none absolute top-0 left-0 w-0">
      <div className="absolute inset-y-0 -left-[1.5px] w-[3px] border-x border-on-light/40 bg-on-dark" />
      <div className="pointer-events-auto absolute inset-y-0 -left-3 w-6 cursor-ew-resize" />
      <div
        ref={knob}
        role="slider"
        tabIndex={0}
        aria-label={t.studio.sliderLabel}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={START_PERCENT}
        onKeyDown={press}
        className="pointer-events-auto absolute bottom-5 -left-[18px] grid size-9 cursor-ew-resize place-items-center rounded-full bg-on-dark text-on-light shadow-menu pointer-coarse:-left-[22px] pointer-coarse:size-11"
      >
        <Icon name="slide" />
      </div>
    </div>
  );
}
