/** Version tree: all pictures of a product by origin. Any of them can be continued from. */
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { usePhone } from "@/shared/hooks/use-media";
import { useTranslation } from "@/shared/i18n/translation";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/layers/dialog";
import { Frame } from "@/shared/ui/frame";
import { Icon } from "@/shared/ui/icon";
import { useStudio } from "../../hooks/use-studio";
import { goesStraightOn, pathTo, treeOf, type Branch } from "../../tree";
import { numberOf } from "../../turns";
import { AdoptButton } from "../adopt-button";
import { useTurnTitle } from "./turn-title";

type VersionTreeProps = {
  onShow: (variantId: string | null) => void;
  onContinue: (variantId: string | null) => void;
  onCompare: (variantId: string) => void;
  onExport: (variantId: string) => void;
  onClose: () => void;
};

export function VersionTree(props: VersionTreeProps) {
  const { session, turns, selection } = useStudio();
  const { t } = useTranslation();
  const phone = usePhone();
  const tree = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(selection.variant?.id ?? null);
  const variant = session.variants.find(({ id }) => id === at) ?? null;
  const number = variant ? numberOf(variant, turns) : t.studio.photo;
  useEffect(() => {
    tree.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  }, []);

  const press = (event: KeyboardEvent) => {
    const items = [...(tree.current?.querySelectorAll<HTMLElement>("[role=treeitem]") ?? [])];
    const now = items.findIndex((item) => item === document.activeElement);
    const item = items[now];
    if (!item) return;
    const next = {
      ArrowDown: items[now + 1],
      ArrowUp: items[now - 1],
      ArrowLeft: item.parentElement?.closest<HTMLElement>("[role=treeitem]"),
      ArrowRight: item.querySelector<HTMLElement>("[role=treeitem]"),
      Home: items[0],
      End: items.at(-1),
    }[event.key];
    if (event.key === "Enter") props.onShow(at);
    if (next === undefined) return;
    event.preventDefault();
    next?.focus();
  };

  const shared = { at, path: at ? pathTo(at, turns) : new Set<string>(), onFocus: setAt };
  return (
    <Dialog size={phone ? "sheet" : "wide"} title={t.studio.versions} onClose={props.onClose}>
      <div className="scroll-quiet min-h-0 flex-1 overflow-auto px-6 py-5 [--ring-ground:var(--color-panel)] max-sm:px-4">
        <div
          ref={tree}
          role="tree"
          tabIndex={-1}
          aria-label={t.studio.versions}
          onKeyDown={press}
          className="w-max min-w-full"
        >
          <Item {...shared} branch={null} siblings={[]} />
        </div>
      </div>
      <footer className="flex shrink-0 flex-wrap items-center justify-end gap-2.5 border-t border-line px-6 py-3.5 max-sm:px-4">
        <span className="mr-auto text-lead font-semibold">{number}</span>
        {variant && (
          <>
            <Button onClick={() => props.onExport(variant.id)}>{t.studio.export}</Button>
            <Button onClick={() => props.onCompare(variant.id)}>{t.studio.compare}</Button>
            {!variant.adopted && <AdoptButton variant={variant} />}
          </>
        )}
        <Button weight="filled" icon="branch" onClick={() => props.onContinue(at)}>
          {variant ? t.studio.continueHere : t.studio.newRun}
        </Button>
      </footer>
    </Dialog>
  );
}

type ItemProps = {
  at: string | null;
  path: ReadonlySet<string>;
  onFocus: (id: string | null) => void;
  /** Null for the photo. */
  branch: Branch | null;
  /** The picture itself and those made of the same one; empty for the photo. */
  siblings: readonly Branch[];
};

function Item({ branch, siblings, ...shared }: ItemProps) {
  const { t } = useTranslation();
  const titleOf = useTurnTitle();
  const { session, turns } = useStudio();
  const { at, path, onFocus } = shared;
  const variant = branch?.variant ?? null;
  const id = variant?.id ?? null;
  const name = variant ? numberOf(variant, turns) : t.studio.photo;
  const words = branch ? titleOf(branch.turn.job) : "";
  const branches = branch ? branch.children : treeOf(turns);
  const selected = id === at;
  const onPath = id === null || path.has(id);
  return (
    <div
      role="treeitem"
      aria-label={[name, words, variant?.adopted && t.studio.adopted].filter(Boolean).join(t.studio.joiner)}
      aria-selected={selected}
      aria-expanded={branches.length > 0 ? true : undefined}
      tabIndex={selected ? 0 : -1}
      onFocus={(event) => {
        event.stopPropagation();
        onFocus(id);
      }}
      className="group outline-none"
    >
      {/* Keyboard users reach the tree item itself. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
      <div
        className="flex w-max cursor-pointer items-center gap-3.5 p-1.5"
        onClick={(event) => event.currentTarget.parentElement?.focus()}
      >
        <Frame
          src={(variant ?? session).image.thumbnail_url}
          alt=""
          selected={selected}
          className="size-[72px] max-sm:size-14"
        />
        <div className="max-w-80 text-data max-sm:max-w-40">
          <p className={`flex items-center gap-1.5 ${onPath ? "font-semibold text-ink" : "text-ink-2"}`}>
            {name}
            {variant?.adopted && <Icon name="adopt" size={14} className="text-accent" />}
          </p>
          <p className="truncate text-ink-2">{words}</p>
        </div>
      </div>
      {branches.length > 0 && (
        <div
          role="group"
          className={
            goesStraightOn(branches, siblings)
              ? ""
              : `ml-[42px] border-l pl-6 max-sm:ml-7 max-sm:pl-3 ${onPath ? "border-ink" : "border-line-strong"}`
          }
        >
          {branches.map((one) => (
            <Item key={one.variant.id} {...shared} branch={one} siblings={branches} />
          ))}
        </div>
      )}
    </div>
  );
}
