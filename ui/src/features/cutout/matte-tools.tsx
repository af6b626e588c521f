/** Correction tools: brush, edge and kind of product. */
import type { ReactNode } from "react";
import { correctionBounds } from "@/api/bounds.gen";
import { useMatteTranslation } from "./translation";
import { Button } from "@/shared/ui/button";
import { Segment } from "@/shared/ui/segment";
import type { Correction, Mode, Product } from "./correction";
import type { Tool } from "./strokes";

const tools: readonly Tool[] = ["point", "brush", "box"];
const modes: readonly Mode[] = ["add", "remove"];
const products: readonly Product[] = ["auto", "transparent", "solid"];

/** Pixels across the brush. */
export const SIZE = { minimum: 4, maximum: 400 };

type MatteToolsProps = {
  tool: Tool;
  mode: Mode;
  size: number;
  correction: Correction;
  onTool: (tool: Tool) => void;
  onMode: (mode: Mode) => void;
  onSize: (size: number) => void;
  onAdjust: (part: Partial<Correction>) => void;
};

export function MatteTools({ tool, mode, size, correction, ...on }: MatteToolsProps) {
  const { t } = useMatteTranslation();
  const { grow, softness, product, box } = correction;
  const signed = (value: number) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value)} px`;
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-col items-start gap-2">
        <p className="text-data text-ink-2">{t.matte.tool}</p>
        <Segment
          label={t.matte.tool}
          choices={tools.map((value) => ({ value, label: t.matte.tools[value] }))}
          value={tool}
          onChange={on.onTool}
        />
        {tool !== "box" && (
          <Segment
            label={t.matte.mode}
            choices={modes.map((value) => ({ value, label: t.matte.modes[value] }))}
            value={mode}
            onChange={on.onMode}
          />
        )}
        <p className="text-data text-ink-2">{t.matte.hints[tool]}</p>
        {box && (
          <Button size="small" onClick={() => on.onAdjust({ box: null })}>
            {t.matte.clearBox}
          </Button>
        )}
      </div>
      {tool === "brush" && (
        <Slider
          label={t.matte.size}
          value={size}
          {...SIZE}
          step={1}
          text={`${Math.round(size)} px`}
          onChange={on.onSize}
        />
      )}
      <Slider
        label={t.matte.grow}
        value={grow}
        {...correctionBounds.grow}
        step={0.5}
        text={signed(grow)}
        onChange={(value) => on.onAdjust({ grow: value })}
      />
      <Slider
        label={t.matte.softness}
        value={softness}
        {...correctionBounds.softness}
        step={0.2}
        text={`${softness} px`}
        onChange={(value) => on.onAdjust({ softness: value })}
      />
      <fieldset className="flex flex-col gap-1.5">
        <legend className="pb-1.5 text-data text-ink-2">{t.matte.product}</legend>
        {products.map((each) => (
          <label key={each} className="flex items-baseline gap-2.5 text-body pointer-coarse:min-h-11">
            <input
              type="radio"
              name="matte-product"
              className="size-4 shrink-0 translate-y-[3px] accent-accent"
              checked={product === each}
              onChange={() => on.onAdjust({ product: each })}
            />
            <span>
              {t.matte.products[each]}
              <span className="block text-data text-ink-2">{t.matte.productMeans[each]}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </div>
  );
}

type SliderProps = {
  label: string;
  value: number;
  minimum: number;
  maximum: number;
  step: number;
  text: string;
  onChange: (value: number) => void;
};

function Slider({ label, value, minimum, maximum, step, text, onChange }: SliderProps): ReactNode {
  return (
    <label className="flex flex-col gap-1.5 text-body">
      <span className="flex justify-between">
        {label}
        <span className="font-semibold">{text}</span>
      </span>
      <input
        type="range"
        min={minimum}
        max={maximum}
        step={step}
        value={value}
        aria-valuetext={text}
        className="w-full accent-accent pointer-coarse:h-11"
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
    </label>
  );
}
