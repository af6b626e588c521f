/** Export presets by shop. The checkbox of a row selects the file; its name or the Enter key only shows it. */
import { useState } from "react";
import type { Schemas } from "@/api/client";
import { usePhone } from "@/shared/hooks/use-media";
import { useExportTranslation } from "../translation";
import { Button } from "@/shared/ui/button";
import { Checkbox } from "@/shared/ui/checkbox";
import { Icon } from "@/shared/ui/icon";
import { SearchField } from "@/shared/ui/search-field";
import type { Verdict } from "../checks";
import { groupsWith, sizeOf, webSizesOf, type PresetGroup } from "@/shared/recipe/presets";
import { VerdictSign } from "./verdict-sign";

type PresetListProps = {
  groups: readonly PresetGroup[];
  ticked: ReadonlySet<string>;
  verdicts: ReadonlyMap<string, Verdict | null>;
  focused: string | null;
  onToggle: (presets: readonly string[], on: boolean) => void;
  onFocus: (preset: string) => void;
};

/** On a phone the list is collapsed, so that the selected file and its checks stay close together. */
export function PresetList(props: PresetListProps) {
  const { t, say } = useExportTranslation();
  const phone = usePhone();
  const [open, setOpen] = useState(false);
  if (!phone) return <Groups {...props} />;
  const chosen = props.groups
    .flatMap(({ presets }) => presets)
    .filter(({ id }, at, all) => props.ticked.has(id) && all.findIndex((one) => one.id === id) === at);
  return (
    <section className="flex flex-col gap-2.5">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex min-h-12 w-full items-center gap-2.5 rounded-control border border-line-strong bg-field px-3 py-2 text-left"
      >
        <span className="min-w-0 flex-1">
          <span className="block text-body font-medium">{t.export.chosenFiles(chosen.length)}</span>
          <span className="block truncate text-caption text-ink-2">
            {chosen.map(({ name }) => say(name)).join(t.studio.joiner)}
          </span>
        </span>
        <Icon name={open ? "down" : "right"} size={14} className="text-ink-2" />
      </button>
      {open && (
        <div className="scroll-quiet max-h-[52dvh] overflow-y-auto rounded-control border border-line p-2">
          <Groups {...props} />
        </div>
      )}
    </section>
  );
}

function Groups({ groups, verdicts, ticked, focused, onToggle, onFocus }: PresetListProps) {
  const { t, say } = useExportTranslation();
  const [words, setWords] = useState("");
  const shown = groupsWith(groups, words);
  return (
    <div role="group" aria-describedby="preset-keys" className="flex flex-col gap-4">
      <SearchField label={t.export.search} value={words} onChange={setWords} className="mx-2" />
      {shown.length === 0 && <p className="px-2 text-data text-ink-2">{t.export.nothingFound(words)}</p>}
      {shown.map((group) => (
        <section key={group.id}>
          <div className="flex items-baseline justify-between gap-2 px-2 pb-1">
            <h3 className="text-caption text-ink-2">{group.name ? say(group.name) : t.export.general}</h3>
            <BothWebSizes
              group={group}
              ticked={ticked}
              onTick={(ids) => onToggle(ids, true)}
              onFocus={onFocus}
            />
          </div>
          <ul>
            {group.presets.map((preset) => (
              <PresetRow
                key={preset.id}
                preset={preset}
                ticked={ticked.has(preset.id)}
                focused={preset.id === focused}
                verdict={verdicts.get(preset.id) ?? null}
                onToggle={(on) => onToggle([preset.id], on)}
                onFocus={() => onFocus(preset.id)}
              />
            ))}
          </ul>
        </section>
      ))}
      <p id="preset-keys" className="sr-only">
        {t.export.keys}
      </p>
    </div>
  );
}

type BothWebSizesProps = {
  group: PresetGroup;
  ticked: ReadonlySet<string>;
  onTick: (presets: readonly string[]) => void;
  onFocus: (preset: string) => void;
};

/** Button that selects both web sizes for a shop of one's own; hidden when they are selected. */
function BothWebSizes({ group, ticked, onTick, onFocus }: BothWebSizesProps) {
  const { t } = useExportTranslation();
  const sizes = webSizesOf(group.presets);
  const [first] = sizes;
  if (sizes.length < 2 || !first || sizes.every((id) => ticked.has(id))) return null;
  return (
    <Button
      size="small"
      weight="text"
      className="-mr-2"
      onClick={() => {
        onTick(sizes);
        onFocus(first);
      }}
    >
      {t.export.bothWebSizes}
    </Button>
  );
}

type PresetRowProps = {
  preset: Schemas["ExportPreset"];
  ticked: boolean;
  focused: boolean;
  verdict: Verdict | null;
  onToggle: (on: boolean) => void;
  onFocus: () => void;
};

function PresetRow({ preset, ticked, focused, verdict, onToggle, onFocus }: PresetRowProps) {
  const { t, say } = useExportTranslation();
  return (
    <li
      className={`flex min-h-11 items-center gap-2 rounded-control px-2 ${focused ? "bg-accent-soft" : "hover:bg-hover"}`}
    >
      <Checkbox
        checked={ticked}
        className="pointer-coarse:min-w-8"
        onEnter={onFocus}
        onChange={(on) => {
          onToggle(on);
          // Removing a file must not change the file shown.
          if (on) onFocus();
        }}
      >
        <span className="sr-only">{say(preset.name)}</span>
      </Checkbox>
      <button
        type="button"
        // The enter key on the checkbox does the same, so that a row is one tab stop.
        tabIndex={-1}
        aria-pressed={focused}
        onClick={onFocus}
        className="flex min-h-11 min-w-0 flex-1 items-center justify-between gap-2 text-left"
      >
        <span className={focused ? "font-semibold" : ""}>{say(preset.name)}</span>
        <span className="text-caption leading-tight whitespace-nowrap text-ink-2">
          {sizeOf(preset, t.export)}
        </span>
      </button>
      <span className="grid w-4 place-items-center">{verdict && <VerdictSign verdict={verdict} />}</span>
    </li>
  );
}
