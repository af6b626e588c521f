/** Layers over the studio: export, comparison, cut-out, versions, shortcuts. */
import { useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { Job, Variant } from "@/api/client";
import { cacheJob } from "@/api/queries";
import { useTranslation } from "@/shared/i18n/translation";
import { KeyList } from "@/shared/ui/key-list";
import { Dialog } from "@/shared/ui/layers/dialog";
import { useRedoTarget } from "../hooks/use-redo-target";
import { useStudio } from "../hooks/use-studio";
import { numberOf } from "../turns";
import { CompareScreen } from "../compare/compare-screen";
import { VersionTree } from "./history/version-tree";

export type Layer = "export" | "versions" | "compare" | "matte" | "keys" | null;

export type OtherFeatures = {
  /** Export dialog of the picture on the stage. It belongs to another feature, so the app passes it in. */
  renderExport: (props: { variant: Variant; number: string; onClose: () => void }) => ReactNode;
  /** Cut-out correction, also of another feature. `shown` is the picture to make again with it. */
  renderCutout: (props: {
    shown: { id: string; number: string; price: string | null } | null;
    onRedo: (job: Job) => void;
    onClose: () => void;
  }) => ReactNode;
};

type StudioLayersProps = OtherFeatures & {
  layer: Layer;
  onLayer: (layer: Layer) => void;
};

export function StudioLayers({ layer, ...props }: StudioLayersProps) {
  const { turns, selection, field } = useStudio();
  /** Picture of the open layer: one that lands meanwhile must not take its place. */
  const [opened, setOpened] = useState({ layer, id: selection.variant?.id });
  if (opened.layer !== layer) setOpened({ layer, id: selection.variant?.id });
  const variants = turns.flatMap((turn) => turn.variants);
  const variant = variants.find(({ id }) => id === opened.id) ?? selection.variant;
  const redone = useRedoTarget(variant, turns);
  const { t } = useTranslation();
  const client = useQueryClient();
  const close = () => props.onLayer(null);
  const leaveTree = (id: string | null, next: Layer) => {
    selection.pick(id);
    props.onLayer(next);
  };
  switch (layer) {
    case "export":
      return variant && props.renderExport({ variant, number: numberOf(variant, turns), onClose: close });
    case "compare":
      return variant && <CompareScreen variant={variant} onClose={close} />;
    case "matte":
      return props.renderCutout({
        shown: redone,
        onRedo: (job) => {
          cacheJob(client, job);
          selection.begin(job.id);
        },
        onClose: close,
      });
    case "keys":
      return (
        <Dialog title={t.studio.shortcuts} onClose={close}>
          <KeyList className="scroll-quiet flex max-h-[70dvh] flex-col gap-1.5 overflow-y-auto px-6 pt-4 pb-5 max-sm:px-4" />
        </Dialog>
      );
    case "versions":
      return (
        <VersionTree
          onShow={(id) => leaveTree(id, null)}
          onContinue={(id) => {
            leaveTree(id, null);
            // After the dialog has closed, because closing returns the focus to the opener first.
            setTimeout(() => field.current?.focus());
          }}
          onCompare={(id) => leaveTree(id, "compare")}
          onExport={(id) => leaveTree(id, "export")}
          onClose={close}
        />
      );
    case null:
      return null;
  }
}
